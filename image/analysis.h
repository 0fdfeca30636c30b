/*
 * What is known of the kernel's functions and of each byte of its text: the
 * grounds on which a probe is allowed.
 */

#ifndef IMAGE_ANALYSIS_H
#define IMAGE_ANALYSIS_H

#include "image/code.h"
#include "image/kernel.h"
#include "image/needs.h"

/* A function that the compiler made: a DWARF subprogram with code. */
struct function {
    const char *name;
    uint64_t address;
    uint64_t size; /* of the part that begins at ADDRESS */
    bool global;
    bool forbidden;
    uint8_t entry;            /* bytes that a jump displaces, or 0 */
    enum image_reason reason; /* why ENTRY is 0 or it is forbidden */
};

/* A run of a function's instructions; a function may have several. */
struct part {
    uint64_t start, end;
    unsigned function; /* index */
};

struct analysis {
    const struct kernel *kernel;
    struct function *functions; /* sorted by address */
    unsigned function_count;
    struct part *parts; /* sorted by address */
    unsigned part_count;
    /* All of .text, functions and what lies between them, in order. */
    struct instruction *code;
    unsigned code_count;
    unsigned code_space;
    uint8_t *reached; /* for each byte of .text: does a branch lead there? */
    uint8_t *bytes;   /* for each byte of .text: as in protocol/image.h */
};

/*
 * Look at a whole kernel.  Free the analysis even after an error.
 */
int analysis_make(struct analysis *analysis, const struct kernel *kernel,
                  const struct needs *needs, struct error *error);
void analysis_free(struct analysis *analysis);

/* The function that begins at, or one of whose parts holds, an address. */
struct function *
analysis_function(const struct analysis *analysis, uint64_t address);

/* Index in code of the first instruction not below an address. */
unsigned analysis_code_at(const struct analysis *analysis, uint64_t address);

/*
 * Whole instructions from ADDRESS on that a 5-byte jump there would displace:
 * their bytes, or 0 with the reason why there can be no jump.  RUNNING: it is
 * written while the kernel runs, so that threads may be sleeping there.
 */
uint8_t analysis_displaced(const struct analysis *analysis, uint64_t address,
                           bool running, enum image_reason *reason);

/* Forbid a function. */
void analysis_forbid(struct analysis *analysis, struct function *function,
                     enum image_reason reason);

#endif /* IMAGE_ANALYSIS_H */
