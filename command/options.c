/*
 * Every option is a row of one table: its letter, its name, what follows it,
 * what it sets, and its line of --help.  So the parser, the help and the
 * refusals of what stap has and machtap has not cannot disagree.
 */

#include "command/options.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/text.h"

enum value {
    VALUE_NONE,    /* sets a bool */
    VALUE_COUNT,   /* adds one to an int */
    VALUE_TEXT,    /* sets a const char * */
    VALUE_LIST,    /* adds to a struct string_list */
    VALUE_NUMBER,  /* sets an unsigned */
    VALUE_PASS,    /* sets last_pass */
    VALUE_ACTION,  /* sets action to the row's number */
    VALUE_LISTING, /* sets action to the row's number, and the pattern */
    VALUE_SAVED,   /* sets action to the row's number, and saved */
    VALUE_REFUSED  /* stap has it, machtap has not; help says why */
};

struct option_row {
    char letter; /* 0: none */
    const char *name;
    enum value value;
    size_t offset;    /* in struct options */
    int number;       /* VALUE_ACTION and the like: action; VALUE_NUMBER: the
                      smallest that is taken */
    const char *word; /* what --help calls the value; refused: takes one */
    const char *help;
};

#define AT(member) offsetof(struct options, member)

static const struct option_row rows[] = {
    {'e', NULL, VALUE_TEXT, AT(script_text), 0, "SCRIPT",
     "run SCRIPT, given here, instead of a file"},
    {'E', NULL, VALUE_LIST, AT(more_texts), 0, "SCRIPT",
     "run SCRIPT too; may be repeated"},
    {'p', NULL, VALUE_PASS, 0, 0, "PASS",
     "stop after pass 1 parse, 2 elaborate, 3 translate, 4 compile, 5 run"},
    {'v', "verbose", VALUE_COUNT, AT(verbose), 0, NULL,
     "say what is done and how long each pass takes; -vv says more"},
    {'l', NULL, VALUE_LISTING, 0, OPTIONS_LIST, "POINT",
     "list the probe points that POINT matches"},
    {'L', NULL, VALUE_LISTING, 0, OPTIONS_LIST_VARS, "POINT",
     "list them with the variables that can be read there"},
    {'o', NULL, VALUE_TEXT, AT(output), 0, "FILE",
     "write the script's output to FILE"},
    {'c', NULL, VALUE_TEXT, AT(workload), 0, "WORKLOAD",
     "run WORKLOAD beside the script and end with it: options of the\n"
     "bundled workload (\"vm=100 rpc=0\"), or a boot module and its words"},
    {'T', NULL, VALUE_NUMBER, AT(run_time), 1, "SECONDS",
     "end the script after SECONDS"},
    {'s', NULL, VALUE_NUMBER, AT(buffer), 1, "MIB",
     "size of each CPU's ring of records"},
    {'G', NULL, VALUE_LIST, AT(globals), 0, "NAME=VALUE",
     "set the initial value of a global"},
    {'D', NULL, VALUE_LIST, AT(defines), 0, "NAME=VALUE",
     "set a limit of the runtime: MAXSTRINGLEN, MAXMAPENTRIES, ..."},
    {'I', NULL, VALUE_LIST, AT(libraries), 0, "FOLDER",
     "look for library scripts in FOLDER too"},
    {'d', NULL, VALUE_LIST, AT(objects), 0, "PROGRAM",
     "know the symbols of tasks that run PROGRAM, an ELF file, too; those\n"
     "of boot modules are known"},
    {'g', NULL, VALUE_NONE, AT(guru), 0, NULL, "guru mode"},
    {'u', NULL, VALUE_NONE, AT(unoptimized), 0, NULL,
     "unoptimized: keep what the script computes but never uses;\n"
     "accepted for stap's sake, since that is always done"},
    {'w', NULL, VALUE_NONE, AT(no_warnings), 0, NULL, "show no warnings"},
    {'W', NULL, VALUE_NONE, AT(warnings_errors), 0, NULL,
     "treat warnings as errors"},
    {'k', "keep", VALUE_NONE, AT(keep), 0, NULL,
     "keep the temporary folder, and say where it is"},
    {0, "no-cache", VALUE_NONE, AT(no_cache), 0, NULL,
     "use no cached result of an earlier run"},
    {0, "run", VALUE_SAVED, 0, OPTIONS_RUN_SAVED, "FILE",
     "run a script that -p4 compiled"},
    {0, "host", VALUE_NONE, AT(host), 0, NULL,
     "run the script on this machine; what it does anyway if the script\n"
     "needs no kernel and no option asks for a machine"},
    {0, "no-global-var-display", VALUE_NONE, AT(no_globals), 0, NULL,
     "do not print the globals that are only written at the end"},
    {0, "suppress-handler-errors", VALUE_NONE, AT(suppress_errors), 0, NULL,
     "end a handler that fails quietly, and only count the errors"},
    {0, "self", VALUE_NONE, AT(self), 0, NULL,
     "trace what the script's own process causes, too"},
    {0, "kernel", VALUE_TEXT, AT(kernel), 0, "KERNEL",
     "kernel to run: a GNU Mach image with debugging information, or\n"
     "the name of one that was fetched (default: trixie-amd64-up)"},
    {0, "module", VALUE_LIST, AT(modules), 0, "LINE",
     "boot LINE, a file and its boot-script words, too; may be repeated"},
    {0, "no-workload", VALUE_NONE, AT(no_workload), 0, NULL,
     "do not run the bundled workload"},
    {0, "append", VALUE_TEXT, AT(append), 0, "WORDS",
     "add WORDS to the kernel's command line"},
    {0, "console", VALUE_TEXT, AT(console), 0, "FILE",
     "write the kernel's console to FILE"},
    {0, "smp", VALUE_NUMBER, AT(cpus), 1, "CPUS", "number of CPUs"},
    {0, "memory", VALUE_NUMBER, AT(memory), 16, "MIB",
     "memory of the machine (default: 64, more with --smp)"},
    {0, "timeout", VALUE_NUMBER, AT(timeout), 1, "SECONDS",
     "end the machine after SECONDS, whatever it does (default: 600)"},
    {0, "dump-functions", VALUE_ACTION, 0, OPTIONS_DUMP_FUNCTIONS, NULL,
     "list the functions of the library; with -v also what they do"},
    {0, "dump-probe-types", VALUE_ACTION, 0, OPTIONS_DUMP_TYPES, NULL,
     "list the kinds of probe points"},
    {0, "dump-probe-aliases", VALUE_ACTION, 0, OPTIONS_DUMP_ALIASES, NULL,
     "list the probe aliases of the library"},
    {'h', "help", VALUE_ACTION, 0, OPTIONS_HELP, NULL, "show this text"},
    {'V', "version", VALUE_ACTION, 0, OPTIONS_VERSION, NULL,
     "show the version"},

    {'x', NULL, VALUE_REFUSED, 0, 0, "PID",
     "a process cannot be named by its number: GNU Mach has none; "
     "compare task() or execname()"},
    {'t', NULL, VALUE_REFUSED, 0, 0, NULL,
     "timing of handlers is not supported yet"},
    {'i', NULL, VALUE_REFUSED, 0, 0, NULL,
     "the interactive mode is not supported yet"},
    {'F', NULL, VALUE_REFUSED, 0, 0, NULL,
     "flight recorder mode is not supported yet"},
    {'S', NULL, VALUE_REFUSED, 0, 0, "SIZE",
     "rotating output files is not supported yet"},
    {'b', NULL, VALUE_REFUSED, 0, 0, NULL,
     "there is no bulk mode: records are merged in time order"},
    {'m', NULL, VALUE_REFUSED, 0, 0, "NAME", "there is no module to name"},
    {'r', NULL, VALUE_REFUSED, 0, 0, "RELEASE", "use --kernel"},
    {'a', NULL, VALUE_REFUSED, 0, 0, "ARCH", "use --kernel"},
    {'B', NULL, VALUE_REFUSED, 0, 0, "NAME", "no kernel is built"},
    {'R', NULL, VALUE_REFUSED, 0, 0, "FOLDER", "use MACHTAP_HOME"},
    {'q', NULL, VALUE_REFUSED, 0, 0, NULL,
     "tapset information in the object is not supported"},
    {0, "monitor", VALUE_REFUSED, 0, 0, NULL,
     "the monitor window is not supported yet"},
    {0, "remote", VALUE_REFUSED, 0, 0, "HOST",
     "tracing another machine is not supported yet"},
    {0, "runtime", VALUE_REFUSED, 0, 0, "MODE", "there is one runtime"},
};

#define ROWS (sizeof(rows) / sizeof(*rows))

static void
list_add(struct string_list *list, const char *item)
{
    list->items = xrealloc(list->items, (list->count + 2) * sizeof(char *));
    list->items[list->count++] = item;
    list->items[list->count] = NULL;
}

static const struct option_row *
find_letter(char letter)
{
    size_t i;

    for (i = 0; i < ROWS; i++) {
        if (rows[i].letter == letter && letter != 0)
            return &rows[i];
    }
    return NULL;
}

/* By full name, or by a beginning that only one name has. */
static const struct option_row *
find_name(const char *name, size_t size)
{
    const struct option_row *found = NULL;
    size_t i;

    for (i = 0; i < ROWS; i++) {
        if (rows[i].name == NULL || strncmp(rows[i].name, name, size) != 0)
            continue;
        if (rows[i].name[size] == '\0')
            return &rows[i];
        if (found != NULL)
            return NULL;
        found = &rows[i];
    }
    return found;
}

static bool
takes_word(const struct option_row *row)
{
    return row->word != NULL;
}

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
        list_add(place, word);
        return 0;
    case VALUE_NUMBER:
        return parse_number(word, (unsigned)row->number, option, place, error);
    case VALUE_PASS:
        if (parse_number(word, 1, option, &number, error) != 0 || number > 5)
            return error_set(error, "-p takes a pass from 1 to 5, not '%s'",
                             word);
        options->last_pass = (int)number;
        return 0;
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
    const struct option_row *row = find_name(argument + 2, size);
    const char *word = NULL;
    char option[64];

    snprintf(option, sizeof(option), "%.*s", (int)size + 2, argument);
    if (row == NULL)
        return error_set(error, "there is no option %s; see machtap --help",
                         option);

    if (row->value == VALUE_REFUSED)
        return apply(options, row, option, NULL, error);

    if (!takes_word(row)) {
        if (equals != NULL)
            return error_set(error, "option %s takes no value", option);
    } else if (equals != NULL) {
        word = equals + 1;
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

        if (row->value == VALUE_REFUSED || !takes_word(row)) {
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

/* The words that are no options: the script's file and its arguments. */
static int
place_words(struct options *options, const struct string_list *words,
            struct error *error)
{
    unsigned i = 0;

    if (options->action == OPTIONS_HELP || options->action == OPTIONS_VERSION)
        return 0;

    if (options->action == OPTIONS_RUN && options->script_text == NULL) {
        if (words->count == 0)
            return error_set(error, "no script: give a file, - for standard "
                                    "input, or -e SCRIPT");
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
        list_add(&options->arguments, words->items[i]);
    return 0;
}

int
options_parse(struct options *options, int count, char **arguments,
              struct error *error)
{
    struct string_list words = {0};
    bool ended = false;
    int result = 0;
    int next = 1;

    *options = (struct options){
        .last_pass = 5,
        .cpus = 1,
        .timeout = OPTIONS_TIMEOUT,
    };

    while (result == 0 && next < count) {
        const char *argument = arguments[next++];

        if (ended || argument[0] != '-' || argument[1] == '\0')
            list_add(&words, argument);
        else if (strcmp(argument, "--") == 0)
            ended = true;
        else if (argument[1] == '-')
            result = parse_long(options, arguments, &next, error);
        else
            result = parse_letters(options, arguments, &next, error);
    }

    if (result == 0)
        result = place_words(options, &words, error);
    free(words.items);
    return result;
}

void
options_free(struct options *options)
{
    free(options->more_texts.items);
    free(options->arguments.items);
    free(options->libraries.items);
    free(options->defines.items);
    free(options->globals.items);
    free(options->objects.items);
    free(options->modules.items);
}

void
options_print_help(void)
{
    size_t i;

    fputs("usage: machtap [options] FILE [arguments]\n"
          "       machtap [options] -e SCRIPT [arguments]\n"
          "       machtap [options] -l|-L POINT\n"
          "\n"
          "Trace a GNU Mach kernel with a script in SystemTap's language.\n"
          "\n",
          stdout);
    for (i = 0; i < ROWS; i++) {
        const struct option_row *row = &rows[i];
        struct text left = {0};
        const char *help = row->help;

        if (row->value == VALUE_REFUSED)
            continue;
        text_puts(&left, "  ");
        if (row->letter != 0)
            text_printf(&left, "-%c", row->letter);
        if (row->letter != 0 && row->name != NULL)
            text_puts(&left, ", ");
        if (row->name != NULL)
            text_printf(&left, "--%s", row->name);
        if (row->word != NULL)
            text_printf(&left, " %s", row->word);
        printf("%-22s ", text_string(&left));
        for (; *help != '\0'; help++) {
            putchar(*help);
            if (*help == '\n')
                printf("%-22s ", "");
        }
        putchar('\n');
        text_free(&left);
    }
    fputs("\nExit status: 0 when the script ran and ended, 1 when something "
          "failed.\nSee machtap(1).\n",
          stdout);
}
