/*
 * The list of what the probe subsystem takes from the kernel, needs.list; its
 * format is described at the top of that file.
 */

#ifndef IMAGE_NEEDS_H
#define IMAGE_NEEDS_H

#include <stdbool.h>

#include "protocol/image.h"
#include "support/arena.h"
#include "support/error.h"

enum need_kind {
    NEED_STRUCT,
    NEED_UNION,
    NEED_TYPE,
    NEED_FUNCTION,
    NEED_VARIABLE,
    NEED_LABEL,
    NEED_CONSTANT,
    NEED_BOUND,
};

/* A member of a struct, union or type. */
struct need_member {
    const char *path; /* "data.port": port in the unnamed struct data */
    bool optional;
    int line;
    const char *purpose;
};

struct need {
    enum need_kind kind;
    const char *name;
    const char *variable; /* NEED_BOUND: whose elements are counted */
    bool optional;
    int line;
    const char *purpose;
    LIST_OF(struct need_member) members;
};

struct need_forbidden {
    const char *name;
    enum image_reason reason;
};

struct needs {
    const char *path; /* the caller's */
    struct arena arena;
    LIST_OF(struct need *) items;
    LIST_OF(struct need_forbidden) forbidden;
};

/* Read a list; free it even after an error. */
int needs_read(struct needs *needs, const char *path, struct error *error);
void needs_free(struct needs *needs);

/* What asks for a name, or NULL. */
struct need *
needs_find(const struct needs *needs, enum need_kind kind, const char *name);

/* The word of a kind: "struct". */
const char *need_word(enum need_kind kind);

#endif /* IMAGE_NEEDS_H */
