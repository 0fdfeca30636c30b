/*
 * What the image linker puts beside kernel/ into a linked kernel: the
 * identity of the kernel, its symbols, and what is known of each instruction.
 *
 * The linker makes one object, the tables, whose symbol image_header is the
 * start; all places in it are offsets from there, so the tables are one
 * position-independent block that also serves as what `info` reads:
 *
 *   struct image_header
 *   struct image_function[functions]   sorted by address
 *   struct image_symbol[symbols]       sorted by address (data and text)
 *   struct image_patch[patches]        sorted by address
 *   names                              NUL-terminated
 *   uint8_t instruction[text_size]     one for each byte of text
 *
 * Addresses are offsets from text_base (32 bits reach all of a kernel).
 */

#ifndef PROTOCOL_IMAGE_H
#define PROTOCOL_IMAGE_H

#include <stdint.h>

#include "protocol/limits.h"

#define IMAGE_MAGIC   0x6d707431u /* "mpt1" */
#define IMAGE_VERSION 1

/* Name of the ELF section and of the note of a linked image. */
#define IMAGE_SECTION ".machtap"

struct image_header {
    uint32_t magic;
    uint32_t version;
    /*
     * "GNU Mach 1.8+git20250702-up-amd64-dbg" as the kernel calls itself, a
     * space, and 16 hex digits of a hash over its loaded bytes before
     * linking: two builds never share one.
     */
    char identity[PROBE_IDENTITY_MAX];
    uint64_t text_base; /* address of the first byte of text */
    uint32_t text_size; /* bytes of text */
    uint32_t functions; /* number and place of struct image_function */
    uint32_t functions_offset;
    uint32_t symbols; /* number and place of struct image_symbol */
    uint32_t symbols_offset;
    uint32_t patches; /* number and place of struct image_patch */
    uint32_t patches_offset;
    uint32_t names_offset;
    uint32_t names_size;
    uint32_t instructions_offset; /* of the byte for text_base */
    uint32_t size;                /* of the whole block */
};

/* A function that the compiler made (a DWARF subprogram with code). */
struct image_function {
    uint32_t address;
    uint32_t size;
    uint32_t name;   /* offset into the names */
    uint8_t entry;   /* bytes that a jump displaces: 5 to 20; 0: none can go */
    uint8_t flags;   /* IMAGE_FUNCTION_* */
    uint16_t reason; /* enum image_reason: why entry is 0 or it is forbidden */
};

#define IMAGE_FUNCTION_FORBIDDEN 1 /* not to be probed at all */
#define IMAGE_FUNCTION_GLOBAL    2

struct image_symbol {
    uint32_t address;
    uint32_t size;
    uint32_t name;
    uint8_t flags; /* IMAGE_SYMBOL_* */
    uint8_t reserved[3];
};

#define IMAGE_SYMBOL_FUNCTION 1
#define IMAGE_SYMBOL_GLOBAL   2

#define IMAGE_PATCH_MAX 16

/* Bytes of the kernel that linking changed: all of them are listed. */
struct image_patch {
    uint32_t address;
    uint16_t size; /* bytes of BEFORE and AFTER that count */
    uint16_t kind; /* enum image_patch_kind */
    uint8_t before[IMAGE_PATCH_MAX];
    uint8_t after[IMAGE_PATCH_MAX];
};

/* X(name, text) */
#define IMAGE_PATCHES(X)                                           \
    X(END, "the kernel's end, as told to its memory set-up")       \
    X(BREAKPOINT, "the breakpoint's entry of the interrupt table") \
    X(HOOK, "messages that no server of the kernel knows")         \
    X(START, "the kernel's start, as told to its memory set-up")   \
    X(TABLES, "the memory of other CPUs' descriptor tables")

enum image_patch_kind {
#define IMAGE_PATCH_NUMBER(name, text) IMAGE_PATCH_##name,
    IMAGE_PATCHES(IMAGE_PATCH_NUMBER)
#undef IMAGE_PATCH_NUMBER
};

/* Why a place cannot be probed, or not by a jump.  X(name, text) */
#define IMAGE_REASONS(X)                                                       \
    X(NONE, "no reason")                                                       \
    X(SHORT, "the function is shorter than a jump")                            \
    X(TARGET, "a branch leads into the bytes that a jump would take")          \
    X(RELOCATION, "an instruction that a jump would displace cannot be moved") \
    X(FAULTS, "an instruction that a jump would displace may fault and wait")  \
    X(PROBE_PATH, "the probe path itself calls it")                            \
    X(ENTRY_PATH, "it runs before the kernel's stack and GS are set up")       \
    X(BREAKPOINT, "it handles breakpoints")                                    \
    X(LOOP, "a loop leads back to its first instruction")                      \
    X(HOOK, "the probe port's messages come through it")                       \
    X(UNKNOWN, "its instructions cannot be decoded")                           \
    X(INSTRUCTION, "this instruction cannot run from another place")           \
    X(POPS, "it takes words of its caller's stack with it when it returns")    \
    X(WATCH, "it loads the processor's debug registers")

enum image_reason {
#define IMAGE_REASON_NUMBER(name, text) IMAGE_REASON_##name,
    IMAGE_REASONS(IMAGE_REASON_NUMBER)
#undef IMAGE_REASON_NUMBER
};

/*
 * The byte of an instruction: its length in the low four bits, and in the
 * high four how it is run at another place.  0: no instruction starts here,
 * or none that may be probed.
 */
#define IMAGE_LENGTH(byte) ((byte) & 0x0f)
#define IMAGE_MOVE(byte)   ((byte) >> 4)

enum image_move {
    IMAGE_MOVE_COPY = 0,   /* as it is */
    IMAGE_MOVE_RIP_0 = 1,  /* rip-relative, disp32 is the last 4 bytes */
    IMAGE_MOVE_RIP_1 = 2,  /* the same with 1 byte of immediate after it */
    IMAGE_MOVE_RIP_2 = 3,  /* with 2 */
    IMAGE_MOVE_RIP_4 = 4,  /* with 4 */
    IMAGE_MOVE_JCC8 = 5,   /* conditional branch, rel8 last */
    IMAGE_MOVE_JCC32 = 6,  /* conditional branch, rel32 last */
    IMAGE_MOVE_JMP8 = 7,   /* jmp rel8 */
    IMAGE_MOVE_JMP32 = 8,  /* jmp rel32 */
    IMAGE_MOVE_CALL32 = 9, /* call rel32 */
    IMAGE_MOVE_LOOP = 10,  /* loop, loope, loopne, jrcxz: rel8 last */
    IMAGE_MOVE_CALL_INDIRECT = 11, /* call through register or memory */
    IMAGE_MOVE_CALL_RIP = 12,      /* call through rip-relative memory */
    IMAGE_MOVE_END = 14, /* ret, iret, indirect jmp: copied, nothing follows */
    IMAGE_MOVE_NEVER = 15, /* cannot be run elsewhere: not to be probed */
};

#endif /* PROTOCOL_IMAGE_H */
