#include "support/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *
check(void *pointer)
{
    if (pointer == NULL) {
        fputs("machtap: out of memory\n", stderr);
        exit(1);
    }

    return pointer;
}

void *
xmalloc(size_t size)
{
    return check(malloc(size ? size : 1));
}

void *
xcalloc(size_t count, size_t size)
{
    return check(calloc(count ? count : 1, size ? size : 1));
}

void *
xrealloc(void *pointer, size_t size)
{
    return check(realloc(pointer, size ? size : 1));
}

char *
xstrdup(const char *string)
{
    return check(strdup(string));
}

char *
xstrndup(const char *string, size_t size)
{
    return check(strndup(string, size));
}

char *
xasprintf(const char *format, ...)
{
    struct text text = {0};
    va_list arguments;

    va_start(arguments, format);
    text_vprintf(&text, format, arguments);
    va_end(arguments);
    return text_take(&text);
}

static void
reserve(struct text *text, size_t size)
{
    size_t needed = text->size + size + 1;

    if (needed <= text->space)
        return;

    text->space = needed < 64 ? 64 : needed * 2;
    text->data = xrealloc(text->data, text->space);
}

void
text_add(struct text *text, const void *data, size_t size)
{
    reserve(text, size);
    if (size != 0)
        memcpy(text->data + text->size, data, size);
    text->size += size;
    text->data[text->size] = '\0';
}

void
text_puts(struct text *text, const char *string)
{
    text_add(text, string, strlen(string));
}

void
text_putc(struct text *text, char character)
{
    text_add(text, &character, 1);
}

void
text_vprintf(struct text *text, const char *format, va_list arguments)
{
    va_list copy;
    int size;

    va_copy(copy, arguments);
    size = vsnprintf(NULL, 0, format, copy);
    va_end(copy);
    if (size < 0)
        return;

    reserve(text, (size_t)size);
    vsnprintf(text->data + text->size, (size_t)size + 1, format, arguments);
    text->size += (size_t)size;
}

void
text_printf(struct text *text, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    text_vprintf(text, format, arguments);
    va_end(arguments);
}

void
text_quote(struct text *text, const char *string, size_t size)
{
    size_t i;

    text_putc(text, '"');
    for (i = 0; i < size; i++) {
        unsigned char c = (unsigned char)string[i];

        if (c == '"' || c == '\\')
            text_printf(text, "\\%c", c);
        else if (c >= ' ' && c < 0x7f && c != '?')
            text_putc(text, (char)c);
        else
            text_printf(text, "\\%03o", c);
    }
    text_putc(text, '"');
}

const char *
text_string(const struct text *text)
{
    return text->data != NULL ? text->data : "";
}

char *
text_take(struct text *text)
{
    char *string = text->data != NULL ? text->data : xstrdup("");

    *text = (struct text){0};
    return string;
}

void
text_free(struct text *text)
{
    free(text->data);
    *text = (struct text){0};
}
