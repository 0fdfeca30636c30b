/*
 * A kernel that is being linked: its file, symbols, DWARF and text.
 */

#ifndef IMAGE_KERNEL_H
#define IMAGE_KERNEL_H

#include <elfutils/libdw.h>

#include "image/file.h"
#include "image/machine.h"
#include "image/symbols.h"
#include "protocol/limits.h"

struct kernel {
    struct image_file file;
    const struct machine *machine;
    struct symbols symbols;
    Dwarf *dwarf;
    char identity[PROBE_IDENTITY_MAX];
    uint64_t text_base; /* of the section .text */
    uint64_t text_size;
    const uint8_t *text;  /* its bytes, before any patch */
    uint64_t end;         /* the kernel's idea of it, the symbol _end */
    uint64_t phys_offset; /* virtual less physical address, .text's segment */
};

/*
 * Open a kernel and check that the subsystem can be linked into it: the
 * architecture, symbols, DWARF, not linked before.
 */
int kernel_open(struct kernel *kernel, const char *path, struct error *error);
void kernel_close(struct kernel *kernel);

/*
 * Call VISIT for each top-level DIE of each compilation unit, until it
 * returns non-zero; returns what it returned.
 */
int kernel_visit(const struct kernel *kernel,
                 int (*visit)(Dwarf_Die *die, void *context), void *context);

/* Does an address lie in .text? */
static inline bool
kernel_in_text(const struct kernel *kernel, uint64_t address)
{
    return address - kernel->text_base < kernel->text_size;
}

#endif /* IMAGE_KERNEL_H */
