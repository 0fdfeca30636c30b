/*
 * Which kernel a file is.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image/file.h"
#include "image/identity.h"
#include "image/image.h"

#define NAME_START "GNU Mach"

/* FNV-1a with 64 bits. */
#define HASH_START 0xcbf29ce484222325u
#define HASH_PRIME 0x100000001b3u

uint64_t
identity_hash(uint64_t hash, const void *data, size_t size)
{
    const uint8_t *byte = data;
    const uint8_t *end = byte + size;

    if (hash == 0)
        hash = HASH_START;
    for (; byte < end; byte++)
        hash = (hash ^ *byte) * HASH_PRIME;
    return hash;
}

static uint64_t
hash_loaded(const struct image_file *file)
{
    uint64_t hash = 0;
    GElf_Phdr phdr;
    size_t count = 0, i;

    elf_getphdrnum(file->elf, &count);
    for (i = 0; i < count; i++) {
        gelf_getphdr(file->elf, (int)i, &phdr);
        if (phdr.p_type != PT_LOAD)
            continue;
        hash = identity_hash(hash, &phdr.p_vaddr, sizeof(phdr.p_vaddr));
        hash = identity_hash(hash, &phdr.p_memsz, sizeof(phdr.p_memsz));
        hash = identity_hash(hash, file->data + phdr.p_offset, phdr.p_filesz);
    }
    return hash;
}

int
identity_of_file(const struct image_file *file,
                 char identity[PROBE_IDENTITY_MAX], struct error *error)
{
    const size_t hash_size = 1 + 16 + 1; /* space, digits, NUL */
    GElf_Shdr header;
    uint64_t address;
    const char *name = NULL;
    size_t size;

    if (image_file_section(file, ".symtab", &header) == NULL)
        return error_set(error,
                         "%s: this kernel is stripped, it has no symbols; "
                         "take the one of the distribution's -dbg package "
                         "(gnumach-image-...-dbg)",
                         file->path);
    if (image_file_symbol(file, "version", &address, NULL) == 0)
        name = (char *)image_file_bytes(file, address, sizeof(NAME_START));
    if (name == NULL || memcmp(name, NAME_START, strlen(NAME_START)) != 0)
        return error_set(error,
                         "%s: not a GNU Mach kernel: its symbol version "
                         "does not say \"" NAME_START " ...\"",
                         file->path);
    for (size = strlen(NAME_START);; size++) {
        if (image_file_bytes(file, address, size + 1) == NULL ||
            size + hash_size > PROBE_IDENTITY_MAX)
            return error_set(error, "%s: the kernel's version does not end",
                             file->path);
        if (name[size] == '\0' || name[size] == '\n')
            break;
    }
    snprintf(identity, PROBE_IDENTITY_MAX, "%.*s %016llx", (int)size, name,
             (unsigned long long)hash_loaded(file));
    return 0;
}

int
image_identity(const char *path, char identity[PROBE_IDENTITY_MAX],
               struct error *error)
{
    struct image_file file;
    GElf_Shdr header;
    int result = 0;

    if (image_file_open(&file, path, error) != 0)
        return -1;
    if (image_file_section(&file, IMAGE_SECTION, &header) != NULL &&
        header.sh_size >= sizeof(struct image_header)) {
        const char *linked = file.data + header.sh_offset +
                             offsetof(struct image_header, identity);

        memcpy(identity, linked, PROBE_IDENTITY_MAX);
        identity[PROBE_IDENTITY_MAX - 1] = '\0';
    } else {
        result = identity_of_file(&file, identity, error);
    }
    image_file_close(&file);
    return result;
}
