/*
 * The first instructions of a task, and of each thread it starts.
 *
 * The loader leaves %rsp at argc, argv[], 0, environment, 0; it need not be
 * aligned as the calling convention wants.
 */

        .text
        .globl  _start
        .type   _start, @function
_start:
        xorl    %ebp, %ebp
        movq    %rsp, %rdi
        andq    $-16, %rsp
        call    task_start
        ud2
        .size   _start, . - _start

        .section .note.GNU-stack, "", @progbits
