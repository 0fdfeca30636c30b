#include "image/symbols.h"

#include <stdlib.h>
#include <string.h>

#include "support/text.h"

static int
compare_addresses(const void *left, const void *right)
{
    const struct symbol *a = left, *b = right;

    if (a->address != b->address)
        return a->address < b->address ? -1 : 1;
    return strcmp(a->name, b->name);
}

static int
compare_names(const void *left, const void *right)
{
    const struct symbol *const *a = left, *const *b = right;
    int order = strcmp((*a)->name, (*b)->name);

    if (order != 0)
        return order;
    if ((*a)->global != (*b)->global)
        return (*a)->global ? -1 : 1; /* so a search meets globals first */
    return compare_addresses(*a, *b);
}

int
symbols_read(struct symbols *symbols, const struct image_file *file,
             struct error *error)
{
    GElf_Shdr header;
    Elf_Scn *section = image_file_section(file, ".symtab", &header);
    Elf_Data *data = section != NULL ? elf_getdata(section, NULL) : NULL;
    unsigned count, i;

    if (data == NULL || header.sh_entsize == 0)
        return error_set(error, "%s: its symbol table cannot be read",
                         file->path);
    count = (unsigned)(header.sh_size / header.sh_entsize);
    symbols->count = 0;
    symbols->items = xcalloc(count + 1, sizeof(*symbols->items));
    for (i = 0; i < count; i++) {
        GElf_Sym elf;
        const char *name;
        unsigned type;

        if (gelf_getsym(data, (int)i, &elf) == NULL)
            continue;
        name = elf_strptr(file->elf, header.sh_link, elf.st_name);
        type = GELF_ST_TYPE(elf.st_info);
        if (name == NULL || *name == '\0' || elf.st_shndx == SHN_UNDEF ||
            elf.st_shndx >= SHN_LORESERVE ||
            (type != STT_NOTYPE && type != STT_OBJECT && type != STT_FUNC))
            continue;
        symbols->items[symbols->count++] = (struct symbol){
            .name = name,
            .address = elf.st_value,
            .size = elf.st_size,
            .global = GELF_ST_BIND(elf.st_info) != STB_LOCAL,
            .function = type == STT_FUNC,
        };
    }
    qsort(symbols->items, symbols->count, sizeof(*symbols->items),
          compare_addresses);
    symbols->by_name = xcalloc(symbols->count + 1, sizeof(*symbols->by_name));
    for (i = 0; i < symbols->count; i++)
        symbols->by_name[i] = &symbols->items[i];
    qsort(symbols->by_name, symbols->count, sizeof(*symbols->by_name),
          compare_names);
    return 0;
}

void
symbols_free(struct symbols *symbols)
{
    free(symbols->items);
    free(symbols->by_name);
    *symbols = (struct symbols){0};
}

/* Index in by_name of the first whose name is not below NAME. */
static unsigned
first_not_below(const struct symbols *symbols, const char *name)
{
    unsigned low = 0, high = symbols->count;

    while (low < high) {
        unsigned middle = low + (high - low) / 2;

        if (strcmp(symbols->by_name[middle]->name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct symbol *
symbols_find(const struct symbols *symbols, const char *name, bool *ambiguous)
{
    unsigned at = first_not_below(symbols, name);
    const struct symbol *found, *next;

    if (ambiguous != NULL)
        *ambiguous = false;
    if (at == symbols->count || strcmp(symbols->by_name[at]->name, name) != 0)
        return NULL;
    found = symbols->by_name[at];
    if (found->global)
        return found;
    for (at++; at < symbols->count; at++) {
        next = symbols->by_name[at];
        if (strcmp(next->name, name) != 0)
            break;
        if (next->address != found->address) {
            if (ambiguous != NULL)
                *ambiguous = true;
            return NULL;
        }
    }
    return found;
}

static bool
better(const struct symbol *a, const struct symbol *b)
{
    bool clone_a = strchr(a->name, '.') != NULL;
    bool clone_b = strchr(b->name, '.') != NULL;

    if (a->function != b->function)
        return a->function;
    if (clone_a != clone_b)
        return clone_b;
    return a->global && !b->global;
}

const struct symbol *
symbols_at(const struct symbols *symbols, uint64_t address)
{
    unsigned low = 0, high = symbols->count;
    const struct symbol *best = NULL;

    while (low < high) {
        unsigned middle = low + (high - low) / 2;

        if (symbols->items[middle].address < address)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < symbols->count && symbols->items[low].address == address;
         low++) {
        if (best == NULL || better(&symbols->items[low], best))
            best = &symbols->items[low];
    }
    return best;
}

const struct symbol *
symbols_clone(const struct symbols *symbols, const char *name)
{
    char *prefix = xasprintf("%s.", name);
    unsigned at = first_not_below(symbols, prefix);
    size_t size = strlen(prefix);
    const struct symbol *found = NULL;

    if (at < symbols->count &&
        strncmp(symbols->by_name[at]->name, prefix, size) == 0)
        found = symbols->by_name[at];
    free(prefix);
    return found;
}
