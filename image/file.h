/*
 * A kernel's file in memory, as an ELF object.
 *
 * The file may be gzipped, as distributions ship kernels.  Nothing here
 * knows DWARF or instructions, so that whoever only wants to know which
 * kernel a file is needs no more than this and identity.c.
 */

#ifndef IMAGE_FILE_H
#define IMAGE_FILE_H

#include <stdint.h>

#include <gelf.h>

#include "support/error.h"

struct image_file {
    const char *path; /* for messages; the caller's */
    char *data;       /* the ELF file's bytes, decompressed */
    size_t size;
    Elf *elf;
    GElf_Ehdr header;
};

/*
 * Read a file and check that it is a whole ELF executable: its headers, and
 * that all sections and segments lie within it.
 */
int
image_file_open(struct image_file *file, const char *path, struct error *error);

/* Free what open got; harmless on a zeroed struct and a second time. */
void image_file_close(struct image_file *file);

/* The section of a name, its header in *header; NULL if there is none. */
Elf_Scn *image_file_section(const struct image_file *file, const char *name,
                            GElf_Shdr *header);

/*
 * SIZE bytes that are loaded at ADDRESS from the file, writable; NULL where
 * no single segment has all of them.
 */
uint8_t *
image_file_bytes(const struct image_file *file, uint64_t address, size_t size);

/*
 * The address of a symbol, and its size if SIZE is not NULL, by a walk of the
 * symbol table: for a few look-ups.  Returns -1 if there is none.
 */
int image_file_symbol(const struct image_file *file, const char *name,
                      uint64_t *address, uint64_t *size);

#endif /* IMAGE_FILE_H */
