/*
 * Where another CPU stops this one (kernel/machine/stop.c).
 *
 * The interrupt may come at any instruction that runs with interrupts on: in
 * a user's program; in the kernel before it has taken its own GS, since its
 * trap gates leave interrupts on; on the little stack where a trap from user
 * mode begins.  So GS is looked at itself, as the kernel does, and the stack
 * is changed for this CPU's interrupt stack, unless that is in use already.
 */

#include "kernel_types.h"

#if KERNEL_CPUS > 1

#define MSR_GS_BASE     0xc0000101
#define INTERRUPT_STACK (KERNEL_INTERRUPT_STACKS / KERNEL_CPUS)
#define PUSHED          (11 * 8)

        .text

/* The kernel's GS is told apart by its own value: nothing is to be learnt. */
        .globl  probe_stop_prepare
        .type   probe_stop_prepare, @function
probe_stop_prepare:
        ret
        .size   probe_stop_prepare, . - probe_stop_prepare

        .globl  probe_stop_entry
        .type   probe_stop_entry, @function
probe_stop_entry:
        pushq   %rax
        pushq   %rcx
        pushq   %rdx
        pushq   %rbx
        pushq   %rsi
        pushq   %rdi
        pushq   %r8
        pushq   %r9
        pushq   %r10
        pushq   %r11
        pushq   %r12
        cld
        xorl    %r12d, %r12d
        movl    $MSR_GS_BASE, %ecx
        rdmsr
        testl   %edx, %edx              /* the kernel's is negative */
        js      1f
        swapgs
        incl    %r12d
1:      movq    %rsp, %rbx
        leaq    PUSHED(%rsp), %rdi
        xorl    %esi, %esi
        movl    %gs:KERNEL_OFFSET_percpu_cpu_id, %eax
        movq    int_stack_base(, %rax, 8), %rax
        movq    %rsp, %rdx
        subq    %rax, %rdx
        cmpq    $INTERRUPT_STACK, %rdx
        jb      2f
        leaq    INTERRUPT_STACK(%rax), %rsp
        jmp     3f
2:      incl    %esi
3:      andq    $-16, %rsp
        call    stop_arrive
        movq    %rbx, %rsp
        testl   %r12d, %r12d
        jz      4f
        swapgs
4:      popq    %r12
        popq    %r11
        popq    %r10
        popq    %r9
        popq    %r8
        popq    %rdi
        popq    %rsi
        popq    %rbx
        popq    %rdx
        popq    %rcx
        popq    %rax
        iretq
        .size   probe_stop_entry, . - probe_stop_entry

#endif

        .section .note.GNU-stack, "", @progbits
