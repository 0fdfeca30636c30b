#include <stddef.h>

#include "translate/objects/kernel.h"

int
kernel_need(struct kernel_source *kernel, struct error *error)
{
    if (kernel->need == NULL)
        return 0;
    if (kernel->need(kernel->data, kernel, error) != 0)
        return -1;
    kernel->need = NULL;
    return 0;
}

struct debuginfo *
kernel_debuginfo(struct kernel_source *kernel, struct error *error)
{
    if (kernel_need(kernel, error) != 0)
        return NULL;
    if (kernel->debuginfo == NULL && kernel->path == NULL)
        error_set(error, "there is no kernel to look this up in");
    else if (kernel->debuginfo == NULL)
        kernel->debuginfo = debuginfo_open_indexed(kernel->path, kernel->index,
                                                   kernel->index_size, error);
    return kernel->debuginfo;
}

const struct object *
kernel_object(struct kernel_source *kernel, struct error *error)
{
    if (kernel_debuginfo(kernel, error) == NULL)
        return NULL;
    kernel->object = (struct object){
        .name = "kernel",
        .prefix = "kernel",
        .title = "the kernel",
        .debuginfo = kernel->debuginfo,
        .kernel = kernel,
    };
    return &kernel->object;
}

static const char *const reasons[] = {
#define IMAGE_REASON_TEXT(name, text) [IMAGE_REASON_##name] = text,
    IMAGE_REASONS(IMAGE_REASON_TEXT)
#undef IMAGE_REASON_TEXT
};

static const char *
reason_text(uint16_t reason)
{
    return reason < sizeof(reasons) / sizeof(reasons[0]) ? reasons[reason]
                                                         : reasons[0];
}

static const struct image_function *
find_function(const struct image_header *tables, uint64_t offset)
{
    const struct image_function *functions =
        (const void *)((const char *)tables + tables->functions_offset);
    uint32_t low = 0, high = tables->functions;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (offset < functions[middle].address)
            high = middle;
        else if (offset - functions[middle].address >= functions[middle].size &&
                 offset != functions[middle].address)
            low = middle + 1;
        else
            return &functions[middle];
    }
    return NULL;
}

const char *
kernel_forbids(const struct kernel_source *kernel,
               const struct debuginfo_function *function)
{
    const struct image_header *tables = kernel->tables;

    if (tables == NULL)
        return NULL;
    uint64_t offset = function->address - tables->text_base;
    const struct image_function *found =
        offset < tables->text_size ? find_function(tables, offset) : NULL;
    if (found == NULL || found->address != offset)
        return "the linked kernel does not list it";
    if (found->flags & IMAGE_FUNCTION_FORBIDDEN)
        return reason_text(found->reason);
    /* Where no jump can be placed there must be room for a breakpoint. */
    uint8_t instruction =
        ((const uint8_t *)tables)[tables->instructions_offset + offset];
    if (found->entry == 0 && (IMAGE_LENGTH(instruction) == 0 ||
                              IMAGE_MOVE(instruction) == IMAGE_MOVE_NEVER))
        return "its first instruction cannot be run at another place";
    return NULL;
}

const char *
kernel_forbids_instruction(const struct kernel_source *kernel, uint64_t address)
{
    const struct image_header *tables = kernel->tables;

    if (tables == NULL)
        return NULL;
    uint64_t offset = address - tables->text_base;
    const struct image_function *found =
        offset < tables->text_size ? find_function(tables, offset) : NULL;
    if (found == NULL)
        return "it is in no function that the linked kernel lists";
    if (found->flags & IMAGE_FUNCTION_FORBIDDEN)
        return reason_text(found->reason);
    uint8_t instruction =
        ((const uint8_t *)tables)[tables->instructions_offset + offset];
    if (IMAGE_LENGTH(instruction) == 0)
        return "no instruction begins there";
    if (IMAGE_MOVE(instruction) == IMAGE_MOVE_NEVER)
        return "its instruction cannot be run at another place";
    return NULL;
}
