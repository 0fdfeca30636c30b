/*
 * Output streams and assertions, over the console.
 */

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "mach/console.h"

struct task_file {
    enum channel_stream stream;
};

static struct task_file standard_output = {CHANNEL_STDOUT};
static struct task_file standard_error = {CHANNEL_STDERR};

FILE *const task_stdout = &standard_output;
FILE *const task_stderr = &standard_error;

int
vfprintf(FILE *file, const char *format, va_list arguments)
{
    return console_vprintf(file->stream, format, arguments);
}

int
fprintf(FILE *file, const char *format, ...)
{
    va_list arguments;
    int result;

    va_start(arguments, format);
    result = vfprintf(file, format, arguments);
    va_end(arguments);
    return result;
}

int
vprintf(const char *format, va_list arguments)
{
    return vfprintf(stdout, format, arguments);
}

int
printf(const char *format, ...)
{
    va_list arguments;
    int result;

    va_start(arguments, format);
    result = vprintf(format, arguments);
    va_end(arguments);
    return result;
}

size_t
fwrite(const void *data, size_t size, size_t count, FILE *file)
{
    console_write(file->stream, data, size * count);
    return count;
}

int
fputs(const char *string, FILE *file)
{
    console_write(file->stream, string, strlen(string));
    return 0;
}

int
puts(const char *string)
{
    return console_printf(CHANNEL_STDOUT, "%s\n", string);
}

int
putchar(int character)
{
    char byte = (char)character;

    console_write(CHANNEL_STDOUT, &byte, 1);
    return (unsigned char)byte;
}

int
fflush(FILE *file)
{
    (void)file;
    return 0;
}

void
assert_failed(const char *condition, const char *file, int line)
{
    console_printf(CHANNEL_STDERR, "%s:%d: assertion failed: %s\n", file, line,
                   condition);
    abort();
}
