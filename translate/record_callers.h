/*
 * The part of a program that asks by whom the function was called.
 */

#ifndef TRANSLATE_RECORD_CALLERS_H
#define TRANSLATE_RECORD_CALLERS_H

#include "translate/assembler.h"
#include "translate/plan.h"

/*
 * Go to OUT unless the hit's stack begins with the addresses of one of
 * CALLERS.  CONTEXT is the register with the context.  AT_RETURN: the hit is a
 * return, and where it goes back to comes first; else it is the function, which
 * is left out.  Uses the whole frame of the program.
 */
void record_callers(struct assembler *assembler, unsigned context,
                    const caller_list *callers, bool at_return,
                    struct label *out);

#endif /* TRANSLATE_RECORD_CALLERS_H */
