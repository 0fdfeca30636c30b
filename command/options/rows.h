/*
 * Every option is a row of one table: its letter, its name, what follows it,
 * what it sets, and its line of --help.  So the parser, the help and the
 * refusals of what stap has and machtap has not cannot disagree.
 */

#ifndef COMMAND_OPTIONS_ROWS_H
#define COMMAND_OPTIONS_ROWS_H

#include <stddef.h>

enum option_value {
    VALUE_NONE,     /* sets a bool */
    VALUE_COUNT,    /* adds one to an int */
    VALUE_TEXT,     /* sets a const char * */
    VALUE_LIST,     /* adds to a struct string_list */
    VALUE_NUMBER,   /* sets an unsigned */
    VALUE_INTEGER,  /* sets an int64_t, of any base of C */
    VALUE_PASS,     /* sets last_pass */
    VALUE_PASSES,   /* adds to the verbosity of passes */
    VALUE_CHOICE,   /* sets a const char * to one of the row's words */
    VALUE_FIXED,    /* sets a const char * to the row's words */
    VALUE_ROTATION, /* sets rotate_size and rotate_count */
    VALUE_VERSION,  /* sets compatible */
    VALUE_ACTION,   /* sets action to the row's number */
    VALUE_LISTING,  /* sets action to the row's number, and the pattern */
    VALUE_SAVED,    /* sets action to the row's number, and saved */
    VALUE_OBJECT,   /* adds to a struct string_list, but for "kernel" */
    VALUE_IGNORED,  /* accepted for stap's sake */
    VALUE_REFUSED,  /* stap has it, machtap has not; help says why */
};

struct option_row {
    char letter; /* 0: none */
    const char *name;
    enum option_value value;
    size_t offset;       /* in struct options */
    int number;          /* VALUE_ACTION and the like: action; VALUE_NUMBER: the
                         smallest that is taken */
    const char *word;    /* what --help calls the value; NULL: takes none; one
                         that begins with '[' only follows "--name=" */
    const char *help;    /* NULL: not in --help */
    const char *choices; /* "one two three"; if the value may be left out, it
                         is the first */
};

/* The last one has neither letter nor name. */
extern const struct option_row option_rows[];

#endif /* COMMAND_OPTIONS_ROWS_H */
