/*
 * The kernel that a script is for and the one that runs it: an image with
 * debugging information, and the image that was linked from it.
 */

#ifndef COMMAND_PASSES_KERNEL_H
#define COMMAND_PASSES_KERNEL_H

#include <stdbool.h>

#include "support/error.h"

/* The kernel where neither --kernel nor MACHTAP_KERNEL names one. */
#define KERNEL_DEFAULT "trixie-amd64-up"

struct kernel {
    char *path;               /* of the image with debugging information */
    const char *architecture; /* as folders of the home are called: "i386" */
    char *linked;   /* of the one with the probe subsystem; NULL before */
    char *bootable; /* the linked one as QEMU takes it; NULL before */
};

/*
 * Find the kernel of NAME, a path or one in the home's kernels/; NULL is what
 * the environment's MACHTAP_KERNEL names, or KERNEL_DEFAULT.  An error lists
 * those that are there.  PATH and ARCHITECTURE are set then.
 */
int kernel_find(struct kernel *kernel, const char *name, struct error *error);

/*
 * Whether a task, the ELF file PROCESS, is for the kernel's architecture: the
 * error says for which it is.
 */
int kernel_takes(const struct kernel *kernel, const char *process,
                 struct error *error);

/* Bytes of an address, the kernel's and its tasks'. */
unsigned kernel_word_size(const struct kernel *kernel);

/*
 * Link the kernel, or find it in the cache, where it was linked before with
 * the same subsystem.
 */
int kernel_link(struct kernel *kernel, bool no_cache, int verbose,
                struct error *error);

void kernel_free(struct kernel *kernel);

#endif /* COMMAND_PASSES_KERNEL_H */
