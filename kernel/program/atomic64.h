/*
 * Words of 64 bits that others read or write at the same time.
 *
 * On a 32-bit processor the compiler would load and store them by way of the
 * floating-point unit, which is the user's, or call its library.  So there
 * all is done by the one instruction that compares and exchanges 8 bytes,
 * which is there from the Pentium on; loads write too, what is there already.
 */

#ifndef KERNEL_PROGRAM_ATOMIC64_H
#define KERNEL_PROGRAM_ATOMIC64_H

#include <stdint.h>

/* All are sequentially consistent, but for load and store. */

/* Put VALUE there if OLD is.  Returns what was there. */
static inline uint64_t
atomic64_compare_exchange(uint64_t *at, uint64_t old, uint64_t value)
{
#ifdef __i386__
    __asm__ volatile("lock cmpxchg8b %1"
                     : "+A"(old), "+m"(*at)
                     : "b"((uint32_t)value), "c"((uint32_t)(value >> 32))
                     : "memory", "cc");
#else
    __atomic_compare_exchange_n(at, &old, value, 0, __ATOMIC_SEQ_CST,
                                __ATOMIC_SEQ_CST);
#endif
    return old;
}

/*
 * Each returns what was there: exchange, fetch_add and so on.  RESULT is of
 * old and value.
 */
#ifdef __i386__
#define ATOMIC64_CHANGE(name, builtin, result)                             \
    static inline uint64_t atomic64_##name(uint64_t *at, uint64_t value)   \
    {                                                                      \
        uint64_t old = *at, seen;                                          \
                                                                           \
        while ((seen = atomic64_compare_exchange(at, old, result)) != old) \
            old = seen;                                                    \
        return old;                                                        \
    }
#else
#define ATOMIC64_CHANGE(name, builtin, result)                           \
    static inline uint64_t atomic64_##name(uint64_t *at, uint64_t value) \
    {                                                                    \
        return builtin(at, value, __ATOMIC_SEQ_CST);                     \
    }
#endif

ATOMIC64_CHANGE(exchange, __atomic_exchange_n, value)
ATOMIC64_CHANGE(fetch_add, __atomic_fetch_add, old + value)
ATOMIC64_CHANGE(fetch_or, __atomic_fetch_or, old | value)
ATOMIC64_CHANGE(fetch_and, __atomic_fetch_and, old &value)
ATOMIC64_CHANGE(fetch_xor, __atomic_fetch_xor, old ^ value)

/* With acquire ordering at least, from memory that may be written. */
static inline uint64_t
atomic64_load(uint64_t *from)
{
#ifdef __i386__
    return atomic64_compare_exchange(from, 0, 0);
#else
    return __atomic_load_n(from, __ATOMIC_ACQUIRE);
#endif
}

/* With release ordering at least. */
static inline void
atomic64_store(uint64_t *to, uint64_t value)
{
#ifdef __i386__
    atomic64_exchange(to, value);
#else
    __atomic_store_n(to, value, __ATOMIC_RELEASE);
#endif
}

#endif /* KERNEL_PROGRAM_ATOMIC64_H */
