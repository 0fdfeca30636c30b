#include <elfutils/libdwelf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "debuginfo/debuginfo_i.h"
#include "support/text.h"

#define NEEDED                                                           \
    "the kernel must be one with symbols and debugging information, as " \
    "Debian's gnumach-image-...-dbg packages have it"

/* Machines whose register numbers and unwind tables are understood. */
static const struct {
    GElf_Half machine;
    unsigned word_size;
} machines[] = {
    {EM_X86_64, 8},
    {EM_386, 4},
};

unsigned
debuginfo_machine_word_size(GElf_Half machine)
{
    for (unsigned i = 0; i < sizeof(machines) / sizeof(machines[0]); i++)
        if (machines[i].machine == machine)
            return machines[i].word_size;
    return 0;
}

static Elf_Scn *
find_section(const struct debuginfo *debuginfo, GElf_Word type,
             uint64_t address, GElf_Shdr *header)
{
    Elf_Scn *section = NULL;

    while ((section = elf_nextscn(debuginfo->elf, section)) != NULL) {
        if (gelf_getshdr(section, header) == NULL)
            continue;
        if (type != SHT_NULL ? header->sh_type == type
                             : (header->sh_flags & SHF_ALLOC) &&
                                   address - header->sh_addr < header->sh_size)
            return section;
    }
    return NULL;
}

static int
by_address(const void *left, const void *right)
{
    const struct symbol *a = left, *b = right;

    if (a->address != b->address)
        return a->address < b->address ? -1 : 1;
    return a->function != b->function ? (a->function ? -1 : 1) : 0;
}

void
debuginfo_sort_symbols(struct debuginfo *debuginfo)
{
    if (debuginfo->symbols.count > 0)
        qsort(debuginfo->symbols.items, debuginfo->symbols.count,
              sizeof(debuginfo->symbols.items[0]), by_address);
}

int
debuginfo_read_symbols(struct debuginfo *debuginfo, const char *path,
                       struct error *error)
{
    GElf_Shdr header;
    Elf_Scn *section = find_section(debuginfo, SHT_SYMTAB, 0, &header);
    Elf_Data *data = section != NULL ? elf_getdata(section, NULL) : NULL;

    if (data == NULL || header.sh_entsize == 0)
        return error_set(error, "%s: has no symbol table (stripped): %s", path,
                         NEEDED);
    for (size_t i = 0; i < data->d_size / header.sh_entsize; i++) {
        GElf_Sym entry;

        if (gelf_getsym(data, i, &entry) == NULL ||
            entry.st_shndx == SHN_UNDEF ||
            GELF_ST_TYPE(entry.st_info) > STT_FUNC)
            continue;
        const char *name =
            elf_strptr(debuginfo->elf, header.sh_link, entry.st_name);
        if (name == NULL || *name == '\0')
            continue;
        struct symbol symbol = {
            .name = name,
            .address = entry.st_value,
            .size = entry.st_size,
            .function = GELF_ST_TYPE(entry.st_info) == STT_FUNC,
            .external = GELF_ST_BIND(entry.st_info) != STB_LOCAL,
        };
        LIST_ADD(&debuginfo->arena, &debuginfo->symbols, symbol);
    }
    debuginfo_sort_symbols(debuginfo);
    return 0;
}

const struct symbol *
symbol_of_function(const struct debuginfo *debuginfo, uint64_t address)
{
    struct symbol key = {.address = address, .function = true};
    const struct symbol *found =
        debuginfo->symbols.count == 0
            ? NULL
            : bsearch(&key, debuginfo->symbols.items, debuginfo->symbols.count,
                      sizeof(key), by_address);

    return found;
}

int
debuginfo_symbol(const struct debuginfo *debuginfo, const char *name,
                 uint64_t *address, uint64_t *size)
{
    LIST_EACH (symbol, &debuginfo->symbols) {
        if (strcmp(symbol->name, name) == 0) {
            *address = symbol->address;
            *size = symbol->size;
            return 0;
        }
    }
    return -1;
}

const void *
debuginfo_data(const struct debuginfo *debuginfo, uint64_t address,
               uint64_t size)
{
    GElf_Shdr header;
    Elf_Scn *section = find_section(debuginfo, SHT_NULL, address, &header);

    if (section == NULL || header.sh_type == SHT_NOBITS)
        return NULL;
    Elf_Data *data = elf_getdata(section, NULL);
    uint64_t offset = address - header.sh_addr;
    if (data == NULL || data->d_buf == NULL || offset >= data->d_size ||
        size > data->d_size - offset)
        return NULL;
    return (const char *)data->d_buf + offset;
}

/* The kernel says what it is in `const char version[]`. */
static void
read_version(struct debuginfo *debuginfo)
{
    uint64_t address, size = 0;
    const char *text = NULL;

    if (debuginfo_symbol(debuginfo, "version", &address, &size) == 0)
        text = debuginfo_data(debuginfo, address, size);
    debuginfo->version = text != NULL ? arena_string(&debuginfo->arena, text,
                                                     strnlen(text, size))
                                      : "";
}

static int
open_elf(struct debuginfo *debuginfo, const char *path, struct error *error)
{
    elf_version(EV_CURRENT);
    debuginfo->file = open(path, O_RDONLY | O_CLOEXEC);
    if (debuginfo->file < 0)
        return error_set(error, "%s: %s", path, strerror(errno));
    /* Unpacks gzip too. */
    debuginfo->elf = dwelf_elf_begin(debuginfo->file);
    if (debuginfo->elf == NULL || elf_kind(debuginfo->elf) != ELF_K_ELF ||
        gelf_getehdr(debuginfo->elf, &debuginfo->header) == NULL)
        return error_set(error, "%s: is no ELF file: %s", path, NEEDED);
    debuginfo->word_size =
        debuginfo_machine_word_size(debuginfo->header.e_machine);
    if (debuginfo->word_size == 0)
        return error_set(error, "%s: is for a machine other than x86", path);
    if (debuginfo->header.e_type != ET_EXEC)
        return error_set(error, "%s: is an ELF file, but no executable: %s",
                         path, NEEDED);
    return 0;
}

struct debuginfo *
debuginfo_open(const char *path, struct error *error)
{
    return debuginfo_open_indexed(path, NULL, 0, error);
}

struct debuginfo *
debuginfo_open_indexed(const char *path, const void *index, size_t size,
                       struct error *error)
{
    struct debuginfo *debuginfo = xcalloc(1, sizeof(*debuginfo));

    debuginfo->file = -1;
    if (open_elf(debuginfo, path, error) != 0 ||
        debuginfo_read_symbols(debuginfo, path, error) != 0)
        goto failed;
    debuginfo->dwarf = dwarf_begin_elf(debuginfo->elf, DWARF_C_READ, NULL);
    if (debuginfo->dwarf == NULL) {
        error_set(error, "%s: has no debugging information: %s", path, NEEDED);
        goto failed;
    }
    debuginfo->indexed = debuginfo_read_index(debuginfo, index, size);
    if (!debuginfo->indexed)
        debuginfo_read_functions(debuginfo);
    if (debuginfo->functions.count == 0) {
        error_set(error,
                  "%s: its debugging information describes no function: the "
                  "kernel must be one of the -dbg packages",
                  path);
        goto failed;
    }
    read_version(debuginfo);
    return debuginfo;

failed:
    debuginfo_close(debuginfo);
    return NULL;
}

void
debuginfo_close(struct debuginfo *debuginfo)
{
    if (debuginfo == NULL)
        return;
    /* The one of .debug_frame belongs to the Dwarf, this one to us. */
    if (debuginfo->unwind_elf != NULL)
        dwarf_cfi_end(debuginfo->unwind_elf);
    if (debuginfo->module != NULL) {
        dwfl_end(debuginfo->programs);
    } else {
        if (debuginfo->dwarf != NULL)
            dwarf_end(debuginfo->dwarf);
        if (debuginfo->elf != NULL)
            elf_end(debuginfo->elf);
    }
    if (debuginfo->file >= 0)
        close(debuginfo->file);
    arena_free(&debuginfo->arena);
    free(debuginfo);
}

bool
debuginfo_is_indexed(const struct debuginfo *debuginfo)
{
    return debuginfo->indexed;
}

const char *
debuginfo_version(const struct debuginfo *debuginfo)
{
    return debuginfo->version;
}

unsigned
debuginfo_word_size(const struct debuginfo *debuginfo)
{
    return debuginfo->word_size;
}

bool
die_at(struct debuginfo *debuginfo, uint64_t offset, Dwarf_Die *die)
{
    /* What only the symbol table knows has no entry: 0. */
    return offset != 0 && dwarf_offdie(debuginfo->dwarf, offset, die) != NULL;
}
