/*
 * Regular expressions, as `=~` matches them: the leftmost match, and of those
 * the longest; the same for groups and repetitions from the left on.
 *
 * An expression comes as steps of a machine that follows all ways through it
 * at once, so the time is at most steps times bytes, whatever the expression.
 */

#ifndef RUNTIME_VALUES_REGEX_H
#define RUNTIME_VALUES_REGEX_H

#include "runtime/base/value.h"

enum rt_regex_kind {
    RT_REGEX_BYTE,   /* takes byte X */
    RT_REGEX_SET,    /* takes a byte of set X */
    RT_REGEX_SPLIT,  /* goes on at X and at Y */
    RT_REGEX_SAVE,   /* notes the position in slot X */
    RT_REGEX_FORGET, /* notes that slots X and X + 1 have none */
    RT_REGEX_START,  /* only at the start of the string */
    RT_REGEX_END,    /* only at its end */
    RT_REGEX_MATCH,
};

#define RT_REGEX_STEPS_MAX  4096
#define RT_REGEX_GROUPS_MAX 32
#define RT_REGEX_MARKS_MAX  64

struct rt_regex_step {
    uint8_t kind;
    uint16_t x;
    uint16_t y;
};

struct rt_regex {
    const struct rt_regex_step *steps; /* at most RT_REGEX_STEPS_MAX */
    const uint8_t (*sets)[32];         /* a bit for each byte */
    uint16_t count;                    /* of steps */
    uint16_t groups;                   /* with the whole as group 0 */
    uint16_t marks; /* language/parse/regex.h says what they are */
    uint8_t group_marks[RT_REGEX_GROUPS_MAX];
};

/* Whether STRING has a match: 1 or 0.  What was matched is noted for the
 * functions below. */
int64_t rt_regex_match(const struct rt_regex *regex, struct rt_string string);

/*
 * Of the last =~ or !~ of this handler: the bytes of group N, "" if it took
 * no part; the whole; how many groups there are, the whole among them.  They
 * raise when that did not match, or there was none.
 */
struct rt_string rt_matched(int64_t group);
struct rt_string rt_matched_str(void);
int64_t rt_ngroups(void);

/* A handler begins: nothing was matched in it. */
void rt_regex_forget(void);

#endif /* RUNTIME_VALUES_REGEX_H */
