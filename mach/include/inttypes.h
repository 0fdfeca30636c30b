/*
 * Formats of integers of a given width, as in ISO C 7.8.1.
 */

#ifndef _INTTYPES_H
#define _INTTYPES_H

#include <stdint.h>

#define PRId64 __INT64_FORMAT_LENGTH "d"
#define PRIi64 __INT64_FORMAT_LENGTH "i"
#define PRIu64 __INT64_FORMAT_LENGTH "u"
#define PRIx64 __INT64_FORMAT_LENGTH "x"
#define PRIX64 __INT64_FORMAT_LENGTH "X"
#define PRIo64 __INT64_FORMAT_LENGTH "o"

#ifdef __LP64__
#define __INT64_FORMAT_LENGTH "l"
#else
#define __INT64_FORMAT_LENGTH "ll"
#endif

#define PRId32 "d"
#define PRIi32 "i"
#define PRIu32 "u"
#define PRIx32 "x"

#endif /* _INTTYPES_H */
