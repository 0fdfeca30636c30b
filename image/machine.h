/*
 * What linking must know of an architecture, a row for each.
 *
 * A new one is a row here, its rules in code.c and the folder of its name in
 * the subsystem's sources.
 */

#ifndef IMAGE_MACHINE_H
#define IMAGE_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include <Zydis/Zydis.h>
#include <gelf.h>

#include "support/error.h"

#define MACHINE_ARGUMENTS 2

struct machine {
    const char *name; /* folder in the subsystem's sources */
    unsigned elf_class;
    unsigned elf_machine;
    unsigned word_size; /* bytes */
    ZydisMachineMode mode;
    ZydisStackWidth stack_width;
    /* Where a call passes its first arguments, or NONE: on the stack. */
    ZydisRegister arguments[MACHINE_ARGUMENTS];
    const char *emulation;    /* ld -m */
    const char *format;       /* ld --oformat */
    const char *const *flags; /* of the compiler, as the kernel's own */
};

/* Addresses are words; what is computed with more bits wraps around. */
static inline uint64_t
machine_address(const struct machine *machine, uint64_t value)
{
    return machine->word_size == 8 ? value : (uint32_t)value;
}

/* The row of that NAME; NULL: none. */
const struct machine *machine_named(const char *name);

/* The row of a machine whose words have so many bytes; NULL: none. */
const struct machine *machine_of(unsigned word_size);

/* The row for an ELF header; fails for others, naming them. */
const struct machine *
machine_find(const GElf_Ehdr *header, const char *path, struct error *error);

#endif /* IMAGE_MACHINE_H */
