/*
 * Output on its way out.  Standard output is gathered and written when the
 * buffer is full, before anything goes to standard error, and when the
 * runtime is about to wait; so what one handler prints stays together.
 */

#ifndef RUNTIME_BASE_OUTPUT_H
#define RUNTIME_BASE_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

void rt_output(const char *text, size_t length);

/* Room for SIZE bytes, at most RT_OUTPUT_ROOM, to be written in place; then
 * say how many there are. */
#define RT_OUTPUT_ROOM 4096
char *rt_output_reserve(size_t size);
void rt_output_add(size_t length);

void rt_output_flush(void);

/* A message on standard error, by printf rules; RT_MESSAGE_MAX bytes at
 * most, the rest is cut. */
#define RT_MESSAGE_MAX 2048
void rt_message(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Whether somebody still reads standard output. */
bool rt_output_alive(void);

#endif /* RUNTIME_BASE_OUTPUT_H */
