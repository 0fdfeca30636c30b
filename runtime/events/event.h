/*
 * The event that the running handler was called for, and what the functions
 * of the language say about it.
 *
 * In a handler of a kernel probe they say what was recorded at the hit; in
 * begin, end, error and timer probes, where there is none, what is so now:
 * execname() is the process's own name, task() and thread() are 0.
 */

#ifndef RUNTIME_EVENTS_EVENT_H
#define RUNTIME_EVENTS_EVENT_H

#include "runtime/base/value.h"

struct rt_point;

struct rt_event {
    const struct rt_point *point;
    const uint8_t *payload; /* of the record; NULL if there is none */
    uint64_t time;          /* ns of the session's clock */
    uint32_t cpu;
};

extern struct rt_event rt_event;

/* Values of a record's payload. */
static inline int64_t
rt_load_long(const uint8_t *payload, uint32_t offset)
{
    int64_t value;

    __builtin_memcpy(&value, payload + offset, sizeof(value));
    return value;
}

/* SIZE bytes with a NUL among them. */
static inline struct rt_string
rt_load_string(const uint8_t *payload, uint32_t offset, uint32_t size)
{
    const char *text = (const char *)payload + offset;
    const char *end = __builtin_memchr(text, '\0', size);

    if (end == NULL)
        return RT_TEXT("");
    return (struct rt_string){text, (size_t)(end - text)};
}

/* SIZE bytes, NULs and all: for functions of memory.h only. */
static inline struct rt_string
rt_load_bytes(const uint8_t *payload, uint32_t offset, uint32_t size)
{
    return (struct rt_string){(const char *)payload + offset, size};
}

/* Bit BIT of the fault words, of 64 bits each, that begin at FAULTS. */
static inline bool
rt_load_fault(const uint8_t *payload, uint32_t faults, unsigned bit)
{
    return ((uint64_t)rt_load_long(payload, faults + bit / 64 * 8) >> bit % 64 &
            1) != 0;
}

/* ---- functions of the language --------------------------------------- */

int64_t rt_gettimeofday_ns(void);
int64_t rt_gettimeofday_us(void);
int64_t rt_gettimeofday_ms(void);
int64_t rt_gettimeofday_s(void);
int64_t rt_ktime_get_ns(void); /* since the session was opened */
int64_t rt_cpu(void);
int64_t rt_task(void);
int64_t rt_thread(void);
struct rt_string rt_execname(void);
struct rt_string rt_module_name(void); /* the process's own */
struct rt_string rt_pp(void);
struct rt_string rt_pn(void);
struct rt_string rt_probefunc(void);
struct rt_string rt_probemod(void); /* "" if the probe has no place */

#endif /* RUNTIME_EVENTS_EVENT_H */
