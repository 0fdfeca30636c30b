/*
 * Names of addresses, asked of the source once and then remembered.
 */

#ifndef RUNTIME_SYMBOL_H
#define RUNTIME_SYMBOL_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/limits.h"

struct rt_symbol {
    uint64_t address; /* that was asked for */
    uint64_t start;
    uint64_t size;
    char *name; /* NULL: it is in no symbol */
};

/* The symbol that ADDRESS is in; valid until the next call. */
const struct rt_symbol *rt_symbol_at(uint64_t address);

#endif /* RUNTIME_SYMBOL_H */
