/*
 * Bytes are moved by plain loops, eight at a time: the sizes here are a few
 * words, where starting a "rep movs" costs more than the copy.
 */

#include "kernel/machine/string.h"

#include <stdint.h>

/* Or the compiler would make calls of memcpy to itself out of these loops. */
#pragma GCC optimize("no-tree-loop-distribute-patterns")

struct unaligned_word {
    uint64_t value;
} __attribute__((packed, may_alias));

void *
memcpy(void *to, const void *from, size_t size)
{
    unsigned char *t = to;
    const unsigned char *f = from;

    for (; size >= 8; size -= 8, t += 8, f += 8)
        ((struct unaligned_word *)t)->value =
            ((const struct unaligned_word *)f)->value;
    while (size-- != 0)
        *t++ = *f++;
    return to;
}

void *
memmove(void *to, const void *from, size_t size)
{
    unsigned char *t = to;
    const unsigned char *f = from;

    if (t <= f || t >= f + size)
        return memcpy(to, from, size);
    while (size-- != 0)
        t[size] = f[size];
    return to;
}

void *
memset(void *to, int byte, size_t size)
{
    unsigned char *t = to;
    uint64_t word = 0x0101010101010101u * (unsigned char)byte;

    for (; size >= 8; size -= 8, t += 8)
        ((struct unaligned_word *)t)->value = word;
    while (size-- != 0)
        *t++ = (unsigned char)byte;
    return to;
}

int
memcmp(const void *a, const void *b, size_t size)
{
    const unsigned char *x = a, *y = b;

    for (size_t i = 0; i < size; i++) {
        if (x[i] != y[i])
            return x[i] < y[i] ? -1 : 1;
    }
    return 0;
}

int
strcmp(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b)
        a++, b++;
    return (unsigned char)*a - (unsigned char)*b;
}

size_t
strnlen(const char *text, size_t limit)
{
    size_t length = 0;

    while (length < limit && text[length] != '\0')
        length++;
    return length;
}
