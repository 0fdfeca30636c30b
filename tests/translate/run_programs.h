/*
 * Puts each program of a plan through the kernel's verifier; says how many
 * there were.
 *
 * With RUNS, each is run too, and what it submitted printed as words in hex.
 * Byte M of register N then is 0xNM.  Memory is a table of 64 words of 8 bytes,
 * of which word NN is 0xfedcba98765432NN; the stack pointer (register 7, of
 * i386 register 4) points to it, and register 5 to its middle.
 */

#ifndef TESTS_TRANSLATE_RUN_PROGRAMS_H
#define TESTS_TRANSLATE_RUN_PROGRAMS_H

#include <stdbool.h>

#include "translate/plan.h"

/* 0, or 1 if a program was refused.  WORD_SIZE: the kernel's, 4 or 8. */
int run_programs(const struct plan *plan, bool runs, unsigned word_size);

#endif /* TESTS_TRANSLATE_RUN_PROGRAMS_H */
