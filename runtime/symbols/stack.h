/*
 * Stacks: their addresses, and lines that say what each is.
 *
 * The addresses of a hit's stack are in its record, as far as the handler
 * asks for them; so is the name of the task that they belong to in user mode.
 */

#ifndef RUNTIME_SYMBOLS_STACK_H
#define RUNTIME_SYMBOLS_STACK_H

#include "runtime/base/value.h"

/* ---- the stacks of the event: "" or 0 where there is none ------------- */

/* Addresses as "0x… 0x…", the innermost first. */
struct rt_string rt_backtrace(void);
struct rt_string rt_ubacktrace(void);
/* The first one and LEVELS more; -1: all. */
struct rt_string rt_callers(int64_t levels);
struct rt_string rt_ucallers(int64_t levels);
/* The address at LEVEL, 0 being the innermost. */
int64_t rt_stack(int64_t level);
int64_t rt_ustack(int64_t level);
/* "name 0x…" of the caller, and its address. */
struct rt_string rt_caller(void);
int64_t rt_caller_addr(void);

/* Where the processor was; and in user mode, last or now. */
int64_t rt_addr(void);
int64_t rt_uaddr(void);
/* Whether it was in user mode: 1 or 0. */
int64_t rt_user_mode(void);

/* One line an address, " 0x… : name+0x…/0x… [kernel]"; see address.h. */
void rt_print_backtrace(void);
void rt_print_backtrace_fileline(void);
void rt_print_ubacktrace(void);
void rt_print_ubacktrace_brief(void);
void rt_print_ubacktrace_fileline(void);
struct rt_string rt_sprint_backtrace(void);
struct rt_string rt_sprint_ubacktrace(void);

/* ---- of any addresses -------------------------------------------------- */

/* The same lines for addresses in a string, as backtrace() gives them. */
void rt_print_stack(struct rt_string addresses);
struct rt_string rt_sprint_stack(struct rt_string addresses);

/* For those of the task that hit the probe, as ubacktrace() gives them. */
void rt_print_ustack(struct rt_string addresses);
struct rt_string rt_sprint_ustack(struct rt_string addresses);

#endif /* RUNTIME_SYMBOLS_STACK_H */
