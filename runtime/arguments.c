#include "runtime/arguments.h"

#include <stddef.h>
#include <string.h>

#include "runtime/output.h"

#define NUMBER_MAX 1000000

enum kind {
    COUNT,  /* adds one */
    SWITCH, /* sets a bool */
    NUMBER, /* =N */
};

static const struct {
    const char *name;
    enum kind kind;
    size_t offset;
} words[] = {
    {"--verbose", COUNT, offsetof(struct rt_arguments, verbose)},
    {"--self", SWITCH, offsetof(struct rt_arguments, self)},
    {"--no-globals", SWITCH, offsetof(struct rt_arguments, no_globals)},
    {"--suppress-errors", SWITCH,
     offsetof(struct rt_arguments, suppress_errors)},
    {"--run-time", NUMBER, offsetof(struct rt_arguments, run_time)},
    {"--buffer", NUMBER, offsetof(struct rt_arguments, buffer)},
};

/* 1 to NUMBER_MAX; 0 if it is none of them. */
static uint32_t
parse_number(const char *text)
{
    uint32_t number = 0;

    for (; *text >= '0' && *text <= '9' && number <= NUMBER_MAX; text++)
        number = number * 10 + (uint32_t)(*text - '0');
    return *text == '\0' && number <= NUMBER_MAX ? number : 0;
}

static bool
parse_word(struct rt_arguments *arguments, const char *word)
{
    size_t i;

    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        void *place = (char *)arguments + words[i].offset;
        size_t length = strlen(words[i].name);

        if (words[i].kind == NUMBER) {
            if (strncmp(word, words[i].name, length) == 0 &&
                word[length] == '=') {
                *(uint32_t *)place = parse_number(word + length + 1);
                return *(uint32_t *)place != 0;
            }
        } else if (strcmp(word, words[i].name) == 0) {
            if (words[i].kind == COUNT)
                ++*(unsigned *)place;
            else
                *(bool *)place = true;
            return true;
        }
    }
    return false;
}

bool
rt_arguments_parse(struct rt_arguments *arguments, int count, char **argv)
{
    int i;

    *arguments = (struct rt_arguments){.buffer = RT_BUFFER_DEFAULT};
    for (i = 1; i < count; i++) {
        if (!parse_word(arguments, argv[i])) {
            rt_message("ERROR: the script's process was started with '%s', "
                       "which means nothing to it; it knows --verbose, "
                       "--self, --no-globals, --suppress-errors, "
                       "--run-time=SECONDS and --buffer=MIB\n",
                       argv[i]);
            return false;
        }
    }
    return true;
}
