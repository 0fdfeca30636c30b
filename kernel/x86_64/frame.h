/*
 * What is where in stacks of x86-64 (x86_64/interrupt.S and locore.S of GNU
 * Mach; its debugger counts on the same places).
 */

#ifndef KERNEL_X86_64_FRAME_H
#define KERNEL_X86_64_FRAME_H

/* Registers of struct probe_context. */
#define FRAME_REGISTER_BASE  6 /* rbp */
#define FRAME_REGISTER_STACK 7 /* rsp */

/* Those, a bit each, that go on as they are there when a hit is over
 * (leave_probe): rax rdx rcx rbx rsi rdi, r8 to r11. */
#define FRAME_REGISTERS_LOADED 0xf3fu

/*
 * Above the frame of an interrupt handler, bytes from it: where the assembler
 * that saved the registers goes on, and behind that the address of these, or
 * they themselves.
 */
#define FRAME_INTERRUPT_RETURN 32
#define FRAME_INTERRUPT_STATE  40

/* The processor pushes the stack pointer in any case. */
#define FRAME_INTERRUPT_HAS_STACK 1

/* Whether a system call's address may be where its code segment belongs. */
#define FRAME_ADDRESS_IN_SEGMENT(segment) 0

#endif /* KERNEL_X86_64_FRAME_H */
