#include "runtime/values/print.h"

#include <string.h>

#include "runtime/base/limit.h"
#include "runtime/base/output.h"
#include "runtime/base/scratch.h"
#include "runtime/values/format.h"

/* ---- to standard output ---------------------------------------------- */

void
rt_print_text(const char *text, size_t length)
{
    rt_output(text, length);
}

void
rt_print_string(struct rt_string string)
{
    rt_output(string.text, string.length);
}

void
rt_print_long(int64_t value)
{
    char text[RT_NUMBER_MAX];
    char *end = text + sizeof(text);
    char *start = rt_decimal(end, value);

    rt_output(start, (size_t)(end - start));
}

static void
renew(struct rt_sink *sink)
{
    struct rt_print_sink *output = (struct rt_print_sink *)sink;

    rt_output_add((size_t)(sink->at - output->start));
    output->start = rt_output_reserve(RT_OUTPUT_ROOM);
    sink->at = output->start;
    sink->end = output->start + RT_OUTPUT_ROOM;
}

void
rt_print_begin(struct rt_print_sink *output)
{
    output->start = rt_output_reserve(RT_OUTPUT_ROOM);
    output->sink =
        (struct rt_sink){output->start, output->start + RT_OUTPUT_ROOM, renew};
}

void
rt_print_end(struct rt_print_sink *output)
{
    rt_output_add((size_t)(output->sink.at - output->start));
}

void
rt_printf(const struct rt_directive *directives, unsigned count,
          const union rt_value *arguments)
{
    struct rt_print_sink output;

    rt_print_begin(&output);
    rt_format(&output.sink, directives, count, arguments);
    rt_print_end(&output);
}

/* ---- to strings ------------------------------------------------------ */

struct rt_string
rt_sprint_long(int64_t value)
{
    char number[RT_NUMBER_MAX];
    char *end = number + sizeof(number);
    char *start = rt_decimal(end, value);
    size_t size = (size_t)(end - start);
    char *text = rt_scratch_reserve(&size);

    memcpy(text, start, size);
    return rt_scratch_take(text, size);
}

struct rt_string
rt_sprintf(const struct rt_directive *directives, unsigned count,
           const union rt_value *arguments)
{
    size_t size = rt_string_max;
    char *text = rt_scratch_reserve(&size);
    struct rt_sink sink = {text, text + size, NULL};

    rt_format(&sink, directives, count, arguments);
    /* %c and %b may have written a NUL, which ends a string. */
    return rt_scratch_take(text, strnlen(text, (size_t)(sink.at - text)));
}
