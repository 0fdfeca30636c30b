/*
 * The linker checked the tables when it wrote them, and they lie in memory
 * that only the kernel can change: offsets in them are believed.
 */

#include "kernel/tables.h"

#include <stddef.h>

#include "kernel/string.h"

static const void *
place(uint32_t offset)
{
    return (const uint8_t *)&image_header + offset;
}

bool
tables_in_text(uint64_t address, uint64_t size)
{
    uint64_t offset = address - image_header.text_base;

    return offset < image_header.text_size &&
           size <= image_header.text_size - offset;
}

const struct image_function *
tables_function(uint64_t address)
{
    const struct image_function *functions =
        place(image_header.functions_offset);
    uint32_t low = 0, high = image_header.functions;
    uint32_t offset = (uint32_t)(address - image_header.text_base);

    if (!tables_in_text(address, 1))
        return NULL;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (functions[middle].address < offset)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == image_header.functions || functions[low].address != offset)
        return NULL;
    return &functions[low];
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
