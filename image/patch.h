/*
 * The few places of the kernel that linking changes.
 *
 * Each is found, not known, and checked against what the kernel is believed
 * to do there; a kernel that does something else is refused.
 */

#ifndef IMAGE_PATCH_H
#define IMAGE_PATCH_H

#include "image/analysis.h"
#include "image/combine.h"

#define PATCHES_MAX 16

struct patch {
    enum image_patch_kind kind;
    uint64_t address;
    uint8_t size;
    uint8_t before[IMAGE_PATCH_MAX];
    uint8_t after[IMAGE_PATCH_MAX];
    uint8_t place; /* END, START: of the immediate within the bytes */
};

struct patches {
    struct patch items[PATCHES_MAX]; /* sorted by address once found */
    unsigned count;
};

/*
 * Find all places.  The function whose entry is the hook is forbidden in the
 * analysis: its own first bytes are a jump then.
 */
int patches_find(struct patches *patches, struct analysis *analysis,
                 struct error *error);

/*
 * Make the new bytes, now that the subsystem's addresses are known, and write
 * the hook's thunk into the combined segment.
 */
int patches_fill(struct patches *patches, const struct analysis *analysis,
                 struct combined *combined, struct error *error);

#endif /* IMAGE_PATCH_H */
