/*
 * The ELF32 form of a kernel, in memory; image_wrap_elf32 is the public one.
 */

#ifndef IMAGE_WRAP_H
#define IMAGE_WRAP_H

#include "image/file.h"
#include "support/text.h"

/* Append the ELF32 form of a 64-bit kernel, which may be linked or not. */
int wrap_elf32(struct text *output, const struct image_file *file,
               struct error *error);

#endif /* IMAGE_WRAP_H */
