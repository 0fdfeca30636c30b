/*
 * From resolved probes to the plan.
 */

#ifndef TRANSLATE_SPLIT_PLANNER_H
#define TRANSLATE_SPLIT_PLANNER_H

#include "language/language.h"
#include "translate/objects/kernel.h"
#include "translate/plan.h"

/*
 * Fill PLAN from unit->probes, each of which has a struct place behind it
 * and in whose bodies each target has a struct target_value.  STRING_SIZE is
 * that of a script's strings, in bytes with the NUL.  What cannot be is
 * reported through unit_error(), and -1 returned.
 */
int plan_make(struct unit *unit, struct kernel_source *kernel,
              struct program_list *programs, const char *identity,
              uint32_t string_size, struct plan *plan);

#endif /* TRANSLATE_SPLIT_PLANNER_H */
