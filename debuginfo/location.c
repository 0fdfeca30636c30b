/*
 * From DWARF's operations (DWARF 5, section 2.5) to steps.
 */

#include "debuginfo/location_i.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

/* Frame bases that refer to frame bases are a cycle in a broken file. */
#define NESTING_MAX 4

static int
translate_operation(struct translator *translator, const Dwarf_Op *operation);
static int translate_simple(struct translator *translator,
                            const Dwarf_Op *operations, size_t count);

struct word_type
location_generic(const struct translator *translator)
{
    return (struct word_type){translator->frame->debuginfo->word_size * 8,
                              false};
}

void
location_add(struct translator *translator, enum step_kind kind, int64_t value)
{
    struct step step = {kind, value};

    LIST_ADD(translator->frame->arena, translator->steps, step);
}

void
location_extend(struct translator *translator)
{
    struct word_type type = translator->types.of[translator->types.depth - 1];

    if (type.bits < 64)
        location_add(translator,
                     type.is_signed ? STEP_SIGN_EXTEND : STEP_ZERO_EXTEND,
                     type.bits);
}

int
location_push(struct translator *translator, enum step_kind kind, int64_t value,
              struct word_type type)
{
    if (translator->types.depth == LOCATION_DEPTH_MAX)
        return error_set(translator->error,
                         "its location needs a deeper stack than %d words",
                         LOCATION_DEPTH_MAX);
    location_add(translator, kind, value);
    translator->types.of[translator->types.depth++] = type;
    return 0;
}

int
location_need(struct translator *translator, unsigned words)
{
    if (translator->types.depth < words)
        return error_set(translator->error,
                         "its location is broken: an operation lacks operands");
    return 0;
}

int
location_refuse(struct translator *translator, const char *what)
{
    return error_set(translator->error, "its location %s", what);
}

/* ---- memory, frames, entry ------------------------------------------- */

/* A number that the file gives, extended as all words of its type are. */
static int
push_constant(struct translator *translator, int64_t value)
{
    struct word_type type = location_generic(translator);

    return location_push(translator, STEP_CONSTANT,
                         type.bits == 64 ? value : (int64_t)(uint32_t)value,
                         type);
}

/* Whether the top is a sum of 32 bits with a constant: then that is *sum. */
static bool
is_narrow_sum(const struct translator *translator, int64_t **sum)
{
    const step_list *steps = translator->steps;
    struct step *last = steps->items + steps->count;

    if (steps->count < translator->unchanged + 3 ||
        last[-1].kind != STEP_ZERO_EXTEND || last[-2].kind != STEP_ADD ||
        last[-3].kind != STEP_CONSTANT)
        return false;
    *sum = &last[-3].value;
    return last[-1].value == location_generic(translator).bits;
}

static int
add_constant(struct translator *translator, int64_t value)
{
    int64_t *sum;

    if (location_need(translator, 1) != 0)
        return -1;
    if (value == 0)
        return 0;
    if (is_narrow_sum(translator, &sum)) {
        *sum += value; /* what is beyond 32 bits is cut once, not twice */
        return 0;
    }
    if (location_push(translator, STEP_CONSTANT, value,
                      location_generic(translator)) != 0)
        return -1;
    location_add(translator, STEP_ADD, 0);
    translator->types.depth--;
    location_extend(translator);
    return 0;
}

static int
push_register(struct translator *translator, uint64_t number, int64_t offset)
{
    if (location_push(translator, STEP_REGISTER, (int64_t)number,
                      location_generic(translator)) != 0)
        return -1;
    return add_constant(translator, offset);
}

static int
load_top(struct translator *translator, uint64_t size)
{
    if (location_need(translator, 1) != 0)
        return -1;
    if (size != 1 && size != 2 && size != 4 && size != 8)
        return location_refuse(translator, "reads a number of an odd size");
    location_add(translator,
                 translator->frame->debuginfo->module != NULL ? STEP_LOAD_USER
                                                              : STEP_LOAD,
                 (int64_t)size);
    translator->types.of[translator->types.depth - 1] =
        location_generic(translator);
    return 0;
}

static Dwarf_CFI *
unwind_tables(struct debuginfo *debuginfo, unsigned which)
{
    if (!debuginfo->unwind_opened) {
        debuginfo->unwind_opened = true;
        debuginfo->unwind_dwarf = dwarf_getcfi(debuginfo->dwarf);
        debuginfo->unwind_elf = dwarf_getcfi_elf(debuginfo->elf);
    }
    return which == 0 ? debuginfo->unwind_dwarf : debuginfo->unwind_elf;
}

/* The canonical frame address, which the unwind tables give. */
static int
push_frame_address(struct translator *translator)
{
    for (unsigned which = 0; which < 2; which++) {
        Dwarf_CFI *tables = unwind_tables(translator->frame->debuginfo, which);
        Dwarf_Frame *frame = NULL;
        Dwarf_Op *operations;
        size_t count;

        if (tables == NULL ||
            dwarf_cfi_addrframe(tables, translator->frame->address, &frame) !=
                0)
            continue;
        int result = -1;
        if (dwarf_frame_cfa(frame, &operations, &count) == 0 && count > 0)
            result = translate_simple(translator, operations, count);
        else
            location_refuse(translator,
                            "is in a frame whose place is not known");
        free(frame);
        return result;
    }
    return location_refuse(translator,
                           "is in a frame, and the kernel has no unwind table "
                           "for this address");
}

/* An address relative to what the function's frame base says. */
static int
push_frame_base(struct translator *translator, int64_t offset)
{
    Dwarf_Attribute attribute, *outer = translator->attribute;
    Dwarf_Op *operations;
    size_t count;
    int result;

    /* Nothing below the return address is written before the function runs,
     * though the description may not say so. */
    if (offset < 0 && translator->frame->address == translator->frame->entry)
        return location_refuse(
            translator, "is in the function's frame, which does not exist "
                        "yet at its entry");
    if (translator->frame->function == NULL ||
        dwarf_attr_integrate(translator->frame->function, DW_AT_frame_base,
                             &attribute) == NULL ||
        dwarf_getlocation_addr(&attribute, translator->frame->address,
                               &operations, &count, 1) != 1)
        return location_refuse(translator,
                               "is relative to a frame that is not described");
    translator->attribute = &attribute;
    enum location_kind kind = translator->kind;
    result = translate_simple(translator, operations, count);
    translator->kind = kind;
    translator->attribute = outer;
    return result != 0 ? -1 : add_constant(translator, offset);
}

/*
 * What an expression was worth when the function was entered: the same as now
 * if that is where we are.
 */
static int
push_entry_value(struct translator *translator, const Dwarf_Op *operation)
{
    Dwarf_Attribute attribute, *outer = translator->attribute;
    Dwarf_Op *operations;
    size_t count;
    int result;

    if (translator->frame->address != translator->frame->entry)
        return location_refuse(
            translator, "is only known as it was at the function's entry");
    if (dwarf_getlocation_attr(outer, operation, &attribute) != 0 ||
        dwarf_getlocation(&attribute, &operations, &count) != 0)
        return location_refuse(translator, "cannot be read");
    translator->attribute = &attribute;
    enum location_kind kind = translator->kind;
    result = translate_simple(translator, operations, count);
    translator->kind = kind;
    translator->attribute = outer;
    return result;
}

/* Up to 8 bytes that stand in the file. */
static int
push_bytes(struct translator *translator, const Dwarf_Op *operation)
{
    Dwarf_Block block;
    uint64_t value = 0;

    if (dwarf_getlocation_implicit_value(translator->attribute, operation,
                                         &block) != 0 ||
        block.length > sizeof(value))
        return location_refuse(translator,
                               "is a constant of more than 8 bytes");
    memcpy(&value, block.data, block.length);
    return location_push(translator, STEP_CONSTANT, (int64_t)value,
                         location_generic(translator));
}

/* ---- the operations -------------------------------------------------- */

/* Operations that say no more than what is wrong with them here. */
static const struct {
    uint8_t atom;
    const char *reason;
} refused[] = {
    {DW_OP_implicit_pointer,
     "is a pointer to something that has no place in memory"},
    {DW_OP_GNU_implicit_pointer,
     "is a pointer to something that has no place in memory"},
    {DW_OP_GNU_parameter_ref, "is only known to the function's callers"},
    {DW_OP_GNU_uninit, "is not initialized yet"},
    {DW_OP_xderef, "is in another address space"},
    {DW_OP_form_tls_address, "is thread-local"},
    {DW_OP_GNU_push_tls_address, "is thread-local"},
};

static int
pick(struct translator *translator, uint64_t below)
{
    if (location_need(translator, (unsigned)below + 1) != 0)
        return -1;
    return location_push(
        translator, STEP_PICK, (int64_t)below,
        translator->types.of[translator->types.depth - 1 - below]);
}

static int
reorder(struct translator *translator, enum step_kind kind, unsigned words)
{
    struct word_type *top = &translator->types.of[translator->types.depth];

    if (location_need(translator, words) != 0)
        return -1;
    struct word_type last = top[-1];
    for (unsigned i = 1; i < words; i++)
        *(top - i) = *(top - i - 1);
    *(top - words) = last;
    location_add(translator, kind, 0);
    return 0;
}

static int
refuse_operation(struct translator *translator, uint8_t atom)
{
    for (unsigned i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
        if (refused[i].atom == atom)
            return location_refuse(translator, refused[i].reason);
    return error_set(translator->error,
                     "its location uses DWARF operation 0x%x, which is not "
                     "supported yet",
                     atom);
}

static int
translate_operation(struct translator *translator, const Dwarf_Op *operation)
{
    uint8_t atom = operation->atom;
    const struct location_arithmetic *row = location_find_arithmetic(atom);

    if (row != NULL)
        return location_arithmetic(translator, row);
    if (atom >= DW_OP_lit0 && atom <= DW_OP_lit31)
        return push_constant(translator, atom - DW_OP_lit0);
    if (atom >= DW_OP_breg0 && atom <= DW_OP_breg31)
        return push_register(translator, atom - DW_OP_breg0,
                             (int64_t)operation->number);
    if (atom >= DW_OP_reg0 && atom <= DW_OP_reg31) {
        translator->kind = LOCATION_VALUE;
        return push_register(translator, atom - DW_OP_reg0, 0);
    }
    switch (atom) {
    case DW_OP_nop:
        return 0;
    case DW_OP_addr:
    case DW_OP_const1u:
    case DW_OP_const1s:
    case DW_OP_const2u:
    case DW_OP_const2s:
    case DW_OP_const4u:
    case DW_OP_const4s:
    case DW_OP_const8u:
    case DW_OP_const8s:
    case DW_OP_constu:
    case DW_OP_consts:
        return push_constant(translator, (int64_t)operation->number);
    case DW_OP_regx:
        translator->kind = LOCATION_VALUE;
        return push_register(translator, operation->number, 0);
    case DW_OP_bregx:
        return push_register(translator, operation->number,
                             (int64_t)operation->number2);
    case DW_OP_fbreg:
        return push_frame_base(translator, (int64_t)operation->number);
    case DW_OP_call_frame_cfa:
        return push_frame_address(translator);
    case DW_OP_plus_uconst:
        return add_constant(translator, (int64_t)operation->number);
    case DW_OP_deref:
        return load_top(translator, translator->frame->debuginfo->word_size);
    case DW_OP_deref_size:
        return load_top(translator, operation->number);
    case DW_OP_deref_type:
    case DW_OP_GNU_deref_type:
        return load_top(translator, operation->number) != 0
                   ? -1
                   : location_give_type(translator, operation,
                                        operation->number2);
    case DW_OP_dup:
        return pick(translator, 0);
    case DW_OP_over:
        return pick(translator, 1);
    case DW_OP_pick:
        return pick(translator, operation->number);
    case DW_OP_swap:
        return reorder(translator, STEP_SWAP, 2);
    case DW_OP_rot:
        return reorder(translator, STEP_ROTATE, 3);
    case DW_OP_drop:
        if (location_need(translator, 1) != 0)
            return -1;
        location_add(translator, STEP_DROP, 0);
        translator->types.depth--;
        return 0;
    case DW_OP_stack_value:
        translator->kind = LOCATION_VALUE;
        return location_need(translator, 1);
    case DW_OP_implicit_value:
        translator->kind = LOCATION_VALUE;
        return push_bytes(translator, operation);
    case DW_OP_entry_value:
    case DW_OP_GNU_entry_value:
        return push_entry_value(translator, operation);
    case DW_OP_convert:
    case DW_OP_GNU_convert:
    case DW_OP_reinterpret:
    case DW_OP_GNU_reinterpret:
        return location_give_type(translator, operation, operation->number);
    case DW_OP_regval_type:
    case DW_OP_GNU_regval_type:
        return location_typed_register(translator, operation);
    case DW_OP_bra:
    case DW_OP_skip:
        return location_jump(translator, operation);
    default:
        return refuse_operation(translator, atom);
    }
}

/* Operations without pieces; they may stand for one of others, which has jumps
 * of its own. */
static int
translate_simple(struct translator *translator, const Dwarf_Op *operations,
                 size_t count)
{
    struct translator outer = *translator;
    int result = 0;

    if (translator->nesting == NESTING_MAX)
        return location_refuse(translator, "refers to itself");
    translator->nesting++;
    memset(&translator->jumps, 0, sizeof(translator->jumps));
    for (size_t i = 0; result == 0 && i < count; i++) {
        result = location_land(translator, &operations[i]);
        if (result == 0)
            result = translate_operation(translator, &operations[i]);
    }
    if (result == 0 && count > 0)
        result = location_land_at_end(translator, &operations[count - 1]);
    translator->nesting--;
    translator->jumps = outer.jumps;
    return result;
}

static int
translate_place(const struct location_frame *frame, Dwarf_Attribute *attribute,
                const Dwarf_Op *operations, size_t count,
                struct location *location, struct error *error)
{
    struct translator translator = {
        .frame = frame,
        .attribute = attribute,
        .error = error,
        .steps = &location->steps,
        .kind = LOCATION_MEMORY,
    };

    if (translate_simple(&translator, operations, count) != 0 ||
        location_need(&translator, 1) != 0)
        return -1;
    location->kind = translator.kind;
    return 0;
}

static bool
is_piece(const Dwarf_Op *operation)
{
    return operation->atom == DW_OP_piece || operation->atom == DW_OP_bit_piece;
}

int
location_translate(const struct location_frame *frame,
                   Dwarf_Attribute *attribute, const Dwarf_Op *operations,
                   size_t count, struct location *location, struct error *error)
{
    size_t start = 0;

    memset(location, 0, sizeof(*location));
    for (size_t i = 0; i < count; i++) {
        struct location_piece piece = {0};

        if (!is_piece(&operations[i]))
            continue;
        piece.place = ARENA_NEW(frame->arena, struct location);
        if (i == start)
            piece.place->kind = LOCATION_ABSENT;
        else if (translate_place(frame, attribute, operations + start,
                                 i - start, piece.place, error) != 0)
            return -1;
        bool bits = operations[i].atom == DW_OP_bit_piece;
        piece.bits = operations[i].number * (bits ? 1 : 8);
        piece.offset = bits ? operations[i].number2 : 0;
        LIST_ADD(frame->arena, &location->pieces, piece);
        start = i + 1;
    }
    if (start == 0)
        return translate_place(frame, attribute, operations, count, location,
                               error);
    location->kind = LOCATION_PIECES;
    return 0;
}
