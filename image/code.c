#include "image/code.h"

#include <string.h>

/*
 * Instructions that must not run from another place.  A trap is reported
 * with its address, and hlt sleeps: after sti, or when the interrupt that it
 * waits for comes between the breakpoint and the copy, it would miss it.
 */
static const ZydisMnemonic never[] = {
    ZYDIS_MNEMONIC_INT,    ZYDIS_MNEMONIC_INT1,    ZYDIS_MNEMONIC_INT3,
    ZYDIS_MNEMONIC_INTO,   ZYDIS_MNEMONIC_UD0,     ZYDIS_MNEMONIC_UD1,
    ZYDIS_MNEMONIC_UD2,    ZYDIS_MNEMONIC_HLT,     ZYDIS_MNEMONIC_MONITOR,
    ZYDIS_MNEMONIC_MWAIT,  ZYDIS_MNEMONIC_SYSCALL, ZYDIS_MNEMONIC_SYSENTER,
    ZYDIS_MNEMONIC_SYSRET, ZYDIS_MNEMONIC_SYSEXIT, ZYDIS_MNEMONIC_XBEGIN,
    ZYDIS_MNEMONIC_SWAPGS,
};

/* Those after which nothing follows, beside jumps. */
static const ZydisMnemonic ends[] = {
    ZYDIS_MNEMONIC_RET,   ZYDIS_MNEMONIC_IRET,   ZYDIS_MNEMONIC_IRETD,
    ZYDIS_MNEMONIC_IRETQ, ZYDIS_MNEMONIC_SYSRET, ZYDIS_MNEMONIC_SYSEXIT,
    ZYDIS_MNEMONIC_UD2,   ZYDIS_MNEMONIC_UD1,
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool
is_store(ZydisMnemonic mnemonic)
{
    return mnemonic == ZYDIS_MNEMONIC_STOSB ||
           mnemonic == ZYDIS_MNEMONIC_STOSD || mnemonic == ZYDIS_MNEMONIC_STOSQ;
}

static bool
listed(const ZydisMnemonic *list, size_t count, ZydisMnemonic mnemonic)
{
    size_t i;

    for (i = 0; i < count; i++) {
        if (list[i] == mnemonic)
            return true;
    }
    return false;
}

void
code_start(struct code *code, const struct machine *machine)
{
    code->machine = machine;
    ZydisDecoderInit(&code->decoder, machine->mode, machine->stack_width);
}

/*
 * An access to memory may fault, and the kernel's page fault handler may
 * sleep until a pager has the page.  Accesses relative to the stack or frame
 * pointer do not (kernel stacks are wired), nor those to the kernel's own
 * variables, whose address is in the instruction.  Any other pointer may
 * lead into pageable kernel memory.
 */
static bool
may_wait(const ZydisDecodedOperand *operand)
{
    switch (operand->mem.base) {
    case ZYDIS_REGISTER_NONE:
    case ZYDIS_REGISTER_RIP:
    case ZYDIS_REGISTER_RSP:
    case ZYDIS_REGISTER_RBP:
    case ZYDIS_REGISTER_ESP:
    case ZYDIS_REGISTER_EBP:
        return false;
    default:
        return true;
    }
}

/* How a direct branch with a displacement of some width is moved. */
static enum image_move
branch_move(const ZydisDecodedInstruction *decoded)
{
    bool is_short = decoded->raw.imm[0].size == 8;

    if (!is_short && decoded->raw.imm[0].size != 32)
        return IMAGE_MOVE_NEVER; /* it would cut eip to 16 bits */
    switch (decoded->meta.category) {
    case ZYDIS_CATEGORY_CALL:
        return IMAGE_MOVE_CALL32;
    case ZYDIS_CATEGORY_UNCOND_BR:
        return is_short ? IMAGE_MOVE_JMP8 : IMAGE_MOVE_JMP32;
    default:
        break;
    }
    switch (decoded->mnemonic) {
    case ZYDIS_MNEMONIC_LOOP:
    case ZYDIS_MNEMONIC_LOOPE:
    case ZYDIS_MNEMONIC_LOOPNE:
    case ZYDIS_MNEMONIC_JCXZ:
    case ZYDIS_MNEMONIC_JECXZ:
    case ZYDIS_MNEMONIC_JRCXZ:
        return IMAGE_MOVE_LOOP;
    default:
        return is_short ? IMAGE_MOVE_JCC8 : IMAGE_MOVE_JCC32;
    }
}

/* How an instruction with a rip-relative operand is moved. */
static enum image_move
relative_move(const ZydisDecodedInstruction *decoded)
{
    static const uint8_t moves[] = {
        [0] = IMAGE_MOVE_RIP_0, [1] = IMAGE_MOVE_RIP_1, [2] = IMAGE_MOVE_RIP_2,
        [3] = IMAGE_MOVE_NEVER, [4] = IMAGE_MOVE_RIP_4,
    };
    size_t tail = (size_t)decoded->length - decoded->raw.disp.offset - 4;

    if (decoded->raw.disp.size != 32 || tail >= COUNT(moves))
        return IMAGE_MOVE_NEVER;
    if (decoded->meta.category == ZYDIS_CATEGORY_CALL)
        return tail == 0 ? IMAGE_MOVE_CALL_RIP : IMAGE_MOVE_NEVER;
    return moves[tail];
}

static void
look_at_operand(struct instruction *instruction, const struct machine *machine,
                const ZydisDecodedInstruction *decoded,
                const ZydisDecodedOperand *operand)
{
    uint64_t address;

    if (operand->type == ZYDIS_OPERAND_TYPE_REGISTER &&
        (operand->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) != 0)
        instruction->writes |= code_register(operand->reg.value);
    switch (operand->type) {
    case ZYDIS_OPERAND_TYPE_MEMORY:
        if (operand->mem.type != ZYDIS_MEMOP_TYPE_AGEN && may_wait(operand))
            instruction->may_wait = true;
        if (operand->mem.base == ZYDIS_REGISTER_RIP ||
            operand->mem.base == ZYDIS_REGISTER_EIP) {
            instruction->move = (uint8_t)relative_move(decoded);
            address = instruction->address + decoded->length +
                      (uint64_t)decoded->raw.disp.value;
        } else {
            address = (uint64_t)decoded->raw.disp.value;
        }
        instruction->names[1] = machine_address(machine, address);
        break;
    case ZYDIS_OPERAND_TYPE_IMMEDIATE:
        if (operand->imm.is_relative) {
            instruction->branch = true;
            instruction->target = machine_address(
                machine, instruction->address + decoded->length +
                             (uint64_t)operand->imm.value.s);
            instruction->move = (uint8_t)branch_move(decoded);
        } else {
            instruction->names[0] =
                machine_address(machine, operand->imm.value.u);
        }
        break;
    default:
        break;
    }
}

static void
look_at_push(struct instruction *instruction, const struct machine *machine,
             const ZydisDecodedInstruction *decoded,
             const ZydisDecodedOperand *operands)
{
    if (decoded->mnemonic != ZYDIS_MNEMONIC_PUSH ||
        decoded->operand_width != 8 * machine->word_size)
        return;
    instruction->push = true;
    if (operands[0].type == ZYDIS_OPERAND_TYPE_REGISTER)
        instruction->pushed = operands[0].reg.value;
}

int
code_decode(const struct code *code, const uint8_t *bytes, size_t size,
            uint64_t address, struct instruction *instruction)
{
    ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
    ZydisDecodedInstruction decoded;
    bool is_jump;
    size_t i;

    if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(&code->decoder, bytes, size,
                                             &decoded, operands)))
        return -1;
    *instruction = (struct instruction){
        .address = address,
        .length = decoded.length,
        .move = IMAGE_MOVE_COPY,
        .immediate_to = ZYDIS_REGISTER_NONE,
        .pushed = ZYDIS_REGISTER_NONE,
        .fills = is_store(decoded.mnemonic) &&
                 (decoded.attributes & ZYDIS_ATTRIB_HAS_REP) != 0,
    };
    for (i = 0; i < decoded.operand_count; i++)
        look_at_operand(instruction, code->machine, &decoded, &operands[i]);
    if (decoded.mnemonic == ZYDIS_MNEMONIC_MOV && decoded.operand_count >= 2 &&
        operands[0].type == ZYDIS_OPERAND_TYPE_REGISTER &&
        operands[1].type == ZYDIS_OPERAND_TYPE_IMMEDIATE)
        instruction->immediate_to = operands[0].reg.value;
    look_at_push(instruction, code->machine, &decoded, operands);

    is_jump = decoded.meta.category == ZYDIS_CATEGORY_UNCOND_BR;
    instruction->call = decoded.meta.category == ZYDIS_CATEGORY_CALL;
    instruction->falls =
        !is_jump && !listed(ends, COUNT(ends), decoded.mnemonic);
    if (instruction->call && instruction->move == IMAGE_MOVE_COPY)
        instruction->move = IMAGE_MOVE_CALL_INDIRECT;
    if (!instruction->falls && instruction->move == IMAGE_MOVE_COPY)
        instruction->move = IMAGE_MOVE_END;
    /* Far transfers change the code segment; the kernel's C has none. */
    if (listed(never, COUNT(never), decoded.mnemonic) ||
        decoded.meta.branch_type == ZYDIS_BRANCH_TYPE_FAR)
        instruction->move = IMAGE_MOVE_NEVER;
    return 0;
}

uint16_t
code_register(ZydisRegister name)
{
    /* Of the 64-bit mode, which has all of them. */
    ZydisRegister whole =
        ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, name);

    if (ZydisRegisterGetClass(whole) != ZYDIS_REGCLASS_GPR64)
        return 0;
    return (uint16_t)(1u << ZydisRegisterGetId(whole));
}

static void
put_displacement(uint8_t *at, uint64_t target, uint64_t next)
{
    int32_t displacement = (int32_t)(target - next);

    memcpy(at, &displacement, sizeof(displacement));
}

/*
 * What a hook's displaced instructions are moved by; the kernel moves those
 * of probes itself, with the same numbers.
 */
size_t
code_move(const struct instruction *instruction, const uint8_t *from,
          uint8_t *to, uint64_t to_address)
{
    /* Bytes after the displacement, by move. */
    static const uint8_t tails[] = {
        [IMAGE_MOVE_RIP_0] = 0,
        [IMAGE_MOVE_RIP_1] = 1,
        [IMAGE_MOVE_RIP_2] = 2,
        [IMAGE_MOVE_RIP_4] = 4,
    };
    bool is_short = instruction->move == IMAGE_MOVE_JCC8;
    uint8_t length = instruction->length;
    int32_t displacement;
    size_t place;

    switch (instruction->move) {
    case IMAGE_MOVE_COPY:
        memcpy(to, from, length);
        return length;
    case IMAGE_MOVE_RIP_0:
    case IMAGE_MOVE_RIP_1:
    case IMAGE_MOVE_RIP_2:
    case IMAGE_MOVE_RIP_4:
        place = (size_t)length - tails[instruction->move] - 4;
        memcpy(to, from, length);
        memcpy(&displacement, from + place, sizeof(displacement));
        put_displacement(to + place,
                         instruction->address + (uint64_t)displacement,
                         to_address);
        return length;
    case IMAGE_MOVE_JCC8:
    case IMAGE_MOVE_JCC32:
        to[0] = 0x0f;
        to[1] = 0x80 | (from[length - (is_short ? 2 : 5)] & 0x0f);
        put_displacement(to + 2, instruction->target, to_address + 6);
        return 6;
    case IMAGE_MOVE_JMP8:
    case IMAGE_MOVE_JMP32:
        to[0] = 0xe9;
        put_displacement(to + 1, instruction->target, to_address + 5);
        return 5;
    default:
        return 0;
    }
}
