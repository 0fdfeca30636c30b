/*
 * What the verifier knows about a number: a set of 64-bit values.
 *
 * The set is described three ways at once, and a value is in it when all
 * three hold:
 *
 *   umin <= v <= umax      as unsigned number
 *   smin <= v <= smax      as signed number
 *   (v & ~mask) == value   bits outside of mask are known
 *
 * Results of operations contain every value that the operation can give for
 * members of the operands, and possibly more.
 */

#ifndef KERNEL_PROGRAM_RANGE_H
#define KERNEL_PROGRAM_RANGE_H

#include <stdint.h>

#include "protocol/ebpf.h"

struct range {
    uint64_t umin, umax;
    int64_t smin, smax;
    uint64_t value, mask; /* no bit is in both */
};

struct range range_unknown(void);
struct range range_constant(uint64_t value);
struct range range_unsigned(uint64_t min, uint64_t max);
struct range range_signed(int64_t min, int64_t max);

static inline int
range_is_constant(const struct range *range)
{
    return range->mask == 0;
}

/* True if every value of INNER is in OUTER. */
int range_within(const struct range *inner, const struct range *outer);

int range_contains(const struct range *range, uint64_t value);

/* The low BITS bits (8, 16, 32), zero-extended or sign-extended. */
struct range range_truncate(const struct range *range, unsigned bits);
struct range range_sign_extend(const struct range *range, unsigned bits);

struct range range_add(const struct range *a, const struct range *b);
struct range range_sub(const struct range *a, const struct range *b);

/*
 * Result of an arithmetic instruction (class ALU or ALU64) that is not END:
 * A is the destination, B the second operand.
 */
struct range range_alu(const struct ebpf_insn *instruction,
                       const struct range *a, const struct range *b);

/*
 * Leave in A and B the values for which a conditional jump (EBPF_JEQ …) of
 * 64 bits, or 32, is taken, or not.  False when there are none.
 */
int range_refine(unsigned jump, int wide, int taken, struct range *a,
                 struct range *b);

#endif /* KERNEL_PROGRAM_RANGE_H */
