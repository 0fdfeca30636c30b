#include "runtime/base/scratch.h"

#include <string.h>

#include "runtime/base/failure.h"
#include "runtime/base/heap.h"
#include "runtime/base/limit.h"
#include "runtime/base/memory.h"

/* Strings of the greatest length that fit at once. */
#define SCRATCH_STRINGS 2048

size_t rt_scratch_used;
size_t rt_string_max;

static char *scratch;
static size_t scratch_size;
static struct rt_variable *spare; /* of rt_local() when there is no room */

bool
rt_limits_open(size_t string_size)
{
    rt_string_max = string_size - 1;
    scratch_size = SCRATCH_STRINGS * string_size;
    scratch = rt_memory(scratch_size);
    spare = rt_memory(sizeof(*spare) + string_size);
    rt_heap_open(string_size);
    return scratch != NULL && spare != NULL;
}

char *
rt_scratch_reserve(size_t *size)
{
    /* Where "" is put when there is no room. */
    static char none[1];

    if (*size > rt_string_max)
        *size = rt_string_max;
    if (scratch_size - rt_scratch_used <= *size) {
        rt_raise("out of string memory");
        *size = 0;
        return none;
    }
    return scratch + rt_scratch_used;
}

struct rt_string
rt_scratch_take(char *text, size_t length)
{
    text[length] = '\0';
    if (text == scratch + rt_scratch_used)
        rt_scratch_used += length + 1;
    return (struct rt_string){text, length};
}

struct rt_variable *
rt_local(void)
{
    size_t align = _Alignof(struct rt_variable);
    size_t start = (rt_scratch_used + align - 1) & ~(align - 1);
    size_t size = sizeof(struct rt_variable) + rt_string_max + 1;
    struct rt_variable *variable = spare;

    if (start > scratch_size || scratch_size - start < size) {
        rt_raise("out of string memory");
    } else {
        variable = (struct rt_variable *)(scratch + start);
        rt_scratch_used = start + size;
    }
    variable->length = 0;
    variable->text[0] = '\0';
    return variable;
}

struct rt_string
rt_hold(struct rt_string string)
{
    size_t size = string.length;
    char *text = rt_scratch_reserve(&size);

    memcpy(text, string.text, size);
    return rt_scratch_take(text, size);
}

struct rt_string
rt_return(size_t mark, struct rt_string string)
{
    size_t size = string.length;
    char *text;

    rt_scratch_used = mark;
    text = rt_scratch_reserve(&size);
    memmove(text, string.text, size);
    return rt_scratch_take(text, size);
}

struct rt_string
rt_concat(struct rt_string left, struct rt_string right)
{
    size_t size = left.length + right.length;
    char *text = rt_scratch_reserve(&size);
    size_t first = left.length < size ? left.length : size;

    memcpy(text, left.text, first);
    memcpy(text + first, right.text, size - first);
    return rt_scratch_take(text, size);
}
