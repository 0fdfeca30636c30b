/*
 * Programs: what runs in the kernel when a probe is hit.
 *
 * A program is eBPF (protocol/ebpf.h, RFC 9669).  Loading it
 *
 *   validates   each instruction alone: known, registers exist, unused
 *               fields are zero, jumps lead to instructions;
 *   verifies    all paths together (verifier.h): they end, and touch only
 *               memory that is theirs;
 *   translates  it into the form that the interpreter runs (interpreter.h).
 *
 * A loaded program is trusted and runs without checks.
 */

#ifndef KERNEL_PROGRAM_PROGRAM_H
#define KERNEL_PROGRAM_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

#include "protocol/context.h"
#include "protocol/ebpf.h"
#include "protocol/limits.h"

struct map;
struct program;

struct program_source {
    const struct ebpf_insn *instructions;
    uint32_t count; /* of instructions, 1 to PROBE_PROGRAM_INSNS_MAX */
    /* The session's maps by number, NULL where there is none. */
    struct map *const *maps;
    uint32_t map_count;
    int may_write; /* what is not the program's: helper_writes() */
};

/*
 * Load a program.  0; PROBE_ERROR_LIMIT (count); PROBE_ERROR_MEMORY; or
 * PROBE_ERROR_PROGRAM, and LOG, LOG_SIZE bytes (PROBE_LOG_MAX is enough),
 * says which instruction is wrong and why:
 *
 *   insn 3: r2 is not set
 *   3: r0 = r2
 *
 * LOG is always NUL-terminated, and empty on success.  The instructions are
 * copied.  The maps that it names must outlive the program.  Thread context;
 * takes up to PROBE_VERIFIER_STEPS_MAX steps of some 100 ns.
 */
int program_load(const struct program_source *source, char *log,
                 size_t log_size, struct program **program);

/* No CPU may be running it. */
void program_free(struct program *program);

/* Bytes of memory that it takes. */
size_t program_memory(const struct program *program);

/* Bytes from the start of the context's saved[] on that it may access. */
static inline uint32_t program_saved(const struct program *program);

/*
 * Where a program runs: its stack and what the helpers need.  One for each
 * CPU (it is too big for a kernel stack); zeroes, CPU and HIT set to begin
 * with.
 */
struct execution {
    unsigned cpu;  /* these two are set once by the owner */
    void *hit;     /* for environment_record_* */
    uint32_t left; /* steps that the rounds of loops may still take */
    struct execution_frame {
        const void *return_to;
        uint64_t saved[4]; /* r6 to r9 */
    } frames[EBPF_CALL_DEPTH];
    uint64_t stack[EBPF_CALL_DEPTH * EBPF_FRAME_SIZE / 8];
};

/*
 * Run a program.  Probe context (environment.h); one run at a time in an
 * execution, and one at a time on a CPU.  Returns r0.
 */
static inline uint64_t program_run(const struct program *program,
                                   struct execution *execution,
                                   struct probe_context *context);

#include "kernel/program/program_i.h"

#endif /* KERNEL_PROGRAM_PROGRAM_H */
