/*
 * System calls of GNU Mach: a far call with a negative number in %eax.  The
 * kernel finds the arguments where a called function does, above the return
 * address.
 */

        .macro  TRAP name, number
        .globl  \name
        .type   \name, @function
\name:
        movl    $\number, %eax
        lcall   $7, $0
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
 * Where a thread starts: its function in %ebx, the argument in %esi.
 */
        .globl  task_thread_entry
        .type   task_thread_entry, @function
task_thread_entry:
        xorl    %ebp, %ebp
        andl    $-16, %esp
        subl    $12, %esp
        pushl   %esi
        call    *%ebx
        ud2
        .size   task_thread_entry, . - task_thread_entry

        .section .note.GNU-stack, "", @progbits
