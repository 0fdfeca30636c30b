/*
 * The functions of the print family, which the grammar knows by name.
 */

#ifndef LANGUAGE_WORDS_PRINT_NAME_H
#define LANGUAGE_WORDS_PRINT_NAME_H

#include <stdbool.h>

struct print_name {
    const char *name;
    bool to_string; /* gives a string and prints nothing */
    bool newline;
    bool format;    /* the first argument is a format */
    bool delimiter; /* the first argument goes between the others */
};

/* NULL if the name is none of them. */
const struct print_name *print_name_find(const char *name);

/* All of them, up to one whose name is NULL. */
extern const struct print_name print_names[];

#endif /* LANGUAGE_WORDS_PRINT_NAME_H */
