/*
 * Text put together without a C library: messages of the verifier and
 * disassembled instructions.
 */

#ifndef KERNEL_PROGRAM_LOG_H
#define KERNEL_PROGRAM_LOG_H

#include <stdarg.h>
#include <stddef.h>

/* Text that fills a buffer of SIZE bytes; what does not fit is left out. */
struct log {
    char *text;
    size_t size;
    size_t length;
};

/* Start with an empty text. */
void log_start(struct log *log, char *text, size_t size);

/*
 * Add text, NUL-terminated afterwards.  FORMAT knows %s, %c,
 * %d, %u and %x, the numbers also with ll, and %%.
 */
void log_put(struct log *log, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

void log_put_list(struct log *log, const char *format, va_list arguments);

#endif /* KERNEL_PROGRAM_LOG_H */
