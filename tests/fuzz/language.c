/*
 * A target of libFuzzer: whatever the script, passes 1 to 3 end with C or
 * with a message, and with their memory intact.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "translate/translate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const arguments[] = {"1", "two words"};
    struct translate_options options = {
        .language = {.arguments = arguments,
                     .argument_count = 2,
                     .kernel_v = "1.8",
                     .kernel_vr = "1.8+git",
                     .arch = "x86_64",
                     .version = "5.6",
                     /* The first byte's last bit. */
                     .guru = size > 0 && (data[0] & 1)},
        .last_pass = TRANSLATE_GENERATE,
    };
    struct translation translation;
    struct error error;
    char *script = malloc(size + 1);
    int status;

    if (script == NULL)
        return 0;
    memcpy(script, data, size);
    script[size] = '\0';
    emit_limits_default(&options.limits, options.language.arch);
    options.script_text = script;
    status = translate_script(&options, &translation, &error);

    /* A failure has a reason. */
    if (status != 0 && error.text[0] == '\0' &&
        translation.unit->messages.errors == 0)
        abort();
    translation_free(&translation);
    free(script);
    return 0;
}
