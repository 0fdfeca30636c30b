/*
 * Single instructions: how each is classified, and that a moved one does
 * what it did at its place.
 */

#include "tests/image/kit.h"

#include <string.h>

#include "image/code.h"

#define FROM 0xffffffff81000000u
#define TO   0xffffffff81234560u

static struct instruction
decode(const uint8_t *bytes, size_t size)
{
    const GElf_Ehdr header = {
        .e_ident = {[EI_CLASS] = ELFCLASS64, [EI_DATA] = ELFDATA2LSB},
        .e_machine = EM_X86_64,
    };
    struct instruction instruction;
    struct error error;
    struct code code;

    code_start(&code, machine_find(&header, "test", &error));
    assert_int_equal(code_decode(&code, bytes, size, FROM, &instruction), 0);
    assert_int_equal(instruction.length, size);
    return instruction;
}

#define DECODE(...)                        \
    decode((const uint8_t[]){__VA_ARGS__}, \
           sizeof((const uint8_t[]){__VA_ARGS__}))

static void
moves_are_told_apart(void **state)
{
    /* push %rbp; mov %rsp,%rbp */
    assert_int_equal(DECODE(0x55).move, IMAGE_MOVE_COPY);
    assert_int_equal(DECODE(0x48, 0x89, 0xe5).move, IMAGE_MOVE_COPY);
    /* mov 0x1234(%rip),%rax; cmpb $1,…(%rip); cmpw …; movl $1,…(%rip) */
    assert_int_equal(DECODE(0x48, 0x8b, 0x05, 0x34, 0x12, 0, 0).move,
                     IMAGE_MOVE_RIP_0);
    assert_int_equal(DECODE(0x80, 0x3d, 0x34, 0x12, 0, 0, 1).move,
                     IMAGE_MOVE_RIP_1);
    assert_int_equal(DECODE(0x66, 0x81, 0x3d, 0x34, 0x12, 0, 0, 1, 1).move,
                     IMAGE_MOVE_RIP_2);
    assert_int_equal(DECODE(0xc7, 0x05, 0x34, 0x12, 0, 0, 1, 0, 0, 0).move,
                     IMAGE_MOVE_RIP_4);
    assert_int_equal(DECODE(0x74, 0x10).move, IMAGE_MOVE_JCC8);
    assert_int_equal(DECODE(0x0f, 0x84, 0, 1, 0, 0).move, IMAGE_MOVE_JCC32);
    assert_int_equal(DECODE(0xeb, 0x10).move, IMAGE_MOVE_JMP8);
    assert_int_equal(DECODE(0xe9, 0, 1, 0, 0).move, IMAGE_MOVE_JMP32);
    assert_int_equal(DECODE(0xe8, 0, 1, 0, 0).move, IMAGE_MOVE_CALL32);
    assert_int_equal(DECODE(0xe2, 0xfe).move, IMAGE_MOVE_LOOP);
    assert_int_equal(DECODE(0xe3, 0x10).move, IMAGE_MOVE_LOOP);
    /* call *%rax; call *8(%rax); call *…(%rip) */
    assert_int_equal(DECODE(0xff, 0xd0).move, IMAGE_MOVE_CALL_INDIRECT);
    assert_int_equal(DECODE(0xff, 0x50, 8).move, IMAGE_MOVE_CALL_INDIRECT);
    assert_int_equal(DECODE(0xff, 0x15, 0, 1, 0, 0).move, IMAGE_MOVE_CALL_RIP);
    /* ret; jmp *%rax; jmp *table(,%rax,8); iretq */
    assert_int_equal(DECODE(0xc3).move, IMAGE_MOVE_END);
    assert_int_equal(DECODE(0xff, 0xe0).move, IMAGE_MOVE_END);
    assert_int_equal(DECODE(0xff, 0x24, 0xc5, 0, 0, 0, 0x81).move,
                     IMAGE_MOVE_END);
    assert_int_equal(DECODE(0x48, 0xcf).move, IMAGE_MOVE_END);
    /* int3; ud2; hlt; syscall; sysretq; swapgs; lretq */
    assert_int_equal(DECODE(0xcc).move, IMAGE_MOVE_NEVER);
    assert_int_equal(DECODE(0x0f, 0x0b).move, IMAGE_MOVE_NEVER);
    assert_int_equal(DECODE(0xf4).move, IMAGE_MOVE_NEVER);
    assert_int_equal(DECODE(0x0f, 0x05).move, IMAGE_MOVE_NEVER);
    assert_int_equal(DECODE(0x48, 0x0f, 0x07).move, IMAGE_MOVE_NEVER);
    assert_int_equal(DECODE(0x0f, 0x01, 0xf8).move, IMAGE_MOVE_NEVER);
    assert_int_equal(DECODE(0x48, 0xcb).move, IMAGE_MOVE_NEVER);
}

static void
waits_are_seen(void **state)
{
    /* mov (%rdi),%rax; mov 8(%rsp),%rax; mov -8(%rbp),%rax; push %rax */
    assert_true(DECODE(0x48, 0x8b, 0x07).may_wait);
    assert_false(DECODE(0x48, 0x8b, 0x44, 0x24, 8).may_wait);
    assert_false(DECODE(0x48, 0x8b, 0x45, 0xf8).may_wait);
    assert_false(DECODE(0x50).may_wait);
    /* lea (%rdi),%rax reads nothing; rep movsb does */
    assert_false(DECODE(0x48, 0x8d, 0x07).may_wait);
    assert_true(DECODE(0xf3, 0xa4).may_wait);
    /* mov …(%rip),%rax; mov table(,%rax,8),%rax; mov %gs:0,%rax */
    assert_false(DECODE(0x48, 0x8b, 0x05, 0, 1, 0, 0).may_wait);
    assert_false(DECODE(0x48, 0x8b, 0x04, 0xc5, 0, 0, 0, 0x81).may_wait);
    assert_false(DECODE(0x65, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0).may_wait);
}

static void
targets_are_computed(void **state)
{
    assert_true(DECODE(0xeb, 0xfe).target == FROM);
    assert_true(DECODE(0xe8, 0xfb, 0xff, 0xff, 0xff).target == FROM);
    assert_true(DECODE(0x0f, 0x84, 0, 1, 0, 0).target == FROM + 6 + 0x100);
    /* movabs $0x10d4180,%rsi; lea 0x100(%rip),%rax; mov $imm,%rcx */
    assert_true(DECODE(0x48, 0xbe, 0x80, 0x41, 0x0d, 1, 0, 0, 0, 0).names[0] ==
                0x10d4180);
    assert_true(DECODE(0x48, 0x8d, 0x05, 0, 1, 0, 0).names[1] ==
                FROM + 7 + 0x100);
    assert_true(DECODE(0x48, 0xc7, 0xc1, 0, 0x0c, 0x08, 0x81).names[0] ==
                0xffffffff81080c00u);
}

/* The bytes of an instruction that was moved to TO. */
#define MOVED(to, ...)                                         \
    code_move(&(struct instruction[]){DECODE(__VA_ARGS__)}[0], \
              (const uint8_t[]){__VA_ARGS__}, to, TO)

static int32_t
displacement(const uint8_t *bytes)
{
    int32_t value;

    memcpy(&value, bytes, sizeof(value));
    return value;
}

static void
moved_ones_lead_to_the_same_place(void **state)
{
    uint8_t to[CODE_MOVED_MAX];

    assert_int_equal(MOVED(to, 0x48, 0x89, 0xe5), 3);
    assert_memory_equal(to, "\x48\x89\xe5", 3);

    /* cmpb $1,0x1234(%rip): the immediate stays behind the displacement */
    assert_int_equal(MOVED(to, 0x80, 0x3d, 0x34, 0x12, 0, 0, 1), 7);
    assert_true(TO + 7 + (uint64_t)displacement(to + 2) == FROM + 7 + 0x1234);
    assert_int_equal(to[6], 1);

    /* je +0x10 becomes the long form; jne with 32 bits keeps it */
    assert_int_equal(MOVED(to, 0x74, 0x10), 6);
    assert_memory_equal(to, "\x0f\x84", 2);
    assert_true(TO + 6 + (uint64_t)displacement(to + 2) == FROM + 2 + 0x10);
    assert_int_equal(MOVED(to, 0x0f, 0x85, 0, 1, 0, 0), 6);
    assert_memory_equal(to, "\x0f\x85", 2);
    assert_true(TO + 6 + (uint64_t)displacement(to + 2) == FROM + 6 + 0x100);

    assert_int_equal(MOVED(to, 0xeb, 0x10), 5);
    assert_int_equal(to[0], 0xe9);
    assert_true(TO + 5 + (uint64_t)displacement(to + 1) == FROM + 2 + 0x10);

    assert_int_equal(MOVED(to, 0xcc), 0);
    assert_int_equal(MOVED(to, 0xe2, 0xfe), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moves_are_told_apart),
        cmocka_unit_test(waits_are_seen),
        cmocka_unit_test(targets_are_computed),
        cmocka_unit_test(moved_ones_lead_to_the_same_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
