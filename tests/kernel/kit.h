/*
 * What the tests of the probe port share: TAP output, short forms of the
 * port's calls, programs, and a second task to be watched.
 *
 * These tasks call MIG's stubs and not client/: they must be able to say
 * what a client would never say.
 */

#ifndef TESTS_KERNEL_KIT_H
#define TESTS_KERNEL_KIT_H

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mach.h>

#include "mach/task.h"
#include "mig/machprobe_user.h"
#include "protocol/context.h"
#include "protocol/ebpf.h"
#include "protocol/error.h"
#include "protocol/helper.h"
#include "protocol/messages.h"
#include "protocol/probe.h"
#include "protocol/ring.h"

/* Where the kernel's addresses begin: its image on x86-64, all on i386. */
#ifdef __x86_64__
#define KERNEL_START 0xffffffff80000000u
#else
#define KERNEL_START 0xc0000000u
#endif

/* ---- TAP ---- */

/* One test; returns OK. */
bool check(bool ok, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* One test: two numbers are equal; both are shown if not. */
bool check_is(uint64_t got, uint64_t expected, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The plan; returns the exit status of main. */
int check_end(void);

/* ---- sessions ---- */

/* A session, or the end of the test. */
mach_port_t session_open(void);

/* Give its last right back. */
void session_close(mach_port_t session);

/* Address of a symbol, or the end of the test. */
uint64_t symbol(mach_port_t session, const char *name);

/* ---- programs ---- */

/* Words to write programs with. */
#define INSN(code, d, s, off, value) \
    {.opcode = (uint8_t)(code),      \
     .dst = (d),                     \
     .src = (s),                     \
     .offset = (int16_t)(off),       \
     .imm = (int32_t)(value)}
#define MOV(d, value)      INSN(EBPF_ALU64 | EBPF_MOV | EBPF_K, d, 0, 0, value)
#define MOVR(d, s)         INSN(EBPF_ALU64 | EBPF_MOV | EBPF_X, d, s, 0, 0)
#define ADD(d, value)      INSN(EBPF_ALU64 | EBPF_ADD | EBPF_K, d, 0, 0, value)
#define LOAD(d, s, off)    INSN(EBPF_LDX | EBPF_MEM | EBPF_DW, d, s, off, 0)
#define STORE(d, s, off)   INSN(EBPF_STX | EBPF_MEM | EBPF_DW, d, s, off, 0)
#define JEQ(d, value, off) INSN(EBPF_JMP | EBPF_JEQ | EBPF_K, d, 0, off, value)
#define CALL(helper)       INSN(EBPF_JMP | EBPF_CALL, 0, 0, 0, PROBE_HELPER_##helper)
#define EXIT               INSN(EBPF_JMP | EBPF_EXIT, 0, 0, 0, 0)
#define IMM64(d, value)                                             \
    INSN(EBPF_LD | EBPF_IMM | EBPF_DW, d, 0, 0, (uint32_t)(value)), \
        INSN(0, 0, 0, 0, (uint32_t)((uint64_t)(value) >> 32))

/* Leaves the value of the first entry of an array, MAP, in r0; r1 is lost, and
 * r2, and four bytes of the stack. */
#define ARRAY_VALUE(map)                                                      \
    MOV(1, 0), INSN(EBPF_STX | EBPF_MEM | EBPF_W, 10, 1, -4, 0), MOVR(2, 10), \
        ADD(2, -4),                                                           \
        INSN(EBPF_LD | EBPF_IMM | EBPF_DW, 1, EBPF_IMM64_MAP, 0, map),        \
        INSN(0, 0, 0, 0, 0), CALL(map_lookup)

/*
 * What registers[] of the context has at a function's entry (protocol/context.h)
 * and how to load the function's third argument into r2, with the context
 * in r6: r0 to r5 are lost.
 */
#define CONTEXT_REGISTER(n) \
    (offsetof(struct probe_context, registers) + 8 * (n))
#ifdef __x86_64__
#define STACK_POINTER       7
#define LOAD_THIRD_ARGUMENT LOAD(2, 6, CONTEXT_REGISTER(1)) /* rdx */
#else
#define STACK_POINTER 4
#define LOAD_THIRD_ARGUMENT                                         \
    MOVR(1, 10), ADD(1, -8), MOV(2, 4),                             \
        LOAD(3, 6, CONTEXT_REGISTER(STACK_POINTER)), ADD(3, 3 * 4), \
        CALL(read_kernel), INSN(EBPF_LDX | EBPF_MEM | EBPF_W, 2, 10, -8, 0)
#endif

/* Load a program; PROBE_ERROR_ code, and LOG (PROBE_LOG_MAX bytes or NULL). */
kern_return_t program_load(mach_port_t session, const struct ebpf_insn *insns,
                           unsigned count, uint32_t *program, char *log);

/* One that does nothing; one that sends registers[0..words-1]. */
uint32_t program_nothing(mach_port_t session);
uint32_t program_record(mach_port_t session, unsigned words);

/* Attach one probe; its number is *PROBE. */
kern_return_t attach(mach_port_t session, uint64_t address, uint32_t kind,
                     uint32_t program, uint64_t cookie, uint32_t *probe);

/* The same with all that can be asked for. */
kern_return_t attach_as(mach_port_t session,
                        const struct probe_request *request, uint32_t *probe);

/* Load a program that must be good. */
uint32_t
program_of(mach_port_t session, const struct ebpf_insn *insns, unsigned count);

/* Statistics of one probe, or the end of the test. */
struct probe_statistics statistics(mach_port_t session, uint32_t probe);

/* ---- records ---- */

/* Map rings of SIZE bytes; the first CPU's, or the end of the test. */
struct probe_ring *ring_map(mach_port_t session, uint32_t size);

/* The next record, or NULL; taken before the next call. */
const struct probe_record *next_record(struct probe_ring *ring);
void take_record(struct probe_ring *ring, const struct probe_record *record);

/* ---- a second task ---- */

enum child_work {
    CHILD_REPLY_PORTS, /* mach_reply_port() traps */
    CHILD_ALLOCATE,    /* vm_allocate and vm_deallocate of a page: RPC */
    CHILD_TOUCH,       /* read a byte at the address COUNT, once */
};

/* Start a task with a copy of our memory. */
struct child;
struct child *child_start(void);

/* Have it do COUNT operations, and wait until it has done them. */
void child_work(struct child *child, enum child_work work, uint64_t count);

/* The same in two steps: without waiting, and the wait. */
void child_begin(struct child *child, enum child_work work, uint64_t count);
void child_finish(struct child *child);

/*
 * Have it run on other CPUs than the first.  The kernel keeps those in a
 * processor set of their own, where nothing runs that was not put there.
 */
void child_move(struct child *child);

/* That processor set; MACH_PORT_NULL with one CPU. */
processor_set_t other_cpus(void);

task_t child_task(const struct child *child);
void child_terminate(struct child *child);

/*
 * Start a task with a copy of our memory that calls FUNCTION, which must not
 * return; it has the host privileged port under the name it has here.
 */
task_t task_fork(void (*function)(void *argument), void *argument);

/* Tell the kernel that the exception of a REQUEST has been handled. */
void exception_reply(const mach_msg_header_t *request);

/* Memory that tasks started later share with us, zeroes. */
void *shared_memory(size_t size);

#endif /* TESTS_KERNEL_KIT_H */
