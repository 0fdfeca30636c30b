/*
 * Code of all operations, included by the function that holds it.
 *
 * Needs: op, the current op; r, the registers; execution; depth, of calls;
 * and CHECK(address, size, access), CHECK_CALL(helper number), CHECK_DEPTH()
 * and COUNT(), which do nothing for verified programs.  No include guard:
 * every including file makes its own copy.
 */

#define NEXT             \
    do {                 \
        op++;            \
        COUNT();         \
        goto * op->code; \
    } while (0)

#define DST    r[op->dst]
#define SRC    r[op->src]
#define IMM_64 ((uint64_t)(int64_t)op->imm)
#define IMM_32 ((uint32_t)op->imm)

/* ---- arithmetic: VALUE of a and b, in words of 64 and of 32 bits ---- */

#define ALU_CODE(label, word_type, sword_type, second, value) \
    label: {                                                  \
        typedef word_type word;                               \
        typedef sword_type sword;                             \
        const word a = (word)DST, b = (word)(second);         \
        const word mask = sizeof(word) * 8 - 1;               \
        (void)a;                                              \
        (void)mask;                                           \
        (void)(sword)b;                                       \
        DST = (word)(value);                                  \
        NEXT;                                                 \
    }

#define ALU(name, value)                                    \
    ALU_CODE(name##_64_K, uint64_t, int64_t, IMM_64, value) \
    ALU_CODE(name##_64_X, uint64_t, int64_t, SRC, value)    \
    ALU_CODE(name##_32_K, uint32_t, int32_t, IMM_32, value) \
    ALU_CODE(name##_32_X, uint32_t, int32_t, SRC, value)

ALU(ADD, a + b)
ALU(SUB, a - b)
ALU(MUL, a *b)
ALU(DIV, b == 0 ? 0 : a / b)
/* The smallest number by -1 overflows, and traps on x86. */
ALU(SDIV, b == 0 ? 0 : b == (word)-1 ? -a : (word)((sword)a / (sword)b))
ALU(OR, a | b)
ALU(AND, a &b)
ALU(LSH, a << (b & mask))
ALU(RSH, a >> (b & mask))
ALU(MOD, b == 0 ? a : a % b)
ALU(SMOD, b == 0 ? a : b == (word)-1 ? 0 : (word)((sword)a % (sword)b))
ALU(XOR, a ^ b)
ALU(MOV, b)
ALU(ARSH, (sword)a >> (b & mask))

#define UNARY(label, value) \
    label: {                \
        DST = (value);      \
        NEXT;               \
    }

UNARY(NEG_64, -DST)
UNARY(NEG_32, (uint32_t)-(uint32_t)DST)
UNARY(MOVSX8_64, (int64_t)(int8_t)SRC)
UNARY(MOVSX16_64, (int64_t)(int16_t)SRC)
UNARY(MOVSX32_64, (int64_t)(int32_t)SRC)
UNARY(MOVSX8_32, (uint32_t)(int8_t)SRC)
UNARY(MOVSX16_32, (uint32_t)(int16_t)SRC)
UNARY(LOW16, (uint16_t)DST)
UNARY(LOW32, (uint32_t)DST)
UNARY(LOW64, DST)
UNARY(SWAP16, __builtin_bswap16((uint16_t)DST))
UNARY(SWAP32, __builtin_bswap32((uint32_t)DST))
UNARY(SWAP64, __builtin_bswap64(DST))

IMM64 : IMM64_MAP:
{
    DST = op[1].imm64;
    op++;
    NEXT;
}

/* ---- jumps ---- */

#define JUMP_CODE(label, word_type, sword_type, second, condition) \
    label: {                                                       \
        typedef sword_type sword;                                  \
        const word_type a = (word_type)DST;                        \
        const word_type b = (word_type)(second);                   \
        (void)(sword)a;                                            \
        if (condition)                                             \
            op += op->offset;                                      \
        NEXT;                                                      \
    }

#define JUMP(name, condition)                                    \
    JUMP_CODE(name##_64_K, uint64_t, int64_t, IMM_64, condition) \
    JUMP_CODE(name##_64_X, uint64_t, int64_t, SRC, condition)    \
    JUMP_CODE(name##_32_K, uint32_t, int32_t, IMM_32, condition) \
    JUMP_CODE(name##_32_X, uint32_t, int32_t, SRC, condition)

JUMP(JEQ, a == b)
JUMP(JGT, a > b)
JUMP(JGE, a >= b)
JUMP(JSET, (a & b) != 0)
JUMP(JNE, a != b)
JUMP(JSGT, (sword)a > (sword)b)
JUMP(JSGE, (sword)a >= (sword)b)
JUMP(JLT, a < b)
JUMP(JLE, a <= b)
JUMP(JSLT, (sword)a < (sword)b)
JUMP(JSLE, (sword)a <= (sword)b)

JA:
{
    op += op->imm;
    NEXT;
}

/* ---- memory ---- */

#define ADDRESS(base) ((void *)(uintptr_t)((base) + (int64_t)op->offset))

#define LOAD(type, as)                                         \
    do {                                                       \
        type value;                                            \
        CHECK(ADDRESS(SRC), sizeof(value), 0);                 \
        __builtin_memcpy(&value, ADDRESS(SRC), sizeof(value)); \
        DST = (as)value;                                       \
    } while (0)

#define STORE(type, what)                                      \
    do {                                                       \
        type value = (type)(what);                             \
        CHECK(ADDRESS(DST), sizeof(value), 1);                 \
        __builtin_memcpy(ADDRESS(DST), &value, sizeof(value)); \
    } while (0)

#define MEMORY(label, statement) \
    label: {                     \
        statement;               \
        NEXT;                    \
    }

MEMORY(LOAD8, LOAD(uint8_t, uint64_t))
MEMORY(LOAD16, LOAD(uint16_t, uint64_t))
MEMORY(LOAD32, LOAD(uint32_t, uint64_t))
MEMORY(LOAD64, LOAD(uint64_t, uint64_t))
MEMORY(LOADSX8, LOAD(int8_t, int64_t))
MEMORY(LOADSX16, LOAD(int16_t, int64_t))
MEMORY(LOADSX32, LOAD(int32_t, int64_t))
MEMORY(STORE8_K, STORE(uint8_t, op->imm))
MEMORY(STORE16_K, STORE(uint16_t, op->imm))
MEMORY(STORE32_K, STORE(uint32_t, op->imm))
MEMORY(STORE64_K, STORE(uint64_t, IMM_64))
MEMORY(STORE8_X, STORE(uint8_t, SRC))
MEMORY(STORE16_X, STORE(uint16_t, SRC))
MEMORY(STORE32_X, STORE(uint32_t, SRC))
MEMORY(STORE64_X, STORE(uint64_t, SRC))

/* Sequentially consistent, as RFC 9669 section 5.3 has no weaker ones. */
#define ATOMIC_CODE(label, word, statement) \
    label: {                                \
        word *at = (word *)ADDRESS(DST);    \
        CHECK(at, sizeof(word), 2);         \
        statement;                          \
        NEXT;                               \
    }

#define ATOMIC(name, function)                                              \
    ATOMIC_CODE(ATOMIC_##name##_64, uint64_t, atomic64_##function(at, SRC)) \
    ATOMIC_CODE(ATOMIC_##name##_32, uint32_t,                               \
                __atomic_##function(at, (uint32_t)SRC, __ATOMIC_SEQ_CST))   \
    ATOMIC_CODE(FETCH_##name##_64, uint64_t,                                \
                SRC = atomic64_##function(at, SRC))                         \
    ATOMIC_CODE(FETCH_##name##_32, uint32_t,                                \
                SRC =                                                       \
                    __atomic_##function(at, (uint32_t)SRC, __ATOMIC_SEQ_CST))

ATOMIC(ADD, fetch_add)
ATOMIC(OR, fetch_or)
ATOMIC(AND, fetch_and)
ATOMIC(XOR, fetch_xor)
ATOMIC_CODE(EXCHANGE_64, uint64_t, SRC = atomic64_exchange(at, SRC))
ATOMIC_CODE(EXCHANGE_32, uint32_t,
            SRC = __atomic_exchange_n(at, (uint32_t)SRC, __ATOMIC_SEQ_CST))

ATOMIC_CODE(COMPARE_EXCHANGE_64, uint64_t,
            r[0] = atomic64_compare_exchange(at, r[0], SRC))
ATOMIC_CODE(COMPARE_EXCHANGE_32, uint32_t, uint32_t old = (uint32_t)r[0];
            __atomic_compare_exchange_n(at, &old, (uint32_t)SRC, 0,
                                        __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
            r[0] = old)

/* ---- calls ---- */

/* What again() takes is what a round costs, which is with the call. */
#define HELPER_CODE(number, name)                                          \
    HELPER_##name:                                                         \
    {                                                                      \
        CHECK_CALL(number);                                                \
        r[0] = helper_##name(execution,                                    \
                             number == PROBE_HELPER_again ? IMM_32 : r[1], \
                             r[2], r[3], r[4], r[5]);                      \
        NEXT;                                                              \
    }

PROBE_HELPERS(HELPER_CODE)

CALL_LOCAL:
{
    CHECK_DEPTH();
    struct execution_frame *frame = &execution->frames[depth++];
    frame->return_to = op;
    for (int i = 0; i < 4; i++)
        frame->saved[i] = r[6 + i];
    r[10] += EBPF_FRAME_SIZE;
    op += op->imm;
    NEXT;
}

EXIT:
{
    if (depth == 0)
        return r[0];
    struct execution_frame *frame = &execution->frames[--depth];
    for (int i = 0; i < 4; i++)
        r[6 + i] = frame->saved[i];
    r[10] -= EBPF_FRAME_SIZE;
    op = frame->return_to;
    NEXT;
}

/* ---- pairs ---- */

#define PAIR_LOAD64    LOAD(uint64_t, uint64_t)
#define PAIR_LOAD32    LOAD(uint32_t, uint64_t)
#define PAIR_STORE64_X STORE(uint64_t, SRC)
#define PAIR_STORE32_X STORE(uint32_t, SRC)
#define PAIR_MOV_64_X  DST = SRC
#define PAIR_MOV_64_K  DST = IMM_64
#define PAIR_ADD_64_K  DST += IMM_64
#define PAIR_EXIT      goto EXIT

#define PAIR_CODE(first, second) \
    first##_##second:            \
    {                            \
        PAIR_##first;            \
        op++;                    \
        COUNT();                 \
        PAIR_##second;           \
        NEXT;                    \
    }

INTERPRETER_PAIRS(PAIR_CODE)
