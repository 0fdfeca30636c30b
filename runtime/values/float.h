/*
 * Floating point: longs of the language whose bits are an IEEE 754 double.
 * A script's fp_add() is rt_fp_add() here.
 */

#ifndef RUNTIME_VALUES_FLOAT_H
#define RUNTIME_VALUES_FLOAT_H

#include "runtime/base/value.h"

int64_t rt_fp_add(int64_t left, int64_t right);
int64_t rt_fp_sub(int64_t left, int64_t right);
int64_t rt_fp_mul(int64_t left, int64_t right);
int64_t rt_fp_div(int64_t left, int64_t right);
/* What is left by the quotient rounded to the nearest, ties to even. */
int64_t rt_fp_rem(int64_t left, int64_t right);
int64_t rt_fp_sqrt(int64_t value);

/* 1 or 0; 0 if either is no number. */
int64_t rt_fp_eq(int64_t left, int64_t right);
int64_t rt_fp_le(int64_t left, int64_t right);
int64_t rt_fp_lt(int64_t left, int64_t right);

int64_t rt_long_to_fp(int64_t value);
int64_t rt_fp32_to_fp64(int64_t value);
/*
 * Rounded by MODE: 0 to nearest, ties to even; 1 towards zero; 2 down; 3 up;
 * 4 to nearest, ties away from zero; 6 to odd.  EXACT changes nothing.  What
 * is too large is the largest there is, and what is no number too.
 */
int64_t rt_fp_to_long(int64_t value, int64_t mode, int64_t exact);

/* PRECISION digits after the point, at most 17; "nan", "inf", "-inf". */
struct rt_string rt_fp_to_string(int64_t value, int64_t precision);
/* Of "[-]digits[.digits][e[-]digits]", as far as it is that. */
int64_t rt_string_to_fp(struct rt_string string);

#endif /* RUNTIME_VALUES_FLOAT_H */
