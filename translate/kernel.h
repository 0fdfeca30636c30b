/*
 * The kernel that a script is for: its debugging information, opened when it
 * is first asked for, and what the linked image allows.
 */

#ifndef TRANSLATE_KERNEL_H
#define TRANSLATE_KERNEL_H

#include "debuginfo/debuginfo.h"
#include "protocol/image.h"
#include "support/error.h"

struct kernel_source {
    const char *path;                  /* NULL if there is none */
    const struct image_header *tables; /* or NULL */
    struct debuginfo *debuginfo;       /* NULL until it was needed */
};

/* The debugging information, or NULL with an error. */
struct debuginfo *
kernel_debuginfo(struct kernel_source *kernel, struct error *error);

/*
 * Why the entry of FUNCTION must not be probed, or NULL if it may be.
 * Without tables all may.
 */
const char *kernel_forbids(const struct kernel_source *kernel,
                           const struct debuginfo_function *function);

#endif /* TRANSLATE_KERNEL_H */
