/* An assembler for programs in tests. */

#include "tests/program/assemble.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/helper.h"

#define LABELS_MAX 64

struct assembler {
    const char *text; /* all of it, for messages */
    const char *at;
    struct ebpf_insn *instructions;
    unsigned count;
    unsigned space;
    struct label {
        char name[32];
        unsigned index;
    } labels[LABELS_MAX];
    unsigned label_count;
    struct use {
        char name[32];
        unsigned index; /* instruction that leads to the label */
        int in_imm;
    } uses[LABELS_MAX];
    unsigned use_count;
};

static void __attribute__((noreturn))
mistake(const struct assembler *as, const char *what)
{
    fprintf(stderr, "assemble: %s at \"%.40s\" in:\n%s\n", what, as->at,
            as->text);
    exit(2);
}

static void
skip_blanks(struct assembler *as)
{
    while (*as->at == ' ' || *as->at == '\t')
        as->at++;
}

static int
accept(struct assembler *as, const char *word)
{
    size_t length = strlen(word);
    skip_blanks(as);
    if (strncmp(as->at, word, length) != 0)
        return 0;
    /* A word that goes on is another one. */
    if (isalpha((unsigned char)word[0]) &&
        (isalnum((unsigned char)as->at[length]) || as->at[length] == '_'))
        return 0;
    as->at += length;
    return 1;
}

static void
expect(struct assembler *as, const char *word)
{
    if (!accept(as, word))
        mistake(as, word);
}

static int64_t
number(struct assembler *as)
{
    char *end;
    skip_blanks(as);
    int64_t value = *as->at == '-' ? strtoll(as->at, &end, 0)
                                   : (int64_t)strtoull(as->at, &end, 0);
    if (end == as->at)
        mistake(as, "number expected");
    as->at = end;
    return value;
}

/* r3 or w3; the letter goes to *LETTER. */
static int
accept_register(struct assembler *as, char *letter, unsigned *n)
{
    skip_blanks(as);
    if ((as->at[0] != 'r' && as->at[0] != 'w') ||
        !isdigit((unsigned char)as->at[1]))
        return 0;
    *letter = as->at[0];
    as->at++;
    *n = (unsigned)number(as);
    return 1;
}

static unsigned
expect_register(struct assembler *as)
{
    char letter;
    unsigned n;
    if (!accept_register(as, &letter, &n))
        mistake(as, "register expected");
    return n;
}

static void
emit(struct assembler *as, struct ebpf_insn insn)
{
    if (as->count == as->space)
        mistake(as, "program too long");
    as->instructions[as->count++] = insn;
}

/* The two ways of a second operand. */
static int
operand(struct assembler *as, struct ebpf_insn *insn)
{
    char letter;
    unsigned n;
    if (accept_register(as, &letter, &n)) {
        insn->opcode |= EBPF_X;
        insn->src = n;
        return 1;
    }
    insn->imm = (int32_t)number(as);
    return 0;
}

static void
target(struct assembler *as, struct ebpf_insn *insn, int in_imm)
{
    int distance = 0;
    skip_blanks(as);
    if (*as->at == '+' || *as->at == '-') {
        distance = (int)number(as);
    } else {
        struct use *use = &as->uses[as->use_count++];
        size_t length = strspn(as->at, "abcdefghijklmnopqrstuvwxyz_0123456789");
        if (length == 0 || length >= sizeof(use->name) ||
            as->use_count > LABELS_MAX)
            mistake(as, "label expected");
        memcpy(use->name, as->at, length);
        use->index = as->count;
        use->in_imm = in_imm;
        as->at += length;
    }
    if (in_imm)
        insn->imm = distance;
    else
        insn->offset = (int16_t)distance;
}

/* *(u32 *)(r1 + 8): width, sign, register and offset. */
static void
place(struct assembler *as, unsigned *width, int *is_signed, unsigned *base,
      int16_t *offset)
{
    static const struct {
        const char *text;
        unsigned width;
    } widths[] = {
        {"8", EBPF_B}, {"16", EBPF_H}, {"32", EBPF_W}, {"64", EBPF_DW}};

    expect(as, "*(");
    skip_blanks(as);
    *is_signed = *as->at++ == 's';
    for (unsigned i = 0;; i++) {
        if (i == 4)
            mistake(as, "width expected");
        if (accept(as, widths[i].text)) {
            *width = widths[i].width;
            break;
        }
    }
    expect(as, "*)");
    expect(as, "(");
    *base = expect_register(as);
    *offset = 0;
    if (accept(as, "+"))
        *offset = (int16_t)number(as);
    else if (accept(as, "-"))
        *offset = (int16_t)-number(as);
    expect(as, ")");
}

static void
store(struct assembler *as)
{
    unsigned width, base;
    int is_signed;
    int16_t offset;
    char letter;
    unsigned n;

    place(as, &width, &is_signed, &base, &offset);
    expect(as, "=");
    struct ebpf_insn insn = {.dst = base, .offset = offset};
    if (accept_register(as, &letter, &n)) {
        insn.opcode = EBPF_STX | EBPF_MEM | width;
        insn.src = n;
    } else {
        insn.opcode = EBPF_ST | EBPF_MEM | width;
        insn.imm = (int32_t)number(as);
    }
    emit(as, insn);
}

static void
atomic(struct assembler *as)
{
    static const struct {
        const char *text;
        int32_t imm;
    } operations[] = {
        {"+=", EBPF_ADD},
        {"|=", EBPF_OR},
        {"&=", EBPF_AND},
        {"^=", EBPF_XOR},
        {"fetch +=", EBPF_ADD | EBPF_FETCH},
        {"fetch |=", EBPF_OR | EBPF_FETCH},
        {"fetch &=", EBPF_AND | EBPF_FETCH},
        {"fetch ^=", EBPF_XOR | EBPF_FETCH},
        {"xchg", EBPF_ATOMIC_XCHG},
        {"cmpxchg r0,", EBPF_ATOMIC_CMPXCHG},
    };
    unsigned width, base, i = 0;
    int is_signed;
    int16_t offset;

    place(as, &width, &is_signed, &base, &offset);
    while (!accept(as, operations[i].text))
        if (++i == sizeof(operations) / sizeof(operations[0]))
            mistake(as, "atomic operation expected");
    unsigned src = expect_register(as);
    emit(as, (struct ebpf_insn){.opcode = EBPF_STX | EBPF_ATOMIC | width,
                                .dst = base,
                                .src = src,
                                .offset = offset,
                                .imm = operations[i].imm});
}

/* After "rD =": what only assignment has.  0: it is a plain move. */
static int
special_move(struct assembler *as, char letter, unsigned dst)
{
    static const struct {
        const char *text;
        unsigned opcode;
        int32_t imm;
    } orders[] = {
        {"le16", EBPF_ALU | EBPF_END | EBPF_K, 16},
        {"le32", EBPF_ALU | EBPF_END | EBPF_K, 32},
        {"le64", EBPF_ALU | EBPF_END | EBPF_K, 64},
        {"be16", EBPF_ALU | EBPF_END | EBPF_X, 16},
        {"be32", EBPF_ALU | EBPF_END | EBPF_X, 32},
        {"be64", EBPF_ALU | EBPF_END | EBPF_X, 64},
        {"bswap16", EBPF_ALU64 | EBPF_END | EBPF_K, 16},
        {"bswap32", EBPF_ALU64 | EBPF_END | EBPF_K, 32},
        {"bswap64", EBPF_ALU64 | EBPF_END | EBPF_K, 64},
    };
    unsigned class = letter == 'r' ? EBPF_ALU64 : EBPF_ALU;
    struct ebpf_insn insn = {.dst = dst};
    const char *before = as->at;

    for (unsigned i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
        if (accept(as, orders[i].text)) {
            expect_register(as);
            insn.opcode = orders[i].opcode;
            insn.imm = orders[i].imm;
            emit(as, insn);
            return 1;
        }
    }
    skip_blanks(as);
    if (as->at[0] == '-' && (as->at[1] == 'r' || as->at[1] == 'w')) {
        as->at++;
        expect_register(as);
        insn.opcode = class | EBPF_NEG;
        emit(as, insn);
        return 1;
    }
    if (accept(as, "(s")) {
        insn.offset = (int16_t)number(as);
        expect(as, ")");
        insn.opcode = class | EBPF_MOV | EBPF_X;
        insn.src = expect_register(as);
        emit(as, insn);
        return 1;
    }
    if (accept(as, "map")) {
        insn.opcode = EBPF_LD | EBPF_IMM | EBPF_DW;
        insn.src = EBPF_IMM64_MAP;
        insn.imm = (int32_t)number(as);
        emit(as, insn);
        emit(as, (struct ebpf_insn){0});
        return 1;
    }
    skip_blanks(as);
    if (*as->at == '*') {
        unsigned width, base;
        int is_signed;
        int16_t offset;
        place(as, &width, &is_signed, &base, &offset);
        insn.opcode = EBPF_LDX | (is_signed ? EBPF_MEMSX : EBPF_MEM) | width;
        insn.src = base;
        insn.offset = offset;
        emit(as, insn);
        return 1;
    }
    if (isdigit((unsigned char)*as->at) || *as->at == '-') {
        uint64_t value = (uint64_t)number(as);
        if (accept(as, "ll")) {
            insn.opcode = EBPF_LD | EBPF_IMM | EBPF_DW;
            insn.imm = (int32_t)value;
            emit(as, insn);
            emit(as, (struct ebpf_insn){.imm = (int32_t)(value >> 32)});
            return 1;
        }
    }
    as->at = before;
    return 0;
}

static void
arithmetic(struct assembler *as)
{
    static const struct {
        const char *text;
        unsigned code;
        int16_t offset;
    } operations[] = {
        {"s>>=", EBPF_ARSH, 0}, {"s/=", EBPF_DIV, 1}, {"s%=", EBPF_MOD, 1},
        {"<<=", EBPF_LSH, 0},   {">>=", EBPF_RSH, 0}, {"+=", EBPF_ADD, 0},
        {"-=", EBPF_SUB, 0},    {"*=", EBPF_MUL, 0},  {"/=", EBPF_DIV, 0},
        {"%=", EBPF_MOD, 0},    {"|=", EBPF_OR, 0},   {"&=", EBPF_AND, 0},
        {"^=", EBPF_XOR, 0},    {"=", EBPF_MOV, 0}};
    char letter;
    unsigned dst, i = 0;

    if (!accept_register(as, &letter, &dst))
        mistake(as, "statement expected");
    while (!accept(as, operations[i].text))
        if (++i == sizeof(operations) / sizeof(operations[0]))
            mistake(as, "operation expected");
    if (operations[i].code == EBPF_MOV && special_move(as, letter, dst))
        return;
    struct ebpf_insn insn = {.opcode = (letter == 'r' ? EBPF_ALU64 : EBPF_ALU) |
                                       operations[i].code,
                             .dst = dst,
                             .offset = operations[i].offset};
    operand(as, &insn);
    emit(as, insn);
}

static void
condition(struct assembler *as)
{
    static const struct {
        const char *text;
        unsigned code;
    } operations[] = {{"s>=", EBPF_JSGE}, {"s<=", EBPF_JSLE}, {"s>", EBPF_JSGT},
                      {"s<", EBPF_JSLT},  {"==", EBPF_JEQ},   {"!=", EBPF_JNE},
                      {">=", EBPF_JGE},   {"<=", EBPF_JLE},   {">", EBPF_JGT},
                      {"<", EBPF_JLT},    {"&", EBPF_JSET}};
    char letter;
    unsigned dst, i = 0;

    if (!accept_register(as, &letter, &dst))
        mistake(as, "register expected");
    while (!accept(as, operations[i].text))
        if (++i == sizeof(operations) / sizeof(operations[0]))
            mistake(as, "comparison expected");
    struct ebpf_insn insn = {.opcode = (letter == 'r' ? EBPF_JMP : EBPF_JMP32) |
                                       operations[i].code,
                             .dst = dst};
    operand(as, &insn);
    expect(as, "goto");
    target(as, &insn, 0);
    emit(as, insn);
}

static void
call(struct assembler *as)
{
    static const struct {
        const char *name;
        int32_t number;
    } helpers[] = {
#define HELPER_ROW(number, name) {#name, number},
        PROBE_HELPERS(HELPER_ROW)
#undef HELPER_ROW
    };
    struct ebpf_insn insn = {.opcode = EBPF_JMP | EBPF_CALL};

    for (unsigned i = 0; i < sizeof(helpers) / sizeof(helpers[0]); i++) {
        if (accept(as, helpers[i].name)) {
            insn.imm = helpers[i].number;
            emit(as, insn);
            return;
        }
    }
    insn.src = EBPF_CALL_LOCAL;
    target(as, &insn, 1);
    emit(as, insn);
}

static int
accept_label(struct assembler *as)
{
    skip_blanks(as);
    size_t length = strspn(as->at, "abcdefghijklmnopqrstuvwxyz_0123456789");
    struct label *label = &as->labels[as->label_count];
    if (length == 0 || as->at[length] != ':' || length >= sizeof(label->name))
        return 0;
    if (as->label_count++ == LABELS_MAX)
        mistake(as, "too many labels");
    memcpy(label->name, as->at, length);
    label->index = as->count;
    as->at += length + 1;
    return 1;
}

static void
statement(struct assembler *as)
{
    while (accept_label(as))
        ;
    skip_blanks(as);
    struct ebpf_insn insn = {0};
    if (strchr(";\n#", *as->at) != NULL) {
        return;
    } else if (accept(as, "exit")) {
        insn.opcode = EBPF_JMP | EBPF_EXIT;
        emit(as, insn);
    } else if (accept(as, "goto")) {
        insn.opcode = EBPF_JMP | EBPF_JA;
        target(as, &insn, 0);
        emit(as, insn);
    } else if (accept(as, "gotol")) {
        insn.opcode = EBPF_JMP32 | EBPF_JA;
        target(as, &insn, 1);
        emit(as, insn);
    } else if (accept(as, "if")) {
        condition(as);
    } else if (accept(as, "call")) {
        call(as);
    } else if (accept(as, "lock")) {
        atomic(as);
    } else if (*as->at == '*') {
        store(as);
    } else {
        arithmetic(as);
    }
}

static void
resolve(struct assembler *as, const struct use *use)
{
    for (unsigned i = 0; i < as->label_count; i++) {
        if (strcmp(as->labels[i].name, use->name) != 0)
            continue;
        int distance = (int)as->labels[i].index - (int)use->index - 1;
        if (use->in_imm)
            as->instructions[use->index].imm = distance;
        else
            as->instructions[use->index].offset = (int16_t)distance;
        return;
    }
    mistake(as, use->name);
}

unsigned
assemble(const char *text, struct ebpf_insn *instructions, unsigned space)
{
    struct assembler as = {
        .text = text, .at = text, .instructions = instructions, .space = space};

    while (*as.at != '\0') {
        statement(&as);
        skip_blanks(&as);
        if (*as.at == '#')
            as.at += strcspn(as.at, "\n");
        if (*as.at == ';' || *as.at == '\n')
            as.at++;
        else if (*as.at != '\0')
            mistake(&as, "end of the statement expected");
    }
    for (unsigned i = 0; i < as.use_count; i++)
        resolve(&as, &as.uses[i]);
    return as.count;
}
