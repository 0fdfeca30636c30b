/*
 * Instructions run in a slot do what they do in their place: each kind of
 * move is made, and both are run.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sys/mman.h>

#include "kernel/points/slot.h"
#include "kernel/points/tables.h"

typedef uint64_t (*code)(uint64_t a, uint64_t b);

/* All close together, as text and slots of a kernel are. */
static struct {
    uint8_t text[64];
    uint8_t slot[SLOT_SIZE];
    uint64_t word; /* for rip-relative operands: behind the text */
    code callee;
} __attribute__((aligned(4096))) memory;

static uint8_t instructions[64];

void probe_jump_entry(void);

void
probe_jump_entry(void)
{
}

uint8_t
tables_instruction(uint64_t address)
{
    return instructions[address - (uint64_t)memory.text];
}

#define MOVE(kind, length) ((uint8_t)((kind) << 4 | (length)))

struct instruction {
    enum image_move move;
    uint8_t length;
    uint8_t bytes[15];
};

/* Displacements to what is behind the text are patched in: DISP bytes in. */
static uint8_t *
put(uint8_t *at, const struct instruction *insn)
{
    memcpy(at, insn->bytes, insn->length);
    instructions[at - memory.text] = MOVE(insn->move, insn->length);
    return at + insn->length;
}

static void
point_to(uint8_t *disp, const void *target, unsigned tail)
{
    int32_t distance = (int32_t)((const uint8_t *)target - (disp + 4 + tail));

    memcpy(disp, &distance, sizeof(distance));
}

static int
make_runnable(void **state)
{
    return mprotect(&memory, sizeof(memory),
                    PROT_READ | PROT_WRITE | PROT_EXEC);
}

static int
clear(void **state)
{
    memset(memory.text, 0xcc, sizeof(memory.text));
    memset(memory.slot, 0xcc, sizeof(memory.slot));
    memset(instructions, 0, sizeof(instructions));
    return 0;
}

static int
fill(uint32_t length)
{
    struct slot_source source = {
        .address = (uint64_t)memory.text,
        .text = memory.text,
        .length = length,
    };

    return slot_fill(memory.slot, &source);
}

/* Move LENGTH bytes; the slot and the text give the same for all of these. */
static void
same(uint32_t length)
{
    static const uint64_t values[] = {0, 1, 2, 3, 77, 0x123456789abcdef};

    assert_int_equal(fill(length), 0);
    for (unsigned i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        memory.word = values[i];
        for (unsigned j = 0; j < sizeof(values) / sizeof(values[0]); j++) {
            code there = (code)(void *)memory.text;
            code here = (code)(void *)(memory.slot + SLOT_CALL);

            assert_int_equal(here(values[j], 5), there(values[j], 5));
        }
    }
}

/* What the bodies below consist of. */
static const struct instruction ret = {IMAGE_MOVE_END, 1, {0xc3}};
static const struct instruction test_rdi = {
    IMAGE_MOVE_COPY, 3, {0x48, 0x85, 0xff}};
static const struct instruction mov_1 = {
    IMAGE_MOVE_COPY, 5, {0xb8, 1, 0, 0, 0}}; /* mov $1, %eax */
static const struct instruction mov_2 = {
    IMAGE_MOVE_COPY, 5, {0xb8, 2, 0, 0, 0}};

static void
copied(void **state)
{
    static const struct instruction lea = {
        IMAGE_MOVE_COPY, 4, {0x48, 0x8d, 0x47, 0x01}}; /* lea 1(%rdi),%rax */

    put(put(memory.text, &lea), &ret);
    same(1);
}

static void
rip_relative(void **state)
{
    static const struct {
        struct instruction insn;
        uint8_t disp, tail;
    } cases[] = {
        /* mov word(%rip), %rax */
        {{IMAGE_MOVE_RIP_0, 7, {0x48, 0x8b, 0x05}}, 3, 0},
        /* cmpb, cmpw, cmpl $2, word(%rip) */
        {{IMAGE_MOVE_RIP_1, 7, {0x80, 0x3d, 0, 0, 0, 0, 2}}, 2, 1},
        {{IMAGE_MOVE_RIP_2, 9, {0x66, 0x81, 0x3d, 0, 0, 0, 0, 2, 0}}, 3, 2},
        {{IMAGE_MOVE_RIP_4, 10, {0x81, 0x3d, 0, 0, 0, 0, 2, 0, 0, 0}}, 2, 4},
    };
    static const struct instruction sete = {
        IMAGE_MOVE_COPY, 3, {0x0f, 0x94, 0xc0}};
    static const struct instruction movzx = {
        IMAGE_MOVE_COPY, 3, {0x0f, 0xb6, 0xc0}};

    for (unsigned i = 0; i < 4; i++) {
        uint8_t *next = put(memory.text, &cases[i].insn);

        point_to(memory.text + cases[i].disp, &memory.word, cases[i].tail);
        if (i > 0)
            next = put(put(next, &sete), &movzx);
        put(next, &ret);
        same(1);
        clear(state);
    }
}

/* test %rdi, %rdi; a branch over "1" to "2". */
static void
branches(void **state)
{
    static const struct instruction cases[] = {
        {IMAGE_MOVE_JCC8, 2, {0x74, 6}},
        {IMAGE_MOVE_JCC8, 2, {0x75, 6}},
        {IMAGE_MOVE_JCC32, 6, {0x0f, 0x84, 6, 0, 0, 0}},
        {IMAGE_MOVE_JMP8, 2, {0xeb, 6}},
        {IMAGE_MOVE_JMP32, 5, {0xe9, 6, 0, 0, 0}},
    };

    for (unsigned i = 0; i < 5; i++) {
        uint8_t *next = put(put(memory.text, &test_rdi), &cases[i]);

        put(put(put(put(next, &mov_1), &ret), &mov_2), &ret);
        same(4);
        clear(state);
    }
}

/* mov %edi, %ecx; or $1, %eax; loop, jrcxz. */
static void
loops(void **state)
{
    static const struct instruction mov_rcx = {
        IMAGE_MOVE_COPY, 2, {0x89, 0xf9}};
    static const uint8_t opcodes[] = {0xe0, 0xe1, 0xe2, 0xe3};

    for (unsigned i = 0; i < 4; i++) {
        struct instruction loop = {IMAGE_MOVE_LOOP, 2, {opcodes[i], 6}};
        uint8_t *next = put(put(put(memory.text, &mov_rcx), &test_rdi), &loop);

        put(put(put(put(next, &mov_1), &ret), &mov_2), &ret);
        same(6);
        clear(state);
    }
}

static uint64_t
callee(void)
{
    return 41;
}

/* sub $8, %rsp; a call; add $8, %rsp; lea 1(%rax), %rax; ret. */
static void
calls(void **state)
{
    static const struct instruction sub = {
        IMAGE_MOVE_COPY, 4, {0x48, 0x83, 0xec, 8}};
    static const struct instruction add = {
        IMAGE_MOVE_COPY, 4, {0x48, 0x83, 0xc4, 8}};
    static const struct instruction lea = {
        IMAGE_MOVE_COPY, 4, {0x48, 0x8d, 0x40, 0x01}};
    static const struct instruction cases[] = {
        {IMAGE_MOVE_CALL32, 5, {0xe8}},
        {IMAGE_MOVE_CALL_RIP, 6, {0xff, 0x15}},
    };

    memory.callee = (code)(void *)callee;
    for (unsigned i = 0; i < 2; i++) {
        uint8_t *call = put(memory.text, &sub);
        uint8_t *next = put(call, &cases[i]);

        if (i == 0)
            point_to(call + 1, (const void *)callee, 0);
        else
            point_to(call + 2, &memory.callee, 0);
        put(put(put(next, &add), &lea), &ret);
        same(4 + cases[i].length + 1);
        assert_int_equal(((code)(void *)(memory.slot + SLOT_CALL))(0, 0), 42);
        clear(state);
    }
}

/* A call that is the last of them returns to the text, by its address. */
static void
last_call_returns_to_the_text(void **state)
{
    static const struct instruction call = {IMAGE_MOVE_CALL32, 5, {0xe8}};
    uint32_t pushed;

    put(memory.text, &call);
    point_to(memory.text + 1, (const void *)callee, 0);
    assert_int_equal(fill(5), 0);
    assert_int_equal(memory.slot[SLOT_CALL], 0x68); /* push */
    memcpy(&pushed, memory.slot + SLOT_CALL + 1, sizeof(pushed));
    assert_int_equal(pushed, (uint32_t)(uint64_t)(memory.text + 5));
    /* A kernel's address is extended by its sign; here it has an upper half:
     * movl $upper, 4(%rsp) */
    assert_memory_equal(memory.slot + SLOT_CALL + 5, "\xc7\x44\x24\x04", 4);
    memcpy(&pushed, memory.slot + SLOT_CALL + 9, sizeof(pushed));
    assert_int_equal(pushed, (uint32_t)((uint64_t)(memory.text + 5) >> 32));
    assert_int_equal(memory.slot[SLOT_CALL + 13], 0xe9); /* jmp */
}

static void
refused(void **state)
{
    static const struct instruction never = {IMAGE_MOVE_NEVER, 1, {0xcc}};
    static const struct instruction nop = {IMAGE_MOVE_COPY, 1, {0x90}};

    put(memory.text, &never);
    assert_int_equal(fill(1), -1);
    put(memory.text, &nop); /* and behind it, where nothing starts */
    assert_int_equal(fill(2), -1);
}

/* Where the text has a breakpoint, its copy without probes counts. */
static void
one_step(void **state)
{
    uint8_t original[SLOT_DISPLACED_MAX];
    struct slot_source source = {
        .address = (uint64_t)memory.text,
        .text = original,
        .length = 5,
    };

    put(put(put(memory.text, &mov_1), &mov_2), &ret);
    memcpy(original, memory.text, sizeof(original));
    memory.text[0] = slot_breakpoint;
    assert_int_equal(slot_fill_step(memory.slot, &source), 0);
    assert_memory_equal(memory.slot, original, 5);
    assert_int_equal(((code)(void *)memory.slot)(0, 0), 2);
}

static void
jump_reaches_the_slot(void **state)
{
    uint8_t jump[SLOT_JUMP];
    int32_t distance;

    slot_jump(memory.slot, (uint64_t)memory.text, jump);
    memcpy(&distance, jump + 1, sizeof(distance));
    assert_int_equal(jump[0], 0xe9);
    assert_ptr_equal(memory.text + SLOT_JUMP + distance, memory.slot);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(copied, clear),
        cmocka_unit_test_setup(rip_relative, clear),
        cmocka_unit_test_setup(branches, clear),
        cmocka_unit_test_setup(loops, clear),
        cmocka_unit_test_setup(calls, clear),
        cmocka_unit_test_setup(last_call_returns_to_the_text, clear),
        cmocka_unit_test_setup(refused, clear),
        cmocka_unit_test_setup(one_step, clear),
        cmocka_unit_test_setup(jump_reaches_the_slot, clear),
    };

    return cmocka_run_group_tests(tests, make_runnable, NULL);
}
