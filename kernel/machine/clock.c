/*
 * The counter's rate is measured against channel 2 of the interval timer,
 * which counts at a fixed 1193182 Hz on every PC, real or emulated, and which
 * the kernel itself needs no more once it has started (it sounds the bell).
 */

#include "kernel/machine/clock.h"

#include "kernel/machine/machine.h"
#include "protocol/clock.h"

#define TIMER_HZ       1193182u
#define TIMER_CHANNEL2 0x42
#define TIMER_COMMAND  0x43
#define TIMER_MODE     0xb0 /* channel 2, low then high byte, mode 0 */
#define TIMER_LATCH    0x80 /* hold channel 2's count for reading */

#define TIMER_GATE   0x61
#define GATE_ENABLE  0x01
#define GATE_SPEAKER 0x02

#define LOADED_COUNT  0xff00 /* above: just loaded with 0xffff */
#define MEASURE_TICKS 5966u  /* 5 ms */
#define MEASUREMENTS  3

struct clock clock;

static uint32_t
timer_count(void)
{
    uint32_t low;

    machine_out8(TIMER_COMMAND, TIMER_LATCH);
    low = machine_in8(TIMER_CHANNEL2);
    return low | (uint32_t)machine_in8(TIMER_CHANNEL2) << 8;
}

/*
 * A moment on both clocks.  The counter is read before and after the timer,
 * and of several tries the closest pair is taken: in an emulator each of
 * these can be interrupted for long.
 */
static uint64_t
read_both(uint32_t *count)
{
    uint64_t best = 0, shortest = UINT64_MAX;

    for (unsigned i = 0; i < 5; i++) {
        uint64_t before = machine_time_stamp();
        uint32_t now = timer_count();
        uint64_t after = machine_time_stamp();

        if (after - before < shortest) {
            shortest = after - before;
            best = before + shortest / 2;
            *count = now;
        }
    }
    return best;
}

/*
 * One measurement: the multiplier.
 *
 * A virtual machine may be stopped for longer than the timer's 55 ms round,
 * and then too few of its ticks are seen.  That makes the counter look faster
 * and the multiplier smaller, never larger.
 */
static uint64_t
measure(void)
{
    uint32_t start_count, end_count, ticks;
    uint64_t start, end;

    machine_out8(TIMER_COMMAND, TIMER_MODE);
    machine_out8(TIMER_CHANNEL2, 0xff);
    machine_out8(TIMER_CHANNEL2, 0xff);
    while (timer_count() <= LOADED_COUNT)
        ; /* it takes the new count with its next tick */
    do {
        start = read_both(&start_count);
    } while (start_count > LOADED_COUNT);
    do {
        end = read_both(&end_count);
        ticks = (start_count - end_count) & 0xffff;
    } while (ticks < MEASURE_TICKS);

    /* ns of one count, times 2^32. */
    return machine_ratio((uint64_t)1000000000u * ticks,
                         (end - start) * TIMER_HZ);
}

void
clock_calibrate(void)
{
    unsigned long interrupts;
    uint8_t gate;

    if (clock.multiplier != 0)
        return;
    interrupts = machine_interrupts_disable();
    gate = machine_in8(TIMER_GATE);
    machine_out8(TIMER_GATE, (gate & ~GATE_SPEAKER) | GATE_ENABLE);
    for (unsigned i = 0; i < MEASUREMENTS; i++) {
        uint64_t multiplier = measure();

        if (multiplier > clock.multiplier)
            clock.multiplier = multiplier;
    }
    machine_out8(TIMER_GATE, gate);
    clock.base = machine_time_stamp();
    machine_interrupts_restore(interrupts);
}

uint64_t
clock_ns(void)
{
    return clock_scale(machine_time_stamp() - clock.base, clock.multiplier);
}
