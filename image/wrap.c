/*
 * The form of a 64-bit kernel that qemu -kernel takes.
 *
 * QEMU's loader of multiboot kernels knows only 32-bit ELF files.  The boot
 * protocol enters the kernel in 32-bit mode at a physical address anyway, so
 * a 32-bit ELF header around the same segments, with virtual addresses equal
 * to the physical ones, says all that the loader needs.
 */

#include <stdlib.h>
#include <string.h>

#include "image/file.h"
#include "image/image.h"
#include "image/wrap.h"
#include "support/path.h"

#define PAGE_SIZE 4096

/* The multiboot header must begin in the file's first 8192 bytes. */
#define FIRST_OFFSET PAGE_SIZE

static int
check_fits(const GElf_Phdr *phdr, const char *path, struct error *error)
{
    if (phdr->p_paddr > UINT32_MAX || phdr->p_memsz > UINT32_MAX ||
        phdr->p_paddr + phdr->p_memsz > UINT32_MAX)
        return error_set(error, "%s: a segment lies above 4 GB", path);
    return 0;
}

int
wrap_elf32(struct text *output, const struct image_file *file,
           struct error *error)
{
    static const char zeroes[PAGE_SIZE];
    Elf32_Ehdr header = {
        .e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32, ELFDATA2LSB,
                    EV_CURRENT},
        .e_type = ET_EXEC,
        .e_machine = EM_386,
        .e_version = EV_CURRENT,
        .e_entry = (Elf32_Addr)file->header.e_entry,
        .e_phoff = sizeof(header),
        .e_ehsize = sizeof(header),
        .e_phentsize = sizeof(Elf32_Phdr),
    };
    uint32_t offset = FIRST_OFFSET;
    struct text segments = {0};
    struct text phdrs = {0};
    size_t count = 0, i;
    GElf_Phdr from;

    elf_getphdrnum(file->elf, &count);
    for (i = 0; i < count; i++) {
        Elf32_Phdr phdr = {.p_type = PT_LOAD, .p_align = PAGE_SIZE};
        size_t rest;

        gelf_getphdr(file->elf, (int)i, &from);
        if (from.p_type != PT_LOAD)
            continue;
        if (check_fits(&from, file->path, error) != 0) {
            text_free(&segments);
            text_free(&phdrs);
            return -1;
        }
        phdr.p_offset = offset + (uint32_t)segments.size;
        phdr.p_vaddr = phdr.p_paddr = (Elf32_Addr)from.p_paddr;
        phdr.p_filesz = (Elf32_Word)from.p_filesz;
        phdr.p_memsz = (Elf32_Word)from.p_memsz;
        phdr.p_flags = from.p_flags;
        text_add(&phdrs, &phdr, sizeof(phdr));
        text_add(&segments, file->data + from.p_offset, phdr.p_filesz);
        rest = segments.size % PAGE_SIZE;
        if (rest != 0)
            text_add(&segments, zeroes, PAGE_SIZE - rest);
        header.e_phnum++;
    }

    text_add(output, &header, sizeof(header));
    text_add(output, phdrs.data, phdrs.size);
    text_add(output, zeroes, FIRST_OFFSET - output->size);
    text_add(output, segments.data, segments.size);
    text_free(&segments);
    text_free(&phdrs);
    return 0;
}

int
image_wrap_elf32(const char *native, const char *path, struct error *error)
{
    struct text output = {0};
    struct image_file file;
    int result = -1;

    if (image_file_open(&file, native, error) != 0)
        return -1;
    if (file.header.e_ident[EI_CLASS] != ELFCLASS64)
        error_set(error, "%s: no 64-bit ELF file; qemu takes it as it is",
                  native);
    else if (wrap_elf32(&output, &file, error) == 0)
        result = path_write(path, output.data, output.size, 0666, error);
    text_free(&output);
    image_file_close(&file);
    return result;
}
