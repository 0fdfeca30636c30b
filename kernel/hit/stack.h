/*
 * Stacks of a hit, by frame pointers: GNU Mach is built with them.
 *
 *        | return address  |            sp ► while a function has not yet
 *   ┌───►| caller's frame ─┼──┐              pushed its caller's frame, its
 *   │    | locals …        |  │              return address is at sp
 *   │    | return address  |  ▼
 *   └────┼─caller's frame  ◄─ frame pointer
 *        | locals …        |
 *
 * Where the chain ends depends on how the kernel was entered:
 *
 *   interrupt   The handler runs on another stack, but its frame still names
 *               that of the interrupted code, for the assembler in between
 *               leaves the frame pointer alone.  The handler's frame is known
 *               by what lies above it: an address in that assembler.  There
 *               are also the interrupted registers, of user mode or of the
 *               kernel.
 *   trap, system call   The user's frame pointer is the last one; it is
 *               no address of this kernel stack.  The user's registers are in
 *               the thread's pcb.
 *
 * Where the return of a function is waited for, its frame has the address of
 * our trampoline (calls.h), and the true one is asked for.
 *
 * Any of it may be garbage: the user's frame pointer is what the user likes.
 * So a frame must lie above the one before, in the same stack, return
 * addresses must be text, and all is read as memory.h does.
 */

#ifndef KERNEL_HIT_STACK_H
#define KERNEL_HIT_STACK_H

/* The walk is environment_stack of kernel/program/environment.h. */

/* Kernel and interrupt stacks have this size, and are aligned to it. */
#define STACK_BYTES 4096u

/* The most frames that are followed, were they recorded or not. */
#define STACK_FRAMES_MAX 256

#endif /* KERNEL_HIT_STACK_H */
