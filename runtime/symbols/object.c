#include "runtime/symbols/object.h"

#include <stddef.h>
#include <string.h>

#include "runtime/program.h"
#include "runtime/symbols/task_name.h"

static const void *
part(const struct object_header *object, uint32_t offset)
{
    return (const char *)object + offset;
}

/* The one after OBJECT, the first one of all for NULL; NULL: no more. */
static const struct object_header *
next_object(const struct object_header *object)
{
    const char *at = object == NULL ? (const char *)rt_program.objects
                                    : (const char *)object + object->size;

    return at == (const char *)rt_program.objects_end ? NULL : (const void *)at;
}

const struct object_header *
rt_object_of_kernel(void)
{
    const struct object_header *object = NULL;

    while ((object = next_object(object)) != NULL && !object->kernel)
        continue;
    return object;
}

/* ---- tasks ----------------------------------------------------------- */

const struct object_header *
rt_object_of_task(struct rt_string name)
{
    const struct object_header *object = NULL;

    while ((object = next_object(object)) != NULL)
        if (!object->kernel &&
            rt_task_runs(name, rt_program.task_name_size, object->name))
            return object;
    return NULL;
}

bool
rt_object_has(const struct object_header *object, uint64_t address)
{
    return address - object->base < object->span;
}

/* ---- symbols --------------------------------------------------------- */

const char *
rt_object_symbol(const struct object_header *object, uint64_t address,
                 uint64_t *start, uint64_t *size)
{
    const struct object_symbol *symbols = part(object, object->symbols_offset);
    uint64_t offset = address - object->base;
    uint32_t low = 0, high = object->symbols;

    if (!rt_object_has(object, address))
        return NULL;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (symbols[middle].address <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return NULL;
    const struct object_symbol *symbol = &symbols[low - 1];
    if (symbol->size != 0 && offset - symbol->address >= symbol->size)
        return NULL;
    *start = object->base + symbol->address;
    *size = symbol->size;
    return (const char *)part(object, object->names_offset) + symbol->name;
}

/* ---- lines ----------------------------------------------------------- */

static uint64_t
take_number(const uint8_t **at)
{
    uint64_t number = 0;
    unsigned shift = 0;
    uint8_t byte;

    do {
        byte = *(*at)++;
        number |= (uint64_t)(byte & 0x7f) << shift;
        shift += 7;
    } while ((byte & 0x80) != 0);
    return number;
}

/* The last mark that is told from OFFSET or before, or NULL. */
static const struct object_line_mark *
find_mark(const struct object_header *object, uint64_t offset)
{
    const struct object_line_mark *marks = part(object, object->marks_offset);
    uint32_t low = 0, high = object->marks;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (marks[middle].address <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? NULL : &marks[low - 1];
}

const char *
rt_object_line(const struct object_header *object, uint64_t address,
               uint32_t *line)
{
    uint64_t offset = address - object->base;
    const struct object_line_mark *mark;
    struct object_line_mark at;

    if (!rt_object_has(object, address) ||
        (mark = find_mark(object, offset)) == NULL)
        return NULL;
    const uint8_t *rows = part(object, object->rows_offset);
    const uint8_t *next = rows + mark->row, *end = rows + object->rows_size;
    for (at = *mark; next < end;) {
        uint32_t to = at.address + (uint32_t)take_number(&next);
        uint64_t step = take_number(&next);
        int64_t lines = (int64_t)(step >> 2) ^ -(int64_t)(step >> 1 & 1);

        if (to > offset)
            break;
        at.address = to;
        at.line += (uint32_t)lines;
        if (step & 1)
            at.file = (uint32_t)take_number(&next);
    }
    if (at.file == OBJECT_NO_FILE)
        return NULL;
    const uint32_t *files = part(object, object->files_offset);
    *line = at.line;
    return (const char *)part(object, object->names_offset) + files[at.file];
}
