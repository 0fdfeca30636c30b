/*
 * A task's insides: what the files of this library do for each other.
 */

#ifndef MACH_TASK_I_H
#define MACH_TASK_I_H

/* Name of the program, for messages. */
const char *task_program(void);

/* End the task, and with --halt the run, without what atexit() registered. */
void task_end(int status) __attribute__((noreturn));

/*
 * From now on a fault of any thread ends the task with a message and
 * STATUS_FAULT; otherwise the kernel ends it without one, and the run goes on
 * without it.
 */
void task_catch_faults(void);

#define STATUS_ABORT 134 /* as a shell shows SIGABRT */
#define STATUS_FAULT 139 /* and SIGSEGV */

#endif /* MACH_TASK_I_H */
