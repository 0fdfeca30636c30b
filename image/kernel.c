#include "image/kernel.h"

#include <string.h>

#include "image/identity.h"
#include "protocol/image.h"

/* The segment that holds .text says how far virtual addresses are off. */
static int
find_text(struct kernel *kernel, struct error *error)
{
    const struct image_file *file = &kernel->file;
    GElf_Shdr section;
    GElf_Phdr phdr;
    size_t count = 0, i;

    if (image_file_section(file, ".text", &section) == NULL ||
        section.sh_type != SHT_PROGBITS || section.sh_size == 0 ||
        section.sh_size > UINT32_MAX)
        return error_set(error, "%s: it has no section .text", file->path);
    kernel->text_base = section.sh_addr;
    kernel->text_size = section.sh_size;
    kernel->text =
        image_file_bytes(file, section.sh_addr, (size_t)section.sh_size);
    elf_getphdrnum(file->elf, &count);
    for (i = 0; i < count; i++) {
        gelf_getphdr(file->elf, (int)i, &phdr);
        if (phdr.p_type == PT_LOAD && section.sh_addr >= phdr.p_vaddr &&
            section.sh_addr - phdr.p_vaddr < phdr.p_filesz)
            kernel->phys_offset = phdr.p_vaddr - phdr.p_paddr;
    }
    if (kernel->text == NULL)
        return error_set(error, "%s: its section .text is not loaded",
                         file->path);
    return 0;
}

/* What lies in memory must end where the kernel believes that it ends. */
static int
find_end(struct kernel *kernel, struct error *error)
{
    const struct symbol *end = symbols_find(&kernel->symbols, "_end", NULL);
    size_t count = 0, i;
    GElf_Phdr phdr;

    if (end == NULL)
        return error_set(error, "%s: the kernel has no symbol _end",
                         kernel->file.path);
    kernel->end = end->address;
    elf_getphdrnum(kernel->file.elf, &count);
    for (i = 0; i < count; i++) {
        gelf_getphdr(kernel->file.elf, (int)i, &phdr);
        if (phdr.p_type == PT_LOAD &&
            phdr.p_vaddr + phdr.p_memsz > end->address)
            return error_set(error,
                             "%s: a segment ends at %#llx, behind the "
                             "symbol _end, %#llx",
                             kernel->file.path,
                             (unsigned long long)(phdr.p_vaddr + phdr.p_memsz),
                             (unsigned long long)end->address);
    }
    return 0;
}

int
kernel_open(struct kernel *kernel, const char *path, struct error *error)
{
    struct image_file *file = &kernel->file;
    GElf_Shdr header;

    *kernel = (struct kernel){0};
    if (image_file_open(file, path, error) != 0)
        return -1;
    kernel->machine = machine_find(&file->header, path, error);
    if (kernel->machine == NULL)
        goto fail;
    if (image_file_section(file, IMAGE_SECTION, &header) != NULL) {
        error_set(error,
                  "%s: the probe subsystem is linked into it already; take "
                  "the kernel as the distribution ships it",
                  path);
        goto fail;
    }
    if (identity_of_file(file, kernel->identity, error) != 0 ||
        symbols_read(&kernel->symbols, file, error) != 0)
        goto fail;
    if (image_file_section(file, ".debug_info", &header) == NULL) {
        error_set(error,
                  "%s: this kernel has no debug information (DWARF); take "
                  "the one of the distribution's -dbg package "
                  "(gnumach-image-...-dbg)",
                  path);
        goto fail;
    }
    kernel->dwarf = dwarf_begin_elf(file->elf, DWARF_C_READ, NULL);
    if (kernel->dwarf == NULL) {
        error_set(error, "%s: its debug information cannot be read: %s", path,
                  dwarf_errmsg(-1));
        goto fail;
    }
    if (find_text(kernel, error) != 0 || find_end(kernel, error) != 0)
        goto fail;
    return 0;

fail:
    kernel_close(kernel);
    return -1;
}

void
kernel_close(struct kernel *kernel)
{
    dwarf_end(kernel->dwarf);
    symbols_free(&kernel->symbols);
    image_file_close(&kernel->file);
    kernel->dwarf = NULL;
}

int
kernel_visit(const struct kernel *kernel,
             int (*visit)(Dwarf_Die *die, void *context), void *context)
{
    Dwarf_Off offset = 0, next;
    size_t header_size;
    int result;

    while (dwarf_nextcu(kernel->dwarf, offset, &next, &header_size, NULL, NULL,
                        NULL) == 0) {
        Dwarf_Die unit, die;

        if (dwarf_offdie(kernel->dwarf, offset + header_size, &unit) != NULL &&
            dwarf_child(&unit, &die) == 0) {
            do {
                result = visit(&die, context);
                if (result != 0)
                    return result;
            } while (dwarf_siblingof(&die, &die) == 0);
        }
        offset = next;
    }
    return 0;
}
