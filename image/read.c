/*
 * Reading a linked image's tables, from a file that anyone may have written.
 */

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "image/file.h"
#include "image/image.h"
#include "support/text.h"

static bool
within(const struct image_header *header, uint32_t offset, uint64_t size)
{
    return offset >= sizeof(*header) && offset <= header->size &&
           size <= header->size - offset;
}

static bool
is_sound(const struct image_header *header, uint64_t size)
{
    const char *names = (const char *)header + header->names_offset;

    return header->size <= size && header->names_size != 0 &&
           within(header, header->functions_offset,
                  (uint64_t)header->functions *
                      sizeof(struct image_function)) &&
           within(header, header->symbols_offset,
                  (uint64_t)header->symbols * sizeof(struct image_symbol)) &&
           within(header, header->patches_offset,
                  (uint64_t)header->patches * sizeof(struct image_patch)) &&
           within(header, header->names_offset, header->names_size) &&
           within(header, header->instructions_offset, header->text_size) &&
           (header->functions_offset | header->symbols_offset |
            header->patches_offset) %
                   4 ==
               0 &&
           names[header->names_size - 1] == '\0' &&
           memchr(header->identity, '\0', sizeof(header->identity)) != NULL;
}

static bool
names_are_sound(const struct image_header *header)
{
    const struct image_function *function =
        (const void *)((const char *)header + header->functions_offset);
    const struct image_symbol *symbol =
        (const void *)((const char *)header + header->symbols_offset);
    const struct image_patch *patch =
        (const void *)((const char *)header + header->patches_offset);
    uint32_t i;

    for (i = 0; i < header->functions; i++) {
        if (function[i].name >= header->names_size)
            return false;
    }
    for (i = 0; i < header->symbols; i++) {
        if (symbol[i].name >= header->names_size)
            return false;
    }
    for (i = 0; i < header->patches; i++) {
        if (patch[i].size > IMAGE_PATCH_MAX)
            return false;
    }
    return true;
}

struct image_header *
image_read_tables(const char *path, struct error *error)
{
    struct image_header *header = NULL;
    struct image_file file;
    GElf_Shdr section;

    if (image_file_open(&file, path, error) != 0)
        return NULL;
    if (image_file_section(&file, IMAGE_SECTION, &section) == NULL ||
        section.sh_type == SHT_NOBITS) {
        error_set(error,
                  "%s: not a linked image: the probe subsystem is not in it; "
                  "\"machtap-kernel link\" puts it there",
                  path);
        goto out;
    }
    header = xmalloc(section.sh_size + sizeof(*header));
    memset(header, 0, sizeof(*header));
    memcpy(header, file.data + section.sh_offset, section.sh_size);
    if (section.sh_size < sizeof(*header) || header->magic != IMAGE_MAGIC) {
        error_set(error, "%s: its section " IMAGE_SECTION " is damaged", path);
        goto fail;
    }
    if (header->version != IMAGE_VERSION) {
        error_set(error,
                  "%s: its tables have version %u, not %u: link the kernel "
                  "again",
                  path, header->version, IMAGE_VERSION);
        goto fail;
    }
    if (!is_sound(header, section.sh_size) || !names_are_sound(header)) {
        error_set(error, "%s: its section " IMAGE_SECTION " is damaged", path);
        goto fail;
    }
    goto out;

fail:
    free(header);
    header = NULL;
out:
    image_file_close(&file);
    return header;
}

int
image_read_header(const char *path, struct image_header *header,
                  struct error *error)
{
    struct image_header *tables = image_read_tables(path, error);

    if (tables == NULL)
        return -1;
    *header = *tables;
    free(tables);
    return 0;
}
