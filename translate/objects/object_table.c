#include "translate/objects/object_table.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "support/hash.h"

#define USER_BOTH (OBJECT_USER_SYMBOLS | OBJECT_USER_LINES)

static const struct {
    const char *c_name;
    unsigned parts;
} needs[] = {
    {"rt_symfile", OBJECT_KERNEL_LINES},
    {"rt_symline", OBJECT_KERNEL_LINES},
    {"rt_symfileline", OBJECT_KERNEL_LINES},
    {"rt_print_backtrace_fileline", OBJECT_KERNEL_LINES},
    {"rt_usymname", OBJECT_USER_SYMBOLS},
    {"rt_usymname_of", OBJECT_USER_SYMBOLS},
    {"rt_usymdata", OBJECT_USER_SYMBOLS},
    {"rt_usymdata_of", OBJECT_USER_SYMBOLS},
    {"rt_umodname", OBJECT_USER_SYMBOLS},
    {"rt_umodname_of", OBJECT_USER_SYMBOLS},
    {"rt_print_ubacktrace", OBJECT_USER_SYMBOLS},
    {"rt_print_ubacktrace_brief", OBJECT_USER_SYMBOLS},
    {"rt_sprint_ubacktrace", OBJECT_USER_SYMBOLS},
    {"rt_print_ustack", OBJECT_USER_SYMBOLS},
    {"rt_sprint_ustack", OBJECT_USER_SYMBOLS},
    {"rt_print_ubacktrace_fileline", USER_BOTH},
    {"rt_usymfile", OBJECT_USER_LINES},
    {"rt_usymfile_of", OBJECT_USER_LINES},
    {"rt_usymline", OBJECT_USER_LINES},
    {"rt_usymline_of", OBJECT_USER_LINES},
    {"rt_usymfileline", OBJECT_USER_LINES},
    {"rt_usymfileline_of", OBJECT_USER_LINES},
};

unsigned
object_parts_of(const char *c_name)
{
    for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++)
        if (strcmp(needs[i].c_name, c_name) == 0)
            return needs[i].parts;
    return 0;
}

/* ---- blocks ---------------------------------------------------------- */

/* A string that was added to the names. */
struct name {
    const char *string;
    uint32_t offset;
    uint32_t file; /* index among the files; OBJECT_NO_FILE: it is none */
    UT_hash_handle hh;
};

struct table {
    const struct executable *executable;
    struct name *known;
    struct text names;
    struct text files;
    struct text marks;
    struct text rows;
};

static void
align(struct text *bytes)
{
    static const char zeroes[OBJECT_ALIGNMENT];

    if (bytes->size % OBJECT_ALIGNMENT != 0)
        text_add(bytes, zeroes,
                 OBJECT_ALIGNMENT - bytes->size % OBJECT_ALIGNMENT);
}

/* ---- names ----------------------------------------------------------- */

static struct name *
add_name(struct table *table, const char *string)
{
    struct name *name;

    HASH_FIND_STR(table->known, string, name);
    if (name != NULL)
        return name;
    name = xcalloc(1, sizeof(*name));
    name->string = string;
    name->offset = (uint32_t)table->names.size;
    name->file = OBJECT_NO_FILE;
    text_add(&table->names, string, strlen(string) + 1);
    HASH_ADD_KEYPTR(hh, table->known, string, strlen(string), name);
    return name;
}

static uint32_t
add_file(struct table *table, const char *path)
{
    struct name *name;

    if (path == NULL)
        return OBJECT_NO_FILE;
    name = add_name(table, path);
    if (name->file == OBJECT_NO_FILE) {
        name->file = (uint32_t)(table->files.size / sizeof(name->offset));
        text_add(&table->files, &name->offset, sizeof(name->offset));
    }
    return name->file;
}

static void
forget_names(struct table *table)
{
    struct name *name, *next;

    HASH_ITER (hh, table->known, name, next) {
        HASH_DEL(table->known, name);
        free(name);
    }
}

/* ---- lines ----------------------------------------------------------- */

static void
put_number(struct text *bytes, uint64_t number)
{
    while (number >= 0x80) {
        text_putc(bytes, (char)(number | 0x80));
        number >>= 7;
    }
    text_putc(bytes, (char)number);
}

/* The sign goes to the low bit. */
static uint64_t
zigzag(int64_t number)
{
    return (uint64_t)number << 1 ^ (uint64_t)(number >> 63);
}

static void
add_rows(struct table *table)
{
    struct object_line_mark at = {.file = OBJECT_NO_FILE};
    unsigned count = 0;

    LIST_EACH (row, &table->executable->rows) {
        uint32_t address = (uint32_t)(row->address - table->executable->base);
        uint32_t file = add_file(table, row->file);
        bool other = file != at.file;

        if (count++ % OBJECT_MARK_ROWS == 0) {
            at.row = (uint32_t)table->rows.size;
            text_add(&table->marks, &at, sizeof(at));
        }
        put_number(&table->rows, address - at.address);
        put_number(&table->rows,
                   zigzag((int64_t)row->line - at.line) << 1 | other);
        if (other)
            put_number(&table->rows, file);
        at.address = address;
        at.file = file;
        at.line = row->line;
    }
}

/* ---- the block ------------------------------------------------------- */

static void
add_symbols(struct table *table, struct text *bytes)
{
    LIST_EACH (symbol, &table->executable->symbols) {
        struct object_symbol row = {
            .address = (uint32_t)(symbol->address - table->executable->base),
            .size = (uint32_t)symbol->size,
            .name = add_name(table, symbol->name)->offset,
        };

        text_add(bytes, &row, sizeof(row));
    }
}

/* Add PART and say where in the block it is. */
static uint32_t
add_part(struct text *block, const struct text *part)
{
    align(block);
    uint32_t offset = (uint32_t)block->size;
    text_add(block, text_string(part), part->size);
    return offset;
}

static uint64_t
checksum(const void *block, size_t size)
{
    static const uint64_t none;
    size_t at = offsetof(struct object_header, checksum);
    const char *bytes = block;
    uint64_t hash = hash_bytes(HASH_START, bytes, at);

    hash = hash_bytes(hash, &none, sizeof(none));
    at += sizeof(none);
    return hash_bytes(hash, bytes + at, size - at);
}

void
object_table_add(const struct executable *executable, bool kernel,
                 struct text *bytes)
{
    struct table table = {.executable = executable};
    struct text symbols = {0}, block = {0};
    struct object_header header = {
        .magic = OBJECT_MAGIC,
        .version = OBJECT_VERSION,
        .kernel = kernel,
        .base = executable->base,
        .span = executable->span,
        .symbols = executable->symbols.count,
    };

    add_symbols(&table, &symbols);
    add_rows(&table);
    header.marks =
        (uint32_t)(table.marks.size / sizeof(struct object_line_mark));
    header.files = (uint32_t)(table.files.size / sizeof(uint32_t));
    header.rows_size = (uint32_t)table.rows.size;

    text_add(&block, &header, sizeof(header));
    header.symbols_offset = add_part(&block, &symbols);
    header.marks_offset = add_part(&block, &table.marks);
    header.files_offset = add_part(&block, &table.files);
    header.names_offset = add_part(&block, &table.names);
    header.rows_offset = add_part(&block, &table.rows);
    align(&block);
    header.size = (uint32_t)block.size;
    memcpy(block.data, &header, sizeof(header));
    header.checksum = checksum(block.data, block.size);
    memcpy(block.data, &header, sizeof(header));
    text_add(bytes, block.data, block.size);

    forget_names(&table);
    text_free(&table.names);
    text_free(&table.files);
    text_free(&table.marks);
    text_free(&table.rows);
    text_free(&symbols);
    text_free(&block);
}

void
object_table_name(struct object_header *header, const char *name)
{
    size_t length = strnlen(name, sizeof(header->name) - 1);

    memset(header->name, 0, sizeof(header->name));
    memcpy(header->name, name, length);
}

bool
object_table_is_whole(const void *block, size_t size)
{
    struct object_header header;

    if (size < sizeof(header))
        return false;
    memcpy(&header, block, sizeof(header));
    return header.magic == OBJECT_MAGIC && header.version == OBJECT_VERSION &&
           header.size == size && header.checksum == checksum(block, size);
}
