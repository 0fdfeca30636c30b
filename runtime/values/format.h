/*
 * Formatting into memory, for output and for strings.
 */

#ifndef RUNTIME_VALUES_FORMAT_H
#define RUNTIME_VALUES_FORMAT_H

#include "runtime/values/print.h"

/*
 * Where text goes.  When it is full, FULL makes room (and sets AT back); a
 * sink without it takes no more.
 */
struct rt_sink {
    char *at;
    char *end;
    void (*full)(struct rt_sink *sink);
};

/* A sink over the room of the output buffer: begin, add, end. */
struct rt_print_sink {
    struct rt_sink sink;
    char *start;
};

void rt_print_begin(struct rt_print_sink *output);
void rt_print_end(struct rt_print_sink *output);

/* Bytes that one %m or %M prints at most; language/rewrite/memory_format.c sees to that. */
#define RT_MEMORY_MAX 256

/* Bytes of the longest number, sign and prefix included. */
#define RT_NUMBER_MAX 32

/* Write VALUE in decimal to the bytes before END; returns where it starts. */
char *rt_decimal(char *end, int64_t value);

/* Add bytes, or one byte COUNT times. */
void rt_sink_add(struct rt_sink *sink, const char *text, size_t length);
void rt_sink_fill(struct rt_sink *sink, char byte, size_t count);

/* Add what the directives say. */
void rt_format(struct rt_sink *sink, const struct rt_directive *directives,
               unsigned count, const union rt_value *arguments);

#endif /* RUNTIME_VALUES_FORMAT_H */
