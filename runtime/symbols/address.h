/*
 * What the language says of a single address: its symbol, its module, the
 * line of the sources that it comes from, each in the form of SystemTap's
 * functions.
 */

#ifndef RUNTIME_SYMBOLS_ADDRESS_H
#define RUNTIME_SYMBOLS_ADDRESS_H

#include "runtime/base/value.h"
#include "runtime/symbols/symbol.h"

/* Of the task that hit the probe. */
struct rt_space rt_event_space(void);

/* ---- lines of stacks ---------------------------------------------------- */

enum rt_line_style {
    RT_LINE_PLAIN,    /* " 0x… : name+0x…/0x… [module]" */
    RT_LINE_FILELINE, /* the same with " at file:line" before the module */
    RT_LINE_BRIEF,    /* " name+0x…" */
};

/* Room for a line; what is longer is cut. */
#define RT_LINE_TEXT 1024

/*
 * Write the line of ADDRESS to TEXT with a newline, and return its length.
 * RETURNS: a call returns there, so it is the instruction before that the
 * symbol and the line are of.  One that never returns may be a function's last.
 */
size_t rt_put_line(char text[RT_LINE_TEXT], struct rt_space space,
                   uint64_t address, enum rt_line_style style, bool returns);

/* "name 0x…", or the address alone. */
struct rt_string rt_name_and_address(struct rt_space space, uint64_t address);

/* ---- functions of the language ----------------------------------------- */

/* Of the kernel.  What is not known is the address as "0x…". */
struct rt_string rt_symname(int64_t address);
/* With offset, size and where it belongs: "name+0x…/0x… [kernel]". */
struct rt_string rt_symdata(int64_t address);
struct rt_string rt_symfile(int64_t address);
struct rt_string rt_symline(int64_t address);
struct rt_string rt_symfileline(int64_t address);
/* "kernel"; raises if it is not of the kernel. */
struct rt_string rt_modname(int64_t address);

/* The same of the task that hit the probe. */
struct rt_string rt_usymname(int64_t address);
struct rt_string rt_usymdata(int64_t address);
struct rt_string rt_usymfile(int64_t address);
struct rt_string rt_usymline(int64_t address);
struct rt_string rt_usymfileline(int64_t address);
struct rt_string rt_umodname(int64_t address);

/* The same of tasks of that name. */
struct rt_string rt_usymname_of(int64_t address, struct rt_string task);
struct rt_string rt_usymdata_of(int64_t address, struct rt_string task);
struct rt_string rt_usymfile_of(int64_t address, struct rt_string task);
struct rt_string rt_usymline_of(int64_t address, struct rt_string task);
struct rt_string rt_usymfileline_of(int64_t address, struct rt_string task);
struct rt_string rt_umodname_of(int64_t address, struct rt_string task);

#endif /* RUNTIME_SYMBOLS_ADDRESS_H */
