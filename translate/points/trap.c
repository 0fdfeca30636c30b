/*
 * System calls: which functions of the kernel do them, by the table from which
 * its assembler calls them, and where those end that do not return.
 */

#include <string.h>

#include "debuginfo/call.h"
#include "debuginfo/ctype.h"
#include "translate/points/place_i.h"

#define TABLE  "mach_trap_table"
#define ROW    "mach_trap_t"
#define MEMBER "mach_trap_function"

/* What ends a system call whose thread has given up its stack: it goes to user
 * mode with the result that it is given. */
#define RETURN "thread_syscall_return"

static uint64_t
read_word(const uint8_t *bytes, unsigned size)
{
    uint64_t word = 0;

    for (unsigned i = size; i > 0; i--)
        word = word << 8 | bytes[i - 1];
    return word;
}

static bool
is_listed(const trap_list *traps, const struct debuginfo_function *function)
{
    LIST_EACH (trap, traps)
        if (*trap == function)
            return true;
    return false;
}

int
place_find_traps(struct place_finder *finder, trap_list *traps,
                 struct error *error)
{
    struct debuginfo *debuginfo = finder->kernel->debuginfo;
    unsigned word = debuginfo_word_size(debuginfo), pointers = 0;
    uint64_t address = 0, size = 0;
    struct cmember member = {0};
    struct ctype row = {0};

    if (ctype_named(debuginfo, ROW, &row, &pointers, error) != 0 ||
        ctype_member(debuginfo, &row, MEMBER, &member, error) != 0)
        return -1;
    const uint8_t *table =
        debuginfo_symbol(debuginfo, TABLE, &address, &size) == 0
            ? debuginfo_data(debuginfo, address, size)
            : NULL;
    if (table == NULL || row.size < member.offset + word)
        return error_set(error, "the kernel has no table '" TABLE "' of its "
                                "system calls");
    for (uint64_t at = 0; at + row.size <= size; at += row.size) {
        const struct debuginfo_function *function = debuginfo_function_at(
            debuginfo, read_word(table + at + member.offset, word));

        if (function != NULL && !is_listed(traps, function))
            LIST_ADD(finder->arena, traps, function);
    }
    return 0;
}

void
place_find_trap_returns(struct place_finder *finder,
                        debuginfo_call_places *places)
{
    debuginfo_find_call_places(finder->kernel->debuginfo, RETURN, finder->arena,
                               places);
}
