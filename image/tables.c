#include "image/tables.h"

#include <stdlib.h>
#include <string.h>

#include "support/text.h"

/* Parts of the block start at multiples of this. */
#define ALIGNMENT 8

struct block {
    struct text bytes;
    struct text names;
    uint64_t base;
};

static void
align(struct text *bytes)
{
    static const char zeroes[ALIGNMENT];

    if (bytes->size % ALIGNMENT != 0)
        text_add(bytes, zeroes, ALIGNMENT - bytes->size % ALIGNMENT);
}

static uint32_t
add_name(struct block *block, const char *name)
{
    uint32_t offset = (uint32_t)block->names.size;

    text_add(&block->names, name, strlen(name) + 1);
    return offset;
}

static void
add_function(struct block *block, const struct function *function)
{
    struct image_function row = {
        .address = (uint32_t)(function->address - block->base),
        .size = (uint32_t)function->size,
        .name = add_name(block, function->name),
        .entry = function->entry,
        .flags =
            (uint8_t)((function->forbidden ? IMAGE_FUNCTION_FORBIDDEN : 0) |
                      (function->global ? IMAGE_FUNCTION_GLOBAL : 0)),
        .reason = (uint16_t)function->reason,
    };

    text_add(&block->bytes, &row, sizeof(row));
}

/* Those before text_base (the boot code) have no offset and are left out. */
static uint32_t
add_symbols(struct block *block, const struct symbols *symbols)
{
    uint32_t count = 0;
    unsigned i;

    for (i = 0; i < symbols->count; i++) {
        const struct symbol *symbol = &symbols->items[i];
        struct image_symbol row = {
            .address = (uint32_t)(symbol->address - block->base),
            .size = (uint32_t)symbol->size,
            .flags = (uint8_t)((symbol->function ? IMAGE_SYMBOL_FUNCTION : 0) |
                               (symbol->global ? IMAGE_SYMBOL_GLOBAL : 0)),
        };

        if (symbol->address < block->base ||
            symbol->address - block->base > UINT32_MAX)
            continue;
        row.name = add_name(block, symbol->name);
        text_add(&block->bytes, &row, sizeof(row));
        count++;
    }
    return count;
}

struct image_header *
tables_make(const struct analysis *analysis, const struct patches *patches)
{
    const struct kernel *kernel = analysis->kernel;
    struct block block = {.base = kernel->text_base};
    static const struct image_patch no_patch;
    struct image_header header = {
        .magic = IMAGE_MAGIC,
        .version = IMAGE_VERSION,
        .text_base = kernel->text_base,
        .text_size = (uint32_t)kernel->text_size,
        .functions = analysis->function_count,
        .functions_offset = sizeof(header),
        .patches = patches->count,
    };
    unsigned i;

    memcpy(header.identity, kernel->identity, sizeof(header.identity));
    text_add(&block.bytes, &header, sizeof(header));
    for (i = 0; i < analysis->function_count; i++)
        add_function(&block, &analysis->functions[i]);

    align(&block.bytes);
    header.symbols_offset = (uint32_t)block.bytes.size;
    header.symbols = add_symbols(&block, &kernel->symbols);

    align(&block.bytes);
    header.patches_offset = (uint32_t)block.bytes.size;
    for (i = 0; i < patches->count; i++)
        text_add(&block.bytes, &no_patch, sizeof(no_patch));

    header.names_offset = (uint32_t)block.bytes.size;
    header.names_size = (uint32_t)block.names.size;
    text_add(&block.bytes, text_string(&block.names), block.names.size);

    align(&block.bytes);
    header.instructions_offset = (uint32_t)block.bytes.size;
    text_add(&block.bytes, analysis->bytes, (size_t)kernel->text_size);
    align(&block.bytes);
    header.size = (uint32_t)block.bytes.size;

    memcpy(block.bytes.data, &header, sizeof(header));
    text_free(&block.names);
    return (struct image_header *)text_take(&block.bytes);
}

void
tables_put_patches(struct image_header *header, const struct patches *patches)
{
    uint8_t *at = (uint8_t *)header + header->patches_offset;
    unsigned i;

    for (i = 0; i < patches->count; i++, at += sizeof(struct image_patch)) {
        const struct patch *patch = &patches->items[i];
        struct image_patch row = {
            .address = (uint32_t)(patch->address - header->text_base),
            .size = patch->size,
            .kind = (uint16_t)patch->kind,
        };

        memcpy(row.before, patch->before, sizeof(row.before));
        memcpy(row.after, patch->after, sizeof(row.after));
        memcpy(at, &row, sizeof(row));
    }
}
