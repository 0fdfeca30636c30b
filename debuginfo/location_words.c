/*
 * Operations on words, and what types these have.
 */

#include "debuginfo/location_i.h"

#include <dwarf.h>

/* ---- arithmetic ------------------------------------------------------- */

/* What an operator asks of the signs of its operands. */
enum operand_sign {
    SIGN_ANY,
    SIGN_SIGNED,   /* reads them as signed */
    SIGN_UNSIGNED, /* reads them as unsigned */
};

static const struct location_arithmetic {
    uint8_t atom;
    uint8_t operands;
    enum step_kind kind;
    enum operand_sign sign;
} arithmetic[] = {
    {DW_OP_plus, 2, STEP_ADD, SIGN_ANY},
    {DW_OP_minus, 2, STEP_SUBTRACT, SIGN_ANY},
    {DW_OP_mul, 2, STEP_MULTIPLY, SIGN_ANY},
    {DW_OP_div, 2, STEP_DIVIDE, SIGN_SIGNED},
    {DW_OP_mod, 2, STEP_MODULO, SIGN_UNSIGNED},
    {DW_OP_and, 2, STEP_AND, SIGN_ANY},
    {DW_OP_or, 2, STEP_OR, SIGN_ANY},
    {DW_OP_xor, 2, STEP_XOR, SIGN_ANY},
    {DW_OP_shl, 2, STEP_SHIFT_LEFT, SIGN_ANY},
    {DW_OP_shr, 2, STEP_SHIFT_RIGHT, SIGN_UNSIGNED},
    {DW_OP_shra, 2, STEP_SHIFT_RIGHT_SIGNED, SIGN_SIGNED},
    {DW_OP_eq, 2, STEP_EQ, SIGN_ANY},
    {DW_OP_ne, 2, STEP_NE, SIGN_ANY},
    {DW_OP_lt, 2, STEP_LT, SIGN_SIGNED},
    {DW_OP_le, 2, STEP_LE, SIGN_SIGNED},
    {DW_OP_gt, 2, STEP_GT, SIGN_SIGNED},
    {DW_OP_ge, 2, STEP_GE, SIGN_SIGNED},
    {DW_OP_neg, 1, STEP_NEGATE, SIGN_ANY},
    {DW_OP_not, 1, STEP_NOT, SIGN_ANY},
    {DW_OP_abs, 1, STEP_ABSOLUTE, SIGN_SIGNED},
};

const struct location_arithmetic *
location_find_arithmetic(uint8_t atom)
{
    for (unsigned i = 0; i < sizeof(arithmetic) / sizeof(arithmetic[0]); i++)
        if (arithmetic[i].atom == atom)
            return &arithmetic[i];
    return NULL;
}

static bool
is_generic(const struct translator *translator, struct word_type type)
{
    return type.bits == location_generic(translator).bits && !type.is_signed;
}

/*
 * Whether a word of TYPE, extended to 64 bits as it is, can be read as the
 * operator reads it.  The generic type may be read either way, see
 * read_as_signed.
 */
static bool
sign_fits(const struct translator *translator, struct word_type type,
          enum operand_sign sign)
{
    switch (sign) {
    case SIGN_SIGNED:
        return type.is_signed || type.bits < 64 || is_generic(translator, type);
    case SIGN_UNSIGNED:
        return !type.is_signed;
    default:
        return true;
    }
}

/* Extend narrow generic words among the operands by the sign they may have. */
static void
read_as_signed(struct translator *translator, unsigned operands)
{
    for (unsigned i = 1; i <= operands; i++) {
        struct word_type type =
            translator->types.of[translator->types.depth - i];

        if (type.bits == 64 || !is_generic(translator, type))
            continue;
        if (i == 2)
            location_add(translator, STEP_SWAP, 0);
        location_add(translator, STEP_SIGN_EXTEND, type.bits);
        if (i == 2)
            location_add(translator, STEP_SWAP, 0);
    }
}

int
location_arithmetic(struct translator *translator,
                    const struct location_arithmetic *row)
{
    if (location_need(translator, row->operands) != 0)
        return -1;
    for (unsigned i = 1; i <= row->operands; i++)
        if (!sign_fits(translator,
                       translator->types.of[translator->types.depth - i],
                       row->sign))
            return location_refuse(
                translator, "mixes signs of numbers in a way that is not "
                            "supported yet");
    if (row->sign == SIGN_SIGNED)
        read_as_signed(translator, row->operands);
    location_add(translator, row->kind, 0);
    translator->types.depth -= row->operands - 1u;
    location_extend(translator);
    return 0;
}

/* ---- typed words ----------------------------------------------------- */

/* The base type that an operation names; offset 0 is the generic one. */
static int
named_type(struct translator *translator, const Dwarf_Op *operation,
           uint64_t offset, struct word_type *type)
{
    Dwarf_Attribute attribute;
    Dwarf_Word encoding = 0;
    Dwarf_Die die;

    *type = location_generic(translator);
    if (offset == 0)
        return 0;
    if (dwarf_getlocation_die(translator->attribute, operation, &die) != 0 ||
        dwarf_formudata(dwarf_attr(&die, DW_AT_encoding, &attribute),
                        &encoding) != 0)
        return location_refuse(translator, "names a type that is not there");
    int size = dwarf_bytesize(&die);
    if (encoding == DW_ATE_float || size < 1 || size > 8)
        return location_refuse(translator,
                               "computes with floating point or wide numbers");
    type->bits = (unsigned)size * 8;
    type->is_signed =
        encoding == DW_ATE_signed || encoding == DW_ATE_signed_char;
    return 0;
}

int
location_give_type(struct translator *translator, const Dwarf_Op *operation,
                   uint64_t offset)
{
    struct word_type type;

    if (location_need(translator, 1) != 0 ||
        named_type(translator, operation, offset, &type) != 0)
        return -1;
    translator->types.of[translator->types.depth - 1] = type;
    location_extend(translator);
    return 0;
}

int
location_typed_register(struct translator *translator,
                        const Dwarf_Op *operation)
{
    struct word_type type;

    if (named_type(translator, operation, operation->number2, &type) != 0 ||
        location_push(translator, STEP_REGISTER, (int64_t)operation->number,
                      type) != 0)
        return -1;
    location_extend(translator);
    return 0;
}
