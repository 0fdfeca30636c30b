/*
 * Which kernel a file is; image_identity in image.h is the public form.
 */

#ifndef IMAGE_IDENTITY_H
#define IMAGE_IDENTITY_H

#include <stddef.h>
#include <stdint.h>

#include "image/file.h"
#include "protocol/limits.h"

/* The identity of a kernel that is not linked. */
int identity_of_file(const struct image_file *file,
                     char identity[PROBE_IDENTITY_MAX], struct error *error);

/* Hash of bytes that follow those that gave HASH; 0 to start. */
uint64_t identity_hash(uint64_t hash, const void *data, size_t size);

#endif /* IMAGE_IDENTITY_H */
