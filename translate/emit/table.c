/*
 * Tables: globals, points, programs, and rt_program, which names them.
 */

#include <string.h>

#include "protocol/object.h"
#include "translate/emit/condition.h"
#include "translate/emit/emit_i.h"

static const char *const type_names[] = {
    [TYPE_LONG] = "RT_LONG",
    [TYPE_STRING] = "RT_STRING",
    [TYPE_STATS] = "RT_STATS",
};

static bool
has_variance(const struct variable *variable)
{
    return (variable->stat_operators & 1u << STAT_VARIANCE) != 0;
}

/* A global that was never given a type holds nothing. */
static enum type
global_type(const struct variable *variable)
{
    return variable->type == TYPE_UNKNOWN ? TYPE_LONG : variable->type;
}

/* ---- globals --------------------------------------------------------- */

static void
write_map(struct emitter *emitter, const struct variable *variable,
          struct text *text)
{
    int64_t limit = variable->max_entries > 0 ? variable->max_entries
                                              : emitter->limits->map_entries;
    int i;

    text_printf(text,
                "static struct rt_map %s = {\n"
                "    .name = \"%s\",\n"
                "    .limit = %llu,\n"
                "    .arity = %d,\n"
                "    .value_type = %s,\n",
                emit_variable_name(emitter, variable), variable->name,
                (unsigned long long)limit, variable->arity,
                type_names[global_type(variable)]);
    if (variable->max_entries > 0)
        text_puts(text, "    .sized = true,\n");
    if (variable->wrap)
        text_puts(text, "    .wrap = true,\n");
    if (has_variance(variable))
        text_printf(text, "    .variance = true,\n    .shift = %u,\n",
                    (unsigned)variable->variance_shift);
    if (variable->histogram != NULL)
        text_printf(text, "    .histogram = %s,\n",
                    emit_histogram(emitter, variable->histogram));
    text_puts(text, "    .keys = {");
    for (i = 0; i < variable->arity; i++)
        text_printf(text, "%s%s", i > 0 ? ", " : "",
                    type_names[variable->index_types[i]]);
    text_puts(text, "},\n};\n");
}

static void
write_buckets(struct emitter *emitter, const struct variable *variable,
              struct text *text)
{
    const struct expression *histogram = variable->histogram;

    text_printf(
        text,
        "static const struct rt_histogram buckets_%s = {%d, "
        "INT64_C(%lld), INT64_C(%lld), %u};\n",
        emit_variable_name(emitter, variable), histogram->histogram.linear,
        (long long)histogram->histogram.low,
        (long long)histogram->histogram.step, emit_bucket_count(histogram));
}

static void
write_global(struct emitter *emitter, const struct variable *variable,
             struct text *text)
{
    const char *name = emit_variable_name(emitter, variable);
    const struct expression *initial = variable->initial;

    if (variable->histogram != NULL)
        write_buckets(emitter, variable, text);

    if (variable->arity > 0) {
        write_map(emitter, variable, text);
        return;
    }
    switch (global_type(variable)) {
    case TYPE_STRING:
        text_printf(text, "static RT_VARIABLE(%lld) %s;\n",
                    (long long)emitter->limits->string_size, name);
        break;
    case TYPE_STATS:
        text_printf(text, "static RT_STATS_OF(%u) %s;\n",
                    variable->histogram != NULL
                        ? emit_bucket_count(variable->histogram)
                        : 0,
                    name);
        break;
    default:
        text_printf(text, "static int64_t %s = %s;\n", name,
                    initial == NULL ? "0"
                                    : emit_expression(emitter, initial).text);
        break;
    }
}

/* What the script only writes is shown at its end, the library's apart. */
static bool
is_shown(const struct variable *variable)
{
    return variable->written && !variable->read &&
           !variable->token->position.source->library;
}

static void
write_global_row(struct emitter *emitter, const struct variable *variable,
                 struct text *text)
{
    const char *name = emit_variable_name(emitter, variable);
    enum type type = global_type(variable);

    text_printf(text, "    {\"%s\", %s, ", variable->name, type_names[type]);
    text_printf(text, ".show = %d, .array = %d, .place = &%s%s",
                is_shown(variable), variable->arity > 0, name,
                variable->arity > 0   ? ""
                : type == TYPE_STRING ? ".variable"
                : type == TYPE_STATS  ? ".stats"
                                      : "");
    if (variable->initial != NULL && type == TYPE_STRING)
        text_printf(text, ", .initial = %s",
                    emit_quote(emitter, variable->initial->string));
    if (has_variance(variable))
        text_printf(text, ", .variance = true, .shift = %u",
                    (unsigned)variable->variance_shift);
    text_puts(text, "},\n");
}

void
emit_globals(struct emitter *emitter, struct text *text)
{
    const variable_list *globals = &emitter->unit->globals;

    LIST_EACH (each, globals) {
        write_global(emitter, *each, text);
    }
    if (globals->count == 0)
        return;
    text_puts(text, "\nstatic const struct rt_global globals[] = {\n");
    LIST_EACH (each, globals) {
        write_global_row(emitter, *each, text);
    }
    text_puts(text, "};\n\n");
}

/* ---- handlers and points --------------------------------------------- */

static const char *
place_of(struct emitter *emitter, const struct plan_handler *handler)
{
    const struct position *at = &handler->probe->token->position;

    return emit_text(emitter, "%s:%u:%u", at->source->name, at->line,
                     at->column);
}

static void
write_handler_row(struct emitter *emitter, const struct plan_handler *handler,
                  unsigned number, struct text *text)
{
    const struct capture *of[CAPTURE_KINDS] = {0};
    static const struct {
        enum capture_kind kind;
        const char *name;
    } rows[] = {
        {CAPTURE_TASK_NAME, "task_name"},   {CAPTURE_TASK, "task"},
        {CAPTURE_THREAD, "thread"},         {CAPTURE_ADDRESS, "address"},
        {CAPTURE_USER_MODE, "user_mode"},   {CAPTURE_STACK, "stack"},
        {CAPTURE_USER_STACK, "user_stack"}, {CAPTURE_OTHER_NAME, "other_name"},
    };
    static const struct {
        enum capture_kind kind;
        const char *name;
    } sizes[] = {
        {CAPTURE_TASK_NAME, "task_name_size"},
        {CAPTURE_STACK, "stack_size"},
        {CAPTURE_USER_STACK, "user_stack_size"},
    };
    size_t i;

    LIST_EACH (each, &handler->captures) {
        of[(*each)->kind] = *each;
    }
    text_printf(text, "    {handler_%u, %u", number, handler->fixed_size);
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct capture *capture = of[rows[i].kind];

        text_printf(text, ", .%s = ", rows[i].name);
        if (capture == NULL)
            text_puts(text, "RT_NO_OFFSET");
        else
            text_printf(text, "%u", capture->offset);
    }
    if (condition_of(handler) != NULL)
        text_printf(text, ", .condition = condition_%u", number);
    if (condition_may_change(emitter->plan, handler, emitter->arena))
        text_puts(text, ", .rechecks = true");
    for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
        if (of[sizes[i].kind] != NULL)
            text_printf(text, ", .%s = %u", sizes[i].name,
                        of[sizes[i].kind]->size);
    text_printf(text, ", .place = %s},\n",
                emit_quote(emitter, place_of(emitter, handler)));
}

static const char *
probe_kind(const struct plan_point *point)
{
    static const char *const kinds[] = {
        [POINT_FUNCTION] = "PROBE_ENTRY",
        [POINT_RETURN] = "PROBE_RETURN",
        [POINT_STATEMENT] = "PROBE_INSTRUCTION",
        [POINT_WRITE] = "PROBE_WATCH_WRITE",
        [POINT_ACCESS] = "PROBE_WATCH_ACCESS",
    };

    return object_is_program(point->object) ? "PROBE_USER_INSTRUCTION"
                                            : kinds[point->kind];
}

static void
write_instruction(const struct object_instruction *instruction,
                  struct text *text)
{
    unsigned i;

    text_printf(text, ", .instruction = 0x%02x, .text = {", instruction->move);
    for (i = 0; i < IMAGE_LENGTH(instruction->move); i++)
        text_printf(text, "%s0x%02x", i > 0 ? ", " : "", instruction->text[i]);
    text_puts(text, "}");
}

static void
write_point(struct emitter *emitter, const struct plan_point *point,
            struct text *text)
{
    static const char *const kinds[] = {
        [POINT_BEGIN] = "RT_BEGIN",
        [POINT_END] = "RT_END",
        [POINT_ERROR] = "RT_ERROR",
        [POINT_NEVER] = "RT_NEVER",
        [POINT_TIMER] = "RT_TIMER",
        [POINT_FUNCTION] = "RT_KERNEL",
        [POINT_RETURN] = "RT_KERNEL",
        [POINT_STATEMENT] = "RT_KERNEL",
        [POINT_WRITE] = "RT_KERNEL",
        [POINT_ACCESS] = "RT_KERNEL",
        [POINT_INPUT_CHAR] = "RT_INPUT_CHAR",
        [POINT_INPUT_LINE] = "RT_INPUT_LINE",
    };
    static const char *const presences[] = {
        [PRESENCE_BEGINS] = "RT_BEGINS",
        [PRESENCE_PRESENT] = "RT_PRESENT",
    };
    const char *function = point->function != NULL ? point->function : "";

    text_printf(text, "    {.kind = %s, %u, %s, %s", kinds[point->kind],
                point->handler, emit_quote(emitter, point->name),
                emit_quote(emitter, function));
    switch (point->kind) {
    case POINT_TIMER:
        text_printf(text, ", {.interval = %lluu}, {.randomize = %lluu}",
                    (unsigned long long)point->interval,
                    (unsigned long long)point->randomize);
        break;
    case POINT_FUNCTION:
    case POINT_RETURN:
    case POINT_STATEMENT:
    case POINT_WRITE:
    case POINT_ACCESS:
        text_printf(text,
                    ", {.address = 0x%llxu}, {.program = %u}, .probe = %s",
                    (unsigned long long)point->address, point->program,
                    probe_kind(point));
        if (object_is_program(point->object))
            write_instruction(&point->instruction, text);
        if (point->kind == POINT_RETURN &&
            point->entry_program != PLAN_NO_PROGRAM)
            text_printf(text,
                        ", .has_entry_program = true, .entry_program = %u",
                        point->entry_program);
        if (point_is_data(point->kind))
            text_printf(text, ", .length = %u", point->length);
        break;
    default:
        if (point->priority == INT64_MIN)
            text_puts(text, ", {.priority = INT64_MIN}, {0}");
        else
            text_printf(text, ", {.priority = INT64_C(%lld)}, {0}",
                        (long long)point->priority);
        break;
    }
    text_printf(text, ", .written = %s", emit_quote(emitter, point->written));
    if (point->pattern != NULL)
        text_printf(text, ", .pattern = %s",
                    emit_quote(emitter, point->pattern));
    if (point->presence != PRESENCE_NONE)
        text_printf(text, ", .presence = %s, .group = %u, .subject = %u",
                    presences[point->presence], point->group,
                    point->subject->offset);
    text_puts(text, "},\n");
}

/* ---- tasks of programs ------------------------------------------------ */

static void
write_task_names(struct emitter *emitter, const struct plan_tasks *tasks,
                 unsigned number, struct text *text)
{
    text_printf(text, "static const char *const task_names_%u[] = {", number);
    LIST_EACH (name, &tasks->object->file.tasks)
        text_printf(text, "%s, ", emit_quote(emitter, *name));
    text_puts(text, "NULL};\n");
}

static void
write_tasks(struct emitter *emitter, const struct plan *plan, struct text *text)
{
    unsigned i;

    if (plan->tasks.count == 0)
        return;
    for (i = 0; i < plan->tasks.count; i++)
        write_task_names(emitter, &plan->tasks.items[i], i, text);
    text_puts(text, "static const struct rt_tasks tasks[] = {\n");
    for (i = 0; i < plan->tasks.count; i++) {
        const struct plan_tasks *tasks = &plan->tasks.items[i];

        text_printf(text, "    {%s, %s, task_names_%u, %u, %u},\n",
                    emit_quote(emitter, tasks->object->name),
                    emit_quote(emitter, tasks->object->file.path), i,
                    tasks->first, tasks->count);
    }
    text_puts(text, "};\n\n");
}

/* ---- programs -------------------------------------------------------- */

static void
write_code(const struct plan_program *program, unsigned number,
           struct text *text)
{
    unsigned i;

    text_printf(text, "static const uint64_t code_%u[] = {", number);
    for (i = 0; i < program->count; i++) {
        uint64_t word;

        memcpy(&word, &program->instructions[i], sizeof(word));
        text_printf(text, "%s0x%016llx,", i % 4 == 0 ? "\n    " : " ",
                    (unsigned long long)word);
    }
    text_puts(text, "\n};\n\n");
}

static void
write_codes(const struct plan *plan, struct text *text)
{
    unsigned i;

    if (plan->programs.count == 0)
        return;
    for (i = 0; i < plan->programs.count; i++)
        write_code(&plan->programs.items[i], i, text);
    text_puts(text, "static const struct rt_code codes[] = {\n");
    for (i = 0; i < plan->programs.count; i++)
        text_printf(text, "    {code_%u, %u},\n", i,
                    plan->programs.items[i].count);
    text_puts(text, "};\n\n");
}

/* ---- objects --------------------------------------------------------- */

/* What they are is the command's to say; it has to be in a file of this name
 * where the assembler looks. */
static void
write_objects(struct text *text)
{
    text_printf(text,
                "__asm__(\".pushsection .rodata\\n\"\n"
                "        \".balign %u\\n\"\n"
                "        \"objects: .incbin \\\"" EMIT_OBJECTS "\\\"\\n\"\n"
                "        \"objects_end: .popsection\\n\");\n"
                "extern const uint8_t objects[], objects_end[];\n\n",
                OBJECT_ALIGNMENT);
}

/* ---- all ------------------------------------------------------------- */

static bool
writes_kernel(const struct plan *plan)
{
    LIST_EACH (handler, &plan->handlers)
        if (handler->writes)
            return true;
    return false;
}

void
emit_program_tables(struct emitter *emitter, struct text *text)
{
    const struct plan *plan = emitter->plan;
    const struct emit_limits *limits = emitter->limits;
    unsigned globals = emitter->unit->globals.count;
    unsigned i;

    write_codes(plan, text);
    write_tasks(emitter, plan, text);
    if (emitter->parts != 0)
        write_objects(text);
    text_puts(text, "static const struct rt_handler handlers[] = {\n");
    for (i = 0; i < plan->handlers.count; i++)
        write_handler_row(emitter, &plan->handlers.items[i], i, text);
    text_puts(text, "};\n\nstatic const struct rt_point points[] = {\n");
    LIST_EACH (point, &plan->points) {
        write_point(emitter, point, text);
    }
    text_puts(text, "};\n\nconst struct rt_program rt_program = {\n");
    text_printf(
        text, "    .identity = %s,\n",
        emit_quote(emitter, plan->identity != NULL ? plan->identity : ""));
    text_printf(text,
                "    .points = points,\n"
                "    .point_count = %u,\n"
                "    .kernel_points = %u,\n"
                "    .writes = %s,\n"
                "    .handlers = handlers,\n"
                "    .codes = %s,\n"
                "    .code_count = %u,\n"
                "    .globals = %s,\n"
                "    .global_count = %u,\n",
                plan->points.count, plan->kernel_points,
                writes_kernel(plan) ? "true" : "false",
                plan->programs.count > 0 ? "codes" : "NULL",
                plan->programs.count, globals > 0 ? "globals" : "NULL",
                globals);
    text_printf(text,
                "    .string_size = %lld,\n"
                "    .actions = %lld,\n"
                "    .actions_slow = %lld,\n"
                "    .errors = %lld,\n"
                "    .skipped = %lld,\n"
                "    .memory = %lld,\n"
                "    .backtrace = %lld,\n",
                (long long)limits->string_size, (long long)limits->actions,
                (long long)limits->actions_slow, (long long)limits->errors,
                (long long)limits->skipped, (long long)limits->memory,
                (long long)limits->backtrace);
    text_printf(text,
                "    .overload_threshold = %lld,\n"
                "    .overload_interval = %lld,\n",
                (long long)limits->overload_threshold,
                (long long)limits->overload_interval);
    if (plan->tasks.count > 0)
        text_printf(text, "    .tasks = tasks,\n    .task_count = %u,\n",
                    plan->tasks.count);
    if (plan->task_name_size != 0)
        text_printf(text, "    .task_name_size = %u,\n", plan->task_name_size);
    if (emitter->parts != 0)
        text_puts(text, "    .objects = objects,\n"
                        "    .objects_end = objects_end,\n");
    text_puts(text, "};\n");
}
