/*
 * Memory, numbers, sorting and ending, as in ISO C 7.22, the part that tasks
 * use.  All may be called by any thread.
 */

#ifndef _STDLIB_H
#define _STDLIB_H

#include <stddef.h>

#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1

void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *pointer, size_t size);
void free(void *pointer);

/* Out of range gives the nearest value there is; there is no errno. */
long strtol(const char *string, char **end, int base);
unsigned long strtoul(const char *string, char **end, int base);
long long strtoll(const char *string, char **end, int base);
unsigned long long strtoull(const char *string, char **end, int base);
int atoi(const char *string);

int abs(int value);
long labs(long value);
long long llabs(long long value);

/* Not recursive, never worse than n log n; equal items may change places. */
void qsort(void *items, size_t count, size_t size,
           int (*compare)(const void *, const void *));
void *bsearch(const void *key, const void *items, size_t count, size_t size,
              int (*compare)(const void *, const void *));

/* mach/task.h says what the end of a task does. */
int atexit(void (*function)(void));
void exit(int status) __attribute__((noreturn));
void abort(void) __attribute__((noreturn));

#endif /* _STDLIB_H */
