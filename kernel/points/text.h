/*
 * Changing the kernel's text.
 *
 * The kernel maps its text read-only.  Between text_unlock and text_lock this
 * CPU may write to it, takes no interrupts, and no other CPU runs (stop.h): what
 * is patched there together is seen together.  Keep it short.
 *
 * Mapping the pages a second time, writable, would do without touching CR0,
 * but needs a page table entry and a TLB flush for each of them.
 */

#ifndef KERNEL_POINTS_TEXT_H
#define KERNEL_POINTS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text_state {
    unsigned long interrupts;
    unsigned long control;
};

/* As stop_begin and stop_end. */
bool text_unlock(struct text_state *state);
void text_lock(struct text_state state);

/*
 * Write SIZE bytes of text, at most 5.  Only while unlocked.  No CPU is
 * between these bytes: the others were not stopped there, a thread in the
 * kernel is not preempted, and points lie where no call returns into what is
 * written.
 */
void text_write(uint64_t address, const uint8_t *bytes, size_t size);

#endif /* KERNEL_POINTS_TEXT_H */
