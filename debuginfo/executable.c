#include "debuginfo/executable.h"

#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <stdlib.h>
#include <string.h>

#include "debuginfo/debuginfo_i.h"

/* ---- symbols --------------------------------------------------------- */

/* How good a name is among those of one address. */
struct candidate {
    struct executable_symbol symbol;
    unsigned rank;
    unsigned order; /* in the symbol table */
};

typedef LIST_OF(struct candidate) candidate_list;

static unsigned
rank_of(const GElf_Sym *symbol)
{
    static const unsigned char types[] = {STT_NOTYPE, STT_OBJECT, STT_FUNC};
    static const unsigned char bindings[] = {STB_LOCAL, STB_WEAK, STB_GLOBAL};
    unsigned rank = 0;

    for (unsigned i = 0; i < sizeof(types); i++)
        if (GELF_ST_TYPE(symbol->st_info) == types[i])
            rank = (i + 1) * 4;
    for (unsigned i = 0; rank > 0 && i < sizeof(bindings); i++)
        if (GELF_ST_BIND(symbol->st_info) == bindings[i])
            rank += i;
    return rank;
}

/* By address, the best name first. */
static int
compare_candidates(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;

    if (a->symbol.address != b->symbol.address)
        return a->symbol.address < b->symbol.address ? -1 : 1;
    if (a->rank != b->rank)
        return a->rank > b->rank ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

/* Keep one name for each address, and none that is within another symbol. */
static void
take_symbols(candidate_list *candidates, struct arena *arena,
             struct executable *executable)
{
    uint64_t end = 0;

    if (candidates->count == 0)
        return;
    qsort(candidates->items, candidates->count, sizeof(candidates->items[0]),
          compare_candidates);
    LIST_EACH (at, candidates) {
        const struct executable_symbol *last =
            executable->symbols.count == 0
                ? NULL
                : &executable->symbols.items[executable->symbols.count - 1];

        if (at->symbol.address < end ||
            (last != NULL && at->symbol.address == last->address))
            continue;
        LIST_ADD(arena, &executable->symbols, at->symbol);
        end = at->symbol.address + at->symbol.size;
    }
}

static void
read_symbols(Dwfl_Module *module, struct arena *arena,
             struct executable *executable)
{
    int count = dwfl_module_getsymtab(module);
    candidate_list candidates = {0};

    for (int i = 0; i < count; i++) {
        GElf_Sym symbol;
        GElf_Addr address;
        GElf_Word section;
        const char *name = dwfl_module_getsym_info(module, i, &symbol, &address,
                                                   &section, NULL, NULL);
        struct candidate candidate = {
            .symbol = {.address = address, .size = symbol.st_size},
            .order = (unsigned)i,
        };

        if (name == NULL || *name == '\0' || section == SHN_UNDEF ||
            section == SHN_ABS ||
            address - executable->base >= executable->span)
            continue;
        candidate.rank = rank_of(&symbol);
        if (candidate.rank == 0)
            continue;
        candidate.symbol.name = arena_string(arena, name, strlen(name));
        LIST_ADD(arena, &candidates, candidate);
    }
    take_symbols(&candidates, arena, executable);
}

/* ---- lines ----------------------------------------------------------- */

/* Rows as they are read: in order of units, at one address several. */
struct raw_row {
    struct executable_row row;
    unsigned order;
};

struct row_reader {
    struct arena *arena;
    const char *folder; /* taken off the names of files */
    LIST_OF(struct raw_row) rows;
};

/* By address; then as the table has them, the ends of sequences before what
 * begins there. */
static int
compare_rows(const void *left, const void *right)
{
    const struct raw_row *a = left, *b = right;

    if (a->row.address != b->row.address)
        return a->row.address < b->row.address ? -1 : 1;
    if ((a->row.file == NULL) != (b->row.file == NULL))
        return a->row.file == NULL ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static void
read_unit(struct row_reader *reader, Dwarf_Die *unit, uint64_t bias)
{
    const char *raw = NULL, *path = NULL;
    size_t folder = strlen(reader->folder);
    uint64_t end = 0;
    Dwarf_Lines *lines;
    size_t count;

    if (dwarf_getsrclines(unit, &lines, &count) != 0)
        return;
    for (size_t i = 0; i < count; i++) {
        Dwarf_Line *line = dwarf_onesrcline(lines, i);
        struct raw_row at = {.order = reader->rows.count};
        const char *source = dwarf_linesrc(line, NULL, NULL);
        bool ends = false;
        int number = 0;

        if (dwarf_lineaddr(line, &at.row.address) != 0)
            continue;
        dwarf_lineendsequence(line, &ends);
        /*
         * libdw has the end of a sequence before what else is at its address.
         * That is the start of the next, or no byte of this one.
         */
        if (ends)
            end = at.row.address;
        else if (at.row.address == end && dwarf_haspc(unit, end) != 1)
            continue;
        at.row.address += bias;
        if (!ends && source != NULL && dwarf_lineno(line, &number) == 0 &&
            number > 0) {
            if (source != raw) {
                raw = source;
                path = source_path(reader->arena, unit, source);
                if (strncmp(path, reader->folder, folder) == 0)
                    path += folder;
            }
            at.row.file = path;
            at.row.line = (unsigned)number;
        }
        LIST_ADD(reader->arena, &reader->rows, at);
    }
}

/* Of the rows at one address the last holds. */
static void
take_rows(struct row_reader *reader, struct executable *executable)
{
    if (reader->rows.count > 0)
        qsort(reader->rows.items, reader->rows.count,
              sizeof(reader->rows.items[0]), compare_rows);
    for (unsigned i = 0; i < reader->rows.count; i++) {
        const struct executable_row *row = &reader->rows.items[i].row;

        if (row->address - executable->base >= executable->span ||
            (i + 1 < reader->rows.count &&
             reader->rows.items[i + 1].row.address == row->address))
            continue;
        LIST_ADD(reader->arena, &executable->rows, *row);
    }
}

static void
read_rows(Dwfl_Module *module, struct arena *arena,
          struct executable *executable)
{
    struct row_reader reader = {.arena = arena, .folder = ""};
    Dwarf_Die *unit = NULL;
    Dwarf_Addr bias;

    while ((unit = dwfl_module_nextcu(module, unit, &bias)) != NULL)
        read_unit(&reader, unit, bias);
    take_rows(&reader, executable);
}

/* ---- files ----------------------------------------------------------- */

/* What is loaded, from the lowest address to the highest. */
static void
find_extent(Elf *elf, struct executable *executable)
{
    uint64_t low = UINT64_MAX, high = 0;
    size_t count = 0;

    elf_getphdrnum(elf, &count);
    for (size_t i = 0; i < count; i++) {
        GElf_Phdr header;

        if (gelf_getphdr(elf, (int)i, &header) == NULL ||
            header.p_type != PT_LOAD || header.p_memsz == 0)
            continue;
        if (header.p_vaddr < low)
            low = header.p_vaddr;
        if (header.p_vaddr + header.p_memsz > high)
            high = header.p_vaddr + header.p_memsz;
    }
    executable->base = low < high ? low : 0;
    executable->span = low < high ? high - low : 0;
}

int
executable_read(const char *path, struct arena *arena,
                struct executable *executable, struct error *error)
{
    Dwfl *dwfl;
    Dwfl_Module *module = program_open(path, &dwfl, error);
    GElf_Addr bias;
    int result = 0;

    memset(executable, 0, sizeof(*executable));
    if (module == NULL)
        return -1;
    find_extent(dwfl_module_getelf(module, &bias), executable);
    if (executable->span == 0 || executable->span > UINT32_MAX) {
        result = error_set(error, "%s: loads nothing, or more than 4 GB", path);
    } else {
        read_symbols(module, arena, executable);
        read_rows(module, arena, executable);
    }
    dwfl_end(dwfl);
    return result;
}

void
executable_of_kernel(struct debuginfo *debuginfo, struct arena *arena,
                     struct executable *executable)
{
    struct row_reader reader = {.arena = arena, .folder = debuginfo->folder};
    Dwarf_CU *unit = NULL;
    uint8_t type;
    Dwarf_Die die;

    memset(executable, 0, sizeof(*executable));
    /* The boot code is far below; nothing of it is ever traced. */
    executable->base = debuginfo->functions.items[0].address;
    executable->span = UINT32_MAX;
    while (dwarf_get_units(debuginfo->dwarf, unit, &unit, NULL, &type, &die,
                           NULL) == 0)
        if (type == DW_UT_compile)
            read_unit(&reader, &die, 0);
    take_rows(&reader, executable);
    if (executable->rows.count > 0)
        executable->span =
            executable->rows.items[executable->rows.count - 1].address -
            executable->base + 1;
}
