/*
 * Regular expressions of the language: POSIX extended ones, checked and
 * turned into steps when the script is translated.
 */

#ifndef LANGUAGE_PARSE_REGEX_H
#define LANGUAGE_PARSE_REGEX_H

#include <stdint.h>

#include "support/arena.h"
#include "support/error.h"

/* What a step does, in words of runtime/values/regex.h. */
enum regex_kind {
    REGEX_BYTE,
    REGEX_SET,
    REGEX_SPLIT,
    REGEX_SAVE,
    REGEX_FORGET,
    REGEX_START,
    REGEX_END,
    REGEX_MATCH,
};

/* Limits that the runtime has, too. */
#define REGEX_STEPS_MAX  4096
#define REGEX_GROUPS_MAX 32
#define REGEX_MARKS_MAX  64

struct regex_step {
    enum regex_kind kind;
    unsigned x, y;
};

struct regex_set {
    uint8_t bits[32]; /* one for each byte */
};

struct regex {
    LIST_OF(struct regex_step) steps; /* REGEX_MATCH is the last */
    LIST_OF(struct regex_set) sets;
    unsigned groups; /* the whole is number 0 */
    /*
     * What is noted of a match, from the outside in and from the left on: where
     * each group, each repetition and the left side of each '|' was.  The last
     * two are asked for by nobody, but which of several ways through the
     * expression counts depends on them: each repetition takes as much as it
     * can before what stands right of it does, and left goes before right.
     */
    unsigned marks;
    uint8_t group_marks[REGEX_GROUPS_MAX]; /* the mark of each group */
};

/* All of it is in ARENA.  NULL with an error that says what is wrong, and at
 * which byte of PATTERN. */
const struct regex *
regex_compile(struct arena *arena, const char *pattern, struct error *error);

#endif /* LANGUAGE_PARSE_REGEX_H */
