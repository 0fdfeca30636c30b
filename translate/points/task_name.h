/*
 * Which tasks a name means, process("NAME"): by the last component of the
 * name that the kernel has for a task, without the "(PID)" that the Hurd puts
 * behind it.  NAME may be a path, of which the last component counts, and a
 * glob.
 */

#ifndef TRANSLATE_POINTS_TASK_NAME_H
#define TRANSLATE_POINTS_TASK_NAME_H

#include "debuginfo/location.h"

/* The part of NAME that counts. */
const char *task_name_pattern(const char *name);

/*
 * Add to STEPS what leaves 0 where the name at the address that the steps in
 * PLACE leave cannot be meant by PATTERN, and 1 where it may.  Only the
 * beginning is looked at, and only of names that are no paths: the rest is for
 * the process, rt_task_is_meant().
 */
void task_name_filter(struct arena *arena, const char *pattern,
                      const step_list *place, step_list *steps);

#endif /* TRANSLATE_POINTS_TASK_NAME_H */
