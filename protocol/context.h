/*
 * What a program is given about the hit: r1 points to a struct
 * probe_context, read-only.
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

struct probe_context {
    uint64_t registers[PROBE_CONTEXT_REGISTERS]; /* as before the hit */
    uint64_t pc;     /* address of the probed instruction */
    uint64_t flags;  /* flags register */
    uint64_t cookie; /* of the probe, as given when it was attached */
};

#endif /* PROTOCOL_CONTEXT_H */
