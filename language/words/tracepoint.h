/*
 * Tracepoints by SystemTap's name for them: kernel.trace("vm:fault") and
 * kernel.tracepoint("vm:fault") are the library's vm.fault.
 *
 * GNU Mach has none compiled in.  What they are for, places whose names and
 * variables do not change with the kernel, are the aliases of tapset/.
 */

#ifndef LANGUAGE_WORDS_TRACEPOINT_H
#define LANGUAGE_WORDS_TRACEPOINT_H

#include <stdbool.h>

#include "language/tree/ast.h"
#include "support/arena.h"

bool tracepoint_is(const struct probe_point *point);

/*
 * The points that a tracepoint may mean, one for each system of the library
 * that its name matches, to be looked for as aliases; the rest is as in POINT.
 */
typedef LIST_OF(struct probe_point *) tracepoint_list;
void tracepoint_points(struct arena *arena, const struct probe_point *point,
                       tracepoint_list *points);

/* Whether ALIAS, a dotted name, is of one of the systems. */
bool tracepoint_is_alias(const char *alias);

/* The systems' names, for messages. */
const char *tracepoint_systems(struct arena *arena);

#endif /* LANGUAGE_WORDS_TRACEPOINT_H */
