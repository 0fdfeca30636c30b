/*
 * The table of code addresses, included where the labels of
 * interpreter_body.h are.  No include guard: see there.
 */

#define CODE(name)           [OPERATION_##name] = &&name,
#define CODES_4(name)        OPERATIONS_FOUR(CODE, name)
#define CODES_2(name)        CODE(name##_64) CODE(name##_32)
#define CODE_HELPER(n, name) [INTERPRETER_HELPER_##name] = &&HELPER_##name,
#define CODE_PAIR(first, second) \
    [INTERPRETER_##first##_##second] = &&first##_##second,
#define CODE_OTHER(name) [OPERATION_##name] = &&name,

OPERATIONS_ALU(CODES_4)
OPERATIONS_JUMP(CODES_4)
OPERATIONS_ATOMIC(CODES_2)
OPERATIONS_OTHER(CODE_OTHER)
PROBE_HELPERS(CODE_HELPER)
INTERPRETER_PAIRS(CODE_PAIR)
