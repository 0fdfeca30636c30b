/*
 * What is in a linked image, as text.
 */

#ifndef IMAGE_INFO_H
#define IMAGE_INFO_H

#include <stdbool.h>

#include "protocol/image.h"
#include "support/text.h"

/*
 * Describe tables that image_read_tables read.  NAMES: with the names of all
 * functions that cannot take a jump.
 */
void
info_describe(struct text *text, const struct image_header *header, bool names);

#endif /* IMAGE_INFO_H */
