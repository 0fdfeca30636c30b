/*
 * Patches of the kernel's idea of its own end.
 *
 * c_boot_entry tells the memory set-up that the memory from the kernel's
 * start to _end is in use, by
 *
 *     mov $physical _end, second argument
 *     ...
 *     call biosmem_register_boot_data
 *
 * once for each boot protocol.  The numbers become the subsystem's end.
 *
 * i386's start-up code clears .bss up to _end itself, and must be left alone
 * or it would clear the subsystem.  Nothing else may know _end: of what we do
 * not know we cannot tell.
 */

#include "image/patch_i.h"

#include <string.h>

#define BOOT_FUNCTION "c_boot_entry"
#define BOOT_REGISTER "biosmem_register_boot_data"
#define START_UP      "boot_entry"

/* Which argument of BOOT_REGISTER the end is. */
#define END_ARGUMENT 1

static bool
is_end(const struct kernel *kernel, uint64_t value)
{
    return value != 0 &&
           (value == kernel->end || value == kernel->end - kernel->phys_offset);
}

/*
 * Is this where the start-up code clears .bss?
 *
 *     lea _end, %ecx       the end, then the number of bytes
 *     ...
 *     rep stosb
 */
static bool
clears_bss(const struct analysis *analysis, unsigned index)
{
    const struct symbol *start_up =
        symbols_find(&analysis->kernel->symbols, START_UP, NULL);
    const struct instruction *at = &analysis->code[index];

    if (start_up == NULL || at->address < start_up->address ||
        at->names[1] != analysis->kernel->end ||
        at->writes != code_register(ZYDIS_REGISTER_ECX))
        return false;
    for (index++; index < analysis->code_count; index++) {
        at = &analysis->code[index];
        if (at->fills)
            return true;
        if (at->branch || at->call || !at->falls)
            return false;
    }
    return false;
}

int
patch_place(struct patch *patch, uint64_t value, struct error *error)
{
    uint8_t size = patch->size > 8 ? 8 : 4;

    patch->place = (uint8_t)(patch->size - size);
    if (memcmp(patch->before + patch->place, &value, size) == 0)
        return 0;
    return error_set(error, "the instruction at %#llx is unknown",
                     (unsigned long long)patch->address);
}

static int
check_end_unnamed_in_data(const struct analysis *analysis, struct error *error)
{
    const struct kernel *kernel = analysis->kernel;
    const struct image_file *file = &kernel->file;
    unsigned word = kernel->machine->word_size;
    size_t count = 0, i;
    GElf_Phdr phdr;

    elf_getphdrnum(file->elf, &count);
    for (i = 0; i < count; i++) {
        uint64_t at;

        gelf_getphdr(file->elf, (int)i, &phdr);
        if (phdr.p_type != PT_LOAD)
            continue;
        for (at = 0; at + word <= phdr.p_filesz; at += word) {
            uint64_t value = 0;

            if (kernel_in_text(kernel, phdr.p_vaddr + at))
                continue;
            memcpy(&value, file->data + phdr.p_offset + at, word);
            if (is_end(kernel, value))
                return error_set(error,
                                 "%s: unexpected reference to the kernel's "
                                 "end (_end) in data at %#llx",
                                 patch_path(analysis),
                                 (unsigned long long)(phdr.p_vaddr + at));
        }
    }
    return 0;
}

int
patch_find_end(struct patches *patches, struct analysis *analysis,
               struct error *error)
{
    const struct kernel *kernel = analysis->kernel;
    uint64_t boot, target;
    unsigned i;

    if (patch_symbol(analysis, BOOT_FUNCTION, &boot, error) != 0 ||
        patch_symbol(analysis, BOOT_REGISTER, &target, error) != 0 ||
        check_end_unnamed_in_data(analysis, error) != 0)
        return -1;
    for (i = 0; i < analysis->code_count; i++) {
        const struct instruction *at = &analysis->code[i];
        const struct function *function;
        uint64_t value = at->names[0];
        struct patch *patch;

        if (!is_end(kernel, at->names[0]) && !is_end(kernel, at->names[1]))
            continue;
        function = analysis_function(analysis, at->address);
        if (function == NULL && clears_bss(analysis, i))
            continue;
        if (function == NULL || function->address != boot ||
            value != kernel->end - kernel->phys_offset ||
            !patch_tells_memory(analysis, i, END_ARGUMENT))
            return error_set(
                error,
                "%s: unexpected reference to the kernel's end (_end) at "
                "%#llx, in %s: only " BOOT_FUNCTION " is known to tell it "
                "to " BOOT_REGISTER,
                patch_path(analysis), (unsigned long long)at->address,
                function != NULL ? function->name : "assembler code");
        patch = patch_add(patches, analysis, IMAGE_PATCH_END, at->address,
                          at->length, error);
        if (patch == NULL || patch_place(patch, value, error) != 0)
            return -1;
    }
    if (patches->count == 0)
        return error_set(error,
                         "%s: " BOOT_FUNCTION " does not tell the kernel's "
                         "end (_end) to " BOOT_REGISTER ", so the memory "
                         "behind it cannot be kept",
                         patch_path(analysis));
    return 0;
}

int
patch_fill_end(struct patch *patch, const struct analysis *analysis,
               struct combined *combined, struct error *error)
{
    uint64_t value = combined->end - analysis->kernel->phys_offset;
    size_t size = (size_t)patch->size - patch->place;

    if (size < sizeof(value) && value >> 32 != 0)
        return error_set(error, "the subsystem's end is out of range");
    memcpy(patch->after, patch->before, patch->size);
    memcpy(patch->after + patch->place, &value, size);
    return 0;
}
