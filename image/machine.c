#include "image/machine.h"

#include <stddef.h>
#include <string.h>

/*
 * GNU Mach's own flags, as DW_AT_producer shows them, less what only concerns
 * tuning.  Code linked into the kernel must not use the red zone (interrupts
 * run on the same stack) nor vector registers (they are the user's), and
 * lies within 2 GB of the kernel's.
 */
static const char *const amd64_flags[] = {
    "-m64",     "-march=x86-64", "-mcmodel=kernel", "-mno-red-zone",
    "-mno-mmx", "-mno-sse",      "-mno-sse2",       NULL,
};

/* The 80387 too is the user's: GCC loads 64 bits at once by it if it may. */
static const char *const i386_flags[] = {
    "-m32",      "-march=i686", "-mno-mmx", "-mno-sse",
    "-mno-sse2", "-mno-80387",  NULL,
};

static const struct machine machines[] = {
    {
        .name = "x86_64",
        .elf_class = ELFCLASS64,
        .elf_machine = EM_X86_64,
        .word_size = 8,
        .mode = ZYDIS_MACHINE_MODE_LONG_64,
        .stack_width = ZYDIS_STACK_WIDTH_64,
        .arguments = {ZYDIS_REGISTER_RDI, ZYDIS_REGISTER_RSI},
        .emulation = "elf_x86_64",
        .format = "elf64-x86-64",
        .flags = amd64_flags,
    },
    {
        .name = "i386",
        .elf_class = ELFCLASS32,
        .elf_machine = EM_386,
        .word_size = 4,
        .mode = ZYDIS_MACHINE_MODE_LEGACY_32,
        .stack_width = ZYDIS_STACK_WIDTH_32,
        .arguments = {ZYDIS_REGISTER_NONE, ZYDIS_REGISTER_NONE},
        .emulation = "elf_i386",
        .format = "elf32-i386",
        .flags = i386_flags,
    },
};

const struct machine *
machine_named(const char *name)
{
    for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++)
        if (strcmp(machines[i].name, name) == 0)
            return &machines[i];
    return NULL;
}

const struct machine *
machine_of(unsigned word_size)
{
    for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++)
        if (machines[i].word_size == word_size)
            return &machines[i];
    return NULL;
}

const struct machine *
machine_find(const GElf_Ehdr *header, const char *path, struct error *error)
{
    size_t i;

    for (i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
        const struct machine *machine = &machines[i];

        if (header->e_machine == machine->elf_machine &&
            header->e_ident[EI_CLASS] == machine->elf_class &&
            header->e_ident[EI_DATA] == ELFDATA2LSB)
            return machine;
    }
    error_set(error,
              "%s: a program for ELF machine %u; GNU Mach runs on amd64 and "
              "i386",
              path, header->e_machine);
    return NULL;
}
