/*
 * All is within reach of a relative displacement of 32 bits.  On x86-64 the
 * kernel's text and our slots are both in the top 2 GB of the address space,
 * and an address fits a sign-extended 32-bit immediate; on i386 the kernel has
 * 1 GB in all.
 *
 * A call whose return lies behind all displaced bytes becomes a push of that
 * address and a jump: the callee returns straight into the function, and
 * whoever walks the stack sees the function and not us.  Any other call stays
 * one, returns into the slot and goes on there.
 */

#include "kernel/points/slot.h"

#include <stdbool.h>
#include <stddef.h>

#include "kernel/machine/string.h"
#include "kernel/points/tables.h"

/* The assembler entry that a slot calls. */
extern void probe_jump_entry(void);

const uint8_t slot_breakpoint = 0xcc; /* int3 */

#define OPCODE_PUSH_IMM32 0x68
#define OPCODE_CALL_REL32 0xe8
#define OPCODE_JMP_REL32  0xe9
#define OPCODE_JMP_REL8   0xeb
#define OPCODE_TWO_BYTES  0x0f
#define OPCODE_JCC_REL32  0x80 /* after OPCODE_TWO_BYTES */

/*
 * The bytes written so far.  They run at their own address plus SHIFT: of the
 * kernel's slots that is 0; those of tasks are written through another mapping.
 */
struct emitter {
    uint8_t *next;
    uint8_t *end;
    uint64_t shift;
    bool failed;
};

/* One instruction of the text. */
struct instruction {
    uint64_t address;
    const uint8_t *bytes;
    uint32_t length;
    bool last; /* of those displaced */
};

static void
emit(struct emitter *emitter, const uint8_t *bytes, uint32_t size)
{
    if (size > (uint32_t)(emitter->end - emitter->next)) {
        emitter->failed = true;
        return;
    }
    memcpy(emitter->next, bytes, size);
    emitter->next += size;
}

static void
emit8(struct emitter *emitter, uint8_t byte)
{
    emit(emitter, &byte, 1);
}

static void
emit32(struct emitter *emitter, uint32_t word)
{
    emit(emitter, (const uint8_t *)&word, sizeof(word));
}

/* A displacement to TARGET, with TAIL bytes of the instruction behind it. */
static void
emit_relative(struct emitter *emitter, uint64_t target, uint32_t tail)
{
    uint64_t from = (uintptr_t)emitter->next + emitter->shift + 4 + tail;
    int64_t distance = (int64_t)(target - from);

    /* Addresses of 32 bits are all within reach, the other way round. */
    if (sizeof(void *) > 4 && distance != (int32_t)distance)
        emitter->failed = true;
    emit32(emitter, (uint32_t)distance);
}

static void
emit_jump(struct emitter *emitter, uint64_t target)
{
    emit8(emitter, OPCODE_JMP_REL32);
    emit_relative(emitter, target, 0);
}

static uint64_t
next_address(const struct instruction *insn)
{
    return insn->address + insn->length;
}

/* Where a branch leads whose displacement is its last byte, or 4 bytes. */
static uint64_t
target8(const struct instruction *insn)
{
    return next_address(insn) + (int64_t)(int8_t)insn->bytes[insn->length - 1];
}

static int32_t
read32(const uint8_t *bytes)
{
    int32_t word;

    memcpy(&word, bytes, sizeof(word));
    return word;
}

static uint64_t
target32(const struct instruction *insn)
{
    return next_address(insn) + read32(insn->bytes + insn->length - 4);
}

/* Each mover gets the instruction and the bytes of immediate at its end. */

static void
move_copy(struct emitter *emitter, const struct instruction *insn,
          uint32_t tail)
{
    emit(emitter, insn->bytes, insn->length);
}

static void
move_rip(struct emitter *emitter, const struct instruction *insn, uint32_t tail)
{
    uint32_t head = insn->length - 4 - tail;
    uint64_t target = next_address(insn) + read32(insn->bytes + head);

    emit(emitter, insn->bytes, head);
    emit_relative(emitter, target, tail);
    emit(emitter, insn->bytes + head + 4, tail);
}

static void
move_jcc8(struct emitter *emitter, const struct instruction *insn,
          uint32_t tail)
{
    uint8_t condition = insn->bytes[insn->length - 2] & 0x0f;

    emit8(emitter, OPCODE_TWO_BYTES);
    emit8(emitter, OPCODE_JCC_REL32 | condition);
    emit_relative(emitter, target8(insn), 0);
}

static void
move_branch32(struct emitter *emitter, const struct instruction *insn,
              uint32_t tail)
{
    emit(emitter, insn->bytes, insn->length - 4);
    emit_relative(emitter, target32(insn), 0);
}

static void
move_jmp8(struct emitter *emitter, const struct instruction *insn,
          uint32_t tail)
{
    emit_jump(emitter, target8(insn));
}

/* An immediate is extended by its sign: other addresses take two steps. */
static void
emit_push(struct emitter *emitter, uint64_t address)
{
    static const uint8_t store_upper[] = {0xc7, 0x44, 0x24, 4}; /* 4(%rsp) */

    emit8(emitter, OPCODE_PUSH_IMM32);
    emit32(emitter, (uint32_t)address);
    if (sizeof(void *) > 4 &&
        (uint64_t)(int64_t)(int32_t)(uint32_t)address != address) {
        emit(emitter, store_upper, sizeof(store_upper));
        emit32(emitter, (uint32_t)(address >> 32));
    }
}

static void
move_call32(struct emitter *emitter, const struct instruction *insn,
            uint32_t tail)
{
    if (!insn->last) {
        move_branch32(emitter, insn, tail);
        return;
    }
    emit_push(emitter, next_address(insn));
    emit_jump(emitter, target32(insn));
}

/* These have no form with 32 bits: branch over a jump, or to it. */
static void
move_loop(struct emitter *emitter, const struct instruction *insn,
          uint32_t tail)
{
    emit(emitter, insn->bytes, insn->length - 1);
    emit8(emitter, 2);
    emit8(emitter, OPCODE_JMP_REL8);
    emit8(emitter, SLOT_JUMP);
    emit_jump(emitter, target8(insn));
}

/*
 * How each kind is moved; TAIL bytes are behind its displacement, and it has
 * LEAST bytes.
 */
static const struct {
    void (*move)(struct emitter *, const struct instruction *, uint32_t tail);
    uint32_t tail;
    uint32_t least;
} movers[16] = {
    [IMAGE_MOVE_COPY] = {move_copy, 0, 1},
    [IMAGE_MOVE_RIP_0] = {move_rip, 0, 6},
    [IMAGE_MOVE_RIP_1] = {move_rip, 1, 7},
    [IMAGE_MOVE_RIP_2] = {move_rip, 2, 8},
    [IMAGE_MOVE_RIP_4] = {move_rip, 4, 10},
    [IMAGE_MOVE_JCC8] = {move_jcc8, 0, 2},
    [IMAGE_MOVE_JCC32] = {move_branch32, 0, 6},
    [IMAGE_MOVE_JMP8] = {move_jmp8, 0, 2},
    [IMAGE_MOVE_JMP32] = {move_branch32, 0, 5},
    [IMAGE_MOVE_CALL32] = {move_call32, 0, 5},
    [IMAGE_MOVE_LOOP] = {move_loop, 0, 2},
    [IMAGE_MOVE_CALL_INDIRECT] = {move_copy, 0, 2},
    [IMAGE_MOVE_CALL_RIP] = {move_rip, 0, 6},
    [IMAGE_MOVE_END] = {move_copy, 0, 1},
};

/* The instructions, and a jump to what is behind them. */
static int
fill(struct emitter *emitter, const struct slot_source *source)
{
    uint32_t offset = 0;

    while (offset < source->length) {
        uint8_t byte = tables_instruction(source->address + offset);
        uint32_t move = IMAGE_MOVE(byte);
        struct instruction insn = {
            .address = source->address + offset,
            .bytes = source->text + offset,
            .length = IMAGE_LENGTH(byte),
            .last = offset + IMAGE_LENGTH(byte) >= source->length,
        };

        if (movers[move].move == NULL || insn.length < movers[move].least ||
            offset + insn.length > SLOT_DISPLACED_MAX)
            return -1;
        movers[move].move(emitter, &insn, movers[move].tail);
        offset += insn.length;
    }
    emit_jump(emitter, source->address + offset);
    return emitter->failed ? -1 : 0;
}

int
slot_fill(uint8_t slot[SLOT_SIZE], const struct slot_source *source)
{
    struct emitter emitter = {slot, slot + SLOT_SIZE, 0, false};

    emit8(&emitter, OPCODE_CALL_REL32);
    emit_relative(&emitter, (uintptr_t)probe_jump_entry, 0);
    return fill(&emitter, source);
}

int
slot_fill_step(uint8_t slot[SLOT_STEP_SIZE], const struct slot_source *source)
{
    struct emitter emitter = {slot, slot + SLOT_STEP_SIZE, 0, false};
    struct slot_source one = *source;

    one.length = 1;
    return fill(&emitter, &one);
}

/* ---- tasks' instructions ------------------------------------------------ */

/* Prefixes that may be before a call's opcode; REX besides, with 64 bits. */
static bool
is_prefix(uint8_t byte)
{
    static const uint8_t prefixes[] = {0x26, 0x2e, 0x36, 0x3e,
                                       0x64, 0x65, 0xf2, 0xf3};

    for (size_t i = 0; i < sizeof(prefixes); i++) {
        if (byte == prefixes[i])
            return true;
    }
    return sizeof(void *) > 4 && (byte & 0xf0) == 0x40;
}

#define OPCODE_GROUP5    0xff /* calls, jumps and pushes of an operand */
#define GROUP5_CALL      2
#define GROUP5_JUMP      4
#define MODRM_EXTENSION  0x38
#define MODRM_MODE(byte) ((byte) >> 6)
#define MODRM_BASE(byte) ((byte) & 7)
#define MODE_REGISTER    3
#define BASE_STACK       4 /* or, in memory, a byte of base and index follows */

/*
 * Where the opcode of a call through an operand is, if the operand is the same
 * after a push; else LENGTH.
 */
static uint32_t
find_call(const uint8_t *text, uint32_t length)
{
    uint32_t at = 0;
    uint8_t modrm;

    while (at < length && is_prefix(text[at]))
        at++;
    if (at + 2 > length || text[at] != OPCODE_GROUP5)
        return length;
    modrm = text[at + 1];
    if ((modrm & MODRM_EXTENSION) >> 3 != GROUP5_CALL)
        return length;
    if (MODRM_BASE(modrm) == BASE_STACK &&
        (MODRM_MODE(modrm) == MODE_REGISTER || at + 3 > length ||
         MODRM_BASE(text[at + 2]) == BASE_STACK))
        return length;
    return at;
}

/*
 * A call through an operand becomes a push of the return address and a jump
 * through it: then nobody who unwinds the task's stack finds our page there.
 * Where the operand depends on the stack pointer it stays a call.
 */
static void
move_call_operand(struct emitter *emitter, const struct instruction *insn,
                  uint8_t move)
{
    uint32_t opcode = find_call(insn->bytes, insn->length);
    uint8_t bytes[SLOT_DISPLACED_MAX];
    struct instruction jump = *insn;

    memcpy(bytes, insn->bytes, insn->length);
    if (opcode < insn->length) {
        emit_push(emitter, next_address(insn));
        bytes[opcode + 1] ^= (GROUP5_CALL ^ GROUP5_JUMP) << 3;
        jump.bytes = bytes;
    }
    movers[move].move(emitter, &jump, 0);
}

/* Instructions that enter the kernel, or a debugger, with their address. */
static bool
is_gate(const uint8_t *text, uint32_t length)
{
    static const uint8_t gates[] = {0x9a, 0xcc, 0xcd, 0xce, 0xcf, 0xea, 0xf1};
    uint32_t at = 0;

    while (at < length && (is_prefix(text[at]) || text[at] == 0x66))
        at++;
    if (at == length)
        return true;
    for (size_t i = 0; i < sizeof(gates); i++) {
        if (text[at] == gates[i])
            return true;
    }
    return text[at] == OPCODE_TWO_BYTES && at + 1 < length &&
           (text[at + 1] == 0x05 || text[at + 1] == 0x34);
}

int
slot_fill_user(uint8_t slot[SLOT_STEP_SIZE], uint64_t place,
               const struct slot_source *source, uint8_t byte)
{
    struct emitter emitter = {slot, slot + SLOT_STEP_SIZE,
                              place - (uintptr_t)slot, false};
    uint8_t move = IMAGE_MOVE(byte);
    struct instruction insn = {
        .address = source->address,
        .bytes = source->text,
        .length = IMAGE_LENGTH(byte),
        .last = true,
    };

    if (movers[move].move == NULL || insn.length < movers[move].least ||
        is_gate(source->text, insn.length))
        return -1;
    if (move == IMAGE_MOVE_CALL_INDIRECT || move == IMAGE_MOVE_CALL_RIP)
        move_call_operand(&emitter, &insn, move);
    else
        movers[move].move(&emitter, &insn, movers[move].tail);
    emit_jump(&emitter, next_address(&insn));
    return emitter.failed ? -1 : 0;
}

void
slot_jump(const uint8_t *slot, uint64_t address, uint8_t jump[SLOT_JUMP])
{
    uint32_t distance = (uint32_t)((uintptr_t)slot - (address + SLOT_JUMP));

    jump[0] = OPCODE_JMP_REL32;
    memcpy(jump + 1, &distance, sizeof(distance));
}
