/*
 * The kernel that a script is for: its debugging information, opened when it
 * is first asked for, and what the linked image allows.
 */

#ifndef TRANSLATE_OBJECTS_KERNEL_H
#define TRANSLATE_OBJECTS_KERNEL_H

#include "debuginfo/debuginfo.h"
#include "protocol/image.h"
#include "support/error.h"
#include "translate/objects/object.h"

struct kernel_source {
    const char *path;                  /* NULL if there is none */
    const struct image_header *tables; /* or NULL */
    const void *index; /* of its functions, from an earlier time, or NULL */
    size_t index_size;
    struct debuginfo *debuginfo; /* NULL until it was needed */
    struct object object;        /* it, as what probes are in */
    /* Called once, before the kernel is looked into: it may set all of these,
     * or refuse.  NULL: they are set already. */
    int (*need)(void *data, struct kernel_source *kernel, struct error *error);
    void *data;
};

/* Whatever concerns the kernel itself asks for it first; -1 with an error if
 * there is none. */
int kernel_need(struct kernel_source *kernel, struct error *error);

/* The debugging information, or NULL with an error. */
struct debuginfo *
kernel_debuginfo(struct kernel_source *kernel, struct error *error);

/* The kernel as an object with debugging information, or NULL with an error. */
const struct object *
kernel_object(struct kernel_source *kernel, struct error *error);

/*
 * Why the entry of FUNCTION must not be probed, or NULL if it may be.
 * Without tables all may.
 */
const char *kernel_forbids(const struct kernel_source *kernel,
                           const struct debuginfo_function *function);

/* The same for the instruction at ADDRESS. */
const char *kernel_forbids_instruction(const struct kernel_source *kernel,
                                       uint64_t address);

#endif /* TRANSLATE_OBJECTS_KERNEL_H */
