/*
 * System calls of GNU Mach: a negative number in %eax, arguments as for a
 * function but the fourth in %r10, since `syscall' takes %rcx; the seventh is
 * where a called function finds it, above the return address.
 */

        .macro  TRAP name, number
        .globl  \name
        .type   \name, @function
\name:
        movl    $\number, %eax
        movq    %rcx, %r10
        syscall
        ret
        .size   \name, . - \name
        .endm

        .text
        TRAP    mach_msg_trap, -25
        TRAP    mach_reply_port, -26
        TRAP    mach_thread_self, -27
        TRAP    mach_task_self_trap, -28
        TRAP    mach_host_self, -29
        TRAP    mach_print, -30
        TRAP    swtch_pri, -59
        TRAP    swtch, -60

/*
 * Where a thread starts: its function in %rbx, the argument in %r12.
 */
        .globl  task_thread_entry
        .type   task_thread_entry, @function
task_thread_entry:
        xorl    %ebp, %ebp
        movq    %r12, %rdi
        andq    $-16, %rsp
        call    *%rbx
        ud2
        .size   task_thread_entry, . - task_thread_entry

        .section .note.GNU-stack, "", @progbits
