/*
 * Random programs: one that the verifier accepts never does wrong, whatever
 * its input.  Most are made of pieces that almost fit, so that about half
 * are accepted, and by a hair.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/program/host/checked.h"
#include "kernel/program/host/environment.h"
#include "kernel/program/instruction.h"
#include "kernel/program/map.h"
#include "kernel/program/verifier.h"
#include "protocol/error.h"
#include "tests/program/insn.h"

#define PROGRAMS   20000
#define RUNS       8
#define SPACE      256
#define VALUE_SIZE 32

static uint64_t seed;

/* xorshift64*, so that every run is the same. */
static uint64_t
random_bits(void)
{
    seed ^= seed >> 12;
    seed ^= seed << 25;
    seed ^= seed >> 27;
    return seed * 0x2545f4914f6cdd1d;
}

static unsigned
below(unsigned limit)
{
    return (unsigned)((random_bits() >> 33) % limit);
}

/* Numbers near which something happens. */
static int32_t
interesting(void)
{
    static const int32_t numbers[] = {
        0,  1,  2,  3,  4,  7,  8,   15,   16,  24,  31,        32,
        33, 63, 64, -1, -2, -8, 255, -128, 256, 127, INT32_MAX, INT32_MIN};
    return below(8) == 0 ? (int32_t)random_bits()
                         : numbers[below(sizeof(numbers) / sizeof(numbers[0]))];
}

struct program_text {
    struct ebpf_insn insns[SPACE];
    unsigned count;
    unsigned depth; /* of loops */
};

static void
put(struct program_text *p, struct ebpf_insn insn)
{
    if (p->count < SPACE)
        p->insns[p->count++] = insn;
}

/* r0, r2 to r5 and r8 hold numbers; r6 the context; r7 a value; r9 scratch. */
static unsigned
number_register(void)
{
    static const unsigned registers[] = {0, 2, 3, 4, 5, 8};
    return registers[below(6)];
}

static unsigned
width(void)
{
    static const unsigned widths[] = {EBPF_B, EBPF_H, EBPF_W, EBPF_DW};
    return widths[below(4)];
}

static void
put_arithmetic(struct program_text *p)
{
    static const unsigned operations[] = {
        EBPF_ADD, EBPF_SUB, EBPF_MUL, EBPF_DIV, EBPF_OR,  EBPF_AND,  EBPF_LSH,
        EBPF_RSH, EBPF_NEG, EBPF_MOD, EBPF_XOR, EBPF_MOV, EBPF_ARSH, EBPF_END};
    unsigned operation = operations[below(14)];
    struct ebpf_insn insn = {.opcode = operation, .dst = number_register()};

    insn.opcode |= below(2) ? EBPF_ALU64 : EBPF_ALU;
    if (operation == EBPF_END) {
        insn.imm = 16 << below(3);
        insn.opcode |=
            EBPF_CLASS(insn.opcode) == EBPF_ALU && below(2) ? EBPF_X : 0;
    } else if (operation != EBPF_NEG && below(2)) {
        insn.opcode |= EBPF_X;
        insn.src = number_register();
        if (operation == EBPF_MOV && below(3) == 0)
            insn.offset = 8 << below(2);
    } else if (operation != EBPF_NEG) {
        insn.imm = interesting();
    }
    if ((operation == EBPF_DIV || operation == EBPF_MOD) && below(2))
        insn.offset = 1;
    put(p, insn);
}

static void
put_jump(struct program_text *p)
{
    static const unsigned jumps[] = {EBPF_JEQ, EBPF_JGT,  EBPF_JGE,  EBPF_JSET,
                                     EBPF_JNE, EBPF_JSGT, EBPF_JSGE, EBPF_JLT,
                                     EBPF_JLE, EBPF_JSLT, EBPF_JSLE};
    struct ebpf_insn insn = {.opcode = jumps[below(11)] |
                                       (below(2) ? EBPF_JMP : EBPF_JMP32),
                             .dst = number_register(),
                             .offset = (int16_t)below(6)};
    if (below(40) == 0)
        insn.offset = (int16_t)-below(12);
    if (below(2)) {
        insn.opcode |= EBPF_X;
        insn.src = number_register();
    } else {
        insn.imm = interesting();
    }
    put(p, insn);
}

/* Bring a number between bounds, more or less. */
static void
put_bound(struct program_text *p, unsigned n)
{
    switch (below(6)) {
    case 0:
        put(p, INSN_ALU64_K(EBPF_AND, n, (int32_t)below(40)));
        break;
    case 3: /* by what is known of a copy, of 64 or 32 bits of it */
    case 4: {
        struct ebpf_insn copy = INSN_MOV64_X(9, n);
        if (below(4) == 0)
            copy = INSN_ALU32_X(EBPF_MOV, 9, n);
        put(p, copy);
        put(p, INSN_JMP_K(EBPF_JLE, 9, (int32_t)below(40), 2));
        put(p, INSN_MOV64_K(0, 0));
        put(p, INSN_EXIT());
        break;
    }
    case 1:
        put(p, INSN_JMP_K(EBPF_JLE, n, (int32_t)below(40), 1));
        put(p, INSN_MOV64_K(n, (int32_t)below(32)));
        break;
    case 2:
        put(p, INSN_JMP_K(EBPF_JSGT, n, (int32_t)below(40), 1));
        put(p, INSN_JMP_K(EBPF_JSGE, n, 0, 1));
        put(p, INSN_MOV64_K(n, (int32_t)below(32)));
        break;
    default:
        put(p, INSN_ALU32_K(EBPF_MOD, n, (int32_t)below(40)));
    }
}

/* An access at an offset that may be a number: *(r9 + fixed). */
static void
put_access(struct program_text *p)
{
    unsigned n = number_register();
    int on_stack = below(2) != 0;

    int varies = below(3) != 0;
    if (varies)
        put_bound(p, n);
    unsigned base = on_stack ? 10 : below(4) == 0 ? 6 : 7;
    put(p, INSN_MOV64_X(9, base));
    if (varies) {
        if (below(4) == 0)
            put(p, INSN_JMP_K(EBPF_JGT, n, VALUE_SIZE, 2));
        put(p, INSN_ALU64_X(below(4) == 0 ? EBPF_SUB : EBPF_ADD, 9, n));
    }
    int16_t offset = (int16_t)below(VALUE_SIZE);
    if (on_stack)
        offset = (int16_t)(-offset - 8);
    else if (below(3) != 0)
        offset = (int16_t)(offset / 4);
    if (base == 6 && below(3) != 0)
        offset = (int16_t)(offset + (int)offsetof(struct probe_context, saved));
    switch (below(5)) {
    case 0:
        put(p, INSN_ST(width(), 9, offset, interesting()));
        break;
    case 1:
        put(p, INSN_STX(width(), 9, offset, number_register()));
        break;
    case 2:
        put(p, INSN_ATOMIC(below(2) ? EBPF_DW : EBPF_W,
                           EBPF_ADD | (int32_t)below(2), 9,
                           (int16_t)(offset & ~7), number_register()));
        break;
    default:
        put(p, INSN_LDX(width(), number_register(), 9, offset));
    }
}

static void
put_spill(struct program_text *p)
{
    int16_t at = (int16_t)(-8 - 8 * (int)below(6));
    if (below(2))
        put(p, INSN_STX(EBPF_DW, 10, at, below(2) ? 7 : number_register()));
    else
        put(p,
            INSN_LDX(EBPF_DW, below(3) == 0 ? 7 : number_register(), 10, at));
}

static void
put_helper(struct program_text *p)
{
    unsigned n = number_register();
    switch (below(5)) {
    case 0: /* fills a buffer of some size */
        put_bound(p, n);
        put(p, INSN_MOV64_X(2, n));
        put(p, INSN_MOV64_X(1, below(2) ? 10 : 7));
        put(p, INSN_ALU64_K(EBPF_ADD, 1, -(int32_t)below(48)));
        put(p, INSN_MOV64_K(3, 0));
        put(p, INSN_CALL(below(2) ? PROBE_HELPER_read_kernel
                                  : PROBE_HELPER_task_name));
        break;
    case 1:
        put(p, INSN_CALL(PROBE_HELPER_cpu));
        break;
    case 2: /* another value */
        put(p, INSN_STX(EBPF_DW, 10, -8, n));
        put(p, INSN_LD_MAP_1(1, 0));
        put(p, INSN_LD_2(0));
        put(p, INSN_MOV64_X(2, 10));
        put(p, INSN_ALU64_K(EBPF_ADD, 2, -8));
        put(p, INSN_CALL(PROBE_HELPER_map_lookup));
        put(p, INSN_JMP_K(EBPF_JEQ, 0, 0, 1));
        put(p, INSN_MOV64_X(7, 0));
        put(p, INSN_MOV64_K(0, 0));
        break;
    case 3: /* key and value from the stack */
        put(p, INSN_LD_MAP_1(1, 0));
        put(p, INSN_LD_2(0));
        put(p, INSN_MOV64_X(2, 10));
        put(p, INSN_ALU64_K(EBPF_ADD, 2, -8));
        put(p, INSN_MOV64_X(3, below(2) ? 10 : 7));
        put(p, INSN_ALU64_K(EBPF_ADD, 3, below(2) ? -VALUE_SIZE : 0));
        put(p, INSN_MOV64_K(4, (int32_t)below(3)));
        put(p, INSN_CALL(below(2) ? PROBE_HELPER_map_update
                                  : PROBE_HELPER_map_delete));
        break;
    default: /* a record */
        put(p, INSN_MOV64_K(1, 8 + (int32_t)below(24)));
        put(p, INSN_MOV64_K(2, 0));
        put(p, INSN_CALL(PROBE_HELPER_record_reserve));
        put(p, INSN_JMP_K(EBPF_JEQ, 0, 0, 3));
        put(p, below(4) == 0 ? INSN_MOV64_X(7, 0)
                             : INSN_ST(width(), 0, (int16_t)below(16), 1));
        put(p, INSN_MOV64_X(1, 0));
        put(p, INSN_CALL(below(8) ? PROBE_HELPER_record_submit
                                  : PROBE_HELPER_cpu));
        put(p, INSN_MOV64_K(0, 1));
    }
    /* r1 to r5 are gone. */
    for (unsigned i = 2; i <= 5; i++)
        put(p, INSN_LDX(width(), i, 6, (int16_t)(8 * below(16))));
}

static void put_loop(struct program_text *p);

static void (*const pieces[])(struct program_text *) = {
    put_arithmetic, put_arithmetic, put_jump,   put_access,
    put_access,     put_spill,      put_helper, put_loop};

#define PIECES (sizeof(pieces) / sizeof(pieces[0]))

/* A loop of a few pieces, which may leave out to ask or to believe. */
static void
put_loop(struct program_text *p)
{
    unsigned start = p->count, leave = 0;
    int asks = below(8) != 0;

    if (p->depth == 2)
        return;
    p->depth++;
    if (asks) {
        put(p, INSN_CALL(PROBE_HELPER_again));
        leave = p->count;
        put(p, INSN_JMP_K(EBPF_JEQ, 0, 0, 0));
    }
    for (unsigned i = 2; i <= 5; i++)
        put(p, INSN_LDX(width(), i, 6, (int16_t)(8 * below(16))));
    for (unsigned i = below(4); i > 0; i--)
        pieces[below(PIECES)](p);
    for (unsigned i = 0; i < 6; i++)
        put(p, INSN_MOV64_K(0, 0));
    if (below(2))
        put(p, INSN_JMP_K(below(2) ? EBPF_JNE : EBPF_JSLT, number_register(),
                          interesting(),
                          (int16_t)((int)start - (int)p->count - 1)));
    else
        put(p, INSN_JA((int16_t)((int)start - (int)p->count - 1)));
    if (asks)
        p->insns[leave].offset = (int16_t)(p->count - leave - 1);
    for (unsigned i = 1; i <= 5; i++)
        put(p, INSN_LDX(width(), i, 6, (int16_t)(8 * below(16))));
    p->depth--;
}

static void
make_program(struct program_text *p)
{
    p->count = 0;
    p->depth = 0;
    put(p, INSN_MOV64_X(6, 1));
    for (unsigned i = 1; i <= 6; i++)
        put(p, INSN_ST(EBPF_DW, 10, (int16_t)(-8 * (int)i), interesting()));
    put(p, INSN_ST(EBPF_DW, 10, -8, 1));
    put(p, INSN_LD_MAP_1(1, 0));
    put(p, INSN_LD_2(0));
    put(p, INSN_MOV64_X(2, 10));
    put(p, INSN_ALU64_K(EBPF_ADD, 2, -8));
    put(p, INSN_CALL(PROBE_HELPER_map_lookup));
    put(p, INSN_JMP_K(EBPF_JNE, 0, 0, 2));
    put(p, INSN_MOV64_K(0, 0));
    put(p, INSN_EXIT());
    put(p, INSN_MOV64_X(7, 0));
    for (unsigned i = 0; i <= 8; i++)
        if (i != 1 && i != 6 && i != 7)
            put(p, below(2)
                       ? INSN_MOV64_K(i, interesting())
                       : INSN_LDX(width(), i, 6, (int16_t)(8 * below(16))));

    unsigned count = 3 + below(12);
    for (unsigned i = 0; i < count; i++)
        pieces[below(PIECES)](p);
    for (unsigned i = 0; i < 6; i++) /* jumps lead no further */
        put(p, INSN_MOV64_K(0, 0));
    put(p, INSN_EXIT());
    if (below(4) == 0) {
        struct ebpf_insn *insn = &p->insns[below(p->count)];
        switch (below(4)) {
        case 0:
            insn->imm = interesting();
            break;
        case 1:
            insn->src = below(11);
            break;
        case 2:
            insn->offset = (int16_t)(insn->offset + (int)below(17) - 8);
            break;
        default:
            insn->dst = below(11);
        }
    }
}

static void
run_many(const struct program_source *source, struct map *map,
         const struct ebpf_insn *insns, uint32_t reach, const uint32_t *costs)
{
    /* All that there is to have would take too long too often. */
    uint32_t left = below(20) == 0
                        ? PROBE_PROGRAM_WORK_MAX - costs[source->count]
                        : below(1000);

    for (int i = 0; i < RUNS; i++) {
        struct probe_context context;
        uint64_t *words = (uint64_t *)&context;
        for (size_t j = 0; j < sizeof(context) / 8; j++)
            words[j] =
                below(2) ? (uint64_t)(int64_t)interesting() : random_bits();
        uint64_t key = 1, value[VALUE_SIZE / 8];
        for (size_t j = 0; j < VALUE_SIZE / 8; j++)
            value[j] = random_bits();
        map_update(map, &key, value, PROBE_MAP_ANY);
        host_environment.record_size = 0;
        host_environment.ring_is_full = below(4) == 0;

        struct checked_run run = {.source = source,
                                  .memory = &context,
                                  /* What the verifier says is enough. */
                                  .memory_size = reach,
                                  .memory_scratch =
                                      offsetof(struct probe_context, saved),
                                  .steps_max = costs[source->count] + left,
                                  .costs = costs,
                                  .left = left};
        if (checked_run(&run) == 0 && host_environment.record_size == 0)
            continue;
        char text[PROBE_LOG_MAX];
        struct log log;
        for (uint32_t j = 0; j < source->count; j++) {
            log_start(&log, text, sizeof(text));
            instruction_disassemble(insns, source->count, j, &log);
            print_error("%s\n", text);
        }
        fail_msg("the verifier accepts this, but insn %u: %s", run.at,
                 run.error[0] ? run.error : "a record is left open");
    }
}

static void
accepted_programs_do_no_wrong(void **state)
{
    const struct map_attributes attributes = {PROBE_MAP_HASH, 8, VALUE_SIZE, 4};
    uint32_t reach = 0, costs[SPACE + 1];
    const struct verifier_entry entry = {
        .size = sizeof(struct probe_context),
        .scratch = offsetof(struct probe_context, saved),
        .reach = &reach,
        .costs = costs,
    };
    static struct program_text p;
    unsigned accepted = 0;
    struct map *map;

    host_environment_reset();
    assert_int_equal(map_create(&attributes, &map), 0);
    for (unsigned i = 0; i < PROGRAMS; i++) {
        seed = 0x9e3779b97f4a7c15 * (i + 1);
        make_program(&p);
        struct program_source source = {.instructions = p.insns,
                                        .count = p.count,
                                        .maps = &map,
                                        .map_count = 1};
        char text[PROBE_LOG_MAX];
        struct log log;
        log_start(&log, text, sizeof(text));
        if (instructions_validate(&source, &log) != 0 ||
            program_verify(&source, &entry, &log) != 0)
            continue;
        accepted++;
        run_many(&source, map, p.insns, reach, costs);
    }
    map_free(map);
    print_message("%u of %u programs accepted\n", accepted, PROGRAMS);
    assert_true(accepted > PROGRAMS / 10);
    assert_true(accepted < PROGRAMS / 10 * 9);
}

/* Bytes that mean nothing are refused, whatever they are. */
static void
random_bytes_do_no_wrong(void **state)
{
    const struct verifier_entry entry = {.size = sizeof(struct probe_context)};
    struct ebpf_insn insns[8];

    for (unsigned i = 0; i < PROGRAMS; i++) {
        seed = 0x9e3779b97f4a7c15 * (i + 1);
        for (unsigned j = 0; j < 8; j++) {
            uint64_t bits = random_bits();
            memcpy(&insns[j], &bits, sizeof(bits));
            if (below(2)) { /* more likely to exist */
                insns[j].dst %= 11;
                insns[j].src %= 11;
                insns[j].offset = (int16_t)below(4);
                insns[j].imm = interesting();
            }
        }
        insns[7] = INSN_EXIT();
        struct program_source source = {.instructions = insns,
                                        .count = 1 + below(8)};
        char text[PROBE_LOG_MAX];
        struct log log;
        log_start(&log, text, sizeof(text));
        for (uint32_t j = 0; j < source.count; j++)
            instruction_disassemble(insns, source.count, j, &log);
        log_start(&log, text, sizeof(text));
        int error = instructions_validate(&source, &log);
        if (error == 0)
            error = program_verify(&source, &entry, &log);
        assert_true((error == 0) == (text[0] == '\0'));
    }
    assert_int_equal(host_environment.allocated, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepted_programs_do_no_wrong),
        cmocka_unit_test(random_bytes_do_no_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
