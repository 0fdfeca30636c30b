/*
 * What is in a linked image, as text.
 */

#ifndef IMAGE_INFO_H
#define IMAGE_INFO_H

#include "protocol/image.h"
#include "support/text.h"

/* Describe tables that image_read_tables read. */
void info_describe(struct text *text, const struct image_header *header);

#endif /* IMAGE_INFO_H */
