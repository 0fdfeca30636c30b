/*
 * Strings.
 */

#include <stdlib.h>
#include <string.h>

#pragma GCC optimize("no-tree-loop-distribute-patterns")

size_t
strlen(const char *string)
{
    const char *end = string;

    while (*end != '\0')
        end++;
    return (size_t)(end - string);
}

size_t
strnlen(const char *string, size_t limit)
{
    size_t length = 0;

    while (length < limit && string[length] != '\0')
        length++;
    return length;
}

int
strcmp(const char *left, const char *right)
{
    while (*left != '\0' && *left == *right) {
        left++;
        right++;
    }
    return (unsigned char)*left - (unsigned char)*right;
}

int
strncmp(const char *left, const char *right, size_t limit)
{
    for (; limit > 0; limit--, left++, right++)
        if (*left != *right || *left == '\0')
            return (unsigned char)*left - (unsigned char)*right;
    return 0;
}

char *
strcpy(char *restrict target, const char *restrict source)
{
    memcpy(target, source, strlen(source) + 1);
    return target;
}

char *
strncpy(char *restrict target, const char *restrict source, size_t size)
{
    size_t length = strnlen(source, size);

    memcpy(target, source, length);
    memset(target + length, 0, size - length);
    return target;
}

char *
strcat(char *restrict target, const char *restrict source)
{
    strcpy(target + strlen(target), source);
    return target;
}

char *
strchr(const char *string, int character)
{
    for (;; string++) {
        if (*string == (char)character)
            return (char *)string;
        if (*string == '\0')
            return NULL;
    }
}

char *
strrchr(const char *string, int character)
{
    const char *found = NULL;

    for (;; string++) {
        if (*string == (char)character)
            found = string;
        if (*string == '\0')
            return (char *)found;
    }
}

char *
strstr(const char *string, const char *part)
{
    return memmem(string, strlen(string), part, strlen(part));
}

size_t
strspn(const char *string, const char *set)
{
    size_t length = 0;

    while (string[length] != '\0' && strchr(set, string[length]) != NULL)
        length++;
    return length;
}

size_t
strcspn(const char *string, const char *set)
{
    size_t length = 0;

    while (string[length] != '\0' && strchr(set, string[length]) == NULL)
        length++;
    return length;
}

char *
strpbrk(const char *string, const char *set)
{
    string += strcspn(string, set);
    return *string != '\0' ? (char *)string : NULL;
}

char *
strdup(const char *string)
{
    size_t size = strlen(string) + 1;
    char *copy = malloc(size);

    return copy != NULL ? memcpy(copy, string, size) : NULL;
}
