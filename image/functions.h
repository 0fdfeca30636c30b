/*
 * The functions that the compiler made.
 */

#ifndef IMAGE_FUNCTIONS_H
#define IMAGE_FUNCTIONS_H

#include "image/analysis.h"

/*
 * Fill the functions and parts of an analysis from DWARF: only these have
 * code of which it is known that it runs on the kernel's stack and follows
 * the calling convention.  Assembler's entry points (syscall64 begins on the
 * user's stack) are no DWARF subprograms and are left out.
 */
int functions_read(struct analysis *analysis, struct error *error);

#endif /* IMAGE_FUNCTIONS_H */
