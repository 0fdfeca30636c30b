#include "kernel/points/text.h"

#include "kernel/machine/machine.h"
#include "kernel/machine/stop.h"

/* Intel SDM volume 3, 2.5: supervisor writes to read-only pages fault. */
#define CR0_WRITE_PROTECT (1ul << 16)

bool
text_unlock(struct text_state *state)
{
    if (!stop_begin(&state->interrupts))
        return false;
    state->control = machine_read_cr0();
    machine_write_cr0(state->control & ~CR0_WRITE_PROTECT);
    return true;
}

/*
 * Writing CR0 serializes (SDM volume 3, 9.3): instructions that were
 * prefetched before they were changed are fetched again.  On the other CPUs the
 * return from the interrupt that stopped them does that.
 */
void
text_lock(struct text_state state)
{
    machine_write_cr0(state.control);
    stop_end(state.interrupts);
}

void
text_write(uint64_t address, const uint8_t *bytes, size_t size)
{
    volatile uint8_t *text = (volatile uint8_t *)(uintptr_t)address;

    for (size_t i = 0; i < size; i++)
        text[i] = bytes[i];
}
