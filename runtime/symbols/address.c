#include "runtime/symbols/address.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/failure.h"
#include "runtime/base/scratch.h"
#include "runtime/events/event.h"

/* Begin, end and timers are of no task. */
struct rt_space
rt_event_space(void)
{
    return rt_event.payload != NULL ? rt_task_space(rt_execname())
                                    : (struct rt_space){0};
}

/* ---- text -------------------------------------------------------------- */

/* What is being written; when there is no more room the rest is left out. */
struct line {
    char *text;
    size_t length;
};

static void __attribute__((format(printf, 2, 3)))
put(struct line *line, const char *format, ...)
{
    size_t room = RT_LINE_TEXT - 1 - line->length;
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(line->text + line->length, room, format, arguments);
    va_end(arguments);
    if (length > 0)
        line->length += (size_t)length < room ? (size_t)length : room - 1;
}

static struct rt_string
hold(const struct line *line)
{
    return rt_hold((struct rt_string){line->text, line->length});
}

static void
put_address(struct line *line, uint64_t address)
{
    put(line, "0x%llx", (unsigned long long)address);
}

/* "name+0x…/0x…": where in the symbol, and its size if that is known. */
static void
put_symbol(struct line *line, const struct rt_symbol *symbol, uint64_t address)
{
    put(line, "%s+0x%llx", symbol->name,
        (unsigned long long)(address - symbol->start));
    if (symbol->size != 0)
        put(line, "/0x%llx", (unsigned long long)symbol->size);
}

/* " [module]", or where in the module it is if that is all that is known. */
static void
put_module(struct line *line, struct rt_space space, uint64_t address,
           bool named)
{
    const char *module = rt_module_at(space, address);

    if (module == NULL)
        return;
    if (named || space.object == NULL)
        put(line, " [%s]", module);
    else
        put(line, " [%s+0x%llx/0x%llx]", module,
            (unsigned long long)(address - space.object->base),
            (unsigned long long)space.object->span);
}

/* " at file:line". */
static void
put_place(struct line *line, struct rt_space space, uint64_t address)
{
    uint32_t number;
    const char *file = rt_line_at(space, address, &number);

    if (file != NULL)
        put(line, " at %s:%u", file, number);
}

size_t
rt_put_line(char text[RT_LINE_TEXT], struct rt_space space, uint64_t address,
            enum rt_line_style style, bool returns)
{
    struct line line = {.text = text};
    struct rt_symbol symbol;
    uint64_t meant = returns && address != 0 ? address - 1 : address;
    bool named = rt_symbol_at(space, meant, &symbol);

    put(&line, " ");
    if (style == RT_LINE_BRIEF && named) {
        put(&line, "%s+0x%llx", symbol.name,
            (unsigned long long)(address - symbol.start));
    } else {
        put_address(&line, address);
        if (named) {
            put(&line, " : ");
            put_symbol(&line, &symbol, address);
        }
        if (style == RT_LINE_FILELINE)
            put_place(&line, space, meant);
        if (style != RT_LINE_BRIEF)
            put_module(&line, space, address, named);
    }
    text[line.length] = '\n';
    return line.length + 1;
}

struct rt_string
rt_name_and_address(struct rt_space space, uint64_t address)
{
    char text[RT_LINE_TEXT];
    struct line line = {.text = text};
    struct rt_symbol symbol;

    if (rt_symbol_at(space, address, &symbol))
        put(&line, "%s ", symbol.name);
    put_address(&line, address);
    return hold(&line);
}

/* ---- one question each ------------------------------------------------- */

/* Of an address, whatever its space. */
enum question {
    NAME,
    DATA,
    FILE_NAME,
    LINE,
    FILE_AND_LINE,
};

static bool
put_answer(struct line *line, enum question question, struct rt_space space,
           uint64_t address)
{
    struct rt_symbol symbol;
    const char *file;
    uint32_t number;

    switch (question) {
    case NAME:
        if (!rt_symbol_at(space, address, &symbol))
            return false;
        put(line, "%s", symbol.name);
        return true;
    case DATA: {
        bool named = rt_symbol_at(space, address, &symbol);

        if (named)
            put_symbol(line, &symbol, address);
        else
            put_address(line, address);
        put_module(line, space, address, named);
        return true;
    }
    default:
        break;
    }
    file = rt_line_at(space, address, &number);
    if (file == NULL)
        return false;
    if (question != LINE)
        put(line, "%s", file);
    if (question != FILE_NAME)
        put(line, question == LINE ? "%u" : ":%u", number);
    return true;
}

static struct rt_string
answer(enum question question, struct rt_space space, int64_t address)
{
    char text[RT_LINE_TEXT];
    struct line line = {.text = text};

    if (!put_answer(&line, question, space, (uint64_t)address))
        put_address(&line, (uint64_t)address);
    return hold(&line);
}

static struct rt_string
module(struct rt_space space, int64_t address, const char *what)
{
    const char *name = rt_module_at(space, (uint64_t)address);

    if (name == NULL) {
        rt_raise("0x%llx is in no %s that is known",
                 (unsigned long long)address, what);
        return RT_TEXT("");
    }
    return rt_hold((struct rt_string){name, strlen(name)});
}

#define QUESTION(name, question)                               \
    struct rt_string rt_sym##name(int64_t address)             \
    {                                                          \
        return answer(question, rt_kernel_space(), address);   \
    }                                                          \
    struct rt_string rt_usym##name(int64_t address)            \
    {                                                          \
        return answer(question, rt_event_space(), address);    \
    }                                                          \
    struct rt_string rt_usym##name##_of(int64_t address,       \
                                        struct rt_string task) \
    {                                                          \
        return answer(question, rt_task_space(task), address); \
    }

QUESTION(name, NAME)
QUESTION(data, DATA)
QUESTION(file, FILE_NAME)
QUESTION(line, LINE)
QUESTION(fileline, FILE_AND_LINE)

struct rt_string
rt_modname(int64_t address)
{
    return module(rt_kernel_space(), address, "module of the kernel");
}

struct rt_string
rt_umodname(int64_t address)
{
    return module(rt_event_space(), address, "program");
}

struct rt_string
rt_umodname_of(int64_t address, struct rt_string task)
{
    return module(rt_task_space(task), address, "program");
}
