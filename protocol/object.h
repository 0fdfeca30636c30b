/*
 * What a script's process knows of addresses that the kernel has no names
 * for: the symbols and source lines of executables, as machtap finds them
 * before the script runs.
 *
 * A block for each executable, its object; a process has some one after the
 * other.  All places in a block are offsets from its start, all addresses
 * offsets from its base, so a block may be anywhere and is the same for every
 * machine (they are all little-endian):
 *
 *   struct object_header
 *   struct object_symbol[symbols]     sorted by address
 *   struct object_line_mark[marks]    sorted by address
 *   uint32_t file[files]              names of source files
 *   names                             NUL-terminated
 *   bytes of lines
 *
 * Lines.  The rows of the line table, by rising address, no two at one: a row
 * holds until the next.  Each is
 *
 *   address                  less that of the row before
 *   line << 1 | other file   less that of the row before, sign in the low bit
 *   file                     only if `other file`; an index, or NO_FILE for
 *                            bytes that are of no line
 *
 * as numbers of seven bits a byte, the low ones first, 0x80 set in all bytes
 * but the last.  Every OBJECT_MARK_ROWS rows there is a mark: where the next
 * row is, and the address, line and file that it is told from.  So a look-up
 * is a binary search of the marks and at most as many rows as there are
 * between two.
 */

#ifndef PROTOCOL_OBJECT_H
#define PROTOCOL_OBJECT_H

#include <stdint.h>

#define OBJECT_MAGIC   0x6d706f31u /* "mpo1" */
#define OBJECT_VERSION 1

#define OBJECT_NAME_MAX  64
#define OBJECT_MARK_ROWS 32
#define OBJECT_NO_FILE   UINT32_MAX

/* Blocks start at multiples of this. */
#define OBJECT_ALIGNMENT 8

struct object_header {
    uint32_t magic;
    uint32_t version;
    uint32_t size;   /* of the block, a multiple of OBJECT_ALIGNMENT */
    uint32_t kernel; /* 1: the kernel; 0: a program of user mode */
    /* The name of tasks that it is the program of; "kernel". */
    char name[OBJECT_NAME_MAX];
    uint64_t base; /* address of its first byte */
    uint64_t span; /* bytes from there to behind its last */
    uint32_t symbols;
    uint32_t symbols_offset;
    uint32_t marks;
    uint32_t marks_offset;
    uint32_t files;
    uint32_t files_offset;
    uint32_t names_offset;
    uint32_t rows_offset;
    uint32_t rows_size;
    uint32_t reserved;
    uint64_t checksum; /* of the block with 0 here; for whoever stores it */
};

struct object_symbol {
    uint32_t address;
    uint32_t size; /* 0: nobody said */
    uint32_t name; /* offset into the names */
};

struct object_line_mark {
    uint32_t address;
    uint32_t row; /* offset into the bytes of lines */
    uint32_t file;
    uint32_t line;
};

#endif /* PROTOCOL_OBJECT_H */
