/*
 * Where hits come in: from a slot's call, and from vectors 3 and 1.
 *
 * All do the same around a C function: take this CPU's own stack, store the
 * registers as struct probe_context (DWARF's order), call, load what the
 * function may have changed, go on in the slot.  Interrupts are off from the
 * first instructions to the last.
 *
 * rbx carries the stack that was hit across the call; the other registers
 * that a function preserves are stored for the program but need no loading.
 */

#include "kernel_types.h"

#include "kernel/hit/cpu.h"

/*
 * Which struct cpu is this CPU's?  With one CPU that is known.  With several,
 * the kernel's number of it is in the data that GS leads to, and rax holds
 * the distance to it from take_cpu to leave_cpu; what was in rax is pushed on
 * the stack that was hit.
 *
 * That GS is the kernel's and not the user's: only functions that the
 * compiler made can be probed, and the assembler that runs before swapgs
 * calls none.
 */
#if KERNEL_CPUS == 1
#define THIS_CPU(offset) probe_cpus+(offset)
#define TAKEN            0      /* bytes pushed */
.macro take_cpu
.endm
.macro leave_cpu
.endm
.macro take_user_cpu
.endm
.macro leave_user
.endm
#else
#define THIS_CPU(offset) probe_cpus+(offset)(%rax)
#define TAKEN            8
.macro take_cpu
        pushq   %rax
        movl    %gs:KERNEL_OFFSET_percpu_cpu_id, %eax
        imulq   $CPU_SIZE, %rax, %rax
.endm
.macro leave_cpu
        popq    %rax
.endm
.macro take_user_cpu
        swapgs
        take_cpu
.endm
.macro leave_user
        swapgs
.endm
#endif

#define CONTEXT_RAX   0
#define CONTEXT_RDX   8
#define CONTEXT_RCX   16
#define CONTEXT_RBX   24
#define CONTEXT_RSI   32
#define CONTEXT_RDI   40
#define CONTEXT_RBP   48
#define CONTEXT_RSP   56
#define CONTEXT_R8    64
#define CONTEXT_R9    72
#define CONTEXT_R10   80
#define CONTEXT_R11   88
#define CONTEXT_R12   96
#define CONTEXT_R13   104
#define CONTEXT_R14   112
#define CONTEXT_R15   120
#define CONTEXT_FLAGS 136

        .text

/* From the stack that was hit to ours; then rbx is the former. */
.macro enter_probe
        movq    $1, THIS_CPU(CPU_BUSY)
        movq    %rsp, THIS_CPU(CPU_STACK_POINTER)
#if KERNEL_CPUS == 1
        movq    $THIS_CPU(CPU_CONTEXT), %rsp
        movq    %rax, CONTEXT_RAX(%rsp)
#else
        leaq    THIS_CPU(CPU_CONTEXT), %rsp
#endif
        movq    %rdx, CONTEXT_RDX(%rsp)
        movq    %rcx, CONTEXT_RCX(%rsp)
        movq    %rbx, CONTEXT_RBX(%rsp)
        movq    %rsi, CONTEXT_RSI(%rsp)
        movq    %rdi, CONTEXT_RDI(%rsp)
        movq    %rbp, CONTEXT_RBP(%rsp)
        movq    %r8, CONTEXT_R8(%rsp)
        movq    %r9, CONTEXT_R9(%rsp)
        movq    %r10, CONTEXT_R10(%rsp)
        movq    %r11, CONTEXT_R11(%rsp)
        movq    %r12, CONTEXT_R12(%rsp)
        movq    %r13, CONTEXT_R13(%rsp)
        movq    %r14, CONTEXT_R14(%rsp)
        movq    %r15, CONTEXT_R15(%rsp)
        movq    CPU_STACK_POINTER-CPU_CONTEXT(%rsp), %rbx
#if KERNEL_CPUS != 1
        movq    (%rbx), %rax
        movq    %rax, CONTEXT_RAX(%rsp)
#endif
        cld
.endm

/*
 * And back.  BUSY is cleared last: before the stack is left nobody else may
 * take it.
 */
.macro leave_probe
        movq    CONTEXT_RAX(%rsp), %rax
#if KERNEL_CPUS != 1
        movq    %rax, (%rbx)            /* for leave_cpu */
        leaq    -CPU_CONTEXT(%rsp), %rax
        subq    $probe_cpus, %rax
#endif
        movq    CONTEXT_RDX(%rsp), %rdx
        movq    CONTEXT_RCX(%rsp), %rcx
        movq    CONTEXT_RBX(%rsp), %rbx
        movq    CONTEXT_RSI(%rsp), %rsi
        movq    CONTEXT_RDI(%rsp), %rdi
        movq    CONTEXT_R8(%rsp), %r8
        movq    CONTEXT_R9(%rsp), %r9
        movq    CONTEXT_R10(%rsp), %r10
        movq    CONTEXT_R11(%rsp), %r11
        movq    THIS_CPU(CPU_STACK_POINTER), %rsp
        movq    $0, THIS_CPU(CPU_BUSY)
        leave_cpu
.endm

/* A nested hit stays where it is. */
.macro push_scratch
        pushq   %rax
        pushq   %rcx
        pushq   %rdx
        pushq   %rsi
        pushq   %rdi
        pushq   %r8
        pushq   %r9
        pushq   %r10
        pushq   %r11
        cld
.endm

.macro pop_scratch
        popq    %r11
        popq    %r10
        popq    %r9
        popq    %r8
        popq    %rdi
        popq    %rsi
        popq    %rdx
        popq    %rcx
        popq    %rax
.endm

#define SCRATCH (9 * 8)

/*
 * Called from a slot.  The return address is in the slot, at the displaced
 * instructions; above it is the stack as the probed function finds it.
 */
        .globl  probe_jump_entry
        .type   probe_jump_entry, @function
probe_jump_entry:
        pushfq
        cli
        take_cpu
        cmpq    $0, THIS_CPU(CPU_BUSY)
        jne     1f
        enter_probe
        leaq    TAKEN+16(%rbx), %rax
        movq    %rax, CONTEXT_RSP(%rsp)
        movq    TAKEN(%rbx), %rax
        movq    %rax, CONTEXT_FLAGS(%rsp)
        movq    %rsp, %rdi
        movq    TAKEN+8(%rbx), %rsi
        call    hit_jump
        leave_probe
        popfq
        ret
1:      leave_cpu
        push_scratch
        movq    SCRATCH+8(%rsp), %rdi
        call    hit_jump_nested
        pop_scratch
        popfq
        ret
        .size   probe_jump_entry, . - probe_jump_entry

/*
 * Vector 3, an interrupt gate: interrupts are off, and the stack holds rip,
 * cs, flags, rsp, ss.  hit_breakpoint returns where to go on, or 0 if the
 * breakpoint is not ours: then the kernel's handler gets the stack as it was
 * found, and interrupts as they were, since its own gate leaves them on.
 */
        .globl  probe_breakpoint_entry
        .type   probe_breakpoint_entry, @function
probe_breakpoint_entry:
        testb   $3, 8(%rsp)
        jnz     6f
        take_cpu
        cmpq    $0, THIS_CPU(CPU_BUSY)
        jne     1f
        enter_probe
        movq    TAKEN+24(%rbx), %rax
        movq    %rax, CONTEXT_RSP(%rsp)
        movq    TAKEN+16(%rbx), %rax
        movq    %rax, CONTEXT_FLAGS(%rsp)
        movq    %rsp, %rdi
        movq    TAKEN(%rbx), %rsi
        call    hit_breakpoint
        testq   %rax, %rax
        jz      2f
        movq    %rax, TAKEN(%rbx)
        leave_probe
        iretq
1:      leave_cpu
        push_scratch
        movq    SCRATCH(%rsp), %rdi
        call    hit_breakpoint_nested
        testq   %rax, %rax
        jz      4f
        movq    %rax, SCRATCH(%rsp)
        pop_scratch
        iretq
4:      pop_scratch
        jmp     3f
2:      leave_probe
3:      testb   $2, 17(%rsp)            /* bit 9 of the flags: IF */
        jz      5f
        sti
5:      jmp     t_int3

/*
 * A task's, in user mode: the same, with the kernel's GS where it is needed.
 * The stack is where the kernel keeps the user's registers, which has room
 * below what the processor has pushed.
 */
6:      cmpl    $0, user_points(%rip)
        je      3b
        take_user_cpu
        enter_probe
        movq    TAKEN+24(%rbx), %rax
        movq    %rax, CONTEXT_RSP(%rsp)
        movq    TAKEN+16(%rbx), %rax
        movq    %rax, CONTEXT_FLAGS(%rsp)
        movq    %rsp, %rdi
        movq    TAKEN(%rbx), %rsi
        call    hit_user
        testq   %rax, %rax
        jz      7f
        movq    %rax, TAKEN(%rbx)
        leave_probe
        leave_user
        iretq
7:      leave_probe
        leave_user
        jmp     3b
        .size   probe_breakpoint_entry, . - probe_breakpoint_entry

/*
 * Where a function returns to whose return is waited for (calls.h).  The word
 * that its return address was in is popped, and an interrupt may have written
 * over it meanwhile: room is made for it again, and hit_return says what it
 * was.
 */
        .globl  probe_return_entry
        .type   probe_return_entry, @function
probe_return_entry:
        pushq   $0
        pushfq
        cli
        take_cpu
        cmpq    $0, THIS_CPU(CPU_BUSY)
        jne     1f
        enter_probe
        leaq    TAKEN+16(%rbx), %rax
        movq    %rax, CONTEXT_RSP(%rsp)
        movq    TAKEN(%rbx), %rax
        movq    %rax, CONTEXT_FLAGS(%rsp)
        movq    %rsp, %rdi
        call    hit_return
        movq    %rax, TAKEN+8(%rbx)
        leave_probe
        popfq
        ret
1:      leave_cpu
        push_scratch
        leaq    SCRATCH+8(%rsp), %rdi
        call    hit_return_nested
        movq    %rax, SCRATCH+8(%rsp)
        pop_scratch
        popfq
        ret
        .size   probe_return_entry, . - probe_return_entry

/*
 * Vector 1 while memory is watched (watch.h), an interrupt gate on a stack of
 * its own, from any state of the kernel and from user mode.  Below what the
 * processor has pushed: whether GS was the user's, DR7 as it was found, and
 * what watch_hit returns.
 */
#define DEBUG_SWAPPED 0
#define DEBUG_CONTROL 8
#define DEBUG_STACK   16
#define DEBUG_ROOM    24
#define MSR_GS_BASE   0xc0000101

        .globl  probe_debug_entry
        .type   probe_debug_entry, @function
probe_debug_entry:
        subq    $DEBUG_ROOM, %rsp
        pushq   %rax
        pushq   %rcx
        pushq   %rdx
        movq    %dr7, %rax
        movq    %rax, 24+DEBUG_CONTROL(%rsp)
        xorl    %eax, %eax
        movq    %rax, %dr7
        movq    %rax, 24+DEBUG_SWAPPED(%rsp)
#if KERNEL_CPUS != 1
        movl    $MSR_GS_BASE, %ecx
        rdmsr
        testl   %edx, %edx              /* the kernel's is negative */
        js      1f
        swapgs
        incl    24+DEBUG_SWAPPED(%rsp)
1:
#endif
        popq    %rdx
        popq    %rcx
        popq    %rax
        take_cpu
        cmpq    $0, THIS_CPU(CPU_BUSY)
        jne     2f
        enter_probe
        movq    %rsp, %rdi
        leaq    TAKEN+DEBUG_ROOM(%rbx), %rsi
        call    watch_hit
        movq    %rax, TAKEN+DEBUG_STACK(%rbx)
        leave_probe
3:
#if KERNEL_CPUS != 1
        cmpl    $0, DEBUG_SWAPPED(%rsp)
        je      4f
        swapgs
4:
#endif
        pushq   %rax
        movq    8+DEBUG_CONTROL(%rsp), %rax
        movq    %rax, %dr7
        popq    %rax
        cmpq    $0, DEBUG_STACK(%rsp)
        jne     5f
        addq    $DEBUG_ROOM, %rsp
        iretq
5:      movq    DEBUG_STACK(%rsp), %rsp
        testb   $2, 17(%rsp)            /* bit 9 of the flags: IF */
        jz      6f
        sti
6:      jmp     t_debug
2:      leave_cpu
        push_scratch
        leaq    SCRATCH+DEBUG_ROOM(%rsp), %rdi
        call    watch_hit_nested
        movq    %rax, SCRATCH+DEBUG_STACK(%rsp)
        pop_scratch
        jmp     3b
        .size   probe_debug_entry, . - probe_debug_entry

        .section .note.GNU-stack, "", @progbits
