/*
 * The linked image as an ELF file: the kernel's own, without its debug
 * information, and one more segment.
 */

#ifndef IMAGE_OUTPUT_H
#define IMAGE_OUTPUT_H

#include "image/combine.h"
#include "image/patch.h"
#include "support/text.h"

/*
 * Make the file's bytes.  What is loaded keeps its place in the file; the
 * segment takes the place of PT_GNU_STACK in the program header, which means
 * nothing to a kernel; its sections and symbols are added to the kernel's, so
 * that GRUB hands them to KDB, and gdb reads them.
 */
int output_make(struct text *output, const struct kernel *kernel,
                const struct combined *combined, const struct patches *patches,
                struct error *error);

#endif /* IMAGE_OUTPUT_H */
