/*
 * Insides of the planner: what it knows, and what a handler captures.
 */

#ifndef TRANSLATE_SPLIT_PLANNER_I_H
#define TRANSLATE_SPLIT_PLANNER_I_H

#include "translate/split/planner.h"
#include "translate/values/moment.h"

struct planner {
    struct unit *unit;
    struct arena *arena;
    struct kernel_source *kernel;
    struct program_list *programs;
    struct plan *plan;
    uint32_t string_size;
    uint32_t task_name_size; /* 0 until it was asked for */
    /* Of the handler at hand, one for each capture; NULL unless a target. */
    value_list values;
};

/*
 * Find what the body of PROBE, and the functions that it calls, need of a hit:
 * the captures of HANDLER and, one for each, planner->values; of an event of
 * tasks also what POINT says of it.  Each target's place becomes its capture.
 * What cannot be had is reported through unit_error().
 */
void planner_collect(struct planner *planner, struct plan_handler *handler,
                     struct plan_point *point, struct probe *probe);

#endif /* TRANSLATE_SPLIT_PLANNER_I_H */
