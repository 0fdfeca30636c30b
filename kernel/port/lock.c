#include "kernel/port/lock.h"

#include "kernel_types.h"

/* All zeroes is an open one; kmutex_init does nothing else. */
static struct kmutex lock;

void
lock_take(void)
{
    kmutex_lock(&lock, 0);
}

void
lock_release(void)
{
    kmutex_unlock(&lock);
}
