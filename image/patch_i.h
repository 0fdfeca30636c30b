/*
 * Inside of the patches: a file for each kind of them, and what they share.
 */

#ifndef IMAGE_PATCH_I_H
#define IMAGE_PATCH_I_H

#include "image/patch.h"

int patch_find_end(struct patches *patches, struct analysis *analysis,
                   struct error *error);
int patch_fill_end(struct patch *patch, const struct analysis *analysis,
                   struct combined *combined, struct error *error);

/*
 * Does the number in an instruction become this argument (0: start, 1: end)
 * of the call that tells the memory set-up what is in use?
 */
bool patch_tells_memory(const struct analysis *analysis, unsigned index,
                        unsigned argument);

/* Find VALUE at the end of an instruction, where immediates are. */
int patch_place(struct patch *patch, uint64_t value, struct error *error);

int patch_find_start(struct patches *patches, struct analysis *analysis,
                     struct error *error);
int patch_fill_start(struct patch *patch, const struct analysis *analysis,
                     struct combined *combined, struct error *error);

int patch_find_gate(struct patches *patches, struct analysis *analysis,
                    struct error *error);
int patch_fill_gate(struct patch *patch, const struct analysis *analysis,
                    struct combined *combined, struct error *error);

int patch_find_hook(struct patches *patches, struct analysis *analysis,
                    struct error *error);
int patch_fill_hook(struct patch *patch, const struct analysis *analysis,
                    struct combined *combined, struct error *error);

int patch_find_tables(struct patches *patches, struct analysis *analysis,
                      struct error *error);
int patch_fill_tables(struct patch *patch, const struct analysis *analysis,
                      struct combined *combined, struct error *error);

/* How many parameters a function of the kernel has; 0: there is none. */
unsigned patch_parameters(const struct analysis *analysis, const char *name);

/* Write a branch with a displacement of 32 bits to TARGET, to be at ADDRESS. */
#define PATCH_BRANCH_SIZE 5
void patch_put_branch(uint8_t *at, uint8_t opcode, uint64_t address,
                      uint64_t target);

/* The kernel's path, for messages. */
const char *patch_path(const struct analysis *analysis);

/* The address of a symbol that there must be. */
int patch_symbol(const struct analysis *analysis, const char *name,
                 uint64_t *address, struct error *error);

/* Add a place with the bytes that are there; NULL with the error set. */
struct patch *patch_add(struct patches *patches,
                        const struct analysis *analysis,
                        enum image_patch_kind kind, uint64_t address,
                        size_t size, struct error *error);

#endif /* IMAGE_PATCH_I_H */
