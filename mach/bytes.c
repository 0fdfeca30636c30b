/*
 * Blocks of memory.
 *
 * Under QEMU's TCG each memory access costs about as much as any other, so
 * words are copied where there are words, and `rep movsb' is avoided.
 */

#include <stdint.h>
#include <string.h>

/* Without this gcc makes a loop that copies bytes into a call of memcpy. */
#pragma GCC optimize("no-tree-loop-distribute-patterns")

typedef uint64_t __attribute__((may_alias, aligned(1))) word;

static void
copy_up(unsigned char *target, const unsigned char *source, size_t size)
{
    for (; size >= sizeof(word); size -= sizeof(word)) {
        *(word *)target = *(const word *)source;
        target += sizeof(word);
        source += sizeof(word);
    }
    while (size-- > 0)
        *target++ = *source++;
}

static void
copy_down(unsigned char *target, const unsigned char *source, size_t size)
{
    for (; size >= sizeof(word); size -= sizeof(word))
        *(word *)(target + size - sizeof(word)) =
            *(const word *)(source + size - sizeof(word));
    while (size-- > 0)
        target[size] = source[size];
}

void *
memcpy(void *restrict target, const void *restrict source, size_t size)
{
    copy_up(target, source, size);
    return target;
}

void *
memmove(void *target, const void *source, size_t size)
{
    /* Unsigned: also true when the target lies below the source. */
    if ((uintptr_t)target - (uintptr_t)source >= size)
        copy_up(target, source, size);
    else
        copy_down(target, source, size);
    return target;
}

void *
memset(void *target, int byte, size_t size)
{
    unsigned char *at = target;
    word pattern = (unsigned char)byte * 0x0101010101010101u;

    for (; size >= sizeof(word); size -= sizeof(word)) {
        *(word *)at = pattern;
        at += sizeof(word);
    }
    while (size-- > 0)
        *at++ = (unsigned char)byte;
    return target;
}

int
memcmp(const void *left, const void *right, size_t size)
{
    const unsigned char *l = left, *r = right;

    for (; size > 0; size--, l++, r++)
        if (*l != *r)
            return *l - *r;
    return 0;
}

void *
memchr(const void *data, int byte, size_t size)
{
    const unsigned char *at = data;

    for (; size > 0; size--, at++)
        if (*at == (unsigned char)byte)
            return (void *)at;
    return NULL;
}

void *
memmem(const void *data, size_t size, const void *part, size_t part_size)
{
    const unsigned char *at = data;

    for (; size >= part_size; size--, at++)
        if (memcmp(at, part, part_size) == 0)
            return (void *)at;
    return NULL;
}
