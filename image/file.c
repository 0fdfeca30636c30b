#include "image/file.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "support/path.h"
#include "support/text.h"

/* No kernel is larger; what claims to be is no kernel. */
#define SIZE_MAX_UNPACKED (256u << 20)

/* The window of zlib that also recognizes gzip's header. */
#define GZIP_WINDOW (15 + 16)

static int
unpack(struct image_file *file, struct error *error)
{
    z_stream stream = {.next_in = (unsigned char *)file->data,
                       .avail_in = (unsigned)file->size};
    size_t space = 4 * file->size + 4096;
    char *data = xmalloc(space);
    int status = inflateInit2(&stream, GZIP_WINDOW);

    while (status == Z_OK && stream.total_out < SIZE_MAX_UNPACKED) {
        if (stream.total_out == space) {
            space *= 2;
            data = xrealloc(data, space);
        }
        stream.next_out = (unsigned char *)data + stream.total_out;
        stream.avail_out = (unsigned)(space - stream.total_out);
        status = inflate(&stream, Z_NO_FLUSH);
    }
    inflateEnd(&stream);
    free(file->data);
    file->data = data;
    file->size = stream.total_out;
    if (status == Z_STREAM_END)
        return 0;
    return error_set(error, "%s: its gzip data is %s", file->path,
                     status == Z_BUF_ERROR ? "cut off" : "damaged");
}

static bool
within(const struct image_file *file, uint64_t offset, uint64_t size)
{
    return offset <= file->size && size <= file->size - offset;
}

static int
check_whole(const struct image_file *file, struct error *error)
{
    const GElf_Ehdr *header = &file->header;
    Elf_Scn *section = NULL;
    GElf_Shdr shdr;
    GElf_Phdr phdr;
    size_t count, i;

    if (elf_getphdrnum(file->elf, &count) != 0 || count == 0 ||
        !within(file, header->e_phoff, count * header->e_phentsize))
        goto cut;
    for (i = 0; i < count; i++) {
        if (gelf_getphdr(file->elf, (int)i, &phdr) == NULL ||
            !within(file, phdr.p_offset, phdr.p_filesz))
            goto cut;
    }
    if (elf_getshdrnum(file->elf, &count) != 0 ||
        !within(file, header->e_shoff, count * header->e_shentsize))
        goto cut;
    while ((section = elf_nextscn(file->elf, section)) != NULL) {
        if (gelf_getshdr(section, &shdr) == NULL)
            goto cut;
        if (shdr.sh_type != SHT_NOBITS &&
            !within(file, shdr.sh_offset, shdr.sh_size))
            goto cut;
    }
    return 0;

cut:
    return error_set(error, "%s: the ELF file is cut off or damaged",
                     file->path);
}

int
image_file_open(struct image_file *file, const char *path, struct error *error)
{
    *file = (struct image_file){.path = path};
    if (path_read(path, &file->data, &file->size, error) != 0)
        return -1;
    if (file->size > 2 && memcmp(file->data, "\x1f\x8b", 2) == 0 &&
        unpack(file, error) != 0)
        goto fail;
    if (file->size < EI_NIDENT || memcmp(file->data, ELFMAG, SELFMAG) != 0) {
        error_set(error, "%s: not an ELF file", path);
        goto fail;
    }
    elf_version(EV_CURRENT);
    file->elf = elf_memory(file->data, file->size);
    if (file->elf == NULL || gelf_getehdr(file->elf, &file->header) == NULL) {
        error_set(error, "%s: the ELF file is cut off or damaged", path);
        goto fail;
    }
    if (file->header.e_type != ET_EXEC) {
        error_set(error, "%s: not an executable ELF file, as a kernel is",
                  path);
        goto fail;
    }
    if (check_whole(file, error) != 0)
        goto fail;
    return 0;

fail:
    image_file_close(file);
    return -1;
}

void
image_file_close(struct image_file *file)
{
    elf_end(file->elf);
    free(file->data);
    file->elf = NULL;
    file->data = NULL;
}

Elf_Scn *
image_file_section(const struct image_file *file, const char *name,
                   GElf_Shdr *header)
{
    Elf_Scn *section = NULL;
    size_t names;

    if (elf_getshdrstrndx(file->elf, &names) != 0)
        return NULL;
    while ((section = elf_nextscn(file->elf, section)) != NULL) {
        const char *found;

        gelf_getshdr(section, header);
        found = elf_strptr(file->elf, names, header->sh_name);
        if (found != NULL && strcmp(found, name) == 0)
            return section;
    }
    return NULL;
}

uint8_t *
image_file_bytes(const struct image_file *file, uint64_t address, size_t size)
{
    size_t count, i;
    GElf_Phdr phdr;

    if (elf_getphdrnum(file->elf, &count) != 0)
        return NULL;
    for (i = 0; i < count; i++) {
        uint64_t offset;

        gelf_getphdr(file->elf, (int)i, &phdr);
        offset = address - phdr.p_vaddr;
        if (phdr.p_type == PT_LOAD && address >= phdr.p_vaddr &&
            offset <= phdr.p_filesz && size <= phdr.p_filesz - offset)
            return (uint8_t *)file->data + phdr.p_offset + offset;
    }
    return NULL;
}

int
image_file_symbol(const struct image_file *file, const char *name,
                  uint64_t *address, uint64_t *size)
{
    GElf_Shdr header;
    Elf_Scn *section = image_file_section(file, ".symtab", &header);
    Elf_Data *data = section != NULL ? elf_getdata(section, NULL) : NULL;
    GElf_Sym symbol;
    int i;

    if (data == NULL)
        return -1;
    for (i = 0; gelf_getsym(data, i, &symbol) != NULL; i++) {
        const char *found =
            elf_strptr(file->elf, header.sh_link, symbol.st_name);

        if (found == NULL || strcmp(found, name) != 0 ||
            symbol.st_shndx == SHN_UNDEF)
            continue;
        *address = symbol.st_value;
        if (size != NULL)
            *size = symbol.st_size;
        return 0;
    }
    return -1;
}
