/*
 * The ELF32 form of a 64-bit kernel.
 *
 * QEMU's multiboot loader reads 32-bit ELF files only.  The kernel's entry
 * point is 32-bit code, and its loader needs no more of the file than what
 * to put at which physical address: so an ELF32 file says that, with the
 * same bytes, and nothing else of the original is kept.
 */

#include <elf.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "image/image.h"
#include "support/path.h"
#include "support/text.h"

#define PAGE 4096

/* Whether SIZE bytes at OFFSET lie within a file of FILE_SIZE bytes. */
static int
lies_within(uint64_t offset, uint64_t size, uint64_t file_size)
{
    return offset <= file_size && size <= file_size - offset;
}

static int
check(const char *path, const char *data, size_t size, struct error *error)
{
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)data;

    if (size < sizeof(*header) || memcmp(data, ELFMAG, SELFMAG) != 0)
        return error_set(error, "%s: not an ELF file", path);
    if (header->e_ident[EI_CLASS] != ELFCLASS64 ||
        header->e_machine != EM_X86_64)
        return error_set(error, "%s: not a 64-bit x86 ELF file", path);
    if (header->e_phentsize != sizeof(Elf64_Phdr) ||
        header->e_phoff % sizeof(uint64_t) != 0 ||
        !lies_within(header->e_phoff,
                     (uint64_t)header->e_phnum * sizeof(Elf64_Phdr), size))
        return error_set(error,
                         "%s: damaged: no program headers where the "
                         "ELF header says",
                         path);
    if (header->e_entry > UINT32_MAX)
        return error_set(error,
                         "%s: the entry point 0x%" PRIx64 " is no physical "
                         "address, as multiboot needs",
                         path, header->e_entry);
    return 0;
}

/* Translate one segment's header and append its bytes to BODY. */
static int
add_segment(const char *path, const char *data, size_t size,
            const Elf64_Phdr *from, size_t body_offset, struct text *body,
            Elf32_Phdr *to, struct error *error)
{
    static const char zeros[PAGE];

    if (!lies_within(from->p_offset, from->p_filesz, size))
        return error_set(error, "%s: damaged: a segment ends after the file",
                         path);
    if (!lies_within(from->p_paddr, from->p_memsz, UINT32_MAX))
        return error_set(error,
                         "%s: a segment at physical address 0x%" PRIx64
                         " lies above 4 GB",
                         path, from->p_paddr);
    *to = (Elf32_Phdr){
        .p_type = PT_LOAD,
        .p_offset = (Elf32_Off)(body_offset + body->size),
        .p_vaddr = (Elf32_Addr)from->p_paddr,
        .p_paddr = (Elf32_Addr)from->p_paddr,
        .p_filesz = (Elf32_Word)from->p_filesz,
        .p_memsz = (Elf32_Word)from->p_memsz,
        .p_flags = from->p_flags,
        .p_align = PAGE,
    };
    text_add(body, data + from->p_offset, from->p_filesz);
    text_add(body, zeros, -body->size % PAGE);
    return 0;
}

static int
wrap(const char *path, const char *data, size_t size, struct text *wrapped,
     struct error *error)
{
    const Elf64_Ehdr *from = (const Elf64_Ehdr *)data;
    const Elf64_Phdr *segments = (const Elf64_Phdr *)(data + from->e_phoff);
    Elf32_Ehdr header = {
        .e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32, ELFDATA2LSB,
                    EV_CURRENT},
        .e_type = ET_EXEC,
        .e_machine = EM_386,
        .e_version = EV_CURRENT,
        .e_entry = (Elf32_Addr)from->e_entry,
        .e_phoff = sizeof(header),
        .e_ehsize = sizeof(header),
        .e_phentsize = sizeof(Elf32_Phdr),
    };
    size_t room = sizeof(header) + from->e_phnum * sizeof(Elf32_Phdr);
    size_t body_offset = (room + PAGE - 1) / PAGE * PAGE;
    char *head = xcalloc(1, body_offset);
    Elf32_Phdr *to = (Elf32_Phdr *)(head + sizeof(header));
    struct text body = {0};
    int result = 0;

    for (unsigned i = 0; i < from->e_phnum && result == 0; i++)
        if (segments[i].p_type == PT_LOAD)
            result = add_segment(path, data, size, &segments[i], body_offset,
                                 &body, &to[header.e_phnum++], error);
    memcpy(head, &header, sizeof(header));
    text_add(wrapped, head, body_offset);
    if (body.size > 0)
        text_add(wrapped, body.data, body.size);
    free(head);
    text_free(&body);
    return result;
}

int
image_wrap_elf32(const char *native, const char *output, struct error *error)
{
    struct text wrapped = {0};
    char *data;
    size_t size;
    int result;

    if (path_read(native, &data, &size, error) != 0)
        return -1;
    result = check(native, data, size, error);
    if (result == 0)
        result = wrap(native, data, size, &wrapped, error);
    if (result == 0)
        result = path_write(output, wrapped.data, wrapped.size, 0644, error);
    text_free(&wrapped);
    free(data);
    return result;
}
