#include "command/message.h"

#include <stdio.h>

#include "command/color.h"
#include "support/text.h"

int
message_error(const struct error *error)
{
    struct text text = {0};

    if (error->text[0] != '\0') {
        text_printf(&text, "machtap: %s\n", error->text);
        color_write(text.data, text.size);
        text_free(&text);
    }
    return 1;
}

int
message_warning(const struct options *options, const struct error *error)
{
    struct text text = {0};

    if (options->warnings_errors)
        return -1;
    if (options->no_warnings)
        return 0;
    text_printf(&text, "WARNING: %s\n", error->text);
    color_write(text.data, text.size);
    text_free(&text);
    return 0;
}

void
message_unit(const struct unit *unit)
{
    if (unit != NULL)
        color_write(text_string(&unit->messages.text),
                    unit->messages.text.size);
}

void
message_similar(const struct unit *unit)
{
    if (unit == NULL)
        return;
    if (unit->messages.similar_errors > 0)
        fprintf(stderr, "Number of similar error messages suppressed: %u.\n",
                unit->messages.similar_errors);
    if (unit->messages.similar_warnings > 0)
        fprintf(stderr, "Number of similar warning messages suppressed: %u.\n",
                unit->messages.similar_warnings);
    if (unit->messages.similar_errors + unit->messages.similar_warnings > 0)
        fprintf(stderr, "Rerun with -v to see them.\n");
}
