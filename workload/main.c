#include "workload/workload.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mach/console.h"
#include "mach/task.h"
#include "mig/gnumach_user.h"

/* Its messages to the kernel can be counted to the last. */
const char task_console_default[] = "port";

static const struct workload_part *const parts[] = {
    &workload_rpc,   &workload_vm,    &workload_threads,
    &workload_waits, &workload_ports, &workload_parallel,
};
#define PART_COUNT (sizeof(parts) / sizeof(parts[0]))

static unsigned counts[PART_COUNT];

static struct option {
    const char *name;
    unsigned value;
} options[] = {{"loops", 1}, {"spread", 0}, {"calls", 0}};
enum { LOOPS, SPREAD, CALLS };
#define OPTION_COUNT (sizeof(options) / sizeof(options[0]))

static void
say(enum channel_stream stream, const char *lead, const char *format,
    va_list arguments)
{
    char text[256], line[320];

    vsnprintf(text, sizeof(text), format, arguments);
    snprintf(line, sizeof(line), "workload: %s%s\n", lead, text);
    console_write(stream, line, strlen(line));
}

void
workload_say(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say(CHANNEL_STDOUT, "", format, arguments);
    va_end(arguments);
}

void
workload_fail(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say(CHANNEL_STDERR, "FAILED: ", format, arguments);
    va_end(arguments);
    exit(EXIT_FAILURE);
}

static bool
is_name(const char *name, const char *word, size_t length)
{
    return strlen(name) == length && strncmp(name, word, length) == 0;
}

/* Where the number of the option NAME=N goes, or NULL. */
static unsigned *
find_option(const char *name, size_t length)
{
    for (size_t i = 0; i < PART_COUNT; i++)
        if (is_name(parts[i]->name, name, length))
            return &counts[i];
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (is_name(options[i].name, name, length))
            return &options[i].value;
    return NULL;
}

static void
parse_option(const char *word)
{
    size_t length = strcspn(word, "=");
    unsigned *option = find_option(word, length);
    char *end;
    unsigned long number;

    if (option == NULL || word[length] == '\0')
        workload_fail("%s: no such option; there are rpc=N vm=N threads=N "
                      "waits=N ports=N parallel=N loops=N spread=N",
                      word);
    number = strtoul(word + length + 1, &end, 10);
    if (end == word + length + 1 || *end != '\0' || number > 1000000000)
        workload_fail("%s: not a number", word);
    *option = (unsigned)number;
}

int
main(int argc, char **argv)
{
    unsigned loops, processors = 0;

    for (size_t i = 0; i < PART_COUNT; i++)
        counts[i] = parts[i]->count;
    for (int i = 1; i < argc; i++)
        parse_option(argv[i]);
    WORKLOAD_CALL(task_set_name(mach_task_self(), (char *)"workload"));

    if (options[SPREAD].value != 0 && task_ports.host == MACH_PORT_NULL)
        workload_fail("spread=1 needs --host-port=${host-port}");
    if (options[SPREAD].value != 0)
        processors = workload_spread();

    loops = options[LOOPS].value;
    for (unsigned loop = 0; loops == 0 || loop < loops; loop++)
        for (size_t i = 0; i < PART_COUNT; i++)
            if (counts[i] > 0)
                parts[i]->run(counts[i]);

    for (size_t i = 0; i < PART_COUNT; i++)
        if (counts[i] > 0)
            parts[i]->report();
    if (processors != 0)
        workload_say("spread processors=%u", processors);
    workload_report_calls(options[CALLS].value != 0);
    return 0;
}
