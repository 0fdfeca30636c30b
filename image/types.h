/*
 * The header kernel_types.h: the kernel's types, functions and variables that
 * the needs list asks for, in C, as this kernel's DWARF has them.
 */

#ifndef IMAGE_TYPES_H
#define IMAGE_TYPES_H

#include "image/kernel.h"
#include "image/needs.h"
#include "support/text.h"

/* Name of the header that sources include. */
#define TYPES_HEADER "kernel_types.h"

/*
 * Write the header to HEADER, and to SYMBOLS the addresses of the functions,
 * variables and labels of the list as assignments of a linker script.  Fails
 * with all that the kernel lacks, a line each, naming what needs it.
 */
int types_generate(const struct kernel *kernel, const struct needs *needs,
                   struct text *header, struct text *symbols,
                   struct error *error);

#endif /* IMAGE_TYPES_H */
