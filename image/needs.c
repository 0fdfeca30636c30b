#include "image/needs.h"

#include <stdlib.h>
#include <string.h>

#include "support/path.h"
#include "support/text.h"

#define BLANKS " \t\r"

static const char *const words[] = {
    [NEED_STRUCT] = "struct",     [NEED_UNION] = "union",
    [NEED_TYPE] = "type",         [NEED_FUNCTION] = "function",
    [NEED_VARIABLE] = "variable", [NEED_LABEL] = "label",
    [NEED_CONSTANT] = "constant", [NEED_BOUND] = "bound",
};

#define KINDS (sizeof(words) / sizeof(words[0]))

/* Reasons that a list may give: those that are a matter of knowledge. */
static const struct {
    const char *name;
    enum image_reason reason;
} reasons[] = {
    {"PROBE_PATH", IMAGE_REASON_PROBE_PATH},
    {"ENTRY_PATH", IMAGE_REASON_ENTRY_PATH},
    {"WATCH", IMAGE_REASON_WATCH},
    {"BREAKPOINT", IMAGE_REASON_BREAKPOINT},
};

/* Where reading is. */
struct reader {
    struct needs *needs;
    int line;
    const char *purpose;
};

const char *
need_word(enum need_kind kind)
{
    return words[kind];
}

struct need *
needs_find(const struct needs *needs, enum need_kind kind, const char *name)
{
    LIST_EACH (at, &needs->items) {
        if ((*at)->kind == kind && strcmp((*at)->name, name) == 0)
            return *at;
    }
    return NULL;
}

static bool
is_name(const char *word)
{
    return strspn(word,
                  "abcdefghijklmnopqrstuvwxyz"
                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.") == strlen(word);
}

static char *
keep(struct needs *needs, const char *string)
{
    return arena_string(&needs->arena, string, strlen(string));
}

/* Does this kind have members? */
static bool
is_aggregate(enum need_kind kind)
{
    return kind == NEED_STRUCT || kind == NEED_UNION || kind == NEED_TYPE;
}

static struct need *
add_need(struct reader *reader, enum need_kind kind, const char *name,
         bool optional)
{
    struct needs *needs = reader->needs;
    struct need *need = needs_find(needs, kind, name);

    if (need != NULL) {
        if (!is_aggregate(kind))
            need->optional = need->optional && optional;
        return need;
    }
    need = ARENA_NEW(&needs->arena, struct need);
    need->kind = kind;
    need->name = keep(needs, name);
    need->optional = optional;
    need->line = reader->line;
    need->purpose = reader->purpose;
    LIST_ADD(&needs->arena, &needs->items, need);
    return need;
}

static void
add_member(struct reader *reader, struct need *need, const char *path,
           bool optional)
{
    LIST_EACH (at, &need->members) {
        if (strcmp(at->path, path) == 0) {
            at->optional = at->optional && optional;
            return;
        }
    }
    LIST_ADD(&reader->needs->arena, &need->members,
             ((struct need_member){.path = keep(reader->needs, path),
                                   .optional = optional,
                                   .line = reader->line,
                                   .purpose = reader->purpose}));
}

static int
read_forbidden(struct reader *reader, char **rest, struct error *error)
{
    struct needs *needs = reader->needs;
    const char *word = strtok_r(NULL, BLANKS, rest);
    const char *name;
    size_t i;

    for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
        if (word == NULL || strcmp(reasons[i].name, word) != 0)
            continue;
        while ((name = strtok_r(NULL, BLANKS, rest)) != NULL)
            LIST_ADD(&needs->arena, &needs->forbidden,
                     ((struct need_forbidden){keep(needs, name),
                                              reasons[i].reason}));
        return 0;
    }
    return error_set(error,
                     "%s:%d: forbid wants a reason, one of PROBE_PATH, "
                     "ENTRY_PATH, WATCH and BREAKPOINT, not \"%s\"",
                     needs->path, reader->line, word != NULL ? word : "");
}

/* The names after a word of some kind. */
static int
read_names(struct reader *reader, enum need_kind kind, bool optional,
           char **rest, struct error *error)
{
    bool aggregate = is_aggregate(kind);
    struct need *need = NULL;
    const char *name;
    int count = 0;

    for (; (name = strtok_r(NULL, BLANKS, rest)) != NULL; count++) {
        if (!is_name(name))
            return error_set(error, "%s:%d: \"%s\" is not a name",
                             reader->needs->path, reader->line, name);
        if (count == 0 || (!aggregate && kind != NEED_BOUND))
            need = add_need(reader, kind, name, optional && !aggregate);
        else if (aggregate)
            add_member(reader, need, name, optional);
        else if (count == 1)
            need->variable = keep(reader->needs, name);
    }
    /* A struct? without members is itself what may be missing. */
    if (aggregate && count == 1 && optional)
        need->optional = true;
    if (count == 0 || (kind == NEED_BOUND && count != 2))
        return error_set(error, "%s:%d: %s wants %s", reader->needs->path,
                         reader->line, words[kind],
                         kind == NEED_BOUND ? "a name and a variable"
                                            : "a name");
    return 0;
}

static int
read_line(struct reader *reader, char *line, struct error *error)
{
    struct needs *needs = reader->needs;
    char *rest = NULL;
    bool optional;
    size_t kind, size;
    char *word;

    line[strcspn(line, "#")] = '\0';
    line += strspn(line, BLANKS);
    if (*line == '[') {
        size = strcspn(line, "]");
        if (line[size] == '\0')
            return error_set(error, "%s:%d: the ] of the purpose is missing",
                             needs->path, reader->line);
        reader->purpose = arena_string(&needs->arena, line + 1, size - 1);
        return 0;
    }
    word = strtok_r(line, BLANKS, &rest);
    if (word == NULL)
        return 0;
    if (reader->purpose == NULL)
        return error_set(error, "%s:%d: no [purpose] was given before",
                         needs->path, reader->line);
    if (strcmp(word, "forbid") == 0)
        return read_forbidden(reader, &rest, error);

    size = strlen(word);
    optional = word[size - 1] == '?';
    if (optional)
        word[size - 1] = '\0';
    for (kind = 0; kind < KINDS; kind++) {
        if (strcmp(words[kind], word) == 0)
            return read_names(reader, (enum need_kind)kind, optional, &rest,
                              error);
    }
    return error_set(error,
                     "%s:%d: \"%s\" is no word of this list; the words are "
                     "struct, union, type, function, variable, label, "
                     "constant, bound, forbid",
                     needs->path, reader->line, word);
}

int
needs_read(struct needs *needs, const char *path, struct error *error)
{
    struct reader reader = {.needs = needs};
    char *data, *line, *next;
    size_t size;
    int result = 0;

    *needs = (struct needs){.path = path};
    if (path_read(path, &data, &size, error) != 0)
        return -1;
    for (line = data; line != NULL && result == 0; line = next) {
        next = strchr(line, '\n');
        if (next != NULL)
            *next++ = '\0';
        reader.line++;
        result = read_line(&reader, line, error);
    }
    free(data);
    return result;
}

void
needs_free(struct needs *needs)
{
    arena_free(&needs->arena);
    *needs = (struct needs){0};
}
