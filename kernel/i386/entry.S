/*
 * Where hits come in: from a slot's call, and from vectors 3 and 1.
 *
 * All do the same around a C function: take this CPU's own stack, store the
 * registers as struct probe_context (DWARF's order), call, load what the
 * function may have changed, go on in the slot.  Interrupts are off from the
 * first instructions to the last.
 *
 * Values of the context have 64 bits; the upper halves of registers are
 * zeroes from the beginning, and nobody writes to them.  A 64-bit parameter of
 * a C function is two words, the lower one first.
 *
 * ebx carries the stack that was hit across the call; the other registers
 * that a function preserves are stored for the program but need no loading.
 */

#include "kernel_types.h"

#include "kernel/hit/cpu.h"

/*
 * Which struct cpu is this CPU's?  With one CPU that is known.  With several,
 * the kernel's number of it is in the data that GS leads to, and eax holds
 * the distance to it from take_cpu to leave_cpu; what was in eax is pushed on
 * the stack that was hit.
 *
 * That GS is the kernel's and not the user's, as are the other segments: only
 * functions that the compiler made can be probed, and the assembler that runs
 * with others calls none.
 */
#if KERNEL_CPUS == 1
#define THIS_CPU(offset) probe_cpus+(offset)
#define TAKEN            0      /* bytes pushed */
.macro take_cpu
.endm
.macro leave_cpu
.endm
.macro take_user_cpu
        user_segments
.endm
#else
#define THIS_CPU(offset) probe_cpus+(offset)(%eax)
#define TAKEN            4
.macro take_cpu
        pushl   %eax
        movl    %gs:KERNEL_OFFSET_percpu_cpu_id, %eax
        imull   $CPU_SIZE, %eax, %eax
.endm
.macro leave_cpu
        popl    %eax
.endm
.macro take_user_cpu
        user_segments
        pushl   %eax
        movl    %ss:stop_gs, %eax
        movl    %eax, %gs
        movl    %gs:KERNEL_OFFSET_percpu_cpu_id, %eax
        imull   $CPU_SIZE, %eax, %eax
.endm
#endif

/* Data segments of the kernel's, without changing a register. */
.macro user_segments
        pushl   %ss
        popl    %ds
        pushl   %ss
        popl    %es
.endm
.macro leave_user
        popl    %gs
        popl    %es
        popl    %ds
.endm

#define CONTEXT_EAX   0
#define CONTEXT_ECX   8
#define CONTEXT_EDX   16
#define CONTEXT_EBX   24
#define CONTEXT_ESP   32
#define CONTEXT_EBP   40
#define CONTEXT_ESI   48
#define CONTEXT_EDI   56
#define CONTEXT_FLAGS 136

#define FLAGS_V86 0x20000

        .text

/* From the stack that was hit to ours; then ebx is the former. */
.macro enter_probe
        movl    $1, THIS_CPU(CPU_BUSY)
        movl    %esp, THIS_CPU(CPU_STACK_POINTER)
#if KERNEL_CPUS == 1
        movl    $THIS_CPU(CPU_CONTEXT), %esp
        movl    %eax, CONTEXT_EAX(%esp)
#else
        leal    THIS_CPU(CPU_CONTEXT), %esp
#endif
        movl    %ecx, CONTEXT_ECX(%esp)
        movl    %edx, CONTEXT_EDX(%esp)
        movl    %ebx, CONTEXT_EBX(%esp)
        movl    %ebp, CONTEXT_EBP(%esp)
        movl    %esi, CONTEXT_ESI(%esp)
        movl    %edi, CONTEXT_EDI(%esp)
        movl    CPU_STACK_POINTER-CPU_CONTEXT(%esp), %ebx
#if KERNEL_CPUS != 1
        movl    (%ebx), %eax
        movl    %eax, CONTEXT_EAX(%esp)
#endif
        cld
.endm

/*
 * Call FUNCTION(context), or FUNCTION(context, value), the value at ABOVE
 * bytes of the stack that was hit.
 */
.macro call_with function, above
        movl    %esp, %eax
.ifnb \above
        pushl   $0
        pushl   \above(%ebx)
.endif
        pushl   %eax
        call    \function
.ifnb \above
        addl    $12, %esp
.else
        addl    $4, %esp
.endif
.endm

/*
 * And back.  BUSY is cleared last: before the stack is left nobody else may
 * take it.
 */
.macro leave_probe
        movl    CONTEXT_EAX(%esp), %eax
#if KERNEL_CPUS != 1
        movl    %eax, (%ebx)            /* for leave_cpu */
        leal    -CPU_CONTEXT(%esp), %eax
        subl    $probe_cpus, %eax
#endif
        movl    CONTEXT_ECX(%esp), %ecx
        movl    CONTEXT_EDX(%esp), %edx
        movl    CONTEXT_EBX(%esp), %ebx
        movl    THIS_CPU(CPU_STACK_POINTER), %esp
        movl    $0, THIS_CPU(CPU_BUSY)
        leave_cpu
.endm

/* A nested hit stays where it is. */
.macro push_scratch
        pushl   %eax
        pushl   %ecx
        pushl   %edx
        cld
.endm

.macro pop_scratch
        popl    %edx
        popl    %ecx
        popl    %eax
.endm

#define SCRATCH (3 * 4)

/*
 * Called from a slot.  The return address is in the slot, at the displaced
 * instructions; above it is the stack as the probed function finds it.
 */
        .globl  probe_jump_entry
        .type   probe_jump_entry, @function
probe_jump_entry:
        pushfl
        cli
        take_cpu
        cmpl    $0, THIS_CPU(CPU_BUSY)
        jne     1f
        enter_probe
        leal    TAKEN+8(%ebx), %eax
        movl    %eax, CONTEXT_ESP(%esp)
        movl    TAKEN(%ebx), %eax
        movl    %eax, CONTEXT_FLAGS(%esp)
        call_with hit_jump, TAKEN+4
        leave_probe
        popfl
        ret
1:      leave_cpu
        push_scratch
        pushl   $0
        pushl   SCRATCH+8(%esp)
        call    hit_jump_nested
        addl    $8, %esp
        pop_scratch
        popfl
        ret
        .size   probe_jump_entry, . - probe_jump_entry

/*
 * Vector 3, an interrupt gate: interrupts are off, and the stack holds eip,
 * cs, flags, and nothing else if it is the kernel's.  hit_breakpoint returns
 * where to go on, or 0 if the breakpoint is not ours: then the kernel's
 * handler gets the stack as it was found, and interrupts as they were, since
 * its own gate leaves them on.
 *
 * User mode is told apart before any memory is touched but the stack's: the
 * segments are the user's then.
 */
        .globl  probe_breakpoint_entry
        .type   probe_breakpoint_entry, @function
probe_breakpoint_entry:
        testl   $FLAGS_V86, 8(%esp)
        jnz     3f
        testb   $3, 4(%esp)
        jnz     6f
        take_cpu
        cmpl    $0, THIS_CPU(CPU_BUSY)
        jne     1f
        enter_probe
        leal    TAKEN+12(%ebx), %eax
        movl    %eax, CONTEXT_ESP(%esp)
        movl    TAKEN+8(%ebx), %eax
        movl    %eax, CONTEXT_FLAGS(%esp)
        call_with hit_breakpoint, TAKEN
        testl   %eax, %eax
        jz      2f
        movl    %eax, TAKEN(%ebx)
        leave_probe
        iretl
1:      leave_cpu
        push_scratch
        pushl   $0
        pushl   SCRATCH+4(%esp)
        call    hit_breakpoint_nested
        addl    $8, %esp
        testl   %eax, %eax
        jz      4f
        movl    %eax, SCRATCH(%esp)
        pop_scratch
        iretl
4:      pop_scratch
        jmp     3f
2:      leave_probe
3:      testb   $2, 9(%esp)             /* bit 9 of the flags: IF */
        jz      5f
        sti
5:      jmp     t_int3

/*
 * A task's, in user mode: the same, with the kernel's segments, which are those
 * that its own interrupts load.  The stack, whose segment is the kernel's, is
 * where the kernel keeps the user's registers, and has room below what the
 * processor has pushed.
 */
#define SEGMENTS (3 * 4)
6:      cmpl    $0, %ss:user_points
        je      3b
        pushl   %ds
        pushl   %es
        pushl   %gs
        take_user_cpu
        enter_probe
        movl    TAKEN+SEGMENTS+12(%ebx), %eax
        movl    %eax, CONTEXT_ESP(%esp)
        movl    TAKEN+SEGMENTS+8(%ebx), %eax
        movl    %eax, CONTEXT_FLAGS(%esp)
        call_with hit_user, TAKEN+SEGMENTS
        testl   %eax, %eax
        jz      7f
        movl    %eax, TAKEN+SEGMENTS(%ebx)
        leave_probe
        leave_user
        iretl
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
        pushl   $0
        pushfl
        cli
        take_cpu
        cmpl    $0, THIS_CPU(CPU_BUSY)
        jne     1f
        enter_probe
        leal    TAKEN+8(%ebx), %eax
        movl    %eax, CONTEXT_ESP(%esp)
        movl    TAKEN(%ebx), %eax
        movl    %eax, CONTEXT_FLAGS(%esp)
        call_with hit_return
        movl    %eax, TAKEN+4(%ebx)
        leave_probe
        popfl
        ret
1:      leave_cpu
        push_scratch
        leal    SCRATCH+4(%esp), %eax
        pushl   $0
        pushl   %eax
        call    hit_return_nested
        addl    $8, %esp
        movl    %eax, SCRATCH+4(%esp)
        pop_scratch
        popfl
        ret
        .size   probe_return_entry, . - probe_return_entry

/*
 * Vector 1 while memory is watched (watch.h), an interrupt gate, from any
 * state of the kernel and from user mode.  Below what the processor has
 * pushed: the segments that were found, what watch_hit returns, and DR7 as it
 * was.  That is no more than stop.S pushes, on the same stacks.
 */
#define DEBUG_CONTROL 0
#define DEBUG_STACK   4
#define DEBUG_ROOM    20

        .globl  probe_debug_entry
        .type   probe_debug_entry, @function
probe_debug_entry:
        pushl   %ds
        pushl   %es
        pushl   %gs
        subl    $8, %esp
        pushl   %eax
        movl    %dr7, %eax
        movl    %eax, 4+DEBUG_CONTROL(%esp)
        xorl    %eax, %eax
        movl    %eax, %dr7
        movl    %ss, %eax
        movl    %eax, %ds
        movl    %eax, %es
#if KERNEL_CPUS != 1
        movl    stop_gs, %eax
        movl    %eax, %gs
#endif
        popl    %eax
        take_cpu
        cmpl    $0, THIS_CPU(CPU_BUSY)
        jne     2f
        enter_probe
        movl    %esp, %eax
        leal    TAKEN+DEBUG_ROOM(%ebx), %ecx
        pushl   %ecx
        pushl   %eax
        call    watch_hit
        addl    $8, %esp
        movl    %eax, TAKEN+DEBUG_STACK(%ebx)
        leave_probe
3:      pushl   %eax
        movl    4+DEBUG_CONTROL(%esp), %eax
        movl    %eax, %dr7
        popl    %eax
        cmpl    $0, DEBUG_STACK(%esp)
        leal    8(%esp), %esp
        popl    %gs
        popl    %es
        popl    %ds
        jne     5f
        iretl
5:      testb   $2, 9(%esp)             /* bit 9 of the flags: IF */
        jz      6f
        sti
6:      jmp     t_debug
2:      leave_cpu
        push_scratch
        leal    SCRATCH+DEBUG_ROOM(%esp), %eax
        pushl   %eax
        call    watch_hit_nested
        addl    $4, %esp
        movl    %eax, SCRATCH+DEBUG_STACK(%esp)
        pop_scratch
        jmp     3b
        .size   probe_debug_entry, . - probe_debug_entry

        .section .note.GNU-stack, "", @progbits
