#include "image/patch_i.h"

#include <stdlib.h>
#include <string.h>

#include <dwarf.h>

/* What finds the places of a kind, and makes their new bytes. */
static const struct {
    int (*find)(struct patches *patches, struct analysis *analysis,
                struct error *error);
    int (*fill)(struct patch *patch, const struct analysis *analysis,
                struct combined *combined, struct error *error);
} kinds[] = {
    [IMAGE_PATCH_END] = {patch_find_end, patch_fill_end},
    [IMAGE_PATCH_BREAKPOINT] = {patch_find_gate, patch_fill_gate},
    [IMAGE_PATCH_HOOK] = {patch_find_hook, patch_fill_hook},
    [IMAGE_PATCH_START] = {patch_find_start, patch_fill_start},
    [IMAGE_PATCH_TABLES] = {patch_find_tables, patch_fill_tables},
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

const char *
patch_path(const struct analysis *analysis)
{
    return analysis->kernel->file.path;
}

int
patch_symbol(const struct analysis *analysis, const char *name,
             uint64_t *address, struct error *error)
{
    const struct symbol *symbol =
        symbols_find(&analysis->kernel->symbols, name, NULL);

    if (symbol == NULL)
        return error_set(error, "%s: the kernel has no %s, or several",
                         patch_path(analysis), name);
    *address = symbol->address;
    return 0;
}

/* A function whose parameters are counted. */
struct counted {
    const char *name;
    unsigned parameters;
};

static int
visit_function(Dwarf_Die *die, void *context)
{
    const char *name = dwarf_diename(die);
    struct counted *counted = context;
    Dwarf_Die child;

    if (dwarf_tag(die) != DW_TAG_subprogram || name == NULL ||
        strcmp(name, counted->name) != 0 ||
        dwarf_hasattr(die, DW_AT_declaration))
        return 0;
    counted->parameters = 0;
    if (dwarf_child(die, &child) == 0) {
        do
            counted->parameters += dwarf_tag(&child) == DW_TAG_formal_parameter;
        while (dwarf_siblingof(&child, &child) == 0);
    }
    return 1;
}

unsigned
patch_parameters(const struct analysis *analysis, const char *name)
{
    struct counted counted = {.name = name};

    kernel_visit(analysis->kernel, visit_function, &counted);
    return counted.parameters;
}

void
patch_put_branch(uint8_t *at, uint8_t opcode, uint64_t address, uint64_t target)
{
    int32_t displacement = (int32_t)(target - (address + PATCH_BRANCH_SIZE));

    at[0] = opcode;
    memcpy(at + 1, &displacement, sizeof(displacement));
}

struct patch *
patch_add(struct patches *patches, const struct analysis *analysis,
          enum image_patch_kind kind, uint64_t address, size_t size,
          struct error *error)
{
    const uint8_t *bytes =
        image_file_bytes(&analysis->kernel->file, address, size);
    struct patch *patch;

    if (patches->count == PATCHES_MAX || size > IMAGE_PATCH_MAX ||
        bytes == NULL) {
        error_set(error, "%s: cannot change the %zu bytes at %#llx",
                  patch_path(analysis), size, (unsigned long long)address);
        return NULL;
    }
    patch = &patches->items[patches->count++];
    *patch = (struct patch){
        .kind = kind,
        .address = address,
        .size = (uint8_t)size,
    };
    memcpy(patch->before, bytes, size);
    return patch;
}

static int
compare(const void *left, const void *right)
{
    const struct patch *a = left, *b = right;

    return a->address < b->address ? -1 : 1;
}

int
patches_find(struct patches *patches, struct analysis *analysis,
             struct error *error)
{
    size_t i;

    patches->count = 0;
    for (i = 0; i < KINDS; i++) {
        if (kinds[i].find(patches, analysis, error) != 0)
            return -1;
    }
    qsort(patches->items, patches->count, sizeof(patches->items[0]), compare);
    return 0;
}

int
patches_fill(struct patches *patches, const struct analysis *analysis,
             struct combined *combined, struct error *error)
{
    unsigned i;

    for (i = 0; i < patches->count; i++) {
        struct patch *patch = &patches->items[i];

        if (kinds[patch->kind].fill(patch, analysis, combined, error) != 0)
            return -1;
    }
    return 0;
}
