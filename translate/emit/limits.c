/*
 * Limits of the process, by the names that stap knows them.
 */

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "translate/emit/emit.h"

/* What stap has: half of it where words have 32 bits. */
#define STRING_SIZE_64 512
#define STRING_SIZE_32 256

/*
 * MAXACTION is far above stap's 1000 (and 10000), which guard a kernel: a
 * process does no harm by a long handler, and only one that never ends has to
 * be stopped.
 */
static const struct {
    const char *name;
    size_t offset;
    int64_t normal;
    int64_t least;
    int64_t most;
} rows[] = {
    {"MAXSTRINGLEN", offsetof(struct emit_limits, string_size), STRING_SIZE_64,
     16, 1 << 20},
    {"MAXMAPENTRIES", offsetof(struct emit_limits, map_entries), 2048, 1,
     1 << 28},
    {"MAXACTION", offsetof(struct emit_limits, actions), 1000000, 1, INT64_MAX},
    {"MAXACTION_INTERRUPTIBLE", offsetof(struct emit_limits, actions_slow),
     10000000, 1, INT64_MAX},
    {"MAXNESTING", offsetof(struct emit_limits, nesting), 0, 1, 1000000},
    {"MAXERRORS", offsetof(struct emit_limits, errors), 0, 0, INT64_MAX},
    {"MAXSKIPPED", offsetof(struct emit_limits, skipped), INT64_MAX, 0,
     INT64_MAX},
    {"MAXBACKTRACE", offsetof(struct emit_limits, backtrace), CAPTURE_STACK_MAX,
     1, CAPTURE_STACK_MAX},
    {"STP_MAXMEMORY", offsetof(struct emit_limits, memory), 0, 1, INT64_MAX},
    {"STP_OVERLOAD_THRESHOLD", offsetof(struct emit_limits, overload_threshold),
     0, 1, INT64_MAX},
    {"STP_OVERLOAD_INTERVAL", offsetof(struct emit_limits, overload_interval),
     1000000000, 1000000, INT64_MAX},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

/* Names of stap's that have nothing to limit here, and why. */
static const struct {
    const char *name;
    const char *why;
} ignored[] = {
    {"MAXTRYLOCK", "handlers run one at a time and take no locks"},
    {"TRYLOCKDELAY", "handlers run one at a time and take no locks"},
    {"INTERRUPTIBLE", "handlers run in a process, which may be interrupted"},
    {"MINSTACKSPACE", "handlers run on the stack of a process"},
    {"MAPHASHBIAS", "arrays have as many buckets as they need"},
    {"KRETACTIVE", "the kernel has room for 4096 calls of all probes together"},
    {"MAXUPROBES", "probes take memory as they are attached"},
    {"STAP_CALLEE_MATCHALL", "the stack says who called, so all calls match"},
    {"STP_NO_OVERLOAD", "no overload ends a script unless "
                        "STP_OVERLOAD_THRESHOLD says which"},
    {"STP_PROCFS_BUFSIZE", "there are no procfs probes"},
    {"STP_EXECTRACE", "there is no trace of exec"},
    {"STP_TIMING", "option -t has the kernel and the process measure"},
    {"STP_ALIBI", "a program that is never run costs nothing to load"},
    {"STP_NO_VERREL_CHECK", "a script runs on the kernel that it was compiled "
                            "for"},
};

static int64_t *
place(struct emit_limits *limits, size_t row)
{
    return (int64_t *)((char *)limits + rows[row].offset);
}

void
emit_limits_default(struct emit_limits *limits, const char *arch)
{
    size_t i;

    *limits = (struct emit_limits){0};
    for (i = 0; i < ROWS; i++)
        *place(limits, i) = rows[i].normal;
    if (strcmp(arch, "i386") == 0)
        limits->string_size = STRING_SIZE_32;
}

void
emit_limits_no_time(struct emit_limits *limits)
{
    limits->actions = limits->actions_slow = INT64_MAX;
    limits->overload_threshold = 0;
}

static enum emit_definition
unknown(const char *definition, struct error *error)
{
    struct text names = {0};
    size_t i;

    for (i = 0; i < ROWS; i++)
        text_printf(&names, "%s%s", i > 0 ? ", " : "", rows[i].name);
    error_set(error,
              "-D %s: there is no such limit; there are %s; and with -g any "
              "name is defined for embedded C",
              definition, names.data);
    text_free(&names);
    return EMIT_DEFINITION_OTHER;
}

static bool
is_name(const char *name, const char *definition, size_t length)
{
    return strlen(name) == length && strncmp(name, definition, length) == 0;
}

enum emit_definition
emit_limits_set(struct emit_limits *limits, const char *definition,
                struct error *error)
{
    size_t length = strcspn(definition, "=");
    const char *value =
        definition[length] == '=' ? definition + length + 1 : "1";
    long long number;
    char *end;
    size_t i;

    for (i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++) {
        if (is_name(ignored[i].name, definition, length)) {
            error_set(error, "-D %s has no effect: %s", ignored[i].name,
                      ignored[i].why);
            return EMIT_DEFINITION_IGNORED;
        }
    }
    for (i = 0; i < ROWS; i++) {
        if (is_name(rows[i].name, definition, length))
            break;
    }
    if (i == ROWS)
        return unknown(definition, error);

    errno = 0;
    number = strtoll(value, &end, 0);
    if (end == value || *end != '\0' || errno != 0 || number < rows[i].least ||
        number > rows[i].most) {
        error_set(error, "-D %s: %s takes a number from %lld to %lld",
                  definition, rows[i].name, (long long)rows[i].least,
                  (long long)rows[i].most);
        return EMIT_DEFINITION_WRONG;
    }
    *place(limits, i) = number;
    return EMIT_DEFINITION_LIMIT;
}
