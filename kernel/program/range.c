/* Arithmetic on sets of numbers. */

#include "kernel/program/range.h"

#define SIGN ((uint64_t)1 << 63)

static uint64_t
low_bits(unsigned bits)
{
    return bits == 64 ? UINT64_MAX : ((uint64_t)1 << bits) - 1;
}

/* All ones below and at the highest one of V. */
static uint64_t
fill(uint64_t v)
{
    return v == 0 ? 0 : UINT64_MAX >> __builtin_clzll(v);
}

static int
is_empty(const struct range *r)
{
    return r->umin > r->umax || r->smin > r->smax;
}

static struct range
empty(void)
{
    return (struct range){.umin = 1, .umax = 0, .smin = 1, .smax = 0};
}

static void
at_least(struct range *r, uint64_t min, uint64_t max)
{
    if (min > r->umin)
        r->umin = min;
    if (max < r->umax)
        r->umax = max;
}

static void
at_least_signed(struct range *r, int64_t min, int64_t max)
{
    if (min > r->smin)
        r->smin = min;
    if (max < r->smax)
        r->smax = max;
}

/* Let each of the three descriptions say what the others imply. */
static struct range
tighten(struct range r)
{
    for (int round = 0; round < 2; round++) {
        at_least(&r, r.value, r.value | r.mask);
        at_least_signed(&r, (int64_t)(r.value | (r.mask & SIGN)),
                        (int64_t)(r.value | (r.mask & ~SIGN)));
        /* Where the sign does not change, both orders are the same. */
        if ((int64_t)r.umin <= (int64_t)r.umax)
            at_least_signed(&r, (int64_t)r.umin, (int64_t)r.umax);
        if (r.smin >= 0 || r.smax < 0)
            at_least(&r, (uint64_t)r.smin, (uint64_t)r.smax);
        if (is_empty(&r))
            return empty();
        /* The bits before the first that differs in the bounds are known. */
        uint64_t known = ~fill(r.umin ^ r.umax);
        if ((r.value ^ r.umin) & ~r.mask & known)
            return empty();
        r.value |= r.umin & known;
        r.mask &= ~known;
    }
    return r;
}

struct range
range_unknown(void)
{
    return (struct range){0, UINT64_MAX, INT64_MIN, INT64_MAX, 0, UINT64_MAX};
}

struct range
range_constant(uint64_t v)
{
    return (struct range){v, v, (int64_t)v, (int64_t)v, v, 0};
}

struct range
range_unsigned(uint64_t min, uint64_t max)
{
    struct range r = range_unknown();
    r.umin = min;
    r.umax = max;
    return tighten(r);
}

struct range
range_signed(int64_t min, int64_t max)
{
    struct range r = range_unknown();
    r.smin = min;
    r.smax = max;
    return tighten(r);
}

int
range_within(const struct range *inner, const struct range *outer)
{
    return inner->umin >= outer->umin && inner->umax <= outer->umax &&
           inner->smin >= outer->smin && inner->smax <= outer->smax &&
           (inner->mask & ~outer->mask) == 0 &&
           ((inner->value ^ outer->value) & ~outer->mask) == 0;
}

int
range_contains(const struct range *r, uint64_t v)
{
    return v >= r->umin && v <= r->umax && (int64_t)v >= r->smin &&
           (int64_t)v <= r->smax && (v & ~r->mask) == r->value;
}

struct range
range_truncate(const struct range *a, unsigned bits)
{
    uint64_t low = low_bits(bits);
    struct range r = range_unknown();
    r.value = a->value & low;
    r.mask = a->mask & low;
    if ((a->umin & ~low) == (a->umax & ~low))
        at_least(&r, a->umin & low, a->umax & low);
    return tighten(r);
}

struct range
range_sign_extend(const struct range *a, unsigned bits)
{
    uint64_t low = low_bits(bits);
    int64_t limit = (int64_t)(low >> 1);
    if (a->smin >= -limit - 1 && a->smax <= limit)
        return *a;

    struct range r = range_truncate(a, bits);
    if (r.umax <= (uint64_t)limit)
        return r;
    if (r.umin > (uint64_t)limit) {
        struct range high = range_constant(~low);
        return range_add(&r, &high);
    }
    struct range extended = range_signed(-limit - 1, limit);
    extended.value = r.value & (uint64_t)limit;
    extended.mask = r.mask | ~(uint64_t)limit;
    return tighten(extended);
}

struct range
range_add(const struct range *a, const struct range *b)
{
    struct range r = range_unknown();
    uint64_t min, max;
    int64_t smin, smax;

    /* Both ends wrap or neither does. */
    if (__builtin_add_overflow(a->umin, b->umin, &min) ==
        __builtin_add_overflow(a->umax, b->umax, &max)) {
        r.umin = min;
        r.umax = max;
    }
    if (!__builtin_add_overflow(a->smin, b->smin, &smin) &&
        !__builtin_add_overflow(a->smax, b->smax, &smax)) {
        r.smin = smin;
        r.smax = smax;
    }
    /* A bit is unknown if it is in an operand or a carry may reach it. */
    uint64_t all_set = a->value + a->mask + b->value + b->mask;
    uint64_t none_set = a->value + b->value;
    r.mask = (all_set ^ none_set) | a->mask | b->mask;
    r.value = none_set & ~r.mask;
    return tighten(r);
}

static struct range
negate(const struct range *a)
{
    struct range zero = range_constant(0);
    return range_sub(&zero, a);
}

struct range
range_sub(const struct range *a, const struct range *b)
{
    struct range r = range_unknown();
    uint64_t min, max;
    int64_t smin, smax;

    if (__builtin_sub_overflow(a->umin, b->umax, &min) ==
        __builtin_sub_overflow(a->umax, b->umin, &max)) {
        r.umin = min;
        r.umax = max;
    }
    if (!__builtin_sub_overflow(a->smin, b->smax, &smin) &&
        !__builtin_sub_overflow(a->smax, b->smin, &smax)) {
        r.smin = smin;
        r.smax = smax;
    }
    uint64_t most = a->value + a->mask - b->value;
    uint64_t least = a->value - (b->value + b->mask);
    r.mask = (most ^ least) | a->mask | b->mask;
    r.value = (a->value - b->value) & ~r.mask;
    return tighten(r);
}

static struct range
multiply(const struct range *a, const struct range *b)
{
    struct range r = range_unknown();
    uint64_t max;

    if (range_is_constant(a) && range_is_constant(b))
        return range_constant(a->value * b->value);
    if (!__builtin_mul_overflow(a->umax, b->umax, &max)) {
        r.umin = a->umin * b->umin;
        r.umax = max;
    }
    /* Zeroes at the end add up. */
    uint64_t x = a->value | a->mask, y = b->value | b->mask;
    if (x == 0 || y == 0)
        return range_constant(0);
    unsigned zeroes = __builtin_ctzll(x) + __builtin_ctzll(y);
    r.mask = zeroes >= 64 ? 0 : UINT64_MAX << zeroes;
    return tighten(r);
}

static struct range and (const struct range *a, const struct range *b)
{
    struct range r = range_unknown();
    r.umax = a->umax < b->umax ? a->umax : b->umax;
    r.value = a->value & b->value;
    r.mask = (a->value | a->mask) & (b->value | b->mask) & ~r.value;
    return tighten(r);
}

static struct range or (const struct range *a, const struct range *b)
{
    struct range r = range_unknown();
    r.umin = a->umin > b->umin ? a->umin : b->umin;
    r.umax = fill(a->umax | b->umax);
    r.value = a->value | b->value;
    r.mask = (a->mask | b->mask) & ~r.value;
    return tighten(r);
}

static struct range xor
    (const struct range *a, const struct range *b) {
        struct range r = range_unknown();
        r.umax = fill(a->umax | b->umax);
        r.mask = a->mask | b->mask;
        r.value = (a->value ^ b->value) & ~r.mask;
        return tighten(r);
    }

    /* B is below 64 in the shifts. */
    static struct range shift_left(const struct range *a, const struct range *b)
{
    struct range r = range_unknown();
    if (a->umax <= UINT64_MAX >> b->umax) {
        r.umin = a->umin << b->umin;
        r.umax = a->umax << b->umax;
    }
    if (range_is_constant(b)) {
        r.value = a->value << b->value;
        r.mask = a->mask << b->value;
    }
    return tighten(r);
}

static struct range
shift_right(const struct range *a, const struct range *b)
{
    struct range r = range_unknown();
    r.umin = a->umin >> b->umax;
    r.umax = a->umax >> b->umin;
    if (range_is_constant(b)) {
        r.value = a->value >> b->value;
        r.mask = a->mask >> b->value;
    }
    return tighten(r);
}

static struct range
shift_right_signed(const struct range *a, const struct range *b)
{
    struct range r = range_unknown();
    r.smin = a->smin >> (a->smin < 0 ? b->umin : b->umax);
    r.smax = a->smax >> (a->smax < 0 ? b->umax : b->umin);
    if (range_is_constant(b)) {
        /* An unknown sign fills the upper bits of the mask. */
        r.mask = (uint64_t)((int64_t)a->mask >> b->value);
        r.value = (uint64_t)((int64_t)a->value >> b->value) & ~r.mask;
    }
    return tighten(r);
}

/* Division by zero gives zero. */
static struct range
divide(const struct range *a, const struct range *b)
{
    if (b->umax == 0)
        return range_constant(0);
    if (b->umin == 0)
        return range_unsigned(0, a->umax);
    return range_unsigned(a->umin / b->umax, a->umax / b->umin);
}

/* The remainder of a division by zero is the dividend. */
static struct range
modulo(const struct range *a, const struct range *b)
{
    if (b->umax == 0 || a->umax < b->umin)
        return *a;
    uint64_t max = a->umax;
    if (b->umin > 0 && b->umax - 1 < max)
        max = b->umax - 1;
    return range_unsigned(0, max);
}

static struct range
divide_signed(const struct range *a, const struct range *b)
{
    if (!range_is_constant(b))
        return range_unknown();
    int64_t by = (int64_t)b->value;
    if (by == 0)
        return range_constant(0);
    if (by == -1)
        return negate(a);
    int64_t x = a->smin / by, y = a->smax / by;
    return x < y ? range_signed(x, y) : range_signed(y, x);
}

static struct range
modulo_signed(const struct range *a, const struct range *b)
{
    if (!range_is_constant(b) || (int64_t)b->value == INT64_MIN)
        return range_unknown();
    int64_t by = (int64_t)b->value;
    if (by == 0)
        return *a;
    if (range_is_constant(a))
        return range_constant(by == -1 ? 0 : (uint64_t)(a->smin % by));
    /* It has the sign of the dividend and is smaller than the divisor. */
    int64_t limit = (by < 0 ? -by : by) - 1;
    return range_signed(a->smin < 0 ? -limit : 0, a->smax > 0 ? limit : 0);
}

static struct range
take_second(const struct range *a, const struct range *b)
{
    return *b;
}

static struct range
negate_first(const struct range *a, const struct range *b)
{
    return negate(a);
}

typedef struct range (*operation_fn)(const struct range *,
                                     const struct range *);

/* By EBPF_OPERATION >> 4. */
static const operation_fn operations[16] = {range_add,
                                            range_sub,
                                            multiply,
                                            divide,
                                            or,
                                                  and,
                                            shift_left,
                                            shift_right,
                                            negate_first,
                                            modulo,
                                            xor,
                                            take_second,
                                            shift_right_signed};

static operation_fn
operation_of(const struct ebpf_insn *insn)
{
    unsigned operation = EBPF_OPERATION(insn->opcode);
    if (insn->offset == 1 && operation == EBPF_DIV)
        return divide_signed;
    if (insn->offset == 1 && operation == EBPF_MOD)
        return modulo_signed;
    return operations[operation >> 4];
}

static int
is_shift(unsigned operation)
{
    return operation == EBPF_LSH || operation == EBPF_RSH ||
           operation == EBPF_ARSH;
}

struct range
range_alu(const struct ebpf_insn *insn, const struct range *a,
          const struct range *b)
{
    unsigned operation = EBPF_OPERATION(insn->opcode);
    unsigned bits = EBPF_CLASS(insn->opcode) == EBPF_ALU64 ? 64 : 32;
    int is_signed =
        operation == EBPF_ARSH ||
        (insn->offset == 1 && (operation == EBPF_DIV || operation == EBPF_MOD));
    struct range x = *a, y = *b;

    if (bits == 32) {
        x = is_signed ? range_sign_extend(a, 32) : range_truncate(a, 32);
        y = is_signed ? range_sign_extend(b, 32) : range_truncate(b, 32);
    }
    if (operation == EBPF_MOV && insn->offset != 0) {
        y = range_sign_extend(b, insn->offset);
    } else if (is_shift(operation)) {
        struct range limit = range_constant(bits - 1);
        y = and(b, &limit);
    }
    struct range r = operation_of(insn)(&x, &y);
    return bits == 32 ? range_truncate(&r, 32) : r;
}

/* What of A is left where it is also in B. */
static int
meet(struct range *a, const struct range *b)
{
    if ((a->value ^ b->value) & ~a->mask & ~b->mask)
        return 0;
    a->value |= b->value;
    a->mask &= b->mask;
    at_least(a, b->umin, b->umax);
    at_least_signed(a, b->smin, b->smax);
    *a = tighten(*a);
    return !is_empty(a);
}

static int
equal(struct range *a, struct range *b)
{
    return meet(a, b) && meet(b, a);
}

/* Only a bound can be cut off. */
static void
without(struct range *a, uint64_t v)
{
    a->umin += a->umin == v;
    a->umax -= a->umax == v;
    a->smin += a->smin == (int64_t)v;
    a->smax -= a->smax == (int64_t)v;
    *a = tighten(*a);
}

static int
not_equal(struct range *a, struct range *b)
{
    if (range_is_constant(a) && range_is_constant(b))
        return a->value != b->value;
    if (range_is_constant(b))
        without(a, b->value);
    else if (range_is_constant(a))
        without(b, a->value);
    return !is_empty(a) && !is_empty(b);
}

/* A > B, or A >= B when they may be EQUAL. */
static int
greater(struct range *a, struct range *b, unsigned may_equal)
{
    uint64_t gap = may_equal ? 0 : 1;
    if (b->umin > UINT64_MAX - gap || a->umax < gap)
        return 0;
    at_least(a, b->umin + gap, UINT64_MAX);
    at_least(b, 0, a->umax - gap);
    *a = tighten(*a);
    *b = tighten(*b);
    return !is_empty(a) && !is_empty(b);
}

static int
greater_signed(struct range *a, struct range *b, unsigned may_equal)
{
    int64_t gap = may_equal ? 0 : 1;
    if (b->smin > INT64_MAX - gap || a->smax < INT64_MIN + gap)
        return 0;
    at_least_signed(a, b->smin + gap, INT64_MAX);
    at_least_signed(b, INT64_MIN, a->smax - gap);
    *a = tighten(*a);
    *b = tighten(*b);
    return !is_empty(a) && !is_empty(b);
}

static int
bits_set(struct range *a, struct range *b, int taken)
{
    if ((a->value & b->value) != 0)
        return taken;
    if (((a->value | a->mask) & (b->value | b->mask)) == 0)
        return !taken;
    if (!range_is_constant(b))
        return 1;
    if (!taken) {
        a->mask &= ~b->value;
    } else if ((b->value & (b->value - 1)) == 0) {
        a->value |= b->value;
        a->mask &= ~b->value;
    }
    *a = tighten(*a);
    return !is_empty(a);
}

static int
refine_64(unsigned jump, int taken, struct range *a, struct range *b)
{
    switch (jump) {
    case EBPF_JEQ:
        return taken ? equal(a, b) : not_equal(a, b);
    case EBPF_JNE:
        return taken ? not_equal(a, b) : equal(a, b);
    case EBPF_JSET:
        return bits_set(a, b, taken);
    case EBPF_JGT:
        return taken ? greater(a, b, 0) : greater(b, a, 1);
    case EBPF_JGE:
        return taken ? greater(a, b, 1) : greater(b, a, 0);
    case EBPF_JLT:
        return taken ? greater(b, a, 0) : greater(a, b, 1);
    case EBPF_JLE:
        return taken ? greater(b, a, 1) : greater(a, b, 0);
    case EBPF_JSGT:
        return taken ? greater_signed(a, b, 0) : greater_signed(b, a, 1);
    case EBPF_JSGE:
        return taken ? greater_signed(a, b, 1) : greater_signed(b, a, 0);
    case EBPF_JSLT:
        return taken ? greater_signed(b, a, 0) : greater_signed(a, b, 1);
    default: /* EBPF_JSLE */
        return taken ? greater_signed(b, a, 1) : greater_signed(a, b, 0);
    }
}

int
range_refine(unsigned jump, int wide, int taken, struct range *a,
             struct range *b)
{
    if (wide)
        return refine_64(jump, taken, a, b);

    /*
     * 32 bits: compare what is compared.  Only a register whose value is
     * the same as its lower half, as the comparison sees it, learns from it.
     */
    int is_signed = jump == EBPF_JSGT || jump == EBPF_JSGE ||
                    jump == EBPF_JSLT || jump == EBPF_JSLE;
    struct range x =
        is_signed ? range_sign_extend(a, 32) : range_truncate(a, 32);
    struct range y =
        is_signed ? range_sign_extend(b, 32) : range_truncate(b, 32);
    struct range x_before = x, y_before = y;
    if (!refine_64(jump, taken, &x, &y))
        return 0;
    if (range_within(a, &x_before) && range_within(&x_before, a))
        *a = x;
    if (range_within(b, &y_before) && range_within(&y_before, b))
        *b = y;
    return 1;
}
