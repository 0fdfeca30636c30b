#include "runtime/events/input.h"

#include <stddef.h>
#include <string.h>

#include "runtime/base/limit.h"
#include "runtime/base/memory.h"
#include "runtime/events/event.h"
#include "runtime/events/source.h"

/* Bytes that are read at a time. */
#define READ_SIZE 256

static struct {
    const struct rt_program *program;
    char *line;
    size_t length; /* of what is there of the line */
    bool whole;    /* it has ended */
    char byte;
    bool has_byte; /* of which the points are being told */
    bool ended;
    uint32_t point; /* the one that is told next */
    char bytes[READ_SIZE];
    size_t at, count; /* of the bytes */
} input;

bool
rt_input_wanted(const struct rt_program *program)
{
    uint32_t i;

    for (i = program->kernel_points; i < program->point_count; i++)
        if (program->points[i].kind == RT_INPUT_CHAR ||
            program->points[i].kind == RT_INPUT_LINE)
            return true;
    return false;
}

bool
rt_input_open(const struct rt_program *program)
{
    memset(&input, 0, sizeof(input));
    if (!rt_input_wanted(program))
        return true;
    input.program = program;
    input.line = rt_memory(rt_string_max + 1);
    return input.line != NULL;
}

/* The next byte into the line; false if there is none. */
static bool
take_byte(void)
{
    if (input.at == input.count) {
        input.at = 0;
        input.count = rt_source_input(input.bytes, READ_SIZE, &input.ended);
        if (input.count == 0)
            return false;
    }
    input.byte = input.bytes[input.at++];
    input.has_byte = true;
    if (input.length < rt_string_max)
        input.line[input.length++] = input.byte;
    input.whole = input.byte == '\n';
    return true;
}

/* The next point that has to be told of the byte or the line. */
static const struct rt_point *
next_point(void)
{
    while (input.point < input.program->point_count) {
        const struct rt_point *point = &input.program->points[input.point++];

        if ((point->kind == RT_INPUT_CHAR && input.has_byte) ||
            (point->kind == RT_INPUT_LINE && input.whole))
            return point;
    }
    return NULL;
}

const struct rt_point *
rt_input_next(void)
{
    const struct rt_point *point;

    if (input.program == NULL)
        return NULL;
    while (true) {
        if (input.has_byte || input.whole) {
            point = next_point();
            if (point != NULL)
                return point;
            if (input.whole)
                input.length = 0;
            input.has_byte = input.whole = false;
        }
        input.point = 0;
        if (take_byte())
            continue;
        if (!input.ended || input.length == 0)
            return NULL;
        input.whole = true;
    }
}

struct rt_string
rt_input_text(void)
{
    switch (rt_event.point->kind) {
    case RT_INPUT_CHAR:
        return (struct rt_string){&input.byte, 1};
    case RT_INPUT_LINE:
        return (struct rt_string){input.line, input.length};
    default:
        return RT_TEXT("");
    }
}
