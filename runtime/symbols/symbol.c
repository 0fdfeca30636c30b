#include "runtime/symbols/symbol.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/events/source.h"

/* Addresses of the kernel that are remembered, one for each value of the
 * hash. */
#define SYMBOLS 2048

static struct remembered {
    bool used;
    uint64_t address;
    char *name; /* NULL: it is in no symbol */
    uint64_t start;
    uint64_t size;
} symbols[SYMBOLS];

struct rt_space
rt_kernel_space(void)
{
    return (struct rt_space){true, rt_object_of_kernel()};
}

struct rt_space
rt_task_space(struct rt_string name)
{
    return (struct rt_space){false, rt_object_of_task(name)};
}

/* ---- symbols ----------------------------------------------------------- */

static const struct remembered *
ask_kernel(uint64_t address)
{
    uint64_t hash = address * 0x9e3779b97f4a7c15u >> 32;
    struct remembered *symbol = &symbols[hash % SYMBOLS];
    char name[PROBE_NAME_MAX];

    if (symbol->used && symbol->address == address)
        return symbol;
    free(symbol->name);
    *symbol = (struct remembered){.used = true, .address = address};
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

bool
rt_symbol_at(struct rt_space space, uint64_t address, struct rt_symbol *symbol)
{
    if (space.kernel) {
        const struct remembered *found = ask_kernel(address);

        *symbol = (struct rt_symbol){found->name, found->start, found->size};
    } else {
        *symbol = (struct rt_symbol){0};
        if (space.object != NULL)
            symbol->name = rt_object_symbol(space.object, address,
                                            &symbol->start, &symbol->size);
    }
    return symbol->name != NULL;
}

const char *
rt_module_at(struct rt_space space, uint64_t address)
{
    if (space.kernel)
        return ask_kernel(address)->name != NULL ? "kernel" : NULL;
    return space.object != NULL && rt_object_has(space.object, address)
               ? space.object->name
               : NULL;
}

/* ---- lines ------------------------------------------------------------- */

const char *
rt_line_at(struct rt_space space, uint64_t address, uint32_t *line)
{
    return space.object != NULL ? rt_object_line(space.object, address, line)
                                : NULL;
}
