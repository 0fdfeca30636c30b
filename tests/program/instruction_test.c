/* Which instructions exist, and how they are written. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/program/host/environment.h"
#include "kernel/program/instruction.h"
#include "kernel/program/map.h"
#include "protocol/error.h"
#include "tests/program/assemble.h"
#include "tests/program/insn.h"

/* Text that is what the disassembler writes. */
static void
text_survives_assembling(void **state)
{
    static const char *const texts[] = {
        "r1 += 5",
        "r1 -= r2",
        "w3 *= -7",
        "w3 /= w4",
        "r3 s/= r4",
        "w3 s%= 3",
        "r1 %= 10",
        "r1 |= 1",
        "r1 &= r9",
        "w1 ^= w0",
        "r1 <<= 3",
        "r1 >>= r2",
        "w1 s>>= 2",
        "r1 = -r1",
        "w1 = -w1",
        "r1 = -1",
        "w1 = w2",
        "r1 = (s8)r2",
        "r1 = (s32)r2",
        "w1 = (s16)w2",
        "r1 = le16 r1",
        "r1 = be64 r1",
        "r1 = bswap32 r1",
        "goto +0 <1>",
        "gotol -1 <0>",
        "if r1 == 5 goto +3 <4>",
        "if r1 != r2 goto -4 <-3>",
        "if w1 > 5 goto +0 <1>",
        "if w1 s<= w5 goto +0 <1>",
        "if r1 & 8 goto +0 <1>",
        "if r1 s>= -8 goto +0 <1>",
        "r1 = *(u8 *)(r2 + 4)",
        "r1 = *(u64 *)(r10 - 512)",
        "r1 = *(s32 *)(r2 + 0)",
        "*(u16 *)(r10 - 2) = 7",
        "*(u32 *)(r10 - 8) = r3",
        "lock *(u64 *)(r1 + 8) += r2",
        "lock *(u32 *)(r1 + 8) fetch ^= r2",
        "lock *(u64 *)(r1 + 8) xchg r2",
        "lock *(u64 *)(r1 + 8) cmpxchg r0, r2",
        "call time_ns",
        "call record_reserve",
        "call +5 <6>",
        "r1 = 0x123456789abcdef0 ll",
        "r1 = map 3",
        "exit",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct ebpf_insn insns[2];
        char source[64], expected[80], text[80];
        struct log log;
        /* The place where a jump leads is for the reader only. */
        snprintf(source, sizeof(source), "%s", texts[i]);
        if (source[strlen(source) - 1] == '>')
            *strrchr(source, '<') = '\0';
        snprintf(expected, sizeof(expected), "0: %s", texts[i]);
        unsigned count = assemble(source, insns, 2);
        log_start(&log, text, sizeof(text));
        instruction_disassemble(insns, count, 0, &log);
        assert_string_equal(text, expected);
    }
}

/* Every opcode is known or refused, and the known ones have a text. */
static void
opcodes_are_known_or_refused(void **state)
{
    static const int16_t offsets[] = {0, 1, 8};
    unsigned known = 0;
    for (unsigned opcode = 0; opcode < 256; opcode++) {
        int variants = 0;
        for (int imm = 0; imm < 256; imm++) {
            for (int i = 0; i < 3; i++) {
                for (unsigned src = 0; src < 3; src++) {
                    struct ebpf_insn insn = {.opcode = (uint8_t)opcode,
                                             .src = src,
                                             .offset = offsets[i],
                                             .imm = imm};
                    variants |=
                        instruction_operation(&insn, NULL) != OPERATION_NONE;
                }
            }
        }
        known += (unsigned)variants;
    }
    /*
     * ALU and ALU64: 12 binary operations in K and X, NEG, 3 of END.
     * Jumps: 11 in K and X and both widths, 2 JA, CALL, EXIT.  Memory: 4 of
     * LDX, ST and STX, 3 of MEMSX, 2 atomic, 1 of 64-bit immediates.
     */
    assert_int_equal(known, 2 * (12 * 2 + 1) + 3 + 11 * 4 + 4 + 12 + 3 + 2 + 1);
}

static void
wrong_instructions_are_named(void **state)
{
    static const struct {
        struct ebpf_insn insns[3];
        uint32_t count;
        const char *reason;
    } cases[] = {
        {{{0}}, 1, "insn 0: there is no opcode 0x0\n0: opcode 0x0"},
        {{{.opcode = 0xff}}, 1, "there is no opcode 0xff"},
        {{{.opcode = 0x8d}}, 1, "there is no opcode 0x8d"},
        {{{.opcode = 0x20}}, 1, "there is no opcode 0x20"},
        {{INSN_MOV64_K(11, 0)}, 1, "there is no register r11"},
        {{INSN_MOV64_X(0, 12)}, 1, "there is no register r12"},
        {{INSN_MOV64_K(10, 0)}, 1, "r10, the frame pointer"},
        {{INSN_LDX(EBPF_DW, 10, 1, 0)}, 1, "r10, the frame pointer"},
        {{INSN_ATOMIC(EBPF_DW, EBPF_ADD | EBPF_FETCH, 1, 0, 10)},
         1,
         "r10, the frame pointer"},
        {{INSN(EBPF_ALU64 | EBPF_ADD | EBPF_K, 0, 1, 0, 0)},
         1,
         "src is not used here and must be 0, not 1"},
        {{INSN(EBPF_ALU64 | EBPF_ADD | EBPF_X, 0, 1, 0, 7)},
         1,
         "imm is not used here and must be 0, not 7"},
        {{INSN(EBPF_ALU64 | EBPF_ADD | EBPF_X, 0, 1, 2, 0)},
         1,
         "offset is not used here and must be 0, not 2"},
        {{INSN(EBPF_JMP | EBPF_EXIT, 1, 0, 0, 0)}, 1, "dst is not used here"},
        {{INSN(EBPF_ALU64 | EBPF_DIV | EBPF_X, 0, 1, 2, 0)},
         1,
         "opcode 0x3f has no variant with offset 2"},
        {{INSN(EBPF_ALU64 | EBPF_MOV | EBPF_K, 0, 0, 8, 0)},
         1,
         "offset is not used here"},
        {{INSN(EBPF_ALU | EBPF_MOV | EBPF_X, 0, 1, 32, 0)},
         1,
         "no variant with offset 32"},
        {{INSN(EBPF_ALU | EBPF_END | EBPF_K, 0, 0, 0, 8)},
         1,
         "no variant with imm 8"},
        {{INSN(EBPF_STX | EBPF_ATOMIC | EBPF_DW, 0, 0, 0, 0x20)},
         1,
         "no variant with imm 32"},
        {{INSN(EBPF_JMP | EBPF_CALL, 0, 2, 0, 1)}, 1, "no variant with src 2"},
        {{INSN_CALL(7)}, 1, "there is no helper 7"},
        {{INSN_LD_1(0, 1)}, 1, "the second half of the 64-bit load is missing"},
        {{INSN_LD_1(0, 1), INSN_EXIT()}, 2, "may only have an imm"},
        {{INSN_LD_MAP_1(0, 0), INSN_LD_2(1), INSN_EXIT()},
         3,
         "the second imm of a map reference must be 0"},
        {{INSN_LD_MAP_1(0, -1), INSN_LD_2(0), INSN_EXIT()},
         3,
         "there is no map -1"},
        {{INSN_MOV64_K(0, 0)}, 1, "the program runs past its end"},
        {{INSN_JA(1), INSN_EXIT()},
         2,
         "insn 0: leads to 2, outside of the program's 2 instructions\n"
         "0: goto +1 <2>"},
        {{INSN_JMP_K(EBPF_JEQ, 0, 0, -2), INSN_EXIT()}, 2, "leads to -1"},
        {{INSN(EBPF_JMP32 | EBPF_JA, 0, 0, 0, INT32_MAX)}, 1, "leads to 21"},
        {{INSN(EBPF_JMP | EBPF_CALL, 0, 1, 0, INT32_MIN), INSN_EXIT()},
         2,
         "leads to -21"},
        {{INSN_LD_1(0, 1), INSN_LD_2(1), INSN_JA(-2)},
         3,
         "leads into the 64-bit load at 0"},
    };
    struct map_attributes attributes = {PROBE_MAP_ARRAY, 4, 8, 1};
    struct map *map;
    host_environment_reset();
    assert_int_equal(map_create(&attributes, &map), 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct program_source source = {.instructions = cases[i].insns,
                                        .count = cases[i].count,
                                        .maps = &map,
                                        .map_count = 1};
        char text[PROBE_LOG_MAX];
        struct log log;
        log_start(&log, text, sizeof(text));
        assert_int_equal(instructions_validate(&source, &log),
                         PROBE_ERROR_PROGRAM);
        if (strstr(text, cases[i].reason) == NULL)
            fail_msg("case %zu: \"%s\", not \"%s\"", i, text, cases[i].reason);
    }
    map_free(map);
}

static void
length_is_limited(void **state)
{
    static struct ebpf_insn insns[PROBE_PROGRAM_INSNS_MAX + 1];
    struct program_source source = {.instructions = insns, .count = 0};
    char text[PROBE_LOG_MAX];
    struct log log;

    for (size_t i = 0; i <= PROBE_PROGRAM_INSNS_MAX; i++)
        insns[i] = INSN_EXIT();
    log_start(&log, text, sizeof(text));
    assert_int_equal(instructions_validate(&source, &log), PROBE_ERROR_PROGRAM);
    source.count = PROBE_PROGRAM_INSNS_MAX;
    assert_int_equal(instructions_validate(&source, &log), 0);
    source.count++;
    assert_int_equal(instructions_validate(&source, &log), PROBE_ERROR_LIMIT);
    source.count = UINT32_MAX;
    assert_int_equal(instructions_validate(&source, &log), PROBE_ERROR_LIMIT);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_survives_assembling),
        cmocka_unit_test(opcodes_are_known_or_refused),
        cmocka_unit_test(wrong_instructions_are_named),
        cmocka_unit_test(length_is_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
