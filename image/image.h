/*
 * Linking the probe subsystem into a kernel image.
 *
 *   IMAGE (-dbg kernel) ──► types ──► compile kernel/ ──► ld ──┐
 *       │                                                      ▼
 *       └──► instruction tables, patches ──────────────► linked image
 *
 * The input is an unstripped GNU Mach: an ELF file, gzipped or not, with
 * symbols and DWARF.  The output is the same ELF file without debug
 * information, with one more loaded segment after the kernel's end, symbols
 * for it, and the few patches that struct image_patch lists.
 *
 * All functions return 0, or -1 with the error set; then no output file is
 * left or changed.
 */

#ifndef IMAGE_IMAGE_H
#define IMAGE_IMAGE_H

#include <stdint.h>

#include "protocol/image.h"
#include "support/error.h"

enum image_container {
    IMAGE_NATIVE, /* as the kernel was: what GRUB, gdb and KDB read */
    IMAGE_ELF32,  /* what qemu -kernel takes; a 32-bit kernel is that */
};

struct image_options {
    const char *kernel; /* path of the kernel to link into */
    const char *output; /* path of the linked image */
    enum image_container container;
    const char
        *sources;     /* folder of the subsystem; NULL: path_home("kernel") */
    const char *core; /* object linked with them; NULL: the home's, below */
    int verbose;      /* say on standard error what is done, with times */
};

/*
 * Link the subsystem into a kernel.
 *
 * SOURCES has needs.list and the .c and .S files that include
 * kernel_types.h; they are compiled for this kernel.  CORE is an object that
 * depends on no kernel's types, lib/ARCHITECTURE/probe-core.o in the home;
 * it may be absent when SOURCES is given.
 */
int image_link(const struct image_options *options, struct error *error);

/* Write the ELF32 form of a linked native image of a 64-bit kernel. */
int
image_wrap_elf32(const char *native, const char *output, struct error *error);

/* The header of a linked image's tables; fails if FILE is not linked. */
int image_read_header(const char *file, struct image_header *header,
                      struct error *error);

/*
 * The tables of a linked image, in memory that the caller frees.  They are
 * checked: all that the header says lies within its size, names end.
 */
struct image_header *image_read_tables(const char *file, struct error *error);

/*
 * The identity of a kernel as in struct image_header, the same whether FILE
 * is the kernel (gzipped or not) or an image linked from it.
 */
int image_identity(const char *file, char identity[PROBE_IDENTITY_MAX],
                   struct error *error);

#endif /* IMAGE_IMAGE_H */
