#include "command/options/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wordexp.h>

#include "command/options/rows.h"
#include "support/path.h"
#include "support/text.h"

void
options_add(struct string_list *list, const char *item)
{
    list->items = xrealloc(list->items, (list->count + 2) * sizeof(char *));
    list->items[list->count++] = item;
    list->items[list->count] = NULL;
}

static bool
is_row(const struct option_row *row)
{
    return row->letter != 0 || row->name != NULL;
}

static const struct option_row *
find_letter(char letter)
{
    const struct option_row *row;

    for (row = option_rows; is_row(row); row++) {
        if (row->letter == letter)
            return row;
    }
    return NULL;
}

/*
 * By full name, or by a beginning that only one name has.  NULL with an error
 * if there is none, or several.
 */
static const struct option_row *
find_name(const char *name, size_t size, struct error *error)
{
    const struct option_row *found = NULL;
    const struct option_row *row;

    for (row = option_rows; is_row(row); row++) {
        if (row->name == NULL || strncmp(row->name, name, size) != 0)
            continue;
        if (row->name[size] == '\0')
            return row;
        if (found != NULL) {
            error_set(error, "option --%.*s may be --%s or --%s", (int)size,
                      name, found->name, row->name);
            return NULL;
        }
        found = row;
    }
    if (found == NULL)
        error_set(error, "there is no option --%.*s; see machtap --help",
                  (int)size, name);
    return found;
}

/* ---- values ---------------------------------------------------------- */

static int
parse_number(const char *text, unsigned smallest, const char *option,
             unsigned *number, struct error *error)
{
    char *end;
    unsigned long value;

    errno = 0;
    value = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 ||
        value > 1000000 || value < smallest)
        return error_set(error,
                         "%s takes a number from %u to 1000000, not '%s'",
                         option, smallest, text);

    *number = (unsigned)value;
    return 0;
}

static int
parse_integer(const char *text, const char *option, int64_t *number,
              struct error *error)
{
    char *end;

    errno = 0;
    *number = (int64_t)strtoull(text, &end, 0);
    if (*text < '0' || *text > '9' || *end != '\0' || errno != 0)
        return error_set(error, "%s takes a number, not '%s'", option, text);
    return 0;
}

static int
parse_passes(struct options *options, const char *text, struct error *error)
{
    size_t size = strspn(text, "0123456789");

    if (text[size] != '\0' || size > OPTIONS_PASSES || size == 0)
        return error_set(error,
                         "--vp takes up to %d digits, one for each pass, not "
                         "'%s'",
                         OPTIONS_PASSES, text);
    for (size_t i = 0; i < size; i++)
        options->pass_verbose[i + 1] += text[i] - '0';
    return 0;
}

/* SIZE[,N] */
static int
parse_rotation(struct options *options, const char *text, struct error *error)
{
    size_t size = strcspn(text, ",");
    char *first = xstrndup(text, size);
    int result = parse_number(first, 1, "-S", &options->rotate_size, error);

    if (result == 0 && text[size] == ',')
        result = parse_number(text + size + 1, 1, "the number of files of -S",
                              &options->rotate_count, error);
    free(first);
    return result;
}

static int
parse_version(struct options *options, const char *text, struct error *error)
{
    if (*text < '0' || *text > '9' || text[strspn(text, "0123456789.")] != '\0')
        return error_set(error, "--compatible takes a version as 4.9, not '%s'",
                         text);
    if (strverscmp(text, OPTIONS_LANGUAGE) > 0)
        return error_set(error,
                         "the language of version %s cannot be compatible "
                         "with future version %s",
                         OPTIONS_LANGUAGE, text);
    options->compatible = text;
    return 0;
}

/* Set *PLACE to WORD, one of the row's, or to the first of them if NULL. */
static int
parse_choice(struct options *options, const struct option_row *row,
             const char *option, const char *word, const char **place,
             struct error *error)
{
    size_t length = word != NULL ? strlen(word) : strcspn(row->choices, " ");
    const char *choice = row->choices;
    const char *next;

    for (; *choice != '\0'; choice = next + (*next == ' ')) {
        next = choice + strcspn(choice, " ");
        if ((size_t)(next - choice) == length &&
            (word == NULL || memcmp(word, choice, length) == 0)) {
            *place = options_own(options, xstrndup(choice, length));
            return 0;
        }
    }
    return error_set(error, "%s takes one of: %s; not '%s'", option,
                     row->choices, word);
}

/* Do what ROW says; OPTION is how it was written, WORD its value. */
static int
apply(struct options *options, const struct option_row *row, const char *option,
      const char *word, struct error *error)
{
    void *place = (char *)options + row->offset;
    unsigned number;

    switch (row->value) {
    case VALUE_NONE:
        *(bool *)place = true;
        return 0;
    case VALUE_COUNT:
        ++*(int *)place;
        return 0;
    case VALUE_TEXT:
        if (*(const char **)place != NULL && place == &options->script_text)
            return error_set(error, "only one script can be given with -e; "
                                    "use -E for more");
        *(const char **)place = word;
        return 0;
    case VALUE_LIST:
        options_add(place, word);
        return 0;
    case VALUE_NUMBER:
        return parse_number(word, (unsigned)row->number, option, place, error);
    case VALUE_INTEGER:
        return parse_integer(word, option, place, error);
    case VALUE_PASS:
        if (parse_number(word, 1, option, &number, error) != 0 ||
            number > OPTIONS_PASSES)
            return error_set(error, "-p takes a pass from 1 to 5, not '%s'",
                             word);
        options->last_pass = (int)number;
        return 0;
    case VALUE_PASSES:
        return parse_passes(options, word, error);
    case VALUE_CHOICE:
        return parse_choice(options, row, option, word, place, error);
    case VALUE_FIXED:
        *(const char **)place = row->choices;
        return 0;
    case VALUE_ROTATION:
        return parse_rotation(options, word, error);
    case VALUE_VERSION:
        return parse_version(options, word, error);
    case VALUE_ACTION:
        options->action = (enum options_action)row->number;
        return 0;
    case VALUE_LISTING:
        options->action = (enum options_action)row->number;
        options->pattern = word;
        return 0;
    case VALUE_SAVED:
        options->action = (enum options_action)row->number;
        options->saved = word;
        return 0;
    case VALUE_OBJECT:
        /* Its symbols are known anyway. */
        if (strcmp(word, "kernel") != 0)
            options_add(place, word);
        return 0;
    case VALUE_IGNORED:
        return 0;
    case VALUE_REFUSED:
        break;
    }
    return error_set(error, "option %s: %s", option, row->help);
}

/* "--name", "--name=word" or "--name word". */
static int
parse_long(struct options *options, char **arguments, int *next,
           struct error *error)
{
    char *argument = arguments[*next - 1];
    char *equals = strchr(argument, '=');
    size_t size = strcspn(argument + 2, "=");
    const struct option_row *row = find_name(argument + 2, size, error);
    const char *word = NULL;
    char option[64];

    if (row == NULL)
        return -1;
    snprintf(option, sizeof(option), "%.*s", (int)size + 2, argument);
    if (row->value == VALUE_REFUSED)
        return apply(options, row, option, NULL, error);

    if (row->word == NULL) {
        if (equals != NULL)
            return error_set(error, "option %s takes no value", option);
    } else if (equals != NULL) {
        word = equals + 1;
    } else if (row->word[0] == '[') {
        word = NULL;
    } else if (arguments[*next] != NULL) {
        word = arguments[(*next)++];
    } else {
        return error_set(error, "option %s needs a value: %s", option,
                         row->word);
    }
    return apply(options, row, option, word, error);
}

/* "-abc", "-p4", "-p 4". */
static int
parse_letters(struct options *options, char **arguments, int *next,
              struct error *error)
{
    const char *letter = arguments[*next - 1] + 1;

    for (; *letter != '\0'; letter++) {
        const struct option_row *row = find_letter(*letter);
        const char *word = NULL;
        char option[3] = {'-', *letter, '\0'};

        if (row == NULL)
            return error_set(error,
                             "there is no option %s; see machtap "
                             "--help",
                             option);

        if (row->value == VALUE_REFUSED || row->word == NULL) {
            if (apply(options, row, option, NULL, error) != 0)
                return -1;
            continue;
        }

        if (letter[1] != '\0')
            word = letter + 1;
        else if (arguments[*next] != NULL)
            word = arguments[(*next)++];
        else
            return error_set(error, "option %s needs a value: %s", option,
                             row->word);
        return apply(options, row, option, word, error);
    }
    return 0;
}

/* ---- the file of options --------------------------------------------- */

/* Split a line as a shell would and add its words. */
static int
add_line(struct options *options, struct string_list *words, const char *line,
         const char *path, unsigned number, struct error *error)
{
    wordexp_t expanded;
    size_t i;

    if (line[strspn(line, " \t")] == '#')
        return 0;
    if (wordexp(line, &expanded, WRDE_NOCMD) != 0)
        return error_set(error, "%s:%u: no shell would split this line: %s",
                         path, number, line);
    for (i = 0; i < expanded.we_wordc; i++)
        options_add(words, options_own(options, xstrdup(expanded.we_wordv[i])));
    wordfree(&expanded);
    return 0;
}

static char *
rc_path(void)
{
    const char *folder = getenv("MACHTAP_DIR");
    const char *home = getenv("HOME");

    if (folder != NULL && *folder != '\0')
        return xasprintf("%s/rc", folder);
    return home != NULL ? xasprintf("%s/.machtap/rc", home) : NULL;
}

static int
read_rc(struct options *options, struct string_list *words, struct error *error)
{
    char *path = rc_path();
    unsigned number = 0;
    char *data, *line, *rest;
    size_t size;
    int result = 0;

    if (path == NULL || !path_exists(path)) {
        free(path);
        return 0;
    }
    if (path_read(path, &data, &size, error) != 0) {
        free(path);
        return -1;
    }
    rest = data;
    while (result == 0 && (line = strsep(&rest, "\n")) != NULL)
        result = add_line(options, words, line, path, ++number, error);
    free(data);
    free(path);
    return result;
}

/* ---- all ------------------------------------------------------------- */

/* The words that are no options: the script's file and its arguments. */
static int
place_words(struct options *options, const struct string_list *words,
            struct error *error)
{
    unsigned i = 0;

    if (options->action == OPTIONS_HELP || options->action == OPTIONS_VERSION)
        return 0;

    if (options->action == OPTIONS_RUN && options->script_text == NULL) {
        if (words->count == 0 && options->example)
            options->action = OPTIONS_LIST_EXAMPLES;
        else if (words->count == 0 && options->more_texts.count == 0)
            return error_set(error, "no script: give a file, - for standard "
                                    "input, or -e SCRIPT");
        if (words->count > 0)
            options->script_file = words->items[i++];
    }

    if (options->action == OPTIONS_LIST ||
        options->action == OPTIONS_LIST_VARS) {
        if (options->script_text != NULL)
            return error_set(error, "-l and -L take a probe point, and no "
                                    "script beside it");
        if (words->count > 0)
            return error_set(error, "-l and -L take one probe point; quote "
                                    "it for the shell");
    }

    for (; i < words->count; i++)
        options_add(options->action == OPTIONS_RUN_SAVED ? &options->globals
                                                         : &options->arguments,
                    words->items[i]);
    return 0;
}

/* Options that only make sense, or make none, beside others. */
static int
check_together(const struct options *options, struct error *error)
{
    bool privileged = options->privilege == NULL ||
                      strcmp(options->privilege, "stapdev") == 0;

    if (options->rotate_size != 0 && options->output == NULL)
        return error_set(error, "-S needs -o, which names the files");
    if (options->background && options->output == NULL)
        return error_set(error,
                         "-F needs -o: probes end with the process that asked "
                         "for them, so none can be left running alone");
    if (options->no_time_limits && !options->guru)
        return error_set(error, "--suppress-time-limits needs guru mode, -g");
    if (!privileged && options->guru)
        return error_set(error, "guru mode, -g, is not for --privilege=%s",
                         options->privilege);
    if (options->saved != NULL &&
        (options->script_text != NULL || options->more_texts.count > 0 ||
         options->defines.count > 0 || options->last_pass < OPTIONS_PASSES))
        return error_set(error, "--run has a script that was compiled, and -D, "
                                "-e, -E and -p come too late for it");
    if (options->example && options->script_text != NULL)
        return error_set(error, "--example names a file, and -e has the "
                                "script");
    return 0;
}

int
options_parse(struct options *options, int count, char **arguments,
              struct error *error)
{
    struct string_list all = {0};
    struct string_list words = {0};
    bool ended = false;
    int result;
    int next = 0;
    int i;

    *options = (struct options){
        .last_pass = OPTIONS_PASSES,
        .cpus = 1,
        .timeout = OPTIONS_TIMEOUT,
        .color = "auto",
    };

    result = read_rc(options, &all, error);
    for (i = 1; i < count; i++)
        options_add(&all, arguments[i]);

    while (result == 0 && next < (int)all.count) {
        const char *argument = all.items[next++];

        if (ended || argument[0] != '-' || argument[1] == '\0')
            options_add(&words, argument);
        else if (strcmp(argument, "--") == 0)
            ended = true;
        else if (argument[1] == '-')
            result = parse_long(options, (char **)all.items, &next, error);
        else
            result = parse_letters(options, (char **)all.items, &next, error);
    }

    if (result == 0)
        result = place_words(options, &words, error);
    if (result == 0)
        result = check_together(options, error);
    for (i = 1; i <= OPTIONS_PASSES; i++)
        options->pass_verbose[i] += options->verbose;
    free(words.items);
    free(all.items);
    return result;
}

bool
options_unprivileged(const struct options *options)
{
    return options->privilege != NULL &&
           strcmp(options->privilege, "stapusr") == 0;
}

const char *
options_own(struct options *options, char *word)
{
    options->own = xrealloc(options->own,
                            (options->own_count + 1) * sizeof(*options->own));
    options->own[options->own_count++] = word;
    return word;
}

void
options_free(struct options *options)
{
    unsigned i;

    free(options->more_texts.items);
    free(options->arguments.items);
    free(options->libraries.items);
    free(options->defines.items);
    free(options->globals.items);
    free(options->objects.items);
    free(options->modules.items);
    for (i = 0; i < options->own_count; i++)
        free(options->own[i]);
    free(options->own);
}

static void
print_row(const struct option_row *row)
{
    struct text left = {0};
    const char *help;

    if (row->letter != 0)
        text_printf(&left, "-%c", row->letter);
    if (row->letter != 0 && row->name != NULL)
        text_puts(&left, ", ");
    if (row->name != NULL)
        text_printf(&left, "--%s", row->name);
    if (row->word != NULL)
        text_printf(&left, "%s%s", row->word[0] == '[' ? "" : " ", row->word);
    printf("%-24s ", text_string(&left));
    for (help = row->help; *help != '\0'; help++) {
        putchar(*help);
        if (*help == '\n')
            printf("%-24s ", "");
    }
    putchar('\n');
    text_free(&left);
}

void
options_print_help(void)
{
    const struct option_row *row;

    fputs("usage: machtap [options] FILE [arguments]\n"
          "       machtap [options] -e SCRIPT [arguments]\n"
          "       machtap [options] -l|-L POINT\n"
          "       machtap [options] --run FILE [NAME=VALUE]\n"
          "\n"
          "Trace a GNU Mach kernel with a script in SystemTap's language.\n"
          "\n",
          stdout);
    for (row = option_rows; is_row(row); row++) {
        if (row->value != VALUE_REFUSED && row->help != NULL)
            print_row(row);
    }
    fputs("\nExit status: 0 when the script ran and ended, 1 when something "
          "failed.\nSee machtap(1).\n",
          stdout);
}
