/*
 * What a program is given about the hit: r1 points to a struct
 * probe_context, of which only saved[] may be written.
 *
 * The program of a PROBE_RETURN finds registers as they are just after the
 * return: the result in rax (eax), the stack pointer above the return address.
 *
 * Registers stand in the order in which DWARF numbers them for the
 * architecture (x86-64 psABI, figure 3.36; i386 psABI, table 2.14), so a
 * register number in a location description is an index here.  On 32-bit
 * kernels each is zero-extended.
 *
 *   DWARF   0   1   2   3   4   5   6   7   8 … 15
 *   x86-64  rax rdx rcx rbx rsi rdi rbp rsp r8 … r15
 *   i386    eax ecx edx ebx esp ebp esi edi (8 to 15 are zero)
 */

#ifndef PROTOCOL_CONTEXT_H
#define PROTOCOL_CONTEXT_H

#include <stdint.h>

#define PROBE_CONTEXT_REGISTERS 16

/* Words that the entry program of a PROBE_RETURN can leave for the other. */
#define PROBE_CONTEXT_SAVED 32

struct probe_context {
    uint64_t registers[PROBE_CONTEXT_REGISTERS]; /* as before the hit */
    uint64_t pc;     /* of the probed instruction; PROBE_RETURN: returned to */
    uint64_t flags;  /* flags register */
    uint64_t cookie; /* of the probe, as given when it was attached */
    uint64_t entry_time; /* PROBE_RETURN: ns, when it was entered; else 0 */
    /*
     * Zeroes to begin with; in the program of a PROBE_RETURN what its entry
     * program left there.
     */
    uint64_t saved[PROBE_CONTEXT_SAVED];
};

#endif /* PROTOCOL_CONTEXT_H */
