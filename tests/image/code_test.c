/*
 * Single instructions: how each is classified, and that a moved one does
 * what it did at its place.
 */

#include "tests/image/kit.h"

#include <string.h>

#include "image/code.h"

#define FROM 0xffffffff81000000u
#define TO   0xffffffff81234560u

/* i386's: what is computed from them wraps around at 4 GB. */
#define FROM32 0xc1000000u
#define TO32   0xc1234560u

static struct instruction
decode_for(unsigned machine, const uint8_t *bytes, size_t size)
{
    bool is_64 = machine == EM_X86_64;
    const GElf_Ehdr header = {
        .e_ident = {[EI_CLASS] = is_64 ? ELFCLASS64 : ELFCLASS32,
                    [EI_DATA] = ELFDATA2LSB},
        .e_machine = (GElf_Half)machine,
    };
    struct instruction instruction;
    struct error error;
    struct code code;

    code_start(&code, machine_find(&header, "test", &error));
    assert_int_equal(
        code_decode(&code, bytes, size, is_64 ? FROM : FROM32, &instruction),
        0);
    assert_int_equal(instruction.length, size);
    return instruction;
}

#define DECODE_FOR(machine, ...)                        \
    decode_for(machine, (const uint8_t[]){__VA_ARGS__}, \
               sizeof((const uint8_t[]){__VA_ARGS__}))
#define DECODE(...)   DECODE_FOR(EM_X86_64, __VA_ARGS__)
#define DECODE32(...) DECODE_FOR(EM_386, __VA_ARGS__)

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

/* The same bytes may be something else in 32 bits. */
static void
moves_of_i386_are_told_apart(void **state)
{
    /* push %ebp; inc %eax (a prefix in 64 bits); mov …,%eax: absolute */
    assert_int_equal(DECODE32(0x55).move, IMAGE_MOVE_COPY);
    assert_int_equal(DECODE32(0x40).move, IMAGE_MOVE_COPY);
    assert_int_equal(DECODE32(0x8b, 0x05, 0x34, 0x12, 0, 0xc1).move,
                     IMAGE_MOVE_COPY);
    assert_int_equal(DECODE32(0x74, 0x10).move, IMAGE_MOVE_JCC8);
    assert_int_equal(DECODE32(0x0f, 0x84, 0, 1, 0, 0).move, IMAGE_MOVE_JCC32);
    assert_int_equal(DECODE32(0xeb, 0x10).move, IMAGE_MOVE_JMP8);
    assert_int_equal(DECODE32(0xe9, 0, 1, 0, 0).move, IMAGE_MOVE_JMP32);
    /* call next; pop: it pushes its own next address wherever it runs */
    assert_int_equal(DECODE32(0xe8, 0, 0, 0, 0).move, IMAGE_MOVE_CALL32);
    /* loop; jecxz; jcxz */
    assert_int_equal(DECODE32(0xe2, 0xfe).move, IMAGE_MOVE_LOOP);
    assert_int_equal(DECODE32(0xe3, 0x10).move, IMAGE_MOVE_LOOP);
    assert_int_equal(DECODE32(0x67, 0xe3, 0x10).move, IMAGE_MOVE_LOOP);
    /* call *%eax; call *…; jmp *table(,%eax,4); ret; ret $4; iret */
    assert_int_equal(DECODE32(0xff, 0xd0).move, IMAGE_MOVE_CALL_INDIRECT);
    assert_int_equal(DECODE32(0xff, 0x15, 0, 1, 0, 0xc1).move,
                     IMAGE_MOVE_CALL_INDIRECT);
    assert_int_equal(DECODE32(0xff, 0x24, 0x85, 0, 0, 0, 0xc1).move,
                     IMAGE_MOVE_END);
    assert_int_equal(DECODE32(0xc3).move, IMAGE_MOVE_END);
    assert_int_equal(DECODE32(0xc2, 4, 0).move, IMAGE_MOVE_END);
    assert_int_equal(DECODE32(0xcf).move, IMAGE_MOVE_END);
    /* int3; into; hlt; sysexit; lcall *(%edi), as for the BIOS; lret */
    assert_int_equal(DECODE32(0xcc).move, IMAGE_MOVE_NEVER);
    assert_int_equal(DECODE32(0xce).move, IMAGE_MOVE_NEVER);
    assert_int_equal(DECODE32(0xf4).move, IMAGE_MOVE_NEVER);
    assert_int_equal(DECODE32(0x0f, 0x35).move, IMAGE_MOVE_NEVER);
    assert_int_equal(DECODE32(0xff, 0x1f).move, IMAGE_MOVE_NEVER);
    assert_int_equal(DECODE32(0xcb).move, IMAGE_MOVE_NEVER);
    /* jmp and je with 16 bits: eip would lose its upper half */
    assert_int_equal(DECODE32(0x66, 0xe9, 0, 1).move, IMAGE_MOVE_NEVER);
    assert_int_equal(DECODE32(0x66, 0x0f, 0x84, 0, 1).move, IMAGE_MOVE_NEVER);
}

static void
waits_of_i386_are_seen(void **state)
{
    /* mov 8(%ebp),%eax; mov 4(%esp),%eax; mov (%eax),%eax; mov %gs:8,%eax */
    assert_false(DECODE32(0x8b, 0x45, 8).may_wait);
    assert_false(DECODE32(0x8b, 0x44, 0x24, 4).may_wait);
    assert_true(DECODE32(0x8b, 0).may_wait);
    assert_false(DECODE32(0x65, 0xa1, 8, 0, 0, 0).may_wait);
    assert_true(DECODE32(0xf3, 0xa4).may_wait);
}

static void
numbers_of_i386_have_32_bits(void **state)
{
    /* jmp . and a call to below the text, over 4 GB */
    assert_true(DECODE32(0xeb, 0xfe).target == FROM32);
    assert_true(DECODE32(0xe8, 0, 0, 0, 0x7f).target ==
                (uint32_t)(FROM32 + 5 + 0x7f000000u));
    /* mov $0xc1080c00,%ecx; push $0xc1080c00; lea 0xc115b204,%ecx */
    assert_true(DECODE32(0xb9, 0, 0x0c, 0x08, 0xc1).names[0] == 0xc1080c00u);
    assert_true(DECODE32(0x68, 0, 0x0c, 0x08, 0xc1).names[0] == 0xc1080c00u);
    assert_true(DECODE32(0x8d, 0x0d, 4, 0xb2, 0x15, 0xc1).names[1] ==
                0xc115b204u);
}

/* How a number gets to a call is followed through these. */
static void
pushes_and_writes_are_seen(void **state)
{
    const uint16_t eax = code_register(ZYDIS_REGISTER_EAX);
    const uint16_t esp = code_register(ZYDIS_REGISTER_ESP);

    assert_true(eax != 0 && eax == code_register(ZYDIS_REGISTER_AH));
    assert_int_equal(code_register(ZYDIS_REGISTER_GS), 0);
    /* push $0; push %eax; pushw %ax; pop %eax; sub $4,%esp */
    assert_true(DECODE32(0x6a, 0).push);
    assert_true(DECODE32(0x50).push);
    assert_int_equal(DECODE32(0x50).pushed, ZYDIS_REGISTER_EAX);
    assert_false(DECODE32(0x66, 0x50).push);
    assert_int_equal(DECODE32(0x58).writes, eax | esp);
    assert_int_equal(DECODE32(0x83, 0xec, 4).writes, esp);
    /* xor %eax,%eax; mov $1,%ah; cmp $1,%eax; mov %eax,%ds */
    assert_int_equal(DECODE32(0x31, 0xc0).writes, eax);
    assert_int_equal(DECODE32(0xb4, 1).writes, eax);
    assert_int_equal(DECODE32(0x83, 0xf8, 1).writes, 0);
    assert_int_equal(DECODE32(0x8e, 0xd8).writes, 0);
    /* rep stosb; stosb; rep movsb */
    assert_true(DECODE32(0xf3, 0xaa).fills);
    assert_false(DECODE32(0xaa).fills);
    assert_false(DECODE32(0xf3, 0xa4).fills);
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

/* The bytes of an instruction that was moved to TO, or TO32. */
#define MOVED(to, ...)                                         \
    code_move(&(struct instruction[]){DECODE(__VA_ARGS__)}[0], \
              (const uint8_t[]){__VA_ARGS__}, to, TO)

#define MOVED32(to, ...)                                         \
    code_move(&(struct instruction[]){DECODE32(__VA_ARGS__)}[0], \
              (const uint8_t[]){__VA_ARGS__}, to, TO32)

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

static void
moved_ones_of_i386_lead_to_the_same_place(void **state)
{
    uint8_t to[CODE_MOVED_MAX];

    assert_int_equal(MOVED32(to, 0x8b, 0x05, 0x34, 0x12, 0, 0xc1), 6);
    assert_memory_equal(to, "\x8b\x05\x34\x12\x00\xc1", 6);

    /* A jump down to 0x41000005 is one up from there, around 4 GB. */
    assert_int_equal(MOVED32(to, 0xe9, 0, 0, 0, 0x80), 5);
    assert_true((uint32_t)(TO32 + 5 + (uint32_t)displacement(to + 1)) ==
                0x41000005u);
    assert_int_equal(MOVED32(to, 0x74, 0x10), 6);
    assert_true((uint32_t)(TO32 + 6 + (uint32_t)displacement(to + 2)) ==
                FROM32 + 2 + 0x10);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moves_are_told_apart),
        cmocka_unit_test(moves_of_i386_are_told_apart),
        cmocka_unit_test(waits_are_seen),
        cmocka_unit_test(waits_of_i386_are_seen),
        cmocka_unit_test(numbers_of_i386_have_32_bits),
        cmocka_unit_test(pushes_and_writes_are_seen),
        cmocka_unit_test(targets_are_computed),
        cmocka_unit_test(moved_ones_lead_to_the_same_place),
        cmocka_unit_test(moved_ones_of_i386_lead_to_the_same_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
