/*
 * The index of functions: one walk over the outermost entries of each
 * compilation unit, and over those directly within a function, where GNU C's
 * nested functions are.
 */

#include <dwarf.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "debuginfo/debuginfo_i.h"
#include "support/text.h"

/* Paths as DWARF has them are made of a folder and a name that may go up:
 * "./build-up-dbg" and "../kern/task.c".  This is "kern/task.c". */
static char *
normal_path(struct arena *arena, const char *folder, const char *name)
{
    bool joined = name[0] != '/' && folder[0] != '\0';
    char *path = joined ? arena_printf(arena, "%s/%s", folder, name)
                        : arena_string(arena, name, strlen(name));
    char *out = path, *base = path;
    const char *in = path;

    if (*in == '/')
        base = out = path + 1;
    while (*in != '\0') {
        size_t length;

        while (*in == '/')
            in++;
        length = strcspn(in, "/");
        if (length == 2 && in[0] == '.' && in[1] == '.' && out != base) {
            out--;
            while (out != base && out[-1] != '/')
                out--;
        } else if (length > 0 && !(length == 1 && in[0] == '.')) {
            memmove(out, in, length);
            out += length;
            if (in[length] == '/')
                *out++ = '/';
        }
        in += length;
    }
    *out = '\0';
    return path;
}

struct function_reader {
    struct debuginfo *debuginfo;
    struct arena *arena;
    Dwarf_Die unit;
    const char *folder; /* of the unit */
    /* What the last function's file was: most are the same. */
    const char *raw_file;
    const char *file;
};

static const char *
unit_folder(Dwarf_Die *unit)
{
    Dwarf_Attribute attribute;
    const char *folder =
        dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute));

    return folder != NULL ? folder : "";
}

const char *
source_path(struct arena *arena, Dwarf_Die *unit, const char *raw)
{
    const char *folder = unit_folder(unit);
    size_t length = strlen(folder);
    /* libdw may have put the unit's folder there already. */
    bool has_folder =
        length > 0 && strncmp(raw, folder, length) == 0 && raw[length] == '/';

    return normal_path(arena, has_folder ? "" : folder, raw);
}

const char *
debuginfo_source_path(struct debuginfo *debuginfo, Dwarf_Die *unit,
                      const char *raw)
{
    const char *path = source_path(&debuginfo->arena, unit, raw);

    return strncmp(path, debuginfo->folder, strlen(debuginfo->folder)) == 0
               ? path + strlen(debuginfo->folder)
               : path;
}

const char *
debuginfo_declared_in(struct debuginfo *debuginfo, Dwarf_Die *die)
{
    const char *raw = dwarf_decl_file(die);
    Dwarf_Die unit;

    if (raw == NULL || dwarf_diecu(die, &unit, NULL, NULL) == NULL)
        return "";
    if (raw != debuginfo->raw_file) {
        debuginfo->raw_file = raw;
        debuginfo->file_path = debuginfo_source_path(debuginfo, &unit, raw);
    }
    return debuginfo->file_path;
}

static const char *
function_file(struct function_reader *reader, Dwarf_Die *die)
{
    const char *raw = dwarf_decl_file(die);

    if (raw == NULL)
        raw = dwarf_diename(&reader->unit);
    if (raw == NULL)
        return "";
    if (raw != reader->raw_file) {
        /* libdw may have put the unit's folder there already. */
        size_t length = strlen(reader->folder);
        bool has_folder = length > 0 &&
                          strncmp(raw, reader->folder, length) == 0 &&
                          raw[length] == '/';
        reader->raw_file = raw;
        reader->file =
            normal_path(reader->arena, has_folder ? "" : reader->folder, raw);
    }
    return reader->file;
}

/* Clones that are not the function as callers know it. */
static bool
is_part(const char *symbol)
{
    return strstr(symbol, ".part.") != NULL || strstr(symbol, ".cold") != NULL;
}

static bool
has_flag(Dwarf_Die *die, unsigned name)
{
    Dwarf_Attribute attribute;
    bool flag = false;

    return dwarf_formflag(dwarf_attr_integrate(die, name, &attribute), &flag) ==
               0 &&
           flag;
}

/*
 * Where a function's code begins and how far it goes there.  One that was
 * split into a hot and a cold part has ranges, of which the first is where
 * calls arrive; the others only belong to it.
 */
static bool
find_code(struct function_reader *reader, Dwarf_Die *die,
          struct debuginfo_function *function)
{
    struct debuginfo *debuginfo = reader->debuginfo;
    Dwarf_Addr base, start, end;
    ptrdiff_t next = 0;

    while ((next = dwarf_ranges(die, next, &base, &start, &end)) > 0) {
        struct function_part part = {start, end - start, function->address};

        if (end <= start || start == 0)
            continue;
        if (function->address != 0) {
            LIST_ADD(&debuginfo->arena, &debuginfo->parts, part);
            continue;
        }
        function->address = start;
        function->size = end - start;
    }
    return function->address != 0;
}

static void
add_function(struct function_reader *reader, Dwarf_Die *die)
{
    struct debuginfo *debuginfo = reader->debuginfo;
    struct debuginfo_function function = {0};
    const char *name = dwarf_diename(die);
    Dwarf_Attribute attribute;
    Dwarf_Word inlined = 0;
    int line = 0;

    if (name == NULL || has_flag(die, DW_AT_declaration))
        return;
    dwarf_formudata(dwarf_attr_integrate(die, DW_AT_inline, &attribute),
                    &inlined);
    bool has_code = find_code(reader, die, &function);
    if (!has_code && !dwarf_hasattr(die, DW_AT_inline))
        return;
    dwarf_decl_line(die, &line);
    function.name = function.symbol = name;
    function.file = function_file(reader, die);
    function.line = (unsigned)line;
    function.external = has_flag(die, DW_AT_external);
    function.inlined =
        inlined == DW_INL_inlined || inlined == DW_INL_declared_inlined;
    function.die = dwarf_dieoffset(die);
    function.unit = dwarf_dieoffset(&reader->unit);
    if (!has_code) {
        LIST_ADD(&debuginfo->arena, &debuginfo->inline_functions, function);
        return;
    }
    const struct symbol *symbol =
        symbol_of_function(debuginfo, function.address);
    if (symbol != NULL) {
        function.symbol = symbol->name;
        if (is_part(symbol->name)) {
            function.name = symbol->name;
            function.inlined = false;
        }
    }
    LIST_ADD(&debuginfo->arena, &debuginfo->functions, function);
}

static void
read_functions(struct function_reader *reader, Dwarf_Die *parent, bool nested)
{
    Dwarf_Die child;

    if (dwarf_child(parent, &child) != 0)
        return;
    do {
        if (dwarf_tag(&child) != DW_TAG_subprogram)
            continue;
        add_function(reader, &child);
        if (!nested && dwarf_haschildren(&child))
            read_functions(reader, &child, true);
    } while (dwarf_siblingof(&child, &child) == 0);
}

static int
function_by_address(const void *left, const void *right)
{
    const struct debuginfo_function *a = left, *b = right;

    return a->address < b->address ? -1 : a->address > b->address;
}

static int
function_by_name(const void *left, const void *right)
{
    const struct debuginfo_function *a = left, *b = right;

    return strcmp(a->name, b->name);
}

/* Drop all but the first of functions at one address: a unit that was linked
 * twice would have them. */
static void
sort_functions(function_info_list *list)
{
    unsigned kept = 0;

    if (list->count == 0)
        return;
    qsort(list->items, list->count, sizeof(list->items[0]),
          function_by_address);
    for (unsigned i = 1; i < list->count; i++)
        if (list->items[i].address != list->items[kept].address)
            list->items[++kept] = list->items[i];
    list->count = kept + 1;
}

/*
 * Of the inline functions keep those that have no code anywhere, one for each
 * name and file: a header's function is in many units.
 */
static void
sort_inline_functions(struct debuginfo *debuginfo)
{
    function_info_list *list = &debuginfo->inline_functions;
    function_info_list named = {0};
    unsigned kept = 0;

    if (list->count == 0)
        return;
    LIST_EACH (function, &debuginfo->functions)
        LIST_ADD(&debuginfo->arena, &named, *function);
    if (named.count > 0)
        qsort(named.items, named.count, sizeof(named.items[0]),
              function_by_name);
    qsort(list->items, list->count, sizeof(list->items[0]), function_by_name);
    for (unsigned i = 0; i < list->count; i++) {
        struct debuginfo_function *at = &list->items[i];

        if (named.count > 0 && bsearch(at, named.items, named.count,
                                       sizeof(*at), function_by_name) != NULL)
            continue;
        if (kept > 0 && strcmp(list->items[kept - 1].name, at->name) == 0 &&
            strcmp(list->items[kept - 1].file, at->file) == 0)
            continue;
        list->items[kept++] = *at;
    }
    list->count = kept;
}

/*
 * Sources of a build with absolute paths all begin with the folder of the
 * source tree; take it off.
 */
static void
strip_common_folder(struct debuginfo *debuginfo)
{
    function_info_list *list = &debuginfo->functions;
    const char *first = list->items[0].file;
    size_t common = first[0] == '/' ? strlen(first) : 0;

    LIST_EACH (function, list) {
        size_t same = 0;

        while (same < common && function->file[same] == first[same])
            same++;
        common = same;
    }
    while (common > 0 && first[common - 1] != '/')
        common--;
    debuginfo->folder = arena_string(&debuginfo->arena, first, common);
    LIST_EACH (function, list)
        function->file += common;
    LIST_EACH (function, &debuginfo->inline_functions)
        if (strncmp(function->file, debuginfo->folder, common) == 0)
            function->file += common;
}

void
debuginfo_read_functions(struct debuginfo *debuginfo)
{
    struct function_reader reader = {
        debuginfo, &debuginfo->arena, {0}, "", NULL, NULL};
    Dwarf_CU *unit = NULL;
    uint8_t type;

    while (dwarf_get_units(debuginfo->dwarf, unit, &unit, NULL, &type,
                           &reader.unit, NULL) == 0) {
        if (type != DW_UT_compile)
            continue;
        reader.folder = unit_folder(&reader.unit);
        reader.raw_file = NULL;
        read_functions(&reader, &reader.unit, false);
    }
    debuginfo->folder = "";
    if (debuginfo->functions.count == 0)
        return;
    sort_functions(&debuginfo->functions);
    sort_inline_functions(debuginfo);
    strip_common_folder(debuginfo);
}

void
debuginfo_add_symbol_functions(struct debuginfo *debuginfo)
{
    function_info_list added = {0};
    uint64_t end = 0;

    LIST_EACH (symbol, &debuginfo->symbols) {
        struct debuginfo_function function = {
            .name = symbol->name,
            .symbol = symbol->name,
            .file = "",
            .address = symbol->address,
            .size = symbol->size,
            .external = symbol->external,
        };

        if (!symbol->function || symbol->size == 0 || symbol->address < end ||
            debuginfo_function_at(debuginfo, symbol->address) != NULL)
            continue;
        LIST_ADD(&debuginfo->arena, &added, function);
        end = symbol->address + symbol->size;
    }
    LIST_EACH (function, &added)
        LIST_ADD(&debuginfo->arena, &debuginfo->functions, *function);
    sort_functions(&debuginfo->functions);
}

const struct debuginfo_function *
debuginfo_functions(const struct debuginfo *debuginfo, unsigned *count)
{
    *count = debuginfo->functions.count;
    return debuginfo->functions.items;
}

const struct debuginfo_function *
debuginfo_inline_functions(const struct debuginfo *debuginfo, unsigned *count)
{
    *count = debuginfo->inline_functions.count;
    return debuginfo->inline_functions.items;
}

static const struct debuginfo_function *
find_function(const struct debuginfo *debuginfo, uint64_t address)
{
    const struct debuginfo_function *items = debuginfo->functions.items;
    unsigned low = 0, high = debuginfo->functions.count;

    while (low < high) {
        unsigned middle = low + (high - low) / 2;

        if (address < items[middle].address)
            high = middle;
        else if (address - items[middle].address >= items[middle].size)
            low = middle + 1;
        else
            return &items[middle];
    }
    return NULL;
}

const struct debuginfo_function *
debuginfo_function_at(const struct debuginfo *debuginfo, uint64_t address)
{
    LIST_EACH (part, &debuginfo->parts)
        if (address - part->address < part->size)
            return find_function(debuginfo, part->function);
    return find_function(debuginfo, address);
}

/* ---- inlined instances ----------------------------------------------- */

static uint64_t
origin_of(Dwarf_Die *die)
{
    Dwarf_Attribute attribute;
    Dwarf_Die origin;

    if (dwarf_formref_die(dwarf_attr(die, DW_AT_abstract_origin, &attribute),
                          &origin) == NULL)
        return dwarf_dieoffset(die);
    return dwarf_dieoffset(&origin);
}

static unsigned
count_instances(Dwarf_Die *parent, uint64_t origin)
{
    unsigned count = 0;
    Dwarf_Die child;

    if (dwarf_child(parent, &child) != 0)
        return 0;
    do {
        switch (dwarf_tag(&child)) {
        case DW_TAG_inlined_subroutine:
            if (origin_of(&child) == origin)
                count++;
            count += count_instances(&child, origin);
            break;
        case DW_TAG_subprogram:
        case DW_TAG_lexical_block:
            count += count_instances(&child, origin);
            break;
        default:
            break;
        }
    } while (dwarf_siblingof(&child, &child) == 0);
    return count;
}

unsigned
debuginfo_inline_count(struct debuginfo *debuginfo,
                       const struct debuginfo_function *function)
{
    Dwarf_Die die, unit;

    if (!function->inlined || !die_at(debuginfo, function->die, &die) ||
        !die_at(debuginfo, function->unit, &unit))
        return 0;
    return count_instances(&unit, origin_of(&die));
}

/* ---- patterns -------------------------------------------------------- */

bool
debuginfo_is_glob(const char *word)
{
    return strpbrk(word, "*?[") != NULL;
}

bool
debuginfo_file_matches(const char *pattern, const char *file)
{
    for (const char *at = file;;) {
        if (fnmatch(pattern, at, 0) == 0)
            return true;
        at = strchr(at, '/');
        if (at == NULL)
            return false;
        at++;
    }
}

bool
debuginfo_name_matches(const struct debuginfo_pattern *pattern,
                       const char *name)
{
    return name != NULL && fnmatch(pattern->function, name, 0) == 0;
}

bool
debuginfo_matches(const struct debuginfo_pattern *pattern,
                  const struct debuginfo_function *function)
{
    return debuginfo_name_matches(pattern, function->name) &&
           (pattern->file == NULL ||
            debuginfo_file_matches(pattern->file, function->file)) &&
           (pattern->line == 0 || pattern->line == function->line);
}
