/*
 * The part of a record's program that asks for stacks, and for what they say:
 * where the processor was, and in which mode.
 */

#ifndef TRANSLATE_LOWER_STACK_H
#define TRANSLATE_LOWER_STACK_H

#include "translate/lower/assembler.h"
#include "translate/plan.h"

/*
 * Write one capture of the stack kinds.  The registers CONTEXT and RECORD (of
 * r6 to r9) hold the context of the hit and the record.
 */
void record_stack(struct assembler *assembler, unsigned context,
                  unsigned record, const struct plan_handler *handler,
                  const struct capture *capture);

/* The flags of stack() for user mode's stack at a hit of the handler's. */
int32_t record_user_stack(const struct plan_handler *handler);

#endif /* TRANSLATE_LOWER_STACK_H */
