/*
 * Patches of the kernel's idea of its own start.
 *
 * On amd64 the code and tables that start other CPUs lie before _start, in a
 * section of their own, where the loader put them (on i386, among the data:
 * there is nothing to do).  But memory is told to be
 * in use from _start on only, so they are free memory by the time when they
 * are wanted, and whether they are still there depends on what was allocated
 * meanwhile: on the size of the modules, and on ours.  So the kernels that
 * have them are told that they start where they were loaded, by
 *
 *     mov $physical start, first argument
 *
 * before the calls that patch_end.c describes.
 */

#include "image/patch_i.h"

#include <string.h>

#define OTHER_CPUS "apboot"
#define START      "_start"

/* Which argument of the call the start is. */
#define START_ARGUMENT 0

/* Physical address of the first byte that the loader fills. */
static uint64_t
loaded_start(const struct kernel *kernel)
{
    uint64_t start = UINT64_MAX;
    size_t count = 0, i;
    GElf_Phdr phdr;

    elf_getphdrnum(kernel->file.elf, &count);
    for (i = 0; i < count; i++) {
        gelf_getphdr(kernel->file.elf, (int)i, &phdr);
        if (phdr.p_type == PT_LOAD && phdr.p_paddr < start)
            start = phdr.p_paddr;
    }
    return start;
}

/* Where the loader puts what has an address, which it need not be at yet. */
static uint64_t
physical(const struct kernel *kernel, uint64_t address)
{
    size_t count = 0, i;
    GElf_Phdr phdr;

    elf_getphdrnum(kernel->file.elf, &count);
    for (i = 0; i < count; i++) {
        gelf_getphdr(kernel->file.elf, (int)i, &phdr);
        if (phdr.p_type == PT_LOAD && address >= phdr.p_vaddr &&
            address - phdr.p_vaddr < phdr.p_memsz)
            return address - phdr.p_vaddr + phdr.p_paddr;
    }
    return address;
}

int
patch_find_start(struct patches *patches, struct analysis *analysis,
                 struct error *error)
{
    const struct kernel *kernel = analysis->kernel;
    const struct symbol *other =
        symbols_find(&kernel->symbols, OTHER_CPUS, NULL);
    unsigned found = 0, i;
    uint64_t start;

    if (other == NULL)
        return 0;
    if (patch_symbol(analysis, START, &start, error) != 0)
        return -1;
    start -= kernel->phys_offset;
    if (physical(kernel, other->address) >= start)
        return 0;
    for (i = 0; i < analysis->code_count; i++) {
        const struct instruction *at = &analysis->code[i];
        struct patch *patch;

        if (at->names[0] != start ||
            !patch_tells_memory(analysis, i, START_ARGUMENT))
            continue;
        patch = patch_add(patches, analysis, IMAGE_PATCH_START, at->address,
                          at->length, error);
        if (patch == NULL || patch_place(patch, start, error) != 0)
            return -1;
        found++;
    }
    if (found == 0)
        return error_set(error,
                         "%s: the code that starts other CPUs (" OTHER_CPUS
                         ") is in memory that the kernel takes for free, and "
                         "the place is not known where it could be told",
                         patch_path(analysis));
    return 0;
}

int
patch_fill_start(struct patch *patch, const struct analysis *analysis,
                 struct combined *combined, struct error *error)
{
    uint64_t value = loaded_start(analysis->kernel);

    memcpy(patch->after, patch->before, patch->size);
    memcpy(patch->after + patch->place, &value,
           (size_t)patch->size - patch->place);
    return 0;
}
