/*
 * Printing globals that the script only writes, after its end.
 */

#ifndef RUNTIME_REPORT_SHOW_H
#define RUNTIME_REPORT_SHOW_H

#include "runtime/program.h"

/* name=1, name="text", name[1,"x"]=2, name @count=1 @min=... each on a line
 * of its own; arrays from the greatest value down.  Nothing for an empty
 * array or statistic. */
void rt_show_globals(const struct rt_program *program);

#endif /* RUNTIME_REPORT_SHOW_H */
