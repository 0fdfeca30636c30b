/*
 * Arguments of marks: from the assembler's operands in a mark's note to the
 * steps that read them at the hit.
 */

#ifndef TRANSLATE_VALUES_MARK_ARGUMENT_H
#define TRANSLATE_VALUES_MARK_ARGUMENT_H

#include "debuginfo/debuginfo.h"
#include "debuginfo/location.h"
#include "support/arena.h"
#include "support/error.h"

/* How many arguments there are in a note's text. */
unsigned mark_argument_count(const char *arguments);

/*
 * Add to STEPS what leaves argument NUMBER, from 1 on, extended to 64 bits as
 * its size says.  DEBUGINFO is the program's.  -1 with an error: there are not
 * so many, or it is something that cannot be read, as a float.
 */
int mark_argument(struct arena *arena, const struct debuginfo *debuginfo,
                  const char *arguments, unsigned number, step_list *steps,
                  struct error *error);

#endif /* TRANSLATE_VALUES_MARK_ARGUMENT_H */
