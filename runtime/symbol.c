#include "runtime/symbol.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/source.h"

/* Addresses that are remembered, one for each value of the hash. */
#define SYMBOLS 2048

static struct {
    bool used;
    struct rt_symbol symbol;
} symbols[SYMBOLS];

const struct rt_symbol *
rt_symbol_at(uint64_t address)
{
    uint64_t hash = address * 0x9e3779b97f4a7c15u >> 32;
    struct rt_symbol *symbol = &symbols[hash % SYMBOLS].symbol;
    char name[PROBE_NAME_MAX];

    if (symbols[hash % SYMBOLS].used && symbol->address == address)
        return symbol;
    free(symbol->name);
    *symbol = (struct rt_symbol){.address = address};
    symbols[hash % SYMBOLS].used = true;
    if (rt_source_symbol(address, name, &symbol->start, &symbol->size)) {
        size_t size = strnlen(name, sizeof(name) - 1) + 1;

        symbol->name = malloc(size);
        if (symbol->name != NULL) {
            memcpy(symbol->name, name, size);
            symbol->name[size - 1] = '\0';
        }
    }
    return symbol;
}
