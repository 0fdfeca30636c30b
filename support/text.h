/*
 * A growing string, for building sources, messages and command lines.
 *
 * Zero-initialize a struct text to start with.  The bytes are always
 * followed by a NUL once anything was added.  Running out of memory ends the
 * program: these are host tools, and no caller could go on.
 */

#ifndef SUPPORT_TEXT_H
#define SUPPORT_TEXT_H

#include <stdarg.h>
#include <stddef.h>

struct text {
    char *data;   /* NULL until something is added */
    size_t size;  /* bytes in use, without the NUL */
    size_t space; /* bytes allocated */
};

/* Add bytes, a string, one character, or printf's output. */
void text_add(struct text *text, const void *data, size_t size);
void text_puts(struct text *text, const char *string);
void text_putc(struct text *text, char character);
void text_printf(struct text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void text_vprintf(struct text *text, const char *format, va_list arguments);

/* Add STRING quoted as a C string literal, quotes included. */
void text_quote(struct text *text, const char *string, size_t size);

/* The string; "" if nothing was added.  Owned by the text. */
const char *text_string(const struct text *text);

/* Give the string to the caller, who frees it; the text is empty again. */
char *text_take(struct text *text);

void text_free(struct text *text);

/* Allocation that cannot fail: it ends the program instead. */
void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *pointer, size_t size);
char *xstrdup(const char *string);
char *xstrndup(const char *string, size_t size);
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif /* SUPPORT_TEXT_H */
