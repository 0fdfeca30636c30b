/*
 * The kernel's text and its tables, read as any client could: by programs.
 *
 * Which functions and instructions may be probed is read where the kernel has
 * it: in its tables, found by their first bytes behind the kernel's end.
 */

#ifndef TESTS_KERNEL_TEXT_H
#define TESTS_KERNEL_TEXT_H

#include "tests/kernel/kit.h"

#include "protocol/image.h"

#define TEXT_FUNCTIONS_MAX 4000

extern struct image_header text_tables;
extern uint64_t text_tables_address;

/* Addresses of those that may be probed. */
extern uint64_t text_functions[TEXT_FUNCTIONS_MAX];
extern unsigned text_function_count;

/* Fill in the above.  CHILD makes the calls at which things are read. */
void text_read(struct child *child);

/* A byte for each of the text, as in protocol/image.h. */
const uint8_t *text_instructions(void);

/* Memory of the kernel; what cannot be read is zeroes. */
void read_kernel(uint64_t address, void *to, size_t size);

/* FNV-1a over all of the text. */
uint64_t text_hash(void);

#endif /* TESTS_KERNEL_TEXT_H */
