#include "command/dump.h"

#include <stdio.h>

#include "command/passes/library.h"
#include "language/print/dump.h"
#include "translate/points/family.h"

int
dump(const struct options *options, struct error *error)
{
    struct language_options language = {
        .kernel_v = "", .kernel_vr = "", .arch = "", .guru = options->guru};
    struct library library;
    struct unit *unit;
    struct text text = {0};
    int result = 0;
    unsigned i;

    if (library_find(&library, &options->libraries, error) != 0)
        return -1;

    unit = unit_new(&language);
    for (i = 0; i < library.count && result == 0; i++)
        result = unit_add_library(unit, library.paths[i]);
    fputs(text_string(&unit->messages.text), stderr);
    if (result != 0)
        error_set(error, "the library cannot be read");
    else if (options->action == OPTIONS_DUMP_FUNCTIONS)
        dump_functions(unit, options->verbose > 0, &text);
    else if (options->action == OPTIONS_DUMP_ALIASES)
        dump_aliases(unit, options->verbose > 0, &text);
    else
        family_dump(&text, options_unprivileged(options));
    fputs(text_string(&text), stdout);
    text_free(&text);
    unit_free(unit);
    library_free(&library);
    return result;
}
