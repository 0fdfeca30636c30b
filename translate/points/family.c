#include <fnmatch.h>
#include <string.h>

#include "language/messages.h"
#include "translate/points/family.h"

#define TIMER(name, unit_)                                              \
    {.form = "timer." name "(n)", .kind = FAMILY_TIMER, .unit = unit_}, \
    {                                                                   \
        .form = "timer." name "(n).randomize(n)", .kind = FAMILY_TIMER, \
        .unit = unit_                                                   \
    }

#define FUNCTION(where, form_, suffix_, what_) \
    {.form = where "function(s)" form_,        \
     .kind = FAMILY_FUNCTION,                  \
     .suffix = suffix_,                        \
     .what = what_}

#define FUNCTION_AT(where, suffix_, what_) \
    {.form = where "function(n)" suffix_,  \
     .kind = FAMILY_FUNCTION_AT,           \
     .suffix = suffix_,                    \
     .what = what_}

#define DATA(argument, access, what_)                            \
    {.form = "kernel.data(" argument ")." access,                \
     .kind = FAMILY_DATA,                                        \
     .suffix = "." access,                                       \
     .what = what_},                                             \
    {                                                            \
        .form = "kernel.data(" argument ").length(n)." access,   \
        .kind = FAMILY_DATA, .suffix = "." access, .what = what_ \
    }

#define CALLEES(where, form_, suffix_, what_) \
    {.form = where "function(s)." form_,      \
     .kind = FAMILY_CALLEE,                   \
     .suffix = suffix_,                       \
     .what = what_}

#define PROCESS(suffix_, event_)                                               \
    {.form = "process." suffix_, .kind = FAMILY_PROCESS, .event = event_},     \
        {.form = "process(n)." suffix_,                                        \
         .kind = FAMILY_PROCESS,                                               \
         .event = event_},                                                     \
    {                                                                          \
        .form = "process(s)." suffix_, .kind = FAMILY_PROCESS, .event = event_ \
    }
#define ADDRESS(where, suffix_, name_)     \
    {.form = where "statement(n)" suffix_, \
     .kind = FAMILY_ADDRESS,               \
     .suffix = suffix_,                    \
     .name = name_}

/* Returns of functions. */
#define RETURNS(where)                                                     \
    FUNCTION(where, ".return", ".return", SITES_RETURNS),                  \
        FUNCTION(where, ".return.maxactive(n)", ".return", SITES_RETURNS), \
        FUNCTION(where, ".call.return", ".return", SITES_RETURNS),         \
        FUNCTION_AT(where, ".return", SITES_RETURNS),                      \
        CALLEES(where, "callee(s).return", ".return", SITES_RETURNS)

/* What there is in code, the kernel's or a program's. */
#define CODE(where)                                                   \
    FUNCTION(where, "", "", SITES_ALL),                               \
        FUNCTION(where, ".call", ".call", SITES_ENTRIES),             \
        FUNCTION(where, ".exported", ".exported", SITES_EXPORTED),    \
        FUNCTION(where, ".inline", ".inline", SITES_EXPANSIONS),      \
        FUNCTION_AT(where, "", SITES_ENTRIES),                        \
        FUNCTION_AT(where, ".call", SITES_ENTRIES),                   \
        FUNCTION_AT(where, ".exported", SITES_EXPORTED),              \
        CALLEES(where, "callee(s)", "", SITES_ALL),                   \
        CALLEES(where, "callee(s).call", ".call", SITES_ENTRIES),     \
        CALLEES(where, "callees", "", SITES_ALL),                     \
        CALLEES(where, "callees(n)", "", SITES_ALL),                  \
        {.form = where "function(s).label(s)", .kind = FAMILY_LABEL}, \
        {.form = where "statement(s)",                                \
         .kind = FAMILY_STATEMENT,                                    \
         .suffix = ""},                                               \
        {.form = where "statement(s).nearest",                        \
         .kind = FAMILY_STATEMENT,                                    \
         .suffix = "",                                                \
         .nearest = true},                                            \
        ADDRESS(where, "", NULL), ADDRESS(where, ".absolute", NULL)

static const struct family families[] = {
    {.form = "begin", .kind = FAMILY_BEGIN},
    {.form = "begin(n)", .kind = FAMILY_BEGIN},
    {.form = "end", .kind = FAMILY_END},
    {.form = "end(n)", .kind = FAMILY_END},
    {.form = "error", .kind = FAMILY_ERROR},
    {.form = "error(n)", .kind = FAMILY_ERROR},
    {.form = "never", .kind = FAMILY_NEVER},
    {.form = "oneshot", .kind = FAMILY_ONESHOT},
    {.form = "__stdin.char", .kind = FAMILY_INPUT_CHAR},
    {.form = "__stdin.line", .kind = FAMILY_INPUT_LINE},
    TIMER("s", 1000000000),
    TIMER("sec", 1000000000),
    TIMER("ms", 1000000),
    TIMER("msec", 1000000),
    TIMER("us", 1000),
    TIMER("usec", 1000),
    TIMER("ns", 1),
    TIMER("nsec", 1),
    TIMER("jiffies", 10000000),
    {.form = "timer.hz(n)", .kind = FAMILY_TIMER_HZ},
    {.form = "timer.profile", .kind = FAMILY_PROFILE},
    {.form = "timer.profile.tick", .kind = FAMILY_PROFILE},
    {.form = "timer.profile.freq.hz(n)", .kind = FAMILY_PROFILE},
    {.form = "perf.sw.cpu_clock", .kind = FAMILY_PERF},
    {.form = "perf.sw.cpu_clock.sample(n)", .kind = FAMILY_PERF},
    {.form = "perf.sw.cpu_clock.hz(n)", .kind = FAMILY_PERF},
    {.form = "perf.type(n).config(n)", .kind = FAMILY_PERF},
    {.form = "perf.type(n).config(n).sample(n)", .kind = FAMILY_PERF},
    {.form = "perf.type(n).config(n).hz(n)", .kind = FAMILY_PERF},
    PROCESS("begin", PROCESS_BEGIN),
    PROCESS("end", PROCESS_END),
    PROCESS("thread.begin", PROCESS_THREAD_BEGIN),
    PROCESS("thread.end", PROCESS_THREAD_END),
    PROCESS("syscall", PROCESS_SYSCALL),
    PROCESS("syscall.return", PROCESS_SYSCALL_RETURN),
    CODE("kernel."),
    RETURNS("kernel."),
    CODE("process(s)."),
    CODE("process."),
    {.form = "process(s).mark(s)", .kind = FAMILY_MARK},
    {.form = "process(s).provider(s).mark(s)", .kind = FAMILY_MARK},
    {.form = "process.mark(s)", .kind = FAMILY_MARK},
    {.form = "process.provider(s).mark(s)", .kind = FAMILY_MARK},
    ADDRESS("kprobe.", ".absolute", "kprobe"),
    {.form = "kprobe.function(s)",
     .kind = FAMILY_KPROBE_FUNCTION,
     .suffix = "",
     .what = SITES_ENTRIES},
    {.form = "kprobe.function(s).call",
     .kind = FAMILY_KPROBE_FUNCTION,
     .suffix = ".call",
     .what = SITES_ENTRIES},
    {.form = "kprobe.function(s).return",
     .kind = FAMILY_KPROBE_FUNCTION,
     .suffix = ".return",
     .what = SITES_RETURNS},
    DATA("n", "write", SITES_WRITES),
    DATA("n", "rw", SITES_ACCESSES),
    DATA("s", "write", SITES_WRITES),
    DATA("s", "rw", SITES_ACCESSES),
};

#define FAMILIES (sizeof(families) / sizeof(families[0]))

#define LINUX "is of Linux; GNU Mach has no such thing"
#define SYSCALL                                                       \
    "is of Linux; Mach's system calls are mach_trap.NAME or, of one " \
    "task, process(\"NAME\").syscall, and its calls by message mach_rpc.NAME"

#define TASK_LIBRARY                                                          \
    "is of shared libraries, which are loaded at any address and not probed " \
    "yet; process(\"PATH\").function(\"NAME\") is in the program itself"
#define TASK_RETURN                                                  \
    "is not supported yet in programs; process(\"PATH\").statement(" \
    "\"FUNCTION@FILE:LINE\") is any line of a function, the last one too"
#define TASK_STEPS                                                        \
    "steps through the code of tasks, which is not supported yet; "       \
    "process(\"PATH\").statement(\"FUNCTION@FILE:*\") is each line of a " \
    "function"
#define TASK_LANGUAGE                                                   \
    "is for programs in this language, whose functions are not known; " \
    "process(\"PATH\").function(\"NAME\") is one that was compiled, "   \
    "process(\"NAME\").syscall what a task calls of the kernel"

#define PERF_COUNTER                                                      \
    "counts by a counter of the processor, which GNU Mach has no driver " \
    "of; perf.sw.cpu_clock samples by time"
#define PERF_PROCESS                                                    \
    "is of the counters of one process; perf.sw.cpu_clock with a test " \
    "of execname() samples it"

/* Families known by their first components that there is no support for. */
static const struct {
    const char *name;
    const char *reason;
} refused[] = {
    {"kernel.trace", "takes the name of a tracepoint, \"SYSTEM:NAME\""},
    {"kernel.tracepoint", "takes the name of a tracepoint, \"SYSTEM:NAME\""},
    {"kernel.mark", "is for markers, which GNU Mach has none of; "
                    "kernel.trace(\"SYSTEM:NAME\") names the library's points"},
    {"syscall", SYSCALL},
    {"nd_syscall", SYSCALL},
    {"process.function.return", TASK_RETURN},
    {"process.function.call.return", TASK_RETURN},
    {"process.function.callee.return", TASK_RETURN},
    {"process.library", TASK_LIBRARY},
    {"process.plt", TASK_LIBRARY},
    {"process.data", "watches memory of tasks, which is not supported yet; "
                     "vm.fault tells of pages that tasks touch"},
    {"process.insn", TASK_STEPS},
    {"process.itrace", TASK_STEPS},
    {"perf.hw", PERF_COUNTER},
    {"perf.hwcache", PERF_COUNTER},
    {"perf.sw.cpu_clock.process", PERF_PROCESS},
    {"perf.sw.cpu_clock.counter", PERF_PROCESS},
    {"perf.type.config.process", PERF_PROCESS},
    {"perf.type.config.counter", PERF_PROCESS},
    {"perf.sw", "counts what only Linux counts, but for perf.sw.cpu_clock; "
                "vm.fault and scheduler.* tell of faults and switches"},
    {"procfs", "is for files of /proc, which GNU Mach has none of; input.line "
               "reads what is typed while a script runs"},
    {"module", "is for kernel modules, which GNU Mach has none of"},
    {"netfilter", LINUX},
    {"socket", LINUX},
    {"tcp", LINUX},
    {"udp", LINUX},
    {"nfs", LINUX},
    {"scsi", LINUX},
    {"ioblock", LINUX},
    {"signal", LINUX},
    {"lsm", LINUX},
    {"sunrpc", LINUX},
    {"vfs", LINUX},
    {"generic", LINUX},
    {"ioscheduler", LINUX},
    {"netdev", LINUX},
    {"ip", LINUX},
    {"tty", LINUX},
    {"workqueue", LINUX},
    {"softirq", LINUX},
    {"irq_handler", "is of Linux; interrupts of devices are interrupt.device"},
    {"kprocess", "is of Linux; process.begin and its kin tell of tasks"},
    {"java", TASK_LANGUAGE},
    {"python2", TASK_LANGUAGE},
    {"python3", TASK_LANGUAGE},
    {"debuginfod", "takes programs from a server, which is not supported; "
                   "process(\"PATH\") names a file"},
};

bool
family_is_of_program(const struct family *family)
{
    return strncmp(family->form, "process", strlen("process")) == 0;
}

/* ---- forms ----------------------------------------------------------- */

struct form_component {
    char name[24];
    char argument; /* 'n', 's', or 0 if it takes none */
};

static unsigned
read_form(const char *form, struct form_component components[])
{
    unsigned count = 0;

    while (*form != '\0') {
        struct form_component *component = &components[count++];
        size_t length = strcspn(form, ".(");

        memcpy(component->name, form, length);
        component->name[length] = '\0';
        component->argument = '\0';
        form += length;
        if (*form == '(') {
            component->argument = form[1];
            form += strlen("(n)");
        }
        if (*form == '.')
            form++;
    }
    return count;
}

static char
argument_kind(const struct probe_component *component)
{
    if (component->argument == NULL)
        return '\0';
    return component->argument->kind == EXPRESSION_NUMBER ? 'n' : 's';
}

/* A wildcard does not mean what is the library's own affair, "__name". */
static bool
name_matches(const char *pattern, const char *name)
{
    return (*name != '_' || *pattern == '_') && fnmatch(pattern, name, 0) == 0;
}

static bool
names_match(const struct probe_component *component, const char *name)
{
    return name_matches(component->name, name);
}

/* What is known of a point after it was compared with some of the rows. */
struct comparison {
    const struct probe_point *point;
    unsigned names; /* of its components that a row's names begin with */
    /* Form of a row that only takes other arguments, the most right ones. */
    const char *argument;
    unsigned argument_at; /* the component at fault in it */
    unsigned right;       /* how right it is */
};

/* "**" crosses dots: the names are compared as one.  What takes an argument is
 * not meant. */
static bool
crossing_matches(const struct probe_point *point, const char *form)
{
    struct text names = {0};

    LIST_EACH (at, &point->components)
        text_printf(&names, "%s%s", names.size > 0 ? "." : "", at->name);
    bool matches =
        strchr(form, '(') == NULL && name_matches(text_string(&names), form);
    text_free(&names);
    return matches;
}

static bool
form_matches(struct comparison *comparison, const char *form)
{
    const component_list *asked = &comparison->point->components;
    struct form_component components[FAMILY_COMPONENTS_MAX];
    unsigned count = read_form(form, components);
    unsigned same = 0, wrong = count;

    while (same < count && same < asked->count &&
           names_match(&asked->items[same], components[same].name)) {
        if (wrong == count &&
            argument_kind(&asked->items[same]) != components[same].argument)
            wrong = same;
        same++;
    }
    if (same > comparison->names)
        comparison->names = same;
    if (same != count || same != asked->count)
        return false;
    if (wrong == count)
        return true;
    /* Better another argument than none. */
    unsigned right = 2 * wrong + (components[wrong].argument != '\0');
    if (comparison->argument == NULL || right > comparison->right) {
        comparison->argument = form;
        comparison->right = right;
        comparison->argument_at = wrong;
    }
    return false;
}

/* ---- refusals -------------------------------------------------------- */

/* Whether the names of POINT begin with those of ROW. */
static bool
begins_with(const struct probe_point *point, const char *row,
            unsigned *components)
{
    struct form_component names[FAMILY_COMPONENTS_MAX];
    unsigned count = read_form(row, names);

    for (unsigned i = 0; i < count; i++)
        if (i >= point->components.count ||
            strcmp(point->components.items[i].name, names[i].name) != 0)
            return false;
    *components = count;
    return true;
}

static int
refuse(const struct probe_point *point, unsigned *component,
       struct error *error)
{
    for (unsigned i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        unsigned count;

        if (!begins_with(point, refused[i].name, &count))
            continue;
        *component = count - 1;
        error_set(error, "probe point %s %s", refused[i].name,
                  refused[i].reason);
        return POINT_WRONG;
    }
    return 0;
}

/* "timer.ms(n)" as people write it: "timer.ms(NUMBER)". */
static void
add_form(struct text *text, const char *form)
{
    for (; *form != '\0'; form++) {
        if (strncmp(form, "(n)", 3) == 0 || strncmp(form, "(s)", 3) == 0) {
            text_puts(text, form[1] == 'n' ? "(NUMBER)" : "(\"STRING\")");
            form += 2;
        } else {
            text_putc(text, *form);
        }
    }
}

static int
wrong_argument(const struct comparison *comparison, unsigned *component,
               struct error *error)
{
    struct text text = {0};

    add_form(&text, comparison->argument);
    *component = comparison->argument_at;
    error_set(error, "probe point mismatch: expected %s", text_string(&text));
    text_free(&text);
    return POINT_WRONG;
}

/* Whether the list of " word word" has WORD. */
static bool
has_word(const char *list, const char *word)
{
    size_t length = strlen(word);

    for (const char *at = list; *at != '\0'; at += strcspn(at, " ")) {
        at++;
        if (strcspn(at, " ") == length && memcmp(at, word, length) == 0)
            return true;
    }
    return false;
}

/* The component after those that are right is not what any row has there. */
static int
mismatch(struct arena *arena, const struct comparison *comparison,
         unsigned *component, struct error *error)
{
    const component_list *asked = &comparison->point->components;
    unsigned at = comparison->names;
    bool missing = at >= asked->count;
    struct similar similar = {.name = missing ? "" : asked->items[at].name};
    struct text names = {0};

    *component = missing ? asked->count - 1 : at;
    for (unsigned i = 0; i < FAMILIES; i++) {
        struct form_component components[FAMILY_COMPONENTS_MAX];
        unsigned count = read_form(families[i].form, components), same = 0;

        while (same < at && same < count &&
               names_match(&asked->items[same], components[same].name))
            same++;
        if (same < at || count <= at)
            continue;
        similar_offer(&similar, arena_string(arena, components[at].name,
                                             strlen(components[at].name)));
        if (!has_word(text_string(&names), components[at].name))
            text_printf(&names, " %s", components[at].name);
    }
    if (names.size == 0)
        error_set(error, "probe point mismatch: nothing can follow here");
    else
        error_set(error, "probe point mismatch%s (alternatives:%s)",
                  missing ? ": it ends too early"
                          : similar_text(arena, &similar),
                  text_string(&names));
    text_free(&names);
    return POINT_WRONG;
}

int
family_find(struct arena *arena, const struct probe_point *point,
            family_list *found, unsigned *component, struct error *error)
{
    struct comparison comparison = {.point = point};

    bool crosses = false;

    LIST_EACH (at, &point->components)
        crosses = crosses || strstr(at->name, "**") != NULL;
    for (unsigned i = 0; i < FAMILIES; i++)
        if (crosses ? crossing_matches(point, families[i].form)
                    : form_matches(&comparison, families[i].form))
            LIST_ADD(arena, found, &families[i]);
    if (found->count > 0)
        return 0;
    if (crosses) {
        error_set(error, "no match");
        return POINT_NO_MATCH;
    }
    int result = refuse(point, component, error);
    if (result != 0)
        return result;
    if (comparison.argument != NULL)
        return wrong_argument(&comparison, component, error);
    return mismatch(arena, &comparison, component, error);
}

const char *const *
family_names(struct arena *arena)
{
    LIST_OF(const char *) names = {0};

    for (unsigned i = 0; i < FAMILIES; i++) {
        const char *form = families[i].form;
        const char *name = arena_string(arena, form, strcspn(form, ".("));
        LIST_ADD(arena, &names, name);
    }
    for (unsigned i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        const char *form = refused[i].name;
        const char *name = arena_string(arena, form, strcspn(form, "."));
        LIST_ADD(arena, &names, name);
    }
    LIST_ADD(arena, &names, NULL);
    return (const char *const *)names.items;
}

void
family_dump(struct text *text, bool unprivileged)
{
    for (size_t i = 0; i < FAMILIES; i++) {
        /* What only the library's aliases name. */
        if (families[i].form[0] == '_' ||
            (unprivileged && families[i].kind >= FAMILY_PROFILE))
            continue;
        for (const char *c = families[i].form; *c != '\0'; c++) {
            if (strncmp(c, "(n)", 3) == 0 || strncmp(c, "(s)", 3) == 0) {
                text_puts(text, c[1] == 'n' ? "(number)" : "(string)");
                c += 2;
            } else {
                text_putc(text, *c);
            }
        }
        text_putc(text, '\n');
    }
}
