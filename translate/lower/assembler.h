/*
 * Building a program instruction by instruction, with labels for jumps.
 *
 * Names are the RFC's without prefix.  `width` is EBPF_B, _H, _W or _DW,
 * `operation` is EBPF_ADD ... or, for jumps, EBPF_JEQ ...; arithmetic is 64
 * bits wide.
 */

#ifndef TRANSLATE_LOWER_ASSEMBLER_H
#define TRANSLATE_LOWER_ASSEMBLER_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/ebpf.h"
#include "protocol/helper.h"
#include "protocol/known.h"
#include "support/arena.h"

/* A place that jumps lead to.  Zero-initialize, put it once, and jump to it
 * from before and from behind. */
struct label {
    LIST_OF(unsigned) jumps; /* instructions that wait for it */
    bool put;
    unsigned place; /* once it is put */
};

struct assembler {
    struct arena *arena;
    LIST_OF(struct ebpf_insn) code;
};

void assemble_move(struct assembler *assembler, unsigned dst, unsigned src);

/* The shortest way to set a register to a number. */
void
assemble_constant(struct assembler *assembler, unsigned dst, int64_t value);

/* The same to what the process that loads the program knows. */
void
assemble_known(struct assembler *assembler, unsigned dst, enum known known);

/* dst OP= src, and with an immediate; SIGNED for division. */
void assemble_operation(struct assembler *assembler, uint8_t operation,
                        unsigned dst, unsigned src, bool is_signed);
void assemble_immediate(struct assembler *assembler, uint8_t operation,
                        unsigned dst, int32_t imm);

/* dst is replaced by its low BITS (1 to 64) bits, extended. */
void assemble_extend(struct assembler *assembler, unsigned dst, unsigned bits,
                     bool is_signed);

/* dst = *(width *)(src + offset), and *(width *)(dst + offset) = src. */
void assemble_load(struct assembler *assembler, uint8_t width, unsigned dst,
                   unsigned src, int16_t offset);
void assemble_store(struct assembler *assembler, uint8_t width, unsigned dst,
                    int16_t offset, unsigned src);

void assemble_call(struct assembler *assembler, enum probe_helper helper);
void assemble_exit(struct assembler *assembler);

/* if (dst OP imm) goto label; if (dst OP src) goto label. */
void assemble_jump_immediate(struct assembler *assembler, uint8_t operation,
                             unsigned dst, int32_t imm, struct label *label);
void assemble_jump_register(struct assembler *assembler, uint8_t operation,
                            unsigned dst, unsigned src, struct label *label);
void assemble_goto(struct assembler *assembler, struct label *label);

/* LABEL is here: all jumps to it lead to the next instruction. */
void assemble_label(struct assembler *assembler, struct label *label);

#endif /* TRANSLATE_LOWER_ASSEMBLER_H */
