/* What the verifier accepts, and what it says of what it refuses. */

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
#include "kernel/program/program.h"
#include "protocol/error.h"
#include "tests/program/assemble.h"

#define SPACE 5000

struct example {
    const char *text;
    const char *reason; /* part of the message; NULL: it is accepted */
};

/* Map 0: 8-byte keys, 64-byte values; map 1: an array of 16-byte values. */
static struct map *maps[2];

static int
make_maps(void **state)
{
    const struct map_attributes attributes[] = {{PROBE_MAP_HASH, 8, 64, 8},
                                                {PROBE_MAP_ARRAY, 4, 16, 8}};
    host_environment_reset();
    for (int i = 0; i < 2; i++)
        assert_int_equal(map_create(&attributes[i], &maps[i]), 0);
    return 0;
}

static int
free_maps(void **state)
{
    for (int i = 0; i < 2; i++)
        map_free(maps[i]);
    return host_environment.allocated == 0 ? 0 : -1;
}

/* Of the session whose program it would be. */
static int may_write;

static void
check(const struct example *example)
{
    static struct ebpf_insn insns[SPACE];
    struct program_source source = {.instructions = insns,
                                    .count =
                                        assemble(example->text, insns, SPACE),
                                    .maps = maps,
                                    .map_count = 2,
                                    .may_write = may_write};
    char log[PROBE_LOG_MAX];
    struct program *program;

    int error = program_load(&source, log, sizeof(log), &program);
    if (error == 0)
        program_free(program);
    if (example->reason == NULL) {
        if (error != 0)
            fail_msg("%s\nis refused: %s", example->text, log);
    } else {
        if (error != PROBE_ERROR_PROGRAM)
            fail_msg("%s\nis not refused (%x)", example->text, error);
        if (strstr(log, example->reason) == NULL)
            fail_msg("%s\nis refused because \"%s\", not \"%s\"", example->text,
                     log, example->reason);
    }
}

#define CHECK_ALL(examples)                                             \
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) \
    check(&examples[i])

#define LOOKUP                                                \
    "*(u64 *)(r10 - 8) = 1; r1 = map 0; r2 = r10; r2 += -8\n" \
    "call map_lookup; if r0 == 0 goto out\n"
#define OUT "\nout: r0 = 0; exit"

static void
registers(void **state)
{
    static const struct example examples[] = {
        {"r0 = 0; exit", NULL},
        {"exit", "insn 0: r0 is not set\n0: exit"},
        {"r0 = r2; exit", "insn 0: r2 is not set\n0: r0 = r2"},
        {"r0 = 1; r0 += r9; exit", "insn 1: r9 is not set"},
        {"r3 += 1; r0 = 0; exit", "r3 is not set"},
        {"r10 += 8; r0 = 0; exit", "r10, the frame pointer"},
        {"r10 = 0; r0 = 0; exit", "r10, the frame pointer"},
        {"if r4 == 0 goto +0; r0 = 0; exit", "r4 is not set"},
        /* Set on one path only. */
        {"r2 = *(u64 *)(r1 + 0); if r2 == 0 goto +1; r0 = 1; exit",
         "r0 is not set"},
        /* Helpers clear r1 to r5 and keep r6 to r9. */
        {"r6 = r1; call cpu; r0 = *(u64 *)(r6 + 0); exit", NULL},
        {"call cpu; r0 = r1; exit", "insn 1: r1 is not set"},
        {"r6 = 0; r1 = 16; r2 = 0; call record_reserve; if r0 == 0 goto +2\n"
         "r1 = r0; call record_discard; r0 = 0; exit",
         NULL},
        {"r1 = 16; r2 = 0; call record_reserve; if r0 == 0 goto +2\n"
         "r1 = r0; call record_discard; exit",
         "r0 is not set"},
    };
    CHECK_ALL(examples);
}

static void
context(void **state)
{
    static const struct example examples[] = {
        {"r0 = *(u64 *)(r1 + 0); exit", NULL},
        {"r0 = *(u64 *)(r1 + 144); exit", NULL},
        {"r0 = *(u32 *)(r1 + 148); exit", NULL},
        {"r0 = *(u8 *)(r1 + 151); exit", NULL},
        {"r0 = *(u64 *)(r1 + 152); r0 = *(u64 *)(r1 + 408); exit", NULL},
        {"r0 = *(u64 *)(r1 + 416); exit",
         "bytes 416 to 423 of the context may be accessed, which has bytes "
         "0 to 415"},
        {"r0 = *(u64 *)(r1 - 8); exit", "bytes -8 to -1 of the context"},
        {"*(u64 *)(r1 + 0) = 0; r0 = 0; exit", "context cannot be written"},
        {"r2 = 1; lock *(u64 *)(r1 + 0) += r2; r0 = 0; exit",
         "context cannot be written"},
        {"*(u64 *)(r1 + 160) = 0; *(u8 *)(r1 + 415) = 1; r0 = 0; exit", NULL},
        {"r2 = 1; lock *(u64 *)(r1 + 408) += r2; r0 = 0; exit", NULL},
        {"*(u64 *)(r1 + 152) = 0; r0 = 0; exit",
         "cannot be written, but for its bytes from 160 on"},
        {"*(u32 *)(r1 + 158) = 0; r0 = 0; exit", "from 160 on"},
        {"*(u64 *)(r1 + 409) = 0; r0 = 0; exit",
         "bytes 409 to 416 of the context"},
        {"r2 = *(u64 *)(r1 + 0); r2 &= 0xf8; r1 += r2; r3 = 7\n"
         "*(u64 *)(r1 + 160) = r3; r0 = *(u64 *)(r1 + 160); exit",
         NULL},
        {"r2 = *(u64 *)(r1 + 0); r2 &= 0x1f8; r1 += r2\n"
         "*(u64 *)(r1 + 160) = 0; r0 = 0; exit",
         "of the context may be accessed"},
        {"r1 += 160; r2 = 256; r3 = 0; call read_kernel; r0 = 0; exit", NULL},
        {"r1 += 160; r2 = 257; r3 = 0; call read_kernel; r0 = 0; exit",
         "bytes 160 to 416 of the context"},
        {"r2 = r10; *(u64 *)(r1 + 160) = r2; r2 = *(u64 *)(r1 + 160)\n"
         "r0 = *(u64 *)(r2 - 8); exit",
         "r2 is a number"},
        {"r0 = r1; r0 ^= 1; r0 = *(u64 *)(r0 + 0); exit",
         "r0 is a number, not a pointer"},
        {"r2 = r1; r2 += 8; r0 = *(u64 *)(r2 + 8); exit", NULL},
        {"w2 = w1; r0 = *(u64 *)(r2 + 0); exit", "r2 is a number"},
    };
    CHECK_ALL(examples);
}

static void
stack(void **state)
{
    static const struct example examples[] = {
        {"*(u64 *)(r10 - 8) = 1; r0 = *(u64 *)(r10 - 8); exit", NULL},
        {"r0 = *(u64 *)(r10 - 8); exit",
         "insn 0: the stack's byte at -8 was not written before"},
        {"*(u32 *)(r10 - 8) = 1; r0 = *(u64 *)(r10 - 8); exit",
         "the stack's byte at -4 was not written"},
        {"*(u8 *)(r10 - 3) = 1; r0 = *(u8 *)(r10 - 3); exit", NULL},
        {"*(u8 *)(r10 - 3) = 1; r0 = *(u8 *)(r10 - 4); exit", "byte at -4"},
        {"*(u64 *)(r10 - 512) = 1; r0 = *(u64 *)(r10 - 512); exit", NULL},
        {"*(u64 *)(r10 - 520) = 1; r0 = 0; exit",
         "bytes -520 to -513 of the stack may be accessed, which has bytes "
         "-512 to -1"},
        {"*(u64 *)(r10 - 4) = 1; r0 = 0; exit", "bytes -4 to 3 of the stack"},
        /* Spilled registers keep what is known of them. */
        {"*(u64 *)(r10 - 8) = r1; r2 = *(u64 *)(r10 - 8)\n"
         "r0 = *(u64 *)(r2 + 0); exit",
         NULL},
        {"*(u64 *)(r10 - 8) = r1; *(u8 *)(r10 - 8) = 0\n"
         "r2 = *(u64 *)(r10 - 8); r0 = *(u64 *)(r2 + 0); exit",
         "r2 is a number"},
        {"*(u64 *)(r10 - 8) = r1; r3 = 1; lock *(u64 *)(r10 - 8) += r3\n"
         "r2 = *(u64 *)(r10 - 8); r0 = *(u64 *)(r2 + 0); exit",
         "r2 is a number"},
        {"*(u64 *)(r10 - 12) = r1; r2 = *(u64 *)(r10 - 12)\n"
         "r0 = *(u64 *)(r2 + 0); exit",
         "r2 is a number"},
        /* A number on the stack is compared, and that holds on reload. */
        {"r2 = *(u64 *)(r1 + 0); *(u64 *)(r10 - 8) = r2\n"
         "*(u64 *)(r10 - 16) = 0; *(u64 *)(r10 - 24) = 0\n"
         "r0 = 0; if r2 > 7 goto +4; r3 = *(u64 *)(r10 - 8); r4 = r10\n"
         "r4 += r3; r0 = *(u8 *)(r4 - 24); exit",
         NULL},
        /* Written at an unknown place: maybe not at this one. */
        {"r2 = *(u64 *)(r1 + 0); r2 &= 7; r3 = r10; r3 += r2\n"
         "*(u8 *)(r3 - 8) = 1; r0 = *(u8 *)(r10 - 8); exit",
         "byte at -8 was not written"},
        {"r2 = *(u64 *)(r1 + 0); r2 &= 7; r3 = r10; r3 += r2\n"
         "*(u64 *)(r10 - 8) = r1; *(u8 *)(r3 - 8) = 1\n"
         "r2 = *(u64 *)(r10 - 8); r0 = *(u8 *)(r2 + 0); exit",
         "r2 is a number"},
        {"r2 = *(u64 *)(r1 + 0); r2 &= 15; r3 = r10; r3 += r2\n"
         "*(u8 *)(r3 - 8) = 1; r0 = 0; exit",
         "bytes -8 to 7 of the stack"},
        /* Frames of calls. */
        {"r2 = r10; r2 += -8; call set; r0 = *(u64 *)(r10 - 8); exit\n"
         "set: *(u64 *)(r2 + 0) = 1; r0 = 0; exit",
         NULL},
        {"call get; r0 = *(u64 *)(r0 + 0); exit\n"
         "get: *(u64 *)(r10 - 8) = 1; r0 = r10; r0 += -8; exit",
         "r0 is a number"},
        {"*(u64 *)(r10 - 8) = 1; call get; exit\n"
         "get: r0 = *(u64 *)(r10 - 8); exit",
         "byte at -8 was not written"},
        {"f: call f; exit", "calls are nested more than 8 deep"},
        {"call f; r0 = r6; exit; f: r6 = 1; r0 = 0; exit", "r6 is not set"},
        {"r6 = 7; call f; r0 = r6; exit; f: r6 = 1; r0 = 0; exit", NULL},
        {"call f; exit; f: exit", "r0 is not set"},
    };
    CHECK_ALL(examples);
}

static void
values_of_maps(void **state)
{
    static const struct example examples[] = {
        {LOOKUP "r1 = *(u64 *)(r0 + 56)" OUT, NULL},
        {LOOKUP "*(u64 *)(r0 + 57) = 1" OUT,
         "bytes 57 to 64 of the map's value"},
        {LOOKUP "r2 = 1; lock *(u64 *)(r0 + 8) += r2" OUT, NULL},
        {LOOKUP "r2 = 1; lock *(u64 *)(r0 + 4) += r2" OUT,
         "must be at a multiple of 8"},
        {"*(u64 *)(r10 - 8) = 1; r1 = map 0; r2 = r10; r2 += -8\n"
         "call map_lookup; r0 = *(u64 *)(r0 + 0); exit",
         "r0 is a pointer to a map's value or null; compare it with 0 first"},
        {"*(u64 *)(r10 - 8) = 1; r1 = map 0; r2 = r10; r2 += -8\n"
         "call map_lookup; r0 += 8; exit",
         "compare it with 0 before arithmetic"},
        /* The check of a copy counts. */
        {"*(u64 *)(r10 - 8) = 1; r1 = map 0; r2 = r10; r2 += -8\n"
         "call map_lookup; r6 = r0; if r6 == 0 goto out\n"
         "r1 = *(u64 *)(r0 + 0)" OUT,
         NULL},
        {"*(u64 *)(r10 - 8) = 1; r1 = map 0; r2 = r10; r2 += -8\n"
         "call map_lookup; *(u64 *)(r10 - 16) = r0; if r0 != 0 goto yes\n"
         "r0 = 0; exit\n"
         "yes: r1 = *(u64 *)(r10 - 16); r1 = *(u64 *)(r1 + 0)" OUT,
         NULL},
        /* That of another look-up does not. */
        {"*(u64 *)(r10 - 8) = 1; r1 = map 0; r2 = r10; r2 += -8\n"
         "call map_lookup; r6 = r0; r1 = map 0; r2 = r10; r2 += -8\n"
         "call map_lookup; if r6 == 0 goto out; r1 = *(u64 *)(r0 + 0)" OUT,
         "or null"},
        {"r1 = map 0; r0 = *(u64 *)(r1 + 0); exit", "r1 is a map"},
        {"r1 = map 2; r0 = 0; exit", "there is no map 2"},
        /* An index, in all ways that compilers check one. */
        {"r6 = *(u64 *)(r1 + 0)\n" LOOKUP
         "if r6 > 63 goto out; r0 += r6; r1 = *(u8 *)(r0 + 0)" OUT,
         NULL},
        {"r6 = *(u64 *)(r1 + 0)\n" LOOKUP
         "if r6 > 64 goto out; r0 += r6; r1 = *(u8 *)(r0 + 0)" OUT,
         "bytes 0 to 64 of the map's value"},
        {"r6 = *(u64 *)(r1 + 0)\n" LOOKUP "r0 += r6; r1 = *(u8 *)(r0 + 0)" OUT,
         "the offset has no bounds"},
        {"r6 = *(u64 *)(r1 + 0)\n" LOOKUP
         "if r6 s> 63 goto out; r0 += r6; r1 = *(u8 *)(r0 + 0)" OUT,
         "the offset has no bounds"},
        {"r6 = *(u64 *)(r1 + 0)\n" LOOKUP
         "if r6 s> 63 goto out; if r6 s< 0 goto out; r0 += r6\n"
         "r1 = *(u8 *)(r0 + 0)" OUT,
         NULL},
        {"r6 = *(u64 *)(r1 + 0)\n" LOOKUP
         "r6 &= 7; r6 <<= 3; r0 += r6; r1 = *(u64 *)(r0 + 0)" OUT,
         NULL},
        {"r6 = *(u64 *)(r1 + 0)\n" LOOKUP
         "r6 %= 57; r0 += r6; r1 = *(u64 *)(r0 + 0)" OUT,
         NULL},
        {"r6 = *(u32 *)(r1 + 0)\n" LOOKUP
         "if w6 > 63 goto out; r0 += r6; r1 = *(u8 *)(r0 + 0)" OUT,
         NULL},
        {"r6 = *(u64 *)(r1 + 0)\n" LOOKUP
         "if w6 > 63 goto out; r0 += r6; r1 = *(u8 *)(r0 + 0)" OUT,
         "the offset has no bounds"},
        {"r6 = *(u8 *)(r1 + 0)\n" LOOKUP
         "r6 >>= 2; r0 += r6; r1 = *(u8 *)(r0 + 0)" OUT,
         NULL},
        {"r6 = *(u64 *)(r1 + 0); r7 = r6\n" LOOKUP
         "if r7 >= 64 goto out; r0 += r6; r1 = *(u8 *)(r0 + 0)" OUT,
         NULL},
        {"r6 = *(u64 *)(r1 + 0); r6 <<= 32; r6 >>= 32\n" LOOKUP
         "if r6 > 60 goto out; r0 += r6; r1 = *(u32 *)(r0 + 0)" OUT,
         NULL},
        {"r6 = *(s8 *)(r1 + 0)\n" LOOKUP
         "r0 += r6; r0 += -128; r1 = *(u8 *)(r0 + 128)" OUT,
         "bytes -128 to 127"},
        {"r6 = 10; r7 = *(u64 *)(r1 + 0)\n" LOOKUP
         "if r7 != r6 goto out; r0 += r7; r1 = *(u8 *)(r0 + 53)" OUT,
         NULL},
        /* Walking with a pointer up to an end. */
        {LOOKUP "r2 = r0; r2 += 64; r3 = 0\n"
                "again: r4 = *(u64 *)(r0 + 0); r3 += r4; r0 += 8\n"
                "if r0 < r2 goto again" OUT,
         NULL},
        {LOOKUP "r2 = r0; r2 += 72; r3 = 0\n"
                "again: r4 = *(u64 *)(r0 + 0); r3 += r4; r0 += 8\n"
                "if r0 < r2 goto again" OUT,
         "bytes 64 to 71"},
    };
    CHECK_ALL(examples);
}

static void
helper_arguments(void **state)
{
    static const struct example examples[] = {
        {"r1 = map 0; r2 = r10; r2 += -8; call map_lookup; r0 = 0; exit",
         "the stack's byte at -8 was not written"},
        {"r1 = 5; r2 = r10; call map_lookup; r0 = 0; exit",
         "r1 must be a map, but is a number"},
        {"*(u64 *)(r10 - 8) = 1; r1 = map 0; r2 = r10; r2 += -4\n"
         "call map_lookup; r0 = 0; exit",
         "bytes -4 to 3 of the stack"},
        {"r1 = map 0; r2 = 4096; call map_lookup; r0 = 0; exit",
         "r2 is a number"},
        {"r1 = map 0; call map_lookup; r0 = 0; exit", "r2 is not set"},
        {"*(u64 *)(r10 - 8) = 1; r1 = map 0; r2 = r10; r2 += -8; r3 = r2\n"
         "r4 = 0; call map_update; exit",
         "bytes -8 to 55 of the stack"},
        /* What a helper has written can be read, and no more. */
        {"r3 = r1; r1 = r10; r1 += -8; r2 = 8; call read_kernel\n"
         "r0 = *(u64 *)(r10 - 8); exit",
         NULL},
        {"r3 = r1; r1 = r10; r1 += -8; r2 = 7; call read_kernel\n"
         "r0 = *(u64 *)(r10 - 8); exit",
         "byte at -1 was not written"},
        {"r3 = 0; r2 = *(u64 *)(r1 + 0); if r2 > 8 goto out; r1 = r10\n"
         "r1 += -8; call read_kernel" OUT,
         NULL},
        {"r3 = 0; r2 = *(u64 *)(r1 + 0); if r2 > 8 goto out; r1 = r10\n"
         "r1 += -8; call read_kernel; r0 = *(u8 *)(r10 - 8)" OUT,
         "byte at -8 was not written"},
        {"r3 = 0; r2 = *(u64 *)(r1 + 0); if r2 > 9 goto out; r1 = r10\n"
         "r1 += -8; call read_kernel" OUT,
         "bytes -8 to 0 of the stack"},
        {"r3 = 0; r2 = *(u64 *)(r1 + 0); r1 = r10; r1 += -8\n"
         "call read_kernel" OUT,
         "r2, the buffer's size, has no bounds"},
        {"r2 = 416; r3 = 0; call read_kernel; r0 = 0; exit",
         "context cannot be written"},
        {"r1 = r10; r1 += -16; r2 = 16; r3 = 0; call read_user_string\n"
         "if r0 s< 1 goto out; r1 = r10; r1 += r0; r0 = *(u8 *)(r1 - 17)" OUT,
         NULL},
        {"r1 = r10; r1 += -16; r2 = 16; r3 = 0; call read_user_string\n"
         "r1 = r10; r1 += r0; r0 = *(u8 *)(r1 - 17)" OUT,
         "of the stack may be accessed"},
        {"r2 = r10; r2 += -16; r3 = 16; r4 = 0; call stack\n"
         "r0 = *(u64 *)(r10 - 8); exit",
         NULL},
        {"r1 = 0; r2 = r10; r2 += -16; r3 = 16; r4 = 0; call stack; exit",
         "r1 must be the context, but is a number"},
        {"r1 += 8; r2 = r10; r2 += -16; r3 = 16; r4 = 0; call stack; exit",
         "r1 must be the context, but is a place in it"},
        {"r2 = r10; r2 += -16; r3 = 24; r4 = 0; call stack; exit",
         "bytes -16 to 7 of the stack"},
        /* Writing to the kernel is for few. */
        {"*(u64 *)(r10 - 8) = 1; r1 = r10; r1 += -8; r2 = 8; r3 = 0\n"
         "call write_kernel; exit",
         "a session must be allowed to write"},
        {"r2 = 5; r3 = 0; call write_register; exit",
         "a session must be allowed to write"},
        {LOOKUP "r1 = r0; r2 = 65; call task_name" OUT,
         "bytes 0 to 64 of the map's value"},
    };
    CHECK_ALL(examples);
}

static void
writing(void **state)
{
    static const struct example examples[] = {
        {"*(u64 *)(r10 - 8) = 1; r1 = r10; r1 += -8; r2 = 8; r3 = 0\n"
         "call write_kernel; exit",
         NULL},
        {"r1 = r10; r1 += -8; r2 = 8; r3 = 0; call write_kernel; exit",
         "the stack's byte at -8 was not written"},
        {"*(u64 *)(r10 - 8) = 1; r1 = r10; r1 += -8; r2 = 9; r3 = 0\n"
         "call write_kernel; exit",
         "bytes -8 to 0 of the stack"},
        {"r2 = *(u64 *)(r1 + 0); r3 = 0; call write_kernel; exit",
         "has no bounds"},
        {"r2 = 5; r3 = 0; call write_register; exit", NULL},
        {"r2 = *(u64 *)(r1 + 0); r3 = r2; call write_register; exit", NULL},
        {"r1 = r10; r2 = 5; r3 = 0; call write_register; exit",
         "r1 must be the context"},
    };

    may_write = 1;
    CHECK_ALL(examples);
    may_write = 0;
}

#define RESERVE "r1 = 16; r2 = 0; call record_reserve; if r0 == 0 goto out\n"

static void
records(void **state)
{
    static const struct example examples[] = {
        {RESERVE "*(u64 *)(r0 + 8) = 1; r1 = r0; call record_submit" OUT, NULL},
        {RESERVE "*(u64 *)(r0 + 16) = 1; r1 = r0; call record_submit" OUT,
         "bytes 16 to 23 of the record may be accessed, which has bytes 0 to "
         "15"},
        {RESERVE "*(u64 *)(r0 + 0) = 1" OUT, "a record is still open here"},
        {"r1 = 16; r2 = 0; call record_reserve; r0 = 0; exit",
         "a record is still open here"},
        {RESERVE "r6 = r0; r1 = r0; call record_submit\n"
                 "*(u64 *)(r6 + 0) = 1" OUT,
         "r6 is a number"},
        {RESERVE "r6 = r0; r1 = r0; call record_submit; r1 = r6\n"
                 "call record_submit" OUT,
         "r1 must be a record, but is a number"},
        {RESERVE "r1 = r0; r1 += 8; call record_submit" OUT,
         "must point to the start of the record"},
        {"r1 = 16; r2 = 0; call record_reserve; r1 = r0; call record_submit\n"
         "r0 = 0; exit",
         "or null; compare it with 0 first"},
        {RESERVE "r6 = r0; " RESERVE "r1 = r6; call record_submit" OUT,
         "a record is open already"},
        {RESERVE "r1 = r0; call record_discard; " RESERVE
                 "r1 = r0; call record_submit" OUT,
         NULL},
        {"r1 = *(u64 *)(r1 + 0); r2 = 0; call record_reserve; exit",
         "r1 must be a constant from 1 to 16384"},
        {"r1 = 16385; r2 = 0; call record_reserve; exit",
         "r1 must be a constant from 1 to 16384"},
        {"r1 = 16; r2 = 2; call record_reserve; exit",
         "r2 must be a constant from 0 to 1"},
        {RESERVE "r6 = r0; r1 = r0; r2 = 8; call record_trim\n"
                 "*(u64 *)(r6 + 8) = 1; r1 = r6; call record_submit" OUT,
         NULL},
        {RESERVE "r1 = r0; r2 = 8; call record_trim" OUT,
         "a record is still open here"},
        {"r1 = 16; r2 = 8; call record_trim; exit",
         "r1 must be a record, but is a number"},
        /* Ended on one path only. */
        {"r6 = *(u64 *)(r1 + 0)\n" RESERVE
         "if r6 == 0 goto out; r1 = r0; call record_submit" OUT,
         "a record is still open here"},
        /* Ended in a function. */
        {RESERVE "r1 = r0; call end; r0 = 0; exit\n"
                 "end: call record_submit; r0 = 0; exit" OUT,
         NULL},
    };
    CHECK_ALL(examples);
}

static void
loops(void **state)
{
    static const struct example examples[] = {
        {"again: goto again", "has no end"},
        {"r0 = 0; again: if r0 == 0 goto again; exit", "has no end"},
        {"r2 = *(u64 *)(r1 + 0); again: if r2 != 0 goto again; r0 = 0; exit",
         "has no end"},
        {"r6 = r1; again: r2 = *(u64 *)(r6 + 0); if r2 != 0 goto again\n"
         "r0 = 0; exit",
         "has no end"},
        {"r0 = 0; again: r0 += 1; r0 -= 1; goto again", "has no end"},
        /* A counter that nobody reads does not bound a loop. */
        {"r6 = 0; again: r6 += 1; goto again", "has no end"},
        {"r6 = 0; again: r6 += 1; call time_ns; if r0 != 0 goto again\n"
         "r0 = r6; exit",
         "has no end"},
        {"r0 = 0; again: r0 += 1; if r0 < 1000 goto again; exit", NULL},
        /* The longest run: 2 * 124999 + 2 steps, where 250000 are allowed. */
        {"r0 = 0; again: r0 += 1; if r0 != 124999 goto again; exit", NULL},
        {"r0 = 0; again: r0 += 1; if r0 != 125000 goto again; exit",
         "longer than the limit of 250000 steps"},
        /* Of two ways that meet, the longer one counts, whichever is first. */
        {"r6 = 0; r2 = *(u64 *)(r1 + 0); if r2 == 0 goto rest\n"
         "again: r6 += 1; if r6 != 70000 goto again; r6 = 0\n"
         "rest: r6 += 1; if r6 != 70000 goto rest; r0 = 0; exit",
         "longer than the limit"},
        {"r6 = 0; r2 = *(u64 *)(r1 + 0); if r2 != 0 goto again\n"
         "rest: r6 += 1; if r6 != 70000 goto rest; r0 = 0; exit\n"
         "again: r6 += 1; if r6 != 70000 goto again; r6 = 0; goto rest",
         "longer than the limit"},
        {"r6 = 0; r2 = *(u64 *)(r1 + 0); if r2 != 0 goto again\n"
         "rest: r6 += 1; if r6 != 60000 goto rest; r0 = 0; exit\n"
         "again: r6 += 1; if r6 != 60000 goto again; r6 = 0; goto rest",
         NULL},
        /* Helpers take their time: a string of 512 bytes, 562 steps. */
        {"r6 = 0; again: r1 = r10; r1 += -512; r2 = 512; r3 = 0\n"
         "call read_user_string; r6 += 1; if r6 != 400 goto again\n"
         "r0 = 0; exit",
         NULL},
        {"r6 = 0; again: r1 = r10; r1 += -512; r2 = 512; r3 = 0\n"
         "call read_user_string; r6 += 1; if r6 != 500 goto again\n"
         "r0 = 0; exit",
         "longer than the limit"},
        {"r0 = 0; again: w0 += 1; if w0 < 100 goto again; exit", NULL},
        /* An unknown number of rounds, but at most so many. */
        {"r2 = *(u64 *)(r1 + 0); r2 &= 63; r3 = 0; r0 = 0\n"
         "again: if r3 >= r2 goto +3; r3 += 1; r0 += r3; goto again; exit",
         NULL},
        {"r2 = *(u64 *)(r1 + 0); r3 = 0; r0 = 0\n"
         "again: if r3 >= r2 goto +3; r3 += 1; r0 += r3; goto again; exit",
         "too complex"},
        /* A branch in each round: 2^100 paths that meet again. */
        {"r6 = r1; r7 = 0; r8 = 0\n"
         "again: r2 = *(u64 *)(r6 + 0); if r2 == 0 goto +1; r8 = 1\n"
         "r7 += 1; if r7 < 100 goto again; r0 = r8; exit",
         NULL},
        {"r7 = 0; outer: r6 = 0; inner: r6 += 1; if r6 < 30 goto inner\n"
         "r7 += 1; if r7 < 30 goto outer; r0 = r7; exit",
         NULL},
        /* Writing a buffer byte by byte. */
        {"r2 = r10; r2 += -64; r3 = 0\n"
         "again: r4 = r2; r4 += r3; *(u8 *)(r4 + 0) = 7; r3 += 1\n"
         "if r3 != 64 goto again; r0 = *(u64 *)(r10 - 8); exit",
         NULL},
        {"r2 = r10; r2 += -64; r3 = 0\n"
         "again: r4 = r2; r4 += r3; *(u8 *)(r4 + 0) = 7; r3 += 1\n"
         "if r3 != 65 goto again; r0 = *(u64 *)(r10 - 8); exit",
         "bytes 0 to 0 of the stack"},
        {"call f; exit; f: goto f", "has no end"},
    };
    CHECK_ALL(examples);
}

/* One more round, or out. */
#define AGAIN "call again; if r0 == 0 goto out\n"

/* Loops whose rounds only again() bounds. */
static void
loops_that_ask(void **state)
{
    static const struct example examples[] = {
        {"on: " AGAIN "goto on" OUT, NULL},
        /* Along a list. */
        {"r6 = *(u64 *)(r1 + 0); on: " AGAIN
         "r1 = r10; r1 += -8; r2 = 8; r3 = r6; call read_kernel\n"
         "r6 = *(u64 *)(r10 - 8); if r6 != 0 goto on" OUT,
         NULL},
        /* What it counts is forgotten, */
        {"r6 = 0; r7 = r10; r7 += -8; *(u64 *)(r7 + 0) = 0\n"
         "on: " AGAIN "r6 += 1; goto on; out: r0 = r6; exit",
         NULL},
        {"*(u64 *)(r10 - 8) = 0\n"
         "on: " AGAIN "r2 = *(u64 *)(r10 - 8); r2 += 1\n"
         "*(u64 *)(r10 - 8) = r2; goto on" OUT,
         NULL},
        {"r6 = 0; *(u64 *)(r10 - 8) = 0; *(u64 *)(r10 - 16) = 0\n"
         "on: " AGAIN "r2 = r10; r2 += -16; r2 += r6\n"
         "*(u8 *)(r2 + 0) = 1; r6 += 1; goto on" OUT,
         "the offset has no bounds"},
        /* so it has to be compared with its bounds in the round. */
        {"r6 = 0; *(u64 *)(r10 - 8) = 0; *(u64 *)(r10 - 16) = 0\n"
         "on: " AGAIN "if r6 > 15 goto out; r2 = r10; r2 += -16; r2 += r6\n"
         "*(u8 *)(r2 + 0) = 1; r6 += 1; goto on" OUT,
         NULL},
        {"r6 = 0; *(u64 *)(r10 - 8) = 0; *(u64 *)(r10 - 16) = 0\n"
         "on: " AGAIN "if r6 > 16 goto out; r2 = r10; r2 += -16; r2 += r6\n"
         "*(u8 *)(r2 + 0) = 1; r6 += 1; goto on" OUT,
         "of the stack may be accessed"},
        /* A loop in a loop, counted or not. */
        {"r7 = 0; outer: " AGAIN "r6 = 0; on: r6 += 1; if r6 < 30 goto on\n"
         "goto outer" OUT,
         NULL},
        {"outer: " AGAIN "inner: call again; if r0 == 0 goto outer\n"
         "goto inner" OUT,
         NULL},
        {"r6 = r1; outer: " AGAIN "r7 = *(u64 *)(r6 + 8)\n"
         "inner: " AGAIN "r7 += 1; if r7 != 7 goto inner; goto outer" OUT,
         NULL},
        /* It must be asked in each round, */
        {"call again; on: goto on", "has no end"},
        {"r6 = r1; on: r2 = *(u64 *)(r6 + 0); if r2 == 0 goto on\n" AGAIN
         "goto on" OUT,
         "has no end"},
        {"r6 = r1; on: r2 = *(u64 *)(r6 + 0); if r2 == 0 goto +2\n" AGAIN
         "goto on" OUT,
         "has no end"},
        {"r6 = r1; on: " AGAIN
         "in: r2 = *(u64 *)(r6 + 0); if r2 == 0 goto in; goto on" OUT,
         "has no end"},
        /* by whatever way that comes, */
        {"r6 = r1; on: r2 = *(u64 *)(r6 + 0); if r2 == 0 goto way\n" AGAIN
         "way: r2 = *(u64 *)(r6 + 8); if r2 == 0 goto on" OUT,
         "has no end"},
        {"r6 = r1; on: r2 = *(u64 *)(r6 + 0); if r2 != 0 goto way\n" AGAIN
         "way: r2 = *(u64 *)(r6 + 8); if r2 == 0 goto on" OUT,
         "has no end"},
        /* and believed. */
        {"on: call again; goto on", "longer than the limit"},
        {"on: call again; if r0 == 0 goto on; r0 = 0; exit", "has no end"},
        /* Each round may take as long as a whole run. */
        {"on: " AGAIN "r6 = 0; in: r6 += 1; if r6 < 100000 goto in\n"
         "goto on" OUT,
         NULL},
        {"on: " AGAIN "r6 = 0; in: r6 += 1; if r6 < 125000 goto in\n"
         "goto on" OUT,
         "longer than the limit"},
        /* What one round leaves behind another finds. */
        {"r6 = r1; on: " AGAIN "r2 = *(u64 *)(r6 + 0); r6 = 5; goto on" OUT,
         "r6 is a number"},
        {"r6 = r1; on: " AGAIN "r2 = *(u64 *)(r6 + 0)\n"
         "if r2 == 0 goto on; r6 = r2; goto on" OUT,
         "r6 is a number"},
        /* A record is reserved before, or in the round. */
        {"on: " AGAIN "r1 = 16; r2 = 0; call record_reserve\n"
         "if r0 == 0 goto out; r1 = r0; call record_submit; goto on" OUT,
         NULL},
        {"on: " AGAIN "r1 = 16; r2 = 0; call record_reserve\n"
         "if r0 == 0 goto out; goto on" OUT,
         "a record is open already"},
        {"r6 = 0; on: " AGAIN "r1 = 16; r2 = 0; call record_reserve\n"
         "if r0 == 0 goto out; r6 = r0; r1 = r0; call record_submit\n"
         "*(u64 *)(r6 + 0) = 0; goto on" OUT,
         "r6 is a number"},
    };
    CHECK_ALL(examples);
}

static void
branches(void **state)
{
    static const struct example examples[] = {
        /* Ways that cannot be taken are not looked at. */
        {"r0 = 5; if r0 == 6 goto bad; exit; bad: r0 = r9; exit", NULL},
        {"r2 = *(u8 *)(r1 + 0); if r2 > 255 goto bad; r0 = 0; exit\n"
         "bad: r0 = r9; exit",
         NULL},
        {"r2 = *(u64 *)(r1 + 0); r0 = 0; if r2 < 10 goto +1; exit\n"
         "if r2 >= 10 goto bad; exit; bad: r0 = r9; exit",
         NULL},
        {"r2 = *(u64 *)(r1 + 0); r0 = 0; if r2 & 4 goto +1; exit\n"
         "if r2 == 3 goto bad; exit; bad: r0 = r9; exit",
         NULL},
        {"r0 = 0; if r1 == 0 goto bad; exit; bad: r0 = r9; exit", NULL},
        {"r0 = 0; if r10 == r1 goto bad; exit; bad: r0 = r9; exit",
         "r9 is not set"},
        {"r2 = *(u64 *)(r1 + 0); r3 = r2; r0 = 0; if r2 == 5 goto +1; exit\n"
         "if r3 != 5 goto bad; exit; bad: r0 = r9; exit",
         NULL},
        /* The second path to a place knows less than the first did. */
        {"r2 = *(u64 *)(r1 + 0); if r2 == 0 goto +1; *(u64 *)(r10 - 8) = 1\n"
         "r0 = *(u64 *)(r10 - 8); exit",
         "byte at -8 was not written"},
        {"r2 = *(u64 *)(r1 + 0); r3 = 8; if r2 == 0 goto +1; r3 = 0\n"
         "r1 += r3; r0 = *(u64 *)(r1 + 408); exit",
         "bytes 416 to 423"},
        {"r2 = *(u64 *)(r1 + 0); r3 = 8; if r2 == 0 goto +1; r3 = r1\n"
         "r0 = *(u64 *)(r3 + 0); exit",
         "r3 is a number"},
        {"r2 = *(u64 *)(r1 + 0); *(u64 *)(r10 - 8) = 7\n"
         "if r2 == 0 goto +1; *(u64 *)(r10 - 8) = r1\n"
         "r3 = *(u64 *)(r10 - 8); r0 = *(u64 *)(r3 + 0); exit",
         "r3 is a number"},
        {"r2 = *(u64 *)(r1 + 0); r6 = *(u64 *)(r1 + 8)\n"
         "r7 = *(u64 *)(r1 + 16); if r2 == 0 goto +1; r7 = r6; r8 = r10\n"
         "r8 += -8; *(u64 *)(r10 - 8) = 0; if r6 > 7 goto out; r8 += r7\n"
         "r0 = *(u8 *)(r8 + 0)" OUT,
         "the offset has no bounds"},
        /* Code that nothing leads to is not verified. */
        {"r0 = 0; exit; r0 = r9; exit", NULL},
    };
    CHECK_ALL(examples);
}

/* 2000 branches in a row that come together again. */
static void
long_programs_verify(void **state)
{
    static char text[200000];
    size_t length = 0;
    length += (size_t)sprintf(text, "r6 = r1; r0 = 0\n");
    for (int i = 0; i < 1300; i++)
        length += (size_t)sprintf(text + length,
                                  "r2 = *(u64 *)(r6 + %d); if r2 == %d goto "
                                  "+1; r0 = %d\n",
                                  i % 18 * 8, i, i);
    sprintf(text + length, "exit");
    check(&(struct example){text, NULL});
}

static void
messages_fit_any_buffer(void **state)
{
    struct ebpf_insn insns[4];
    struct program_source source = {.instructions = insns,
                                    .count = assemble("exit", insns, 4)};
    struct program *program;
    char log[8] = "xxxxxxx";

    assert_int_equal(program_load(&source, log, 5, &program),
                     PROBE_ERROR_PROGRAM);
    assert_string_equal(log, "insn");
    assert_int_equal(log[5], 'x');
    assert_int_equal(program_load(&source, NULL, 0, &program),
                     PROBE_ERROR_PROGRAM);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registers),
        cmocka_unit_test(context),
        cmocka_unit_test(stack),
        cmocka_unit_test(values_of_maps),
        cmocka_unit_test(helper_arguments),
        cmocka_unit_test(writing),
        cmocka_unit_test(records),
        cmocka_unit_test(loops_that_ask),
        cmocka_unit_test(loops),
        cmocka_unit_test(branches),
        cmocka_unit_test(long_programs_verify),
        cmocka_unit_test(messages_fit_any_buffer),
    };
    return cmocka_run_group_tests(tests, make_maps, free_maps);
}
