#include "runtime/events/task_event.h"

#include <stddef.h>

#include "runtime/base/memory.h"
#include "runtime/events/event.h"

/* ---- names ----------------------------------------------------------- */

/* Behind the set that begins after '[' at *PATTERN; whether C is in it. */
static bool
matches_set(const char **pattern, char c)
{
    const char *at = *pattern;
    bool negated = *at == '!' || *at == '^';
    bool found = false;

    at += negated;
    do {
        char low = *at, high = low;

        if (low == '\0')
            break;
        if (at[1] == '-' && at[2] != ']' && at[2] != '\0') {
            high = at[2];
            at += 2;
        }
        found = found || (low <= c && c <= high);
        at++;
    } while (*at != ']');
    *pattern = *at == ']' ? at + 1 : at;
    return found != negated;
}

/* Whether PATTERN up to its end matches all of NAME. */
static bool
matches(const char *pattern, const char *name, const char *end)
{
    const char *star = NULL, *from = NULL;

    while (name < end || *pattern != '\0') {
        const char *next = pattern + 1;
        bool same = false;

        if (*pattern == '*') {
            star = next;
            from = name;
            pattern = next;
            continue;
        }
        if (name < end && *pattern != '\0') {
            if (*pattern == '[')
                same = matches_set(&next, *name);
            else if (*pattern == '\\' && pattern[1] != '\0')
                same = *next++ == *name;
            else
                same = *pattern == '?' || *pattern == *name;
        }
        if (same) {
            pattern = next;
            name++;
        } else if (star != NULL && from < end) {
            /* The last star takes one more. */
            name = ++from;
            pattern = star;
        } else {
            return false;
        }
    }
    return true;
}

/* The end of the name without "(NUMBER)". */
static const char *
without_number(const char *name, const char *end)
{
    const char *at = end;

    if (at == name || *--at != ')')
        return end;
    while (at > name && at[-1] >= '0' && at[-1] <= '9')
        at--;
    return at > name + 1 && at < end - 1 && at[-1] == '(' ? at - 1 : end;
}

bool
rt_task_is_meant(const char *pattern, struct rt_string name)
{
    const char *end = name.text + name.length;
    const char *last = end;

    while (last > name.text && last[-1] != '/')
        last--;
    return matches(pattern, last, without_number(last, end)) ||
           matches(pattern, name.text, end);
}

/* ---- beginnings ------------------------------------------------------ */

/* What began before all that was there had been told of: mostly nothing. */
struct begun {
    int64_t subject;
    uint32_t group;
};

#define BLOCK 128

static struct block {
    struct begun items[BLOCK];
    unsigned count;
    struct block *next;
} *blocks;

static uint64_t announced = UINT64_MAX;

static bool
has_begun(uint32_t group, int64_t subject)
{
    const struct block *block;
    unsigned i;

    for (block = blocks; block != NULL; block = block->next)
        for (i = 0; i < block->count; i++)
            if (block->items[i].group == group &&
                block->items[i].subject == subject)
                return true;
    return false;
}

static void
note_beginning(uint32_t group, int64_t subject)
{
    if (blocks == NULL || blocks->count == BLOCK) {
        struct block *block = rt_memory(sizeof(*block));

        if (block == NULL) /* then it may be told of twice */
            return;
        block->next = blocks;
        blocks = block;
    }
    blocks->items[blocks->count++] = (struct begun){subject, group};
}

void
rt_task_events_announced(uint64_t time)
{
    announced = time;
}

bool
rt_task_event_wanted(const struct rt_point *point, const uint8_t *payload,
                     uint64_t time)
{
    const struct rt_handler *handler = &rt_program.handlers[point->handler];

    if (point->pattern != NULL) {
        uint32_t size = handler->task_name_size;

        if (!rt_task_is_meant(
                point->pattern,
                rt_load_string(payload, handler->task_name, size)))
            return false;
        /* It was called so before, or still is. */
        if (handler->other_name != RT_NO_OFFSET &&
            rt_task_is_meant(
                point->pattern,
                rt_load_string(payload, handler->other_name, size)))
            return false;
    }
    if (point->presence == RT_PRESENCE_NONE ||
        (point->presence == RT_BEGINS && time > announced))
        return true;
    int64_t subject = rt_load_long(payload, point->subject);
    if (point->presence == RT_PRESENT)
        return !has_begun(point->group, subject);
    note_beginning(point->group, subject);
    return true;
}
