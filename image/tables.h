/*
 * The tables of protocol/image.h, as one block.
 */

#ifndef IMAGE_TABLES_H
#define IMAGE_TABLES_H

#include "image/analysis.h"
#include "image/patch.h"

/* Make the block, with room for the patches' bytes; the caller frees it. */
struct image_header *
tables_make(const struct analysis *analysis, const struct patches *patches);

/* Write the patches, once they are filled, into a block. */
void
tables_put_patches(struct image_header *header, const struct patches *patches);

#endif /* IMAGE_TABLES_H */
