/*
 * The index of functions as bytes: reading it takes a tenth of the time that
 * walking all compilation units does.
 *
 *   struct index_header
 *   struct index_function[functions + inline_functions]
 *   struct function_part[parts]
 *   strings                              NUL-terminated
 */

#include <string.h>

#include "debuginfo/debuginfo_i.h"
#include "support/hash.h"
#include "support/text.h"

#define INDEX_MAGIC   0x6d706931u /* "mpi1" */
#define INDEX_VERSION 1

struct index_header {
    uint32_t magic;
    uint32_t version;
    uint64_t checksum; /* of what comes after it */
    uint64_t size;     /* of everything */
    uint64_t symbols;  /* of the kernel's symbol table, and... */
    uint64_t dwarf;    /* ...bytes of its .debug_info: if these are others it
                          is another kernel */
    uint32_t functions;
    uint32_t inline_functions;
    uint32_t parts;
    uint32_t folder; /* offset into the strings, as all texts */
    uint32_t strings;
    uint32_t strings_size;
};

struct index_function {
    uint32_t name;
    uint32_t symbol;
    uint32_t file;
    uint32_t line;
    uint64_t address;
    uint64_t size;
    uint64_t die;
    uint64_t unit;
    uint32_t external;
    uint32_t inlined;
};

#define CHECKED offsetof(struct index_header, size)

static uint64_t
checksum(const void *bytes, size_t size)
{
    return hash_bytes(HASH_START, (const char *)bytes + CHECKED,
                      size - CHECKED);
}

static uint64_t
dwarf_size(const struct debuginfo *debuginfo)
{
    Elf_Scn *section = NULL;
    size_t names = 0;

    elf_getshdrstrndx(debuginfo->elf, &names);
    while ((section = elf_nextscn(debuginfo->elf, section)) != NULL) {
        GElf_Shdr header;
        const char *name;

        if (gelf_getshdr(section, &header) != NULL &&
            (name = elf_strptr(debuginfo->elf, names, header.sh_name)) !=
                NULL &&
            strcmp(name, ".debug_info") == 0)
            return header.sh_size;
    }
    return 0;
}

/* ---- writing --------------------------------------------------------- */

struct index_writer {
    struct text rows;
    struct text strings;
    const char *last_file; /* most are that of the function before */
    uint32_t last_file_offset;
};

static uint32_t
add_string(struct index_writer *writer, const char *string)
{
    uint32_t offset = (uint32_t)writer->strings.size;

    text_add(&writer->strings, string, strlen(string) + 1);
    return offset;
}

static void
add_row(struct index_writer *writer, const struct debuginfo_function *function)
{
    struct index_function row = {
        .name = add_string(writer, function->name),
        .line = function->line,
        .address = function->address,
        .size = function->size,
        .die = function->die,
        .unit = function->unit,
        .external = function->external,
        .inlined = function->inlined,
    };

    row.symbol = function->symbol == function->name
                     ? row.name
                     : add_string(writer, function->symbol);
    if (writer->last_file == NULL ||
        strcmp(writer->last_file, function->file) != 0) {
        writer->last_file = function->file;
        writer->last_file_offset = add_string(writer, function->file);
    }
    row.file = writer->last_file_offset;
    text_add(&writer->rows, &row, sizeof(row));
}

void
debuginfo_write_index(const struct debuginfo *debuginfo, struct text *bytes)
{
    struct index_writer writer = {0};
    struct index_header header = {
        .magic = INDEX_MAGIC,
        .version = INDEX_VERSION,
        .symbols = debuginfo->symbols.count,
        .dwarf = dwarf_size(debuginfo),
        .functions = debuginfo->functions.count,
        .inline_functions = debuginfo->inline_functions.count,
        .parts = debuginfo->parts.count,
    };
    size_t start = bytes->size;

    LIST_EACH (function, &debuginfo->functions)
        add_row(&writer, function);
    LIST_EACH (function, &debuginfo->inline_functions)
        add_row(&writer, function);
    LIST_EACH (part, &debuginfo->parts)
        text_add(&writer.rows, part, sizeof(*part));
    header.folder = add_string(&writer, debuginfo->folder);
    header.strings = (uint32_t)(sizeof(header) + writer.rows.size);
    header.strings_size = (uint32_t)writer.strings.size;
    header.size = header.strings + writer.strings.size;
    text_add(bytes, &header, sizeof(header));
    text_add(bytes, text_string(&writer.rows), writer.rows.size);
    text_add(bytes, writer.strings.data, writer.strings.size);
    header.checksum = checksum(bytes->data + start, header.size);
    memcpy(bytes->data + start, &header, sizeof(header));
    text_free(&writer.rows);
    text_free(&writer.strings);
}

/* ---- reading --------------------------------------------------------- */

struct index_reader {
    struct debuginfo *debuginfo;
    const struct index_header *header;
    const char *strings; /* the last byte is NUL */
};

static const char *
string_at(const struct index_reader *reader, uint32_t offset)
{
    return offset < reader->header->strings_size ? reader->strings + offset
                                                 : "";
}

static void
read_rows(const struct index_reader *reader, const struct index_function *rows,
          uint32_t count, function_info_list *functions)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct index_function *row = &rows[i];
        struct debuginfo_function function = {
            .name = string_at(reader, row->name),
            .symbol = string_at(reader, row->symbol),
            .file = string_at(reader, row->file),
            .line = row->line,
            .address = row->address,
            .size = row->size,
            .external = row->external != 0,
            .inlined = row->inlined != 0,
            .die = row->die,
            .unit = row->unit,
        };

        LIST_ADD(&reader->debuginfo->arena, functions, function);
    }
}

/* Whether it is whole and one of this kernel. */
static bool
is_usable(const struct debuginfo *debuginfo, const void *bytes, size_t size)
{
    const struct index_header *header = bytes;

    if (bytes == NULL || size < sizeof(*header) ||
        header->magic != INDEX_MAGIC || header->version != INDEX_VERSION ||
        header->size != size || header->checksum != checksum(bytes, size))
        return false;
    return header->functions > 0 &&
           header->symbols == debuginfo->symbols.count &&
           header->dwarf == dwarf_size(debuginfo) &&
           header->strings ==
               sizeof(*header) +
                   ((uint64_t)header->functions + header->inline_functions) *
                       sizeof(struct index_function) +
                   (uint64_t)header->parts * sizeof(struct function_part) &&
           header->strings + (uint64_t)header->strings_size == size &&
           header->strings_size > 0 && ((const char *)bytes)[size - 1] == '\0';
}

bool
debuginfo_read_index(struct debuginfo *debuginfo, const void *bytes,
                     size_t size)
{
    const struct index_function *rows;
    const struct function_part *parts;
    struct index_reader reader = {.debuginfo = debuginfo};

    if (!is_usable(debuginfo, bytes, size))
        return false;
    reader.header = bytes = arena_copy(&debuginfo->arena, bytes, size);
    reader.strings = (const char *)bytes + reader.header->strings;
    rows = (const void *)(reader.header + 1);
    read_rows(&reader, rows, reader.header->functions, &debuginfo->functions);
    rows += reader.header->functions;
    read_rows(&reader, rows, reader.header->inline_functions,
              &debuginfo->inline_functions);
    parts = (const void *)(rows + reader.header->inline_functions);
    for (uint32_t i = 0; i < reader.header->parts; i++)
        LIST_ADD(&debuginfo->arena, &debuginfo->parts, parts[i]);
    debuginfo->folder = string_at(&reader, reader.header->folder);
    return true;
}
