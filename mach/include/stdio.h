/*
 * Formatted output, as in ISO C 7.21, the part that tasks use.
 *
 * Conversions d i u x X o c s p % with flags "-+ #0", width, precision
 * (both also *) and lengths hh h l ll j z t.  There is no floating point.
 * Nothing is buffered: each call is one write to mach/console.h.
 */

#ifndef _STDIO_H
#define _STDIO_H

#include <stdarg.h>
#include <stddef.h>

#define EOF (-1)

typedef struct task_file FILE;

extern FILE *const task_stdout;
extern FILE *const task_stderr;
#define stdout task_stdout
#define stderr task_stderr

int printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
int vprintf(const char *format, va_list arguments);
int fprintf(FILE *file, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
int vfprintf(FILE *file, const char *format, va_list arguments);
int snprintf(char *target, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int vsnprintf(char *target, size_t size, const char *format, va_list arguments);

int puts(const char *string);
int putchar(int character);
int fputs(const char *string, FILE *file);
size_t fwrite(const void *data, size_t size, size_t count, FILE *file);
int fflush(FILE *file);

#endif /* _STDIO_H */
