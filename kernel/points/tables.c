/*
 * The linker checked the tables when it wrote them, and they lie in memory
 * that only the kernel can change: offsets in them are believed.
 */

#include "kernel/points/tables.h"

#include <stddef.h>

#include "kernel/machine/string.h"

static const void *
place(uint32_t offset)
{
    return (const uint8_t *)&image_header + offset;
}

const struct image_function *
tables_function_of(uint64_t address)
{
    const struct image_function *functions =
        place(image_header.functions_offset);
    uint32_t low = 0, high = image_header.functions;
    uint32_t offset = (uint32_t)(address - image_header.text_base);

    if (!tables_in_text(address, 1))
        return NULL;

    /* The last one that does not begin behind it. */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (functions[middle].address <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0 ||
        offset - functions[low - 1].address >= functions[low - 1].size)
        return NULL;
    return &functions[low - 1];
}

const struct image_function *
tables_function(uint64_t address)
{
    const struct image_function *function = tables_function_of(address);

    if (function == NULL ||
        image_header.text_base + function->address != address)
        return NULL;
    return function;
}

uint8_t
tables_instruction(uint64_t address)
{
    const uint8_t *instructions = place(image_header.instructions_offset);

    if (!tables_in_text(address, 1))
        return 0;
    return instructions[address - image_header.text_base];
}

const struct image_symbol *
tables_symbol(const char *name)
{
    const struct image_symbol *symbols = place(image_header.symbols_offset);
    const char *names = place(image_header.names_offset);

    const struct image_symbol *found = NULL;

    /* By name they are in no order: it is asked a few times a session. */
    for (uint32_t i = 0; i < image_header.symbols; i++) {
        if (strcmp(names + symbols[i].name, name) != 0)
            continue;
        if (symbols[i].flags & IMAGE_SYMBOL_GLOBAL)
            return &symbols[i];
        if (found == NULL)
            found = &symbols[i];
    }
    return found;
}

static bool
is_inside(const struct image_symbol *symbol, uint32_t offset)
{
    return offset - symbol->address < symbol->size;
}

/* Of several symbols that are at an address. */
static bool
is_better(const struct image_symbol *symbol, const struct image_symbol *other)
{
    if (other == NULL || symbol->address != other->address)
        return other == NULL;
    if ((symbol->flags ^ other->flags) & IMAGE_SYMBOL_FUNCTION)
        return (symbol->flags & IMAGE_SYMBOL_FUNCTION) != 0;
    return (symbol->flags & ~other->flags & IMAGE_SYMBOL_GLOBAL) != 0;
}

/* Labels that may stand between a function's beginning and an address. */
#define LABELS_MAX 256

const struct image_symbol *
tables_symbol_at(uint64_t address)
{
    const struct image_symbol *symbols = place(image_header.symbols_offset);
    const struct image_symbol *whole = NULL, *label = NULL;
    uint32_t offset = (uint32_t)(address - image_header.text_base);
    uint32_t low = 0, high = image_header.symbols;
    bool last;

    if (address - image_header.text_base > UINT32_MAX)
        return NULL;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (symbols[middle].address <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    last = low == image_header.symbols;
    for (uint32_t i = 0; i < LABELS_MAX && i < low; i++) {
        const struct image_symbol *symbol = &symbols[low - 1 - i];

        if (whole != NULL && symbol->address != whole->address)
            break;
        if (is_inside(symbol, offset) && is_better(symbol, whole))
            whole = symbol;
        else if (!last && symbol->size == 0 && is_better(symbol, label))
            label = symbol;
    }
    return whole != NULL ? whole : label;
}

const char *
tables_symbol_name(const struct image_symbol *symbol)
{
    return (const char *)place(image_header.names_offset) + symbol->name;
}

uint32_t
tables_probeable(void)
{
    const struct image_function *functions =
        place(image_header.functions_offset);
    uint32_t count = 0;

    for (uint32_t i = 0; i < image_header.functions; i++)
        count += (functions[i].flags & IMAGE_FUNCTION_FORBIDDEN) == 0;
    return count;
}
