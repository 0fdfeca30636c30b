/*
 * Sorting and searching.
 */

#include <stdlib.h>

typedef int (*compare_items)(const void *, const void *);

static void
swap(char *left, char *right, size_t size)
{
    while (size-- > 0) {
        char byte = *left;

        *left++ = *right;
        *right++ = byte;
    }
}

/* Let the item at ROOT sink until the heap's order holds below it. */
static void
sink(char *items, size_t root, size_t count, size_t size, compare_items compare)
{
    for (;;) {
        size_t child = 2 * root + 1;

        if (child >= count)
            return;
        if (child + 1 < count &&
            compare(items + child * size, items + (child + 1) * size) < 0)
            child++;
        if (compare(items + root * size, items + child * size) >= 0)
            return;
        swap(items + root * size, items + child * size, size);
        root = child;
    }
}

/* Heap sort: no stack to speak of, and no order of items makes it slow. */
void
qsort(void *base, size_t count, size_t size, compare_items compare)
{
    char *items = base;

    for (size_t root = count / 2; root-- > 0;)
        sink(items, root, count, size, compare);
    for (size_t end = count; end-- > 1;) {
        swap(items, items + end * size, size);
        sink(items, 0, end, size, compare);
    }
}

void *
bsearch(const void *key, const void *base, size_t count, size_t size,
        compare_items compare)
{
    const char *items = base;

    while (count > 0) {
        const char *middle = items + count / 2 * size;
        int order = compare(key, middle);

        if (order == 0)
            return (void *)middle;
        if (order > 0) {
            items = middle + size;
            count--;
        }
        count /= 2;
    }
    return NULL;
}
