#include "runtime/symbols/task_name.h"

#include <string.h>

/* "((dir/program(5)))" is one of "program". */
static struct rt_string
program_name(struct rt_string task)
{
    const char *end = task.text + task.length, *at = task.text;

    while (at < end && *at == '(')
        at++;
    for (const char *c = at; c < end; c++) {
        if (*c == '/')
            at = c + 1;
        else if (*c == '(' || *c == ')')
            end = c;
    }
    return (struct rt_string){at, (size_t)(end - at)};
}

bool
rt_task_runs(struct rt_string name, size_t size, const char *program)
{
    struct rt_string runs = program_name(name);
    /* Where the kernel has no more room for a name, it may go on. */
    bool cut = name.length + 1 == size &&
               name.text + name.length == runs.text + runs.length;

    return runs.length > 0 && strncmp(program, runs.text, runs.length) == 0 &&
           (cut || program[runs.length] == '\0');
}
