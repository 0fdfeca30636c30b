/*
 * Limits of the process, by the names that stap knows them.
 */

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "translate/emit.h"

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
    {"MAXSTRINGLEN", offsetof(struct emit_limits, string_size), 512, 16,
     1 << 20},
    {"MAXMAPENTRIES", offsetof(struct emit_limits, map_entries), 2048, 1,
     1 << 28},
    {"MAXACTION", offsetof(struct emit_limits, actions), 1000000, 1, INT64_MAX},
    {"MAXACTION_INTERRUPTIBLE", offsetof(struct emit_limits, actions_slow),
     10000000, 1, INT64_MAX},
    {"MAXNESTING", offsetof(struct emit_limits, nesting), 0, 1, 1000000},
    {"MAXERRORS", offsetof(struct emit_limits, errors), 0, 0, INT64_MAX},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static int64_t *
place(struct emit_limits *limits, size_t row)
{
    return (int64_t *)((char *)limits + rows[row].offset);
}

void
emit_limits_default(struct emit_limits *limits)
{
    size_t i;

    for (i = 0; i < ROWS; i++)
        *place(limits, i) = rows[i].normal;
}

static int
unknown(const char *definition, struct error *error)
{
    struct text names = {0};
    size_t i;

    for (i = 0; i < ROWS; i++)
        text_printf(&names, "%s%s", i > 0 ? ", " : "", rows[i].name);
    error_set(error, "-D %s: there is no such limit; there are %s", definition,
              names.data);
    text_free(&names);
    return -1;
}

int
emit_limits_set(struct emit_limits *limits, const char *definition,
                struct error *error)
{
    size_t length = strcspn(definition, "=");
    const char *value = definition + length;
    long long number;
    char *end;
    size_t i;

    for (i = 0; i < ROWS; i++) {
        if (strlen(rows[i].name) == length &&
            strncmp(rows[i].name, definition, length) == 0)
            break;
    }
    if (i == ROWS)
        return unknown(definition, error);

    errno = 0;
    number = *value == '=' ? strtoll(value + 1, &end, 0) : 0;
    if (*value != '=' || end == value + 1 || *end != '\0' || errno != 0 ||
        number < rows[i].least || number > rows[i].most)
        return error_set(error, "-D %s: %s takes a number from %lld to %lld",
                         definition, rows[i].name, (long long)rows[i].least,
                         (long long)rows[i].most);
    *place(limits, i) = number;
    return 0;
}
