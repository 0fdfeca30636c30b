/*
 * The first instructions of a task, and of each thread it starts.
 *
 * The loader leaves %esp at argc, argv[], 0, environment, 0; it need not be
 * aligned as the calling convention wants.
 */

        .text
        .globl  _start
        .type   _start, @function
_start:
        xorl    %ebp, %ebp
        movl    %esp, %eax
        andl    $-16, %esp
        subl    $12, %esp
        pushl   %eax
        call    task_start
        ud2
        .size   _start, . - _start

        .section .note.GNU-stack, "", @progbits
