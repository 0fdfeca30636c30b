/*
 * What linking must know of an architecture, a row for each.
 *
 * A new one is a row here, its rules in code.c and the folder of its name in
 * the subsystem's sources.
 */

#ifndef IMAGE_MACHINE_H
#define IMAGE_MACHINE_H

#include <stdbool.h>

#include <Zydis/Zydis.h>
#include <gelf.h>

#include "support/error.h"

struct machine {
    const char *name;   /* folder in the subsystem's sources */
    const char *debian; /* as distributions call it */
    unsigned elf_class;
    unsigned elf_machine;
    unsigned word_size; /* bytes */
    ZydisMachineMode mode;
    ZydisStackWidth stack_width;
    ZydisRegister first_argument; /* where a call passes it, or NONE */
    ZydisRegister second_argument;
    const char *emulation;    /* ld -m */
    const char *format;       /* ld --oformat */
    const char *const *flags; /* of the compiler, as the kernel's own */
    bool linked_today;        /* false: known, but refused by name */
};

/* The row for an ELF header; fails for others, naming them. */
const struct machine *
machine_find(const GElf_Ehdr *header, const char *path, struct error *error);

#endif /* IMAGE_MACHINE_H */
