/*
 * What ELF and DWARF say about a kernel, or a program of user mode: its
 * functions, where they are, and by way of variable.h, ctype.h and location.h
 * their data.
 *
 * Knows no language of scripts and no probes.  Opening reads the symbol table
 * and the outermost entries of each compilation unit, about 10 ms for a GNU
 * Mach, or 1 ms with an index of an earlier time; whatever lies deeper (scopes,
 * types, location lists) is read when asked for.  All that is returned lives
 * until debuginfo_close().
 *
 * Not safe for use by two threads at a time.
 */

#ifndef DEBUGINFO_DEBUGINFO_H
#define DEBUGINFO_DEBUGINFO_H

#include <stdbool.h>
#include <stdint.h>

#include "support/arena.h"
#include "support/error.h"
#include "support/text.h"

struct debuginfo;

/*
 * Read the kernel at PATH, an ELF executable with symbols and DWARF, gzipped
 * or not.  Returns NULL with an error that says what is missing: not an ELF
 * file, stripped (then: which package has the other one), of a machine that
 * is not known.
 */
struct debuginfo *debuginfo_open(const char *path, struct error *error);

/*
 * Read the program of user mode at PATH, a static or dynamic executable at a
 * fixed address.  What it lacks in debugging information is looked for where
 * the system keeps that (by build identity or debug link), and functions that
 * only the symbol table knows have neither file nor variables.  NULL with an
 * error: it is none of those, or nothing in it has a name.
 */
struct debuginfo *debuginfo_open_program(const char *path, struct error *error);

/*
 * The same as debuginfo_open() with an index of its functions that
 * debuginfo_write_index() made of the same kernel before, which saves most of
 * the time.  One that is damaged or of another kernel is not used.
 */
struct debuginfo *debuginfo_open_indexed(const char *path, const void *index,
                                         size_t size, struct error *error);

/* Add the index to BYTES. */
void
debuginfo_write_index(const struct debuginfo *debuginfo, struct text *bytes);

/* Whether it was opened with an index that was of use. */
bool debuginfo_is_indexed(const struct debuginfo *debuginfo);

void debuginfo_close(struct debuginfo *debuginfo);

/* "GNU Mach 1.8+git20250702-up-amd64-dbg", as the kernel calls itself; "" if
 * it does not say. */
const char *debuginfo_version(const struct debuginfo *debuginfo);

/* Bytes of an address: 8 or 4. */
unsigned debuginfo_word_size(const struct debuginfo *debuginfo);

/* A function that the compiler made. */
struct debuginfo_function {
    /*
     * As the source has it.  A part that the compiler split off, which is
     * not where calls arrive, has the symbol's name instead: "kalloc.part.0".
     */
    const char *name;
    const char *symbol; /* "task_create", "walk.constprop.0" */
    const char *file;   /* from the top of the source tree: "kern/task.c" */
    unsigned line;      /* of its declaration */
    uint64_t address;   /* of the first instruction */
    uint64_t size;      /* bytes of the range that begins there */
    bool external;      /* not static */
    bool inlined;       /* some calls of it may be expanded in place too */
    /* Place of its entry in .debug_info, and of its compilation unit's; 0 if
     * only the symbol table has it. */
    uint64_t die;
    uint64_t unit;
};

/* All functions with code, by rising address; *count of them. */
const struct debuginfo_function *
debuginfo_functions(const struct debuginfo *debuginfo, unsigned *count);

/* The one that ADDRESS lies in, or NULL. */
const struct debuginfo_function *
debuginfo_function_at(const struct debuginfo *debuginfo, uint64_t address);

/* Functions that have no code of their own: every call is expanded in place.
 * Their address and size are 0. */
const struct debuginfo_function *
debuginfo_inline_functions(const struct debuginfo *debuginfo, unsigned *count);

/*
 * How many calls of FUNCTION are expanded in place, so that they do not pass
 * its first instruction.  Reads all of the compilation unit, some ms for a
 * large one, and only if `inlined` is set; other units have copies of their
 * own.
 */
unsigned debuginfo_inline_count(struct debuginfo *debuginfo,
                                const struct debuginfo_function *function);

/*
 * What functions are wanted: a name or a glob ("vm_*"), and of which source
 * file: a path, its last components ("task.c", "kern/task.c") or a glob of
 * such ("ipc/" followed by "*.c"); NULL for any.  LINE is that of the
 * declaration, 0 for any.
 */
struct debuginfo_pattern {
    const char *function;
    const char *file;
    unsigned line;
};

/* The part of it that is about the name. */
bool debuginfo_name_matches(const struct debuginfo_pattern *pattern,
                            const char *name);
bool debuginfo_matches(const struct debuginfo_pattern *pattern,
                       const struct debuginfo_function *function);

/* Whether the last components of FILE are what PATTERN, maybe a glob, says. */
bool debuginfo_file_matches(const char *pattern, const char *file);

/* Whether WORD has characters that mean something in a glob. */
bool debuginfo_is_glob(const char *word);

/*
 * SIZE bytes that the kernel's file has for ADDRESS: as its data begins.  NULL
 * if there are none there, or zeroes that the file leaves out.
 */
const void *debuginfo_data(const struct debuginfo *debuginfo, uint64_t address,
                           uint64_t size);

/*
 * Copy up to SIZE bytes of what the file has at ADDRESS, as far as the part
 * goes that is loaded with them.  How many there are.
 */
size_t debuginfo_bytes(const struct debuginfo *debuginfo, uint64_t address,
                       uint8_t *bytes, size_t size);

/* Address and size of a symbol of any kind; -1 if there is none. */
int debuginfo_symbol(const struct debuginfo *debuginfo, const char *name,
                     uint64_t *address, uint64_t *size);

#endif /* DEBUGINFO_DEBUGINFO_H */
