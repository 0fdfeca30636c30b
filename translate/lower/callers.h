/*
 * The part of a program that asks by whom the function was called.
 */

#ifndef TRANSLATE_LOWER_CALLERS_H
#define TRANSLATE_LOWER_CALLERS_H

#include "translate/lower/assembler.h"
#include "translate/plan.h"

/*
 * Go to OUT unless the hit's stack begins with the addresses of one of the
 * handler's callers.  CONTEXT is the register with the context.  Of a return
 * where it goes back to comes first; else the function, which is left out.
 * Uses the whole frame of the program.
 */
void record_callers(struct assembler *assembler, unsigned context,
                    const struct plan_handler *handler, struct label *out);

#endif /* TRANSLATE_LOWER_CALLERS_H */
