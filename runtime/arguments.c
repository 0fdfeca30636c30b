#include "runtime/arguments.h"

#include <stddef.h>
#include <string.h>

#include "runtime/base/output.h"

#define NUMBER_MAX 1000000

enum kind {
    COUNT,   /* adds one */
    SWITCH,  /* sets a bool */
    NUMBER,  /* =N */
    INTEGER, /* =N, of 64 bits */
    TEXT,    /* =TEXT */
    SETTING, /* =TEXT, one more */
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
    {"--timing", SWITCH, offsetof(struct rt_arguments, timing)},
    {"--target", INTEGER, offsetof(struct rt_arguments, target)},
    {"--command", TEXT, offsetof(struct rt_arguments, command)},
    {"--set", SETTING, offsetof(struct rt_arguments, settings)},
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

/* Digits only; false if there are none, or others. */
static bool
parse_integer(const char *text, int64_t *number)
{
    uint64_t value = 0;

    if (*text == '\0')
        return false;
    for (; *text >= '0' && *text <= '9'; text++)
        value = value * 10 + (uint64_t)(*text - '0');
    *number = (int64_t)value;
    return *text == '\0';
}

/* What comes after "--name=". */
static bool
parse_value(struct rt_arguments *arguments, enum kind kind, void *place,
            const char *value)
{
    switch (kind) {
    case NUMBER:
        *(uint32_t *)place = parse_number(value);
        return *(uint32_t *)place != 0;
    case INTEGER:
        return parse_integer(value, place);
    case TEXT:
        *(const char **)place = value;
        return true;
    case SETTING:
        if (arguments->setting_count == RT_SETTINGS_MAX)
            return false;
        arguments->settings[arguments->setting_count++] = value;
        return true;
    default:
        return false;
    }
}

static bool
parse_word(struct rt_arguments *arguments, const char *word)
{
    size_t i;

    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        void *place = (char *)arguments + words[i].offset;
        size_t length = strlen(words[i].name);

        if (strncmp(word, words[i].name, length) != 0)
            continue;
        if (word[length] == '=')
            return parse_value(arguments, words[i].kind, place,
                               word + length + 1);
        if (word[length] != '\0')
            continue;
        if (words[i].kind == COUNT)
            ++*(unsigned *)place;
        else if (words[i].kind == SWITCH)
            *(bool *)place = true;
        else
            return false;
        return true;
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
                       "--self, --no-globals, --suppress-errors, --timing, "
                       "--run-time=SECONDS, --buffer=MIB, --target=N, "
                       "--command=TEXT and --set=NAME=VALUE\n",
                       argv[i]);
            return false;
        }
    }
    return true;
}
