/*
 * Run-time errors.
 *
 * A function of the runtime that fails calls rt_raise() and returns any
 * value.  Generated code looks at rt_failed after each call that may fail,
 * adds the place in the script, and goes to the nearest catch or to the end
 * of the body:
 *
 *     t1 = rt_map_long(&g_a, key);
 *     RT_CHECK(out, "identifier 'a' at f.stp:3:5");
 *
 * Nothing else is done after an error was raised, so the first one stays.
 */

#ifndef RUNTIME_BASE_FAILURE_H
#define RUNTIME_BASE_FAILURE_H

#include "runtime/base/value.h"

/* Not 0 from rt_raise() until it is caught or the handler has ended. */
extern int rt_failed;

void rt_raise(const char *format, ...) __attribute__((format(printf, 1, 2)))
__attribute__((cold));

/* Say where in the script it was; each function that it leaves says where it
 * was called. */
void rt_near(const char *place) __attribute__((cold));

#define RT_CHECK(label, place)                \
    do {                                      \
        if (__builtin_expect(rt_failed, 0)) { \
            rt_near(place);                   \
            goto label;                       \
        }                                     \
    } while (0)

/* Raise MESSAGE at PLACE. */
#define RT_FAIL(label, place, message) \
    do {                               \
        rt_raise(message);             \
        rt_near(place);                \
        goto label;                    \
    } while (0)

/*
 * At a catch: whether the error may be caught, and if so it is over, and
 * rt_caught() is its text, without the place: "division by 0".
 * Too many statements and abort() pass through.
 */
bool rt_catch(void);
struct rt_string rt_caught(void);

/* ---- limits ---------------------------------------------------------- */

/* Statements that the handler may still execute. */
extern int64_t rt_actions;

/* Count N statements; PLACE is that of the last. */
#define RT_ACTIONS(label, n, place)                         \
    do {                                                    \
        if (__builtin_expect((rt_actions -= (n)) < 0, 0)) { \
            rt_raise_actions();                             \
            rt_near(place);                                 \
            goto label;                                     \
        }                                                   \
    } while (0)

void rt_raise_actions(void) __attribute__((cold));

/*
 * Calls of the script's functions that are open; functions of scripts that
 * recurse count them.  RT_ENTER counts one more, at the start of a body whose
 * LABEL leads to RT_LEAVE; who called says where that was.  Neither more than
 * LIMIT are possible nor more than the stack has room for.
 */
extern unsigned rt_nesting;
extern uintptr_t rt_stack_end;

#define RT_ENTER(label, limit)                                      \
    do {                                                            \
        if (++rt_nesting > (limit) ||                               \
            (uintptr_t)__builtin_frame_address(0) < rt_stack_end) { \
            rt_raise("MAXNESTING exceeded");                        \
            goto label;                                             \
        }                                                           \
    } while (0)

#define RT_LEAVE() (rt_nesting--)

/* ---- next in functions ----------------------------------------------- */

/* Set by a function that executed `next`; whoever called it resets it. */
extern bool rt_next;

static inline bool
rt_take_next(void)
{
    bool next = rt_next;

    rt_next = false;
    return next;
}

#endif /* RUNTIME_BASE_FAILURE_H */
