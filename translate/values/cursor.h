/*
 * A walk through the kernel's data: from a variable or a pointer along `->`
 * and `[]` to the steps that compute the value at the hit.
 */

#ifndef TRANSLATE_VALUES_CURSOR_H
#define TRANSLATE_VALUES_CURSOR_H

#include "debuginfo/ctype.h"
#include "debuginfo/location.h"
#include "language/language.h"
#include "translate/values/moment.h"

/*
 * At OFFSET bytes into an object of TYPE that LOCATION says how to find.
 * BITS is not 0 for a bit field.
 */
struct cursor {
    struct moment *moment;
    struct arena *arena;
    const struct object *object; /* whose types these are */
    struct debuginfo *debuginfo; /* of it */
    struct error *error;
    const char *name; /* what was walked so far, for messages */
    struct location location;
    uint64_t offset;
    struct ctype type;
    unsigned bit;
    unsigned bits;
    bool pointed; /* TYPE was given to a bare address: it can be indexed */
    bool user;    /* memory is the task's, not the kernel's: of a program */
};

void cursor_add_step(struct cursor *cursor, enum step_kind kind, int64_t value);

/* The type at hand as C writes it. */
const char *cursor_type_text(struct cursor *cursor);

/* ->NAME, [INDEX], and what a pointer points to.  -1 with an error. */
int cursor_member(struct cursor *cursor, const char *name);
int cursor_index(struct cursor *cursor, struct expression *index);
int cursor_follow(struct cursor *cursor);

/* All accesses but those that ask for pretty-printing. */
int cursor_accesses(struct cursor *cursor, const access_list *accesses);

/* What the script gets: a number, or the address of an array.  The location
 * then is the value. */
int cursor_value(struct cursor *cursor);

/* The address of what the cursor is at becomes the value. */
int cursor_address(struct cursor *cursor);

#endif /* TRANSLATE_VALUES_CURSOR_H */
