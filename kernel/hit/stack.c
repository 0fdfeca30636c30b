#include "kernel/hit/stack.h"

#include <stdbool.h>
#include <stddef.h>

#include "kernel_types.h"

#include "kernel/hit/returns.h"
#include "kernel/machine/current.h"
#include "kernel/machine/frame.h"
#include "kernel/machine/string.h"
#include "kernel/memory/memory.h"
#include "kernel/memory/paging.h"
#include "kernel/points/point.h"
#include "kernel/points/tables.h"
#include "kernel/program/environment.h"
#include "protocol/error.h"
#include "protocol/helper.h"

#define WORD sizeof(unsigned long)

/* Of frames in the kernel: some versions set up the interrupt stack so. */
#define ALIGNMENT 4

/* Where execution is, in the kernel or in user mode. */
struct position {
    uint64_t pc;
    uint64_t frame; /* the frame pointer */
    uint64_t stack; /* the stack pointer */
    bool user;
    bool entered; /* a function: its return address is on top of the stack */
};

struct walk {
    uint64_t *addresses;
    uint32_t room;
    uint32_t count;
    uint32_t skip;
};

/* ---- parts ------------------------------------------------------------- */

static void
add(struct walk *walk, uint64_t address)
{
    if (walk->skip > 0)
        walk->skip--;
    else if (walk->count < walk->room)
        walk->addresses[walk->count++] = address;
}

/* Then there is no need to go on, and no time (helper.c). */
static bool
is_full(const struct walk *walk)
{
    return walk->count == walk->room;
}

/*
 * Where ADDRESS is in the text, which is a place in it or in a slot, where
 * instructions of the text run; 0: neither.  RETURNS: a call returns there.
 */
static uint64_t
text_address(uint64_t address, bool returns)
{
    return tables_in_text(address, 1) ? address
                                      : point_text_address(address, returns);
}

static bool
read_word(enum memory_space space, uint64_t address, uint64_t *value)
{
    unsigned long word;

    if (memory_read(space, &word, WORD, address) != 0)
        return false;
    *value = word;
    return true;
}

/*
 * Instructions before which a function's frame is not there yet, or no
 * longer, and where the return address is then: bytes above sp.
 */
static const struct {
    uint8_t size;
    uint8_t above;
    uint8_t bytes[3];
} frameless[] = {
    {1, 0, {0x55}}, /* push %rbp */
#ifdef __x86_64__
    {3, WORD, {0x48, 0x89, 0xe5}}, /* mov %rsp, %rbp */
#else
    {2, WORD, {0x89, 0xe5}},
#endif
    {1, 0, {0xc3}}, /* ret */
};

#define FRAMELESS (sizeof(frameless) / sizeof(frameless[0]))

/* Whether the return address is on top of the stack, and where. */
static bool
return_on_stack(const struct position *at, uint64_t *place)
{
    enum memory_space space = at->user ? MEMORY_USER : MEMORY_KERNEL;

    *place = at->stack;
    if (at->user ? at->entered : tables_function(at->pc) != NULL)
        return true;
    for (size_t i = 0; i < FRAMELESS; i++) {
        uint8_t bytes[sizeof(frameless[0].bytes)];

        if (memory_read(space, bytes, frameless[i].size, at->pc) != 0)
            return false;
        if (memcmp(bytes, frameless[i].bytes, frameless[i].size) == 0) {
            *place = at->stack + frameless[i].above;
            return true;
        }
    }
    return false;
}

/* ---- the kernel -------------------------------------------------------- */

/*
 * What an interrupt interrupted, if FRAME is that of its handler.  The frame
 * pointer is not among the registers: it is the one that the frame keeps.
 */
static bool
interrupted(uint64_t frame, uint64_t frame_pointer, struct position *position)
{
    struct i386_interrupt_state state;
    uint64_t address, place = frame + FRAME_INTERRUPT_STATE;

    if (!read_word(MEMORY_KERNEL, frame + FRAME_INTERRUPT_RETURN, &address))
        return false;
    if (address == (uintptr_t)return_to_iret) {
        if (!read_word(MEMORY_KERNEL, place, &place))
            return false;
    } else if (address != (uintptr_t)_return_to_iret_i) {
        return false;
    }
    if (memory_read(MEMORY_KERNEL, &state, sizeof(state), place) != 0)
        return false;
    position->pc = (unsigned long)state.eip;
    position->frame = frame_pointer;
    position->user = (state.cs & 3) != 0;
    position->stack = place + sizeof(state);
    if (FRAME_INTERRUPT_HAS_STACK || position->user)
        return read_word(MEMORY_KERNEL, position->stack, &position->stack);
    return true;
}

/*
 * Follow the frames of one stack from AT on, into WALK if that is not NULL.
 * True if they led to an interrupt's handler: then AT is what it interrupted.
 */
static bool
follow_kernel(struct walk *walk, unsigned *frames, struct position *at)
{
    uint64_t end = (at->stack | (STACK_BYTES - 1)) + 1, frame, next, address;
    bool on_top = return_on_stack(at, &address);
    uint64_t first = text_address(at->pc, false);

    /* It may be in code of ours, too. */
    if (walk != NULL)
        add(walk, first != 0 ? first : at->pc);
    frame = on_top ? address - WORD : at->frame;
    next = at->frame;
    while ((*frames)++ < STACK_FRAMES_MAX) {
        /* The lowest may be one that is still to be pushed. */
        if (frame + WORD < at->stack || frame > end - 2 * WORD ||
            frame % ALIGNMENT != 0)
            return false;
        if ((!on_top && !read_word(MEMORY_KERNEL, frame, &next)) ||
            !read_word(MEMORY_KERNEL, frame + WORD, &address))
            return false;
        on_top = false;
        if (interrupted(frame, next, at))
            return true;
        address =
            text_address(returns_true_address(frame + WORD, address), true);
        if (address == 0)
            return false;
        if (walk != NULL) {
            add(walk, address);
            if (is_full(walk))
                return false;
        }
        at->stack = frame + 2 * WORD;
        frame = next;
    }
    return false;
}

/*
 * The kernel's part: into WALK, which is NULL if it is only passed through.
 * AT becomes where user mode was interrupted, if that is what comes out.
 * False if an interrupt was wanted and there is none.
 */
static bool
walk_kernel(struct walk *walk, struct position *at, bool from_interrupt)
{
    unsigned frames = 0;
    bool begun = !from_interrupt;

    while (!at->user && follow_kernel(begun ? walk : NULL, &frames, at))
        begun = true;
    return begun;
}

/* ---- user mode --------------------------------------------------------- */

/*
 * The frame pointer of user mode.  A trap's gate leaves interrupts on while
 * the registers go one by one to where they are saved, and come back from
 * there: an interrupt then finds the stack pointer among them.  If it is above
 * the frame pointer's place, the register has not been put there yet, or is
 * itself again, and what the place holds is older, or of the interrupt.
 */
static uint64_t
user_frame(const struct thread *thread, const struct position *at)
{
    uintptr_t place = (uintptr_t)&thread->pcb->iss.ebp;
    uintptr_t end = (uintptr_t)(&thread->pcb->iss + 1);

    return at->stack > place && at->stack <= end ? at->frame
                                                 : thread->pcb->iss.ebp;
}

/*
 * Where user mode is: known already if it was interrupted, else the kernel
 * was entered by a trap or system call.  A thread of the kernel has been
 * nowhere.
 */
static bool
find_user(struct position *at)
{
    const struct thread *thread = current_thread();

    if (at->user)
        return true;
    if (thread == NULL || thread->pcb == NULL)
        return false;
    if (FRAME_ADDRESS_IN_SEGMENT(thread->pcb->iss.cs)) {
        /* Nor has the assembler touched the frame pointer yet. */
        at->pc = (unsigned long)thread->pcb->iss.cs;
        at->stack = thread->pcb->iss.uesp;
        at->user = true;
        return true;
    }
    if ((thread->pcb->iss.cs & 3) == 0 || thread->pcb->iss.eip == 0)
        return false;
    at->pc = thread->pcb->iss.eip;
    at->frame = user_frame(thread, at);
    at->stack = thread->pcb->iss.uesp;
    at->user = true;
    return true;
}

static void
walk_user(struct walk *walk, const struct position *at)
{
    uint64_t place, frame = at->frame, least = at->stack;

    add(walk, at->pc);
    if (return_on_stack(at, &place)) {
        uint64_t address;

        if (!read_word(MEMORY_USER, place, &address))
            return;
        add(walk, address);
    }
    for (unsigned i = 0; i < STACK_FRAMES_MAX; i++) {
        uint64_t next, address;
        uint8_t byte;

        if (is_full(walk) || frame < least || frame % WORD != 0 ||
            !read_word(MEMORY_USER, frame, &next) ||
            !read_word(MEMORY_USER, frame + WORD, &address))
            return;
        if (memory_read(MEMORY_USER, &byte, 1, address) != 0)
            return;
        add(walk, address);
        least = frame + 2 * WORD;
        frame = next;
    }
}

int64_t
environment_stack(const struct probe_context *context, uint64_t *buffer,
                  uint32_t size, uint64_t flags)
{
    struct walk walk = {
        .addresses = buffer,
        .room = size / 8,
        .skip = flags & PROBE_STACK_SKIP,
    };
    struct position at = {
        .entered = (flags & PROBE_STACK_ENTERED) != 0,
        .pc = context->pc,
        .frame = context->registers[FRAME_REGISTER_BASE],
        .stack = context->registers[FRAME_REGISTER_STACK],
        .user = context->pc < PAGING_USER_END,
    };
    bool user = (flags & PROBE_STACK_USER) != 0;

    if (size % 8 != 0)
        return -(int64_t)PROBE_ERROR_ARGUMENT;
    memset(buffer, 0, size);
    if (walk_kernel(user ? NULL : &walk, &at,
                    (flags & PROBE_STACK_INTERRUPTED) != 0) &&
        user && find_user(&at))
        walk_user(&walk, &at);
    return (int64_t)walk.count * 8;
}
