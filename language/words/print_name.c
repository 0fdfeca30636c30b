#include "language/words/print_name.h"

#include <stddef.h>
#include <string.h>

const struct print_name print_names[] = {
    {"print", false, false, false, false},
    {"println", false, true, false, false},
    {"printf", false, false, true, false},
    {"printd", false, false, false, true},
    {"printdln", false, true, false, true},
    {"sprint", true, false, false, false},
    {"sprintln", true, true, false, false},
    {"sprintf", true, false, true, false},
    {"sprintd", true, false, false, true},
    {"sprintdln", true, true, false, true},
    {NULL, false, false, false, false},
};

const struct print_name *
print_name_find(const char *name)
{
    for (const struct print_name *at = print_names; at->name; at++)
        if (!strcmp(at->name, name))
            return at;
    return NULL;
}
