/*
 * The machine.  A thread is at a step with a set of slots; of two threads at
 * one step only the better one can matter, so there is room for one a step:
 *
 *   list    present[step]   slots[step][marks * 2]   order of steps
 *
 * There are two lists, for the byte before and the byte after.
 */

#include "runtime/values/regex.h"

#include <string.h>

#include "runtime/base/failure.h"
#include "runtime/base/limit.h"
#include "runtime/base/memory.h"
#include "runtime/base/scratch.h"

#define SLOTS_MAX ((size_t)(2 * RT_REGEX_MARKS_MAX))

/* A slot that nothing was noted in. */
#define NOWHERE UINT32_MAX

struct list {
    bool *present;
    bool *waiting; /* in the queue */
    uint32_t *slots;
};

struct machine {
    const struct rt_regex *regex;
    struct rt_string string;
    uint32_t width; /* slots of a thread */
    struct list now;
    struct list next;
    uint16_t *queue;
};

/* What the last match of the handler left. */
static struct {
    bool tried;
    bool found;
    const struct rt_regex *regex;
    uint32_t slots[SLOTS_MAX];
    struct rt_variable *subject;
} last;

/* ---- threads --------------------------------------------------------- */

/*
 * Whether slots LEFT are better than RIGHT: mark by mark, one that starts
 * earlier, then one that ends later; one that took part at all is better
 * than one that did not.
 */
static bool
is_better(const uint32_t *left, const uint32_t *right, uint32_t width)
{
    uint32_t i;

    for (i = 0; i < width; i++) {
        if (left[i] == right[i])
            continue;
        if (left[i] == NOWHERE || right[i] == NOWHERE)
            return right[i] == NOWHERE;
        return i % 2 == 0 ? left[i] < right[i] : left[i] > right[i];
    }
    return false;
}

static uint32_t *
thread(const struct machine *machine, const struct list *list, uint32_t step)
{
    return list->slots + (size_t)step * machine->width;
}

/* Put a thread at STEP unless a better one is there; *queued grows if it is
 * to be followed. */
static void
put(const struct machine *machine, struct list *list, uint32_t step,
    const uint32_t *slots, uint32_t *queued)
{
    uint32_t *place = thread(machine, list, step);

    if (list->present[step] && !is_better(slots, place, machine->width))
        return;
    list->present[step] = true;
    memmove(place, slots, machine->width * sizeof(*slots));
    if (list->waiting[step])
        return;
    list->waiting[step] = true;
    machine->queue[(*queued)++] = (uint16_t)step;
}

/* Follow the steps that take no byte, from the one that was put. */
static void
follow(const struct machine *machine, struct list *list, uint32_t queued,
       uint32_t position)
{
    const struct rt_regex *regex = machine->regex;
    uint32_t slots[SLOTS_MAX];

    while (queued > 0) {
        uint32_t at = machine->queue[--queued];
        const struct rt_regex_step *step = &regex->steps[at];

        list->waiting[at] = false;
        memcpy(slots, thread(machine, list, at),
               machine->width * sizeof(*slots));
        switch (step->kind) {
        case RT_REGEX_SPLIT:
            put(machine, list, step->x, slots, &queued);
            put(machine, list, step->y, slots, &queued);
            break;
        case RT_REGEX_SAVE:
            slots[step->x] = position;
            /* A group begins anew: its last end is no longer true. */
            if (step->x % 2 == 0)
                slots[step->x + 1] = NOWHERE;
            put(machine, list, at + 1, slots, &queued);
            break;
        case RT_REGEX_FORGET:
            slots[step->x] = slots[step->x + 1] = NOWHERE;
            put(machine, list, at + 1, slots, &queued);
            break;
        case RT_REGEX_START:
            if (position == 0)
                put(machine, list, at + 1, slots, &queued);
            break;
        case RT_REGEX_END:
            if (position == machine->string.length)
                put(machine, list, at + 1, slots, &queued);
            break;
        default:
            break;
        }
    }
}

static void
add(const struct machine *machine, struct list *list, uint32_t step,
    const uint32_t *slots, uint32_t position)
{
    uint32_t queued = 0;

    put(machine, list, step, slots, &queued);
    follow(machine, list, queued, position);
}

/* ---- matching -------------------------------------------------------- */

static bool
takes(const struct rt_regex *regex, const struct rt_regex_step *step,
      uint8_t byte)
{
    if (step->kind == RT_REGEX_BYTE)
        return step->x == byte;
    return step->kind == RT_REGEX_SET &&
           (regex->sets[step->x][byte / 8] >> byte % 8 & 1) != 0;
}

/* A match ends here; keep it if it is better than the one before. */
static void
keep(struct machine *machine)
{
    uint32_t step = machine->regex->count - 1u;
    const uint32_t *slots = thread(machine, &machine->now, step);

    if (!machine->now.present[step])
        return;
    if (!last.found || is_better(slots, last.slots, machine->width))
        memcpy(last.slots, slots, machine->width * sizeof(*slots));
    last.found = true;
}

static bool
advance(struct machine *machine, uint32_t position)
{
    const struct rt_regex *regex = machine->regex;
    uint8_t byte = (uint8_t)machine->string.text[position];
    struct list list = machine->now;
    bool alive = false;
    uint32_t i;

    memset(machine->next.present, 0, regex->count);
    for (i = 0; i < regex->count; i++) {
        const uint32_t *slots = thread(machine, &machine->now, i);

        if (!machine->now.present[i] || !takes(regex, &regex->steps[i], byte))
            continue;
        /* What starts later than a match is of no use. */
        if (last.found && slots[0] > last.slots[0])
            continue;
        add(machine, &machine->next, i + 1, slots, position + 1);
        alive = true;
    }
    machine->now = machine->next;
    machine->next = list;
    return alive;
}

static void
run(struct machine *machine)
{
    uint32_t start[SLOTS_MAX];
    uint32_t position;
    bool alive = false;

    memset(start, 0xff, sizeof(start));
    memset(machine->now.present, 0, machine->regex->count);
    for (position = 0; position <= machine->string.length; position++) {
        if (!last.found)
            add(machine, &machine->now, 0, start, position);
        else if (!alive)
            break;
        keep(machine);
        if (position < machine->string.length)
            alive = advance(machine, position);
    }
}

/* ---- memory ---------------------------------------------------------- */

/* One block for the largest expression so far; it grows seldom. */
static char *
work_memory(size_t size)
{
    static char *memory;
    static size_t space;

    if (size > space) {
        char *larger = rt_memory(size);

        if (larger == NULL)
            return NULL;
        memory = larger;
        space = size;
    }
    return memory;
}

static bool
prepare(struct machine *machine)
{
    size_t count = machine->regex->count;
    size_t slots = count * machine->width * sizeof(uint32_t);
    char *memory =
        work_memory(2 * slots + count * sizeof(uint16_t) + 4 * count);

    if (last.subject == NULL)
        last.subject =
            rt_memory(sizeof(struct rt_variable) + rt_string_max + 1);
    if (memory == NULL || last.subject == NULL)
        return false;

    machine->now.slots = (uint32_t *)memory;
    machine->next.slots = (uint32_t *)(memory + slots);
    memory += 2 * slots;
    machine->queue = (uint16_t *)memory;
    memory += count * sizeof(uint16_t);
    memset(memory, 0, 4 * count);
    machine->now.present = (bool *)memory;
    machine->next.present = (bool *)memory + count;
    machine->now.waiting = (bool *)memory + 2 * count;
    machine->next.waiting = (bool *)memory + 3 * count;
    return true;
}

/* ---- functions of the language --------------------------------------- */

int64_t
rt_regex_match(const struct rt_regex *regex, struct rt_string string)
{
    struct machine machine = {
        .regex = regex,
        .string = string,
        .width = 2u * regex->marks,
    };

    if (!prepare(&machine)) {
        rt_raise("no memory to match a regular expression");
        return 0;
    }
    last.tried = true;
    last.found = false;
    last.regex = regex;
    run(&machine);
    if (last.found)
        rt_store(last.subject, string);
    return last.found;
}

static struct rt_string
group_text(uint32_t group)
{
    uint32_t mark = last.regex->group_marks[group];
    uint32_t start = last.slots[2 * mark];
    uint32_t end = last.slots[2 * mark + 1];

    if (start == NOWHERE || end == NOWHERE)
        return RT_TEXT("");
    return rt_hold((struct rt_string){last.subject->text + start, end - start});
}

/* The texts are SystemTap's. */
struct rt_string
rt_matched(int64_t group)
{
    if (!last.tried || group < 0 || group >= last.regex->groups)
        rt_raise("Attempted to get nonexistent subexpression %lld",
                 (long long)group);
    else if (!last.found)
        rt_raise("Attempted to get subexpression %lld from failed match",
                 (long long)group);
    else
        return group_text((uint32_t)group);
    return RT_TEXT("");
}

struct rt_string
rt_matched_str(void)
{
    return rt_matched(0);
}

int64_t
rt_ngroups(void)
{
    if (last.tried && last.found)
        return last.regex->groups;
    rt_raise("Attempted to get subexpression count from failed match");
    return 0;
}

void
rt_regex_forget(void)
{
    last.tried = false;
}
