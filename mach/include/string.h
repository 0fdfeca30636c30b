/*
 * Memory and strings, as in ISO C 7.24, the part that tasks use.
 */

#ifndef _STRING_H
#define _STRING_H

#include <stddef.h>

void *memcpy(void *restrict target, const void *restrict source, size_t size);
void *memmove(void *target, const void *source, size_t size);
void *memset(void *target, int byte, size_t size);
int memcmp(const void *left, const void *right, size_t size);
void *memchr(const void *data, int byte, size_t size);
void *memmem(const void *data, size_t size, const void *part, size_t part_size);

size_t strlen(const char *string);
size_t strnlen(const char *string, size_t limit);
int strcmp(const char *left, const char *right);
int strncmp(const char *left, const char *right, size_t limit);
char *strcpy(char *restrict target, const char *restrict source);
char *strncpy(char *restrict target, const char *restrict source, size_t size);
char *strcat(char *restrict target, const char *restrict source);
char *strchr(const char *string, int character);
char *strrchr(const char *string, int character);
char *strstr(const char *string, const char *part);
size_t strspn(const char *string, const char *set);
size_t strcspn(const char *string, const char *set);
char *strpbrk(const char *string, const char *set);
char *strdup(const char *string);

#endif /* _STRING_H */
