#include "translate/points/task_name.h"

#include <string.h>

/* Characters that mean something in a glob. */
#define SPECIAL "*?[\\"

/* How a name begins of which the last component is not the first: it is a
 * path, or the end of one that was too long. */
#define PATH 0x2f /* '/' */
#define CUT  0x2e /* '.' */

/* What ends a name, or comes before a process number. */
#define NUMBER 0x28 /* '(' */

#define WORD 8u

struct filter {
    struct arena *arena;
    step_list *steps;
};

static void
add(struct filter *filter, enum step_kind kind, int64_t value)
{
    struct step step = {kind, value};

    LIST_ADD(filter->arena, filter->steps, step);
}

/* Push whether the top is VALUE; the top stays below. */
static void
compare(struct filter *filter, int64_t value)
{
    add(filter, STEP_PICK, 0);
    add(filter, STEP_CONSTANT, value);
    add(filter, STEP_EQ, 0);
}

/* The top becomes whether it is ONE or OTHER. */
static void
is_either(struct filter *filter, int64_t one, int64_t other)
{
    compare(filter, one);
    add(filter, STEP_SWAP, 0);
    add(filter, STEP_CONSTANT, other);
    add(filter, STEP_EQ, 0);
    add(filter, STEP_OR, 0);
}

static void
mask(struct filter *filter, unsigned bytes)
{
    if (bytes == WORD)
        return;
    add(filter, STEP_CONSTANT, (int64_t)((UINT64_C(1) << 8 * bytes) - 1));
    add(filter, STEP_AND, 0);
}

static void
load(struct filter *filter, const step_list *place, unsigned offset)
{
    LIST_EACH (step, place)
        add(filter, step->kind, step->value);
    if (offset > 0) {
        add(filter, STEP_CONSTANT, offset);
        add(filter, STEP_ADD, 0);
    }
    add(filter, STEP_LOAD, WORD);
}

/* As a machine of little end reads COUNT bytes. */
static uint64_t
word_of(const char *bytes, unsigned count)
{
    uint64_t word = 0;

    for (unsigned i = count; i > 0; i--)
        word = word << 8 | (uint8_t)bytes[i - 1];
    return word;
}

/* The word on top becomes whether it is what PATTERN has from OFFSET on: up
 * to LENGTH, and behind that the end of the name if it is WHOLE. */
static void
check_word(struct filter *filter, const char *pattern, unsigned offset,
           unsigned length, bool whole)
{
    unsigned count = length - offset < WORD ? length - offset : WORD;
    uint64_t word = word_of(pattern + offset, count);

    if (whole && count < WORD) {
        mask(filter, count + 1);
        is_either(filter, (int64_t)word,
                  (int64_t)(word | (uint64_t)NUMBER << 8 * count));
        return;
    }
    mask(filter, count);
    add(filter, STEP_CONSTANT, (int64_t)word);
    add(filter, STEP_EQ, 0);
}

const char *
task_name_pattern(const char *name)
{
    const char *slash = strrchr(name, '/');

    return slash != NULL ? slash + 1 : name;
}

void
task_name_filter(struct arena *arena, const char *pattern,
                 const step_list *place, step_list *steps)
{
    struct filter filter = {arena, steps};
    unsigned length = (unsigned)strcspn(pattern, SPECIAL);
    bool whole = pattern[length] == '\0';

    load(&filter, place, 0);
    add(&filter, STEP_PICK, 0);
    mask(&filter, 1);
    is_either(&filter, PATH, CUT);
    add(&filter, STEP_SWAP, 0);
    check_word(&filter, pattern, 0, length, whole);
    for (unsigned offset = WORD; offset < length + whole; offset += WORD) {
        load(&filter, place, offset);
        check_word(&filter, pattern, offset, length, whole);
        add(&filter, STEP_AND, 0);
    }
    add(&filter, STEP_OR, 0);
}
