/*
 * The patch of the breakpoint's gate.
 *
 * idt_inittab is an array, ended by zero, of what each vector of the
 * interrupt table is to be, for all CPUs.  The entry of vector 3 becomes
 * ours, and an interrupt gate: a probe is handled with interrupts off.
 */

#include "image/patch_i.h"

#include <string.h>

#include <dwarf.h>

#define GATE_TABLE "idt_inittab"
#define GATE_ENTRY "t_int3"

/*
 * Intel SDM volume 3, 6.11: gates of 32 and 64 bits; the low bit of the type
 * tells a trap gate, which leaves interrupts on, from an interrupt gate.
 */
#define GATE_VECTOR    3
#define GATE_TYPE      0x0f
#define GATE_TRAP      0x0f
#define GATE_INTERRUPT 0x0e

/* Offsets and size of the members of the table's entries, from DWARF. */
struct gate_layout {
    uint64_t entry, vector, type, size;
};

static int
visit_gate(Dwarf_Die *die, void *context)
{
    struct gate_layout *layout = context;
    const char *name = dwarf_diename(die);
    Dwarf_Attribute attribute;
    Dwarf_Word size;
    Dwarf_Die type, element, child;

    if (dwarf_tag(die) != DW_TAG_variable || name == NULL ||
        strcmp(name, GATE_TABLE) != 0 ||
        dwarf_attr_integrate(die, DW_AT_type, &attribute) == NULL ||
        dwarf_formref_die(&attribute, &type) == NULL ||
        dwarf_attr(&type, DW_AT_type, &attribute) == NULL ||
        dwarf_formref_die(&attribute, &element) == NULL ||
        dwarf_aggregate_size(&element, &size) != 0 ||
        dwarf_child(&element, &child) != 0)
        return 0;
    *layout = (struct gate_layout){UINT64_MAX, UINT64_MAX, UINT64_MAX, size};
    do {
        const char *member = dwarf_diename(&child);
        Dwarf_Word offset;

        if (member == NULL ||
            dwarf_attr(&child, DW_AT_data_member_location, &attribute) ==
                NULL ||
            dwarf_formudata(&attribute, &offset) != 0)
            continue;
        if (strcmp(member, "entrypoint") == 0)
            layout->entry = offset;
        else if (strcmp(member, "vector") == 0)
            layout->vector = offset;
        else if (strcmp(member, "type") == 0)
            layout->type = offset;
    } while (dwarf_siblingof(&child, &child) == 0);
    return 1;
}

static int
read_gate_layout(const struct analysis *analysis, struct gate_layout *layout,
                 struct error *error)
{
    unsigned word = analysis->kernel->machine->word_size;

    if (kernel_visit(analysis->kernel, visit_gate, layout) == 0 ||
        layout->size > IMAGE_PATCH_MAX || layout->entry + word > layout->size ||
        layout->vector + 2 > layout->size || layout->type + 2 > layout->size)
        return error_set(error,
                         "%s: the entries of the kernel's interrupt table "
                         "(" GATE_TABLE ") are not of the known form",
                         patch_path(analysis));
    return 0;
}

int
patch_find_gate(struct patches *patches, struct analysis *analysis,
                struct error *error)
{
    const struct kernel *kernel = analysis->kernel;
    uint64_t at, handler, entry = 0;
    struct gate_layout layout;
    uint16_t vector, type;
    const uint8_t *bytes;

    if (patch_symbol(analysis, GATE_TABLE, &at, error) != 0 ||
        patch_symbol(analysis, GATE_ENTRY, &handler, error) != 0 ||
        read_gate_layout(analysis, &layout, error) != 0)
        return -1;
    for (;; at += layout.size) {
        bytes = image_file_bytes(&kernel->file, at, layout.size);
        if (bytes == NULL)
            break;
        memcpy(&entry, bytes + layout.entry, kernel->machine->word_size);
        memcpy(&vector, bytes + layout.vector, sizeof(vector));
        memcpy(&type, bytes + layout.type, sizeof(type));
        if (entry == 0 || vector == GATE_VECTOR)
            break;
    }
    if (bytes == NULL || entry == 0)
        return error_set(error,
                         "%s: the kernel's interrupt table (" GATE_TABLE
                         ") has no entry for breakpoints",
                         patch_path(analysis));
    if (entry != handler || (type & GATE_TYPE) != GATE_TRAP)
        return error_set(error,
                         "%s: breakpoints go to %#llx by a gate of type %#x; "
                         "expected was " GATE_ENTRY " by a trap gate",
                         patch_path(analysis), (unsigned long long)entry, type);
    return patch_add(patches, analysis, IMAGE_PATCH_BREAKPOINT, at,
                     (size_t)layout.size, error) != NULL
               ? 0
               : -1;
}

int
patch_fill_gate(struct patch *patch, const struct analysis *analysis,
                struct combined *combined, struct error *error)
{
    struct gate_layout layout;
    uint64_t address;

    if (read_gate_layout(analysis, &layout, error) != 0 ||
        combined_symbol(combined, SYMBOL_BREAKPOINT, &address, error) != 0)
        return -1;
    memcpy(patch->after, patch->before, patch->size);
    memcpy(patch->after + layout.entry, &address,
           analysis->kernel->machine->word_size);
    patch->after[layout.type] =
        (uint8_t)((patch->before[layout.type] & ~GATE_TYPE) | GATE_INTERRUPT);
    return 0;
}
