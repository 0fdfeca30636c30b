#include "image/functions.h"

#include <stdlib.h>
#include <string.h>

#include <dwarf.h>

#include "support/text.h"

/* What the walk over DWARF collects; room for one more is made as needed. */
struct collection {
    struct analysis *analysis;
    unsigned function_space;
    unsigned part_space;
};

static void
add_part(struct collection *collection, uint64_t start, uint64_t end,
         unsigned function)
{
    struct analysis *analysis = collection->analysis;

    if (analysis->part_count == collection->part_space) {
        collection->part_space = 2 * collection->part_space + 1024;
        analysis->parts = xrealloc(
            analysis->parts, collection->part_space * sizeof(*analysis->parts));
    }
    analysis->parts[analysis->part_count++] =
        (struct part){.start = start, .end = end, .function = function};
}

static struct function *
add_function(struct collection *collection)
{
    struct analysis *analysis = collection->analysis;

    if (analysis->function_count == collection->function_space) {
        collection->function_space = 2 * collection->function_space + 1024;
        analysis->functions =
            xrealloc(analysis->functions,
                     collection->function_space * sizeof(*analysis->functions));
    }
    return &analysis->functions[analysis->function_count++];
}

/* Of a function in several parts, the hot and the cold one, DWARF gives no
 * entry: it is where the first of them begins. */
static bool
find_entry(Dwarf_Die *die, Dwarf_Addr *entry)
{
    Dwarf_Addr base, end;

    return dwarf_entrypc(die, entry) == 0 ||
           dwarf_ranges(die, 0, &base, entry, &end) > 0;
}

static int
visit(Dwarf_Die *die, void *context)
{
    struct collection *collection = context;
    const struct kernel *kernel = collection->analysis->kernel;
    unsigned index = collection->analysis->function_count;
    unsigned parts = collection->analysis->part_count;
    Dwarf_Addr entry, base, start, end;
    const struct symbol *symbol;
    struct function *function;
    ptrdiff_t next = 0;
    uint64_t size = 0;

    if (dwarf_tag(die) != DW_TAG_subprogram || !find_entry(die, &entry))
        return 0;
    while ((next = dwarf_ranges(die, next, &base, &start, &end)) > 0) {
        if (end <= start || !kernel_in_text(kernel, start) ||
            !kernel_in_text(kernel, end - 1))
            continue;
        add_part(collection, start, end, index);
        if (entry >= start && entry < end)
            size = end - entry;
    }
    if (size == 0) {
        collection->analysis->part_count = parts;
        return 0;
    }
    symbol = symbols_at(&kernel->symbols, entry);
    function = add_function(collection);
    *function = (struct function){
        .name = symbol != NULL ? symbol->name : dwarf_diename(die),
        .address = entry,
        .size = size,
        .global = symbol != NULL && symbol->global,
    };
    if (function->name == NULL)
        function->name = "";
    return 0;
}

static int
compare_parts(const void *left, const void *right)
{
    const struct part *a = left, *b = right;

    return a->start != b->start ? (a->start < b->start ? -1 : 1) : 0;
}

static int
compare_functions(const void *left, const void *right)
{
    const struct function *a = left, *b = right;

    return a->address != b->address ? (a->address < b->address ? -1 : 1) : 0;
}

/* Sort functions and parts; of functions at one address keep one. */
static void
sort(struct analysis *analysis)
{
    unsigned count = 0, i;

    for (i = 0; i < analysis->part_count; i++) {
        struct part *part = &analysis->parts[i];

        /* The index changes below; an address does not. */
        part->function =
            (unsigned)(analysis->functions[part->function].address -
                       analysis->kernel->text_base);
    }
    qsort(analysis->functions, analysis->function_count,
          sizeof(*analysis->functions), compare_functions);
    for (i = 0; i < analysis->function_count; i++) {
        if (count == 0 || analysis->functions[count - 1].address !=
                              analysis->functions[i].address)
            analysis->functions[count++] = analysis->functions[i];
    }
    analysis->function_count = count;
    for (i = 0; i < analysis->part_count; i++) {
        struct part *part = &analysis->parts[i];
        struct function key = {
            .address = analysis->kernel->text_base + part->function,
        };
        struct function *found = bsearch(&key, analysis->functions, count,
                                         sizeof(key), compare_functions);

        part->function = (unsigned)(found - analysis->functions);
    }
    qsort(analysis->parts, analysis->part_count, sizeof(*analysis->parts),
          compare_parts);
}

int
functions_read(struct analysis *analysis, struct error *error)
{
    struct collection collection = {.analysis = analysis};

    kernel_visit(analysis->kernel, visit, &collection);
    if (analysis->function_count == 0)
        return error_set(error,
                         "%s: its debug information describes no function",
                         analysis->kernel->file.path);
    sort(analysis);
    return 0;
}
