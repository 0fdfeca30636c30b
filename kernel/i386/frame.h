/*
 * What is where in stacks of i386 (i386/i386at/interrupt.S and locore.S of
 * GNU Mach; its debugger counts on the same places).
 */

#ifndef KERNEL_I386_FRAME_H
#define KERNEL_I386_FRAME_H

/* Registers of struct probe_context. */
#define FRAME_REGISTER_BASE  5 /* ebp */
#define FRAME_REGISTER_STACK 4 /* esp */

/* Those, a bit each, that go on as they are there when a hit is over
 * (leave_probe): eax ecx edx ebx. */
#define FRAME_REGISTERS_LOADED 0xfu

/*
 * Above the frame of an interrupt handler, bytes from it: where the assembler
 * that saved the registers goes on, and behind that the address of these, or
 * they themselves.
 */
#define FRAME_INTERRUPT_RETURN 32
#define FRAME_INTERRUPT_STATE  36

/* The processor pushes the stack pointer only when it comes from user mode;
 * else the interrupted stack is what lies above the registers. */
#define FRAME_INTERRUPT_HAS_STACK 0

/*
 * A system call comes in by a call gate: the processor pushes no flags, so
 * until the kernel's assembler has moved them, the address is where the code
 * segment belongs.  A segment has 16 bits.
 */
#define FRAME_ADDRESS_IN_SEGMENT(segment) ((segment) > 0xffff)

#endif /* KERNEL_I386_FRAME_H */
