/*
 * Where another CPU stops this one (kernel/machine/stop.c).
 *
 * The interrupt may come at any instruction that runs with interrupts on: in
 * a user's program; in the kernel before it has taken its own segments, since
 * its trap gates leave interrupts on; in the user's saved registers, which
 * are the stack where a trap from user mode begins.  These have room below
 * them for an interrupt of the kernel's, which pushes as many words as here
 * are pushed before the stack is changed for this CPU's interrupt stack, unless
 * that is in use already.
 *
 * The stack's segment is the kernel's data in any case, so with it is read
 * what the kernel has in GS, and the segments are what the kernel's own
 * interrupts load.
 */

#include "kernel_types.h"

#if KERNEL_CPUS > 1

#define INTERRUPT_STACK (KERNEL_INTERRUPT_STACKS / KERNEL_CPUS)
#define PUSHED          (7 * 4)

        .text

/* Learn what the kernel has in GS.  In a thread of the kernel, once. */
        .globl  probe_stop_prepare
        .type   probe_stop_prepare, @function
probe_stop_prepare:
        movl    %gs, %eax
        movl    %eax, stop_gs
        ret
        .size   probe_stop_prepare, . - probe_stop_prepare

        .globl  probe_stop_entry
        .type   probe_stop_entry, @function
probe_stop_entry:
        pushl   %eax
        pushl   %ecx
        pushl   %edx
        pushl   %ebx
        pushl   %ds
        pushl   %es
        pushl   %gs
        cld
        movl    %ss:stop_gs, %eax
        movl    %eax, %gs
        movl    %ss, %eax
        movl    %eax, %ds
        movl    %eax, %es
        movl    %esp, %ebx
        xorl    %ecx, %ecx
        movl    %gs:KERNEL_OFFSET_percpu_cpu_id, %eax
        movl    int_stack_base(, %eax, 4), %eax
        movl    %esp, %edx
        subl    %eax, %edx
        cmpl    $INTERRUPT_STACK, %edx
        jb      1f
        leal    INTERRUPT_STACK(%eax), %esp
        jmp     2f
1:      incl    %ecx
2:      leal    PUSHED(%ebx), %eax
        pushl   %ecx
        pushl   %eax
        call    stop_arrive
        movl    %ebx, %esp
        popl    %gs
        popl    %es
        popl    %ds
        popl    %ebx
        popl    %edx
        popl    %ecx
        popl    %eax
        iretl
        .size   probe_stop_entry, . - probe_stop_entry

/* entry.S loads it, too. */
        .bss
        .globl  stop_gs
        .balign 4
stop_gs:
        .long   0

#endif

        .section .note.GNU-stack, "", @progbits
