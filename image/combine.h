/*
 * Putting the subsystem's objects and the tables together at the kernel's
 * end: one more segment, whose addresses are final.
 *
 *   _end, to the next page
 *   .machtap     the tables
 *   .probe       room for the hook's thunk, code, constants, data
 *   .probe.bss   zeroes, to the next page
 */

#ifndef IMAGE_COMBINE_H
#define IMAGE_COMBINE_H

#include "image/compile.h"
#include "image/file.h"
#include "image/kernel.h"

/* Names of the sections beside IMAGE_SECTION. */
#define COMBINED_CODE ".probe"
#define COMBINED_BSS  ".probe.bss"

/*
 * What the subsystem can refer to beside the kernel's symbols, and must
 * define: see also kernel/.
 */
#define SYMBOL_TABLES     "image_header"
#define SYMBOL_THUNK      "probe_original_kobject_notify"
#define SYMBOL_HOOK       "probe_kobject_notify"
#define SYMBOL_BREAKPOINT "probe_breakpoint_entry"
#define SYMBOL_START      "probe_image_start"
#define SYMBOL_END        "probe_image_end"
#define SYMBOL_DISTANCE   "probe_image_distance"    /* virtual less physical */
#define SYMBOL_ALLOCATE   "probe_descriptor_memory" /* with several CPUs */

/* Bytes that the thunk may have. */
#define THUNK_SIZE 64

/* The segment, as an ELF file of its own. */
struct combined {
    struct image_file file;
    uint64_t start; /* virtual addresses */
    uint64_t end;
};

/*
 * Link the objects, CORE (NULL for none) and the tables.  SYMBOLS are
 * assignments of a linker script for kernel symbols; what else is undefined
 * is an error that names it.
 */
int combine(struct combined *combined, const struct kernel *kernel,
            const struct objects *objects, const char *core,
            const char *symbols, const void *tables, size_t tables_size,
            bool verbose, struct error *error);
void combined_free(struct combined *combined);

/* The address of a symbol of the subsystem; an error names it. */
int combined_symbol(const struct combined *combined, const char *name,
                    uint64_t *address, struct error *error);

#endif /* IMAGE_COMBINE_H */
