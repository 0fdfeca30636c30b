/*
 * The command line of machtap: stap's options where they make sense here,
 * and those that say which kernel runs and how.
 */

#ifndef COMMAND_OPTIONS_OPTIONS_H
#define COMMAND_OPTIONS_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "support/error.h"

/* SystemTap's version whose language this is: systemtap_v of a script. */
#define OPTIONS_LANGUAGE "5.6"

/* Seconds of --timeout where it is not given. */
#define OPTIONS_TIMEOUT 600

struct string_list {
    const char **items; /* NULL-terminated once something is in it */
    unsigned count;
};

/* What the command is asked to do. */
enum options_action {
    OPTIONS_RUN,       /* passes 1 to last_pass */
    OPTIONS_LIST,      /* -l */
    OPTIONS_LIST_VARS, /* -L */
    OPTIONS_RUN_SAVED, /* --run FILE */
    OPTIONS_DUMP_FUNCTIONS,
    OPTIONS_DUMP_TYPES,
    OPTIONS_DUMP_ALIASES,
    OPTIONS_LIST_EXAMPLES, /* --example without FILE */
    OPTIONS_CLEAN_CACHE,
    OPTIONS_HELP,
    OPTIONS_VERSION,
};

/* Number of the last pass, and of elements of an array with one for each. */
#define OPTIONS_PASSES 5

struct options {
    enum options_action action;

    /* The script: one of text (-e), file, and for -l/-L a pattern. */
    const char *script_text;
    const char *script_file;
    const char *pattern;
    struct string_list more_texts; /* -E */
    struct string_list arguments;  /* $1, $2, ... */
    struct string_list libraries;  /* -I folders */
    struct string_list defines;    /* -D NAME=VALUE */
    struct string_list globals;    /* -G NAME=VALUE */
    struct string_list objects;    /* -d: programs whose symbols are wanted */
    const char *saved;             /* --run: a compiled script */

    int last_pass; /* 1 to 5 */
    int verbose;
    int pass_verbose[OPTIONS_PASSES + 1]; /* with what --vp adds */
    bool guru;
    bool example;           /* the script is one of the home's */
    bool check_version;     /* warn of what depends on it */
    bool skip_badvars;      /* context variables that are not there are 0 */
    bool keep_going;        /* show similar messages too */
    bool no_time_limits;    /* for handlers */
    bool timing;            /* -t */
    const char *compatible; /* version of the language, NULL: the newest */
    const char *privilege;  /* "stapdev", "stapsys", "stapusr"; NULL: all */
    const char *color;      /* "always", "never", "auto" */
    const char *prologue;   /* accepted, and of no use here */
    const char *runtime;    /* likewise: there is one */
    bool no_warnings;
    bool warnings_errors;
    bool unoptimized;
    bool keep;               /* keep the temporary folder and say where it is */
    bool no_cache;           /* compile and link anew */
    bool disable_cache;      /* and keep no result */
    const char *module_name; /* -m: copy the compiled script there */
    bool self;               /* trace the tracer's own task too */

    const char *output;         /* -o; NULL is standard output */
    unsigned rotate_size;       /* -S: MiB of an output file; 0: no limit */
    unsigned rotate_count;      /* files that are kept; 0: all */
    bool background;            /* -F */
    int64_t target;             /* -x */
    const char *workload;       /* -c: arguments, or a program and arguments */
    struct string_list modules; /* --module: whole boot-script lines */
    bool no_workload;

    const char *kernel;  /* name in the home's kernels/, or a path */
    const char *append;  /* more of the kernel's command line */
    const char *console; /* file that gets the kernel's console */
    unsigned cpus;
    unsigned memory;      /* MiB; 0: the default */
    unsigned timeout;     /* seconds that the machine may run */
    bool no_globals;      /* print none at the end */
    bool suppress_errors; /* of handlers: they are only counted */
    bool host;            /* run the script's process here, with no machine */
    unsigned run_time;    /* -T: seconds after which the script ends; 0: no */
    unsigned buffer;      /* -s: MiB of each CPU's ring; 0: the default */

    char **own; /* words that are not the command line's */
    unsigned own_count;
};

/*
 * Fill OPTIONS from the words of the file of options, if there is one, and
 * then from those of the command line.  The file is "rc" in the folder that
 * MACHTAP_DIR names, or ~/.machtap; each of its lines is split as a shell
 * would.  Strings stay those of ARGUMENTS.  Returns -1 and an error for what
 * is wrong there.
 */
int options_parse(struct options *options, int count, char **arguments,
                  struct error *error);

/* Whether --privilege is that of users who may not probe the kernel. */
bool options_unprivileged(const struct options *options);

/* Add ITEM, which is not copied, to LIST, whose items the caller frees. */
void options_add(struct string_list *list, const char *item);

/* Keep WORD, which was allocated, as long as OPTIONS; returns it. */
const char *options_own(struct options *options, char *word);

void options_free(struct options *options);

/* The text of --help. */
void options_print_help(void);

#endif /* COMMAND_OPTIONS_OPTIONS_H */
