#include "debuginfo/mark.h"

#include <string.h>

#include "debuginfo/debuginfo_i.h"

/* Of notes of this owner, and of this type. */
#define OWNER "stapsdt"
#define TYPE  3

/* The string at *AT of what ends at END; NULL if it goes on behind that. */
static const char *
take_string(struct arena *arena, const char **at, const char *end)
{
    size_t length = strnlen(*at, (size_t)(end - *at));
    const char *string = *at;

    if (*at + length == end)
        return NULL;
    *at += length + 1;
    return arena_string(arena, string, length);
}

static uint64_t
take_word(const char **at, unsigned size)
{
    uint64_t word = 0;

    memcpy(&word, *at, size); /* x86 has the low bytes first */
    *at += size;
    return word;
}

/* Its address, that of a section by which a linker's moves would show, the
 * semaphore; then the names and the arguments. */
static void
add_mark(const struct debuginfo *debuginfo, const char *at, size_t size,
         struct arena *arena, debuginfo_marks *marks)
{
    const char *end = at + size;
    struct debuginfo_mark mark = {0};

    if (size < 3 * (size_t)debuginfo->word_size)
        return;
    mark.address = take_word(&at, debuginfo->word_size);
    take_word(&at, debuginfo->word_size);
    mark.semaphore = take_word(&at, debuginfo->word_size);
    mark.provider = take_string(arena, &at, end);
    mark.name = mark.provider != NULL ? take_string(arena, &at, end) : NULL;
    mark.arguments = mark.name != NULL ? take_string(arena, &at, end) : NULL;
    if (mark.arguments != NULL)
        LIST_ADD(arena, marks, mark);
}

static void
read_notes(const struct debuginfo *debuginfo, Elf_Data *data,
           struct arena *arena, debuginfo_marks *marks)
{
    size_t at = 0, name, description;
    GElf_Nhdr header;

    while (data != NULL &&
           (at = gelf_getnote(data, at, &header, &name, &description)) > 0) {
        const char *bytes = data->d_buf;

        if (header.n_type == TYPE && header.n_namesz == sizeof(OWNER) &&
            memcmp(bytes + name, OWNER, sizeof(OWNER)) == 0)
            add_mark(debuginfo, bytes + description, header.n_descsz, arena,
                     marks);
    }
}

void
debuginfo_find_marks(const struct debuginfo *debuginfo, struct arena *arena,
                     debuginfo_marks *marks)
{
    Elf_Scn *section = NULL;

    while ((section = elf_nextscn(debuginfo->elf, section)) != NULL) {
        GElf_Shdr header;

        if (gelf_getshdr(section, &header) != NULL &&
            header.sh_type == SHT_NOTE)
            read_notes(debuginfo, elf_getdata(section, NULL), arena, marks);
    }
}
