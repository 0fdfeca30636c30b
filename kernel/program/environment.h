/*
 * What probe programs need from the place where they run.
 *
 * This folder knows no kernel and no C library: it includes protocol/ and
 * what is declared here.  kernel/ implements these functions on GNU Mach,
 * kernel/program/host/ on an ordinary system for the tests.
 *
 * Besides, the compiler calls memcpy, memmove, memset and memcmp where it
 * likes.  Programs run in the probe path, so in the kernel those four have
 * to be ones that cannot be probed.
 *
 * "Probe context" below means: interrupts are off on this CPU, the function
 * may not block, lock, fault, or call anything that can be probed.
 */

#ifndef KERNEL_PROGRAM_ENVIRONMENT_H
#define KERNEL_PROGRAM_ENVIRONMENT_H

#include <stddef.h>
#include <stdint.h>

#include "protocol/context.h"

/*
 * SIZE bytes of zeroes, aligned to 8 bytes, wired; NULL when there is no
 * memory.  Thread context; may block.
 */
void *environment_allocate(size_t size);

/* Give back what environment_allocate returned, with the same SIZE. */
void environment_free(void *memory, size_t size);

/* Number of CPUs, 1 to PROBE_CPUS_MAX; always the same. */
unsigned environment_cpus(void);

/* This CPU, from 0.  Probe context, or thread context with interrupts off. */
unsigned environment_cpu(void);

/*
 * Keep interrupts away from this CPU; the result is given back to restore.
 * Thread context.
 */
unsigned long environment_interrupts_disable(void);
void environment_interrupts_restore(unsigned long state);

/*
 * The rest is called by programs, in probe context, through the helpers of
 * protocol/helper.h, which says what they do.  Results that can be negative
 * are -enum probe_error.  The verifier has checked BUFFER, SIZE and RECORD;
 * an ADDRESS can be anything.
 */

uint64_t environment_time_ns(void);
uint64_t environment_task(void);
uint64_t environment_thread(void);

/* SIZE may be 0: then -PROBE_ERROR_ARGUMENT. */
int64_t environment_task_name(char *buffer, uint32_t size);

/* SIZE may be no multiple of 8: then -PROBE_ERROR_ARGUMENT. */
int64_t environment_stack(const struct probe_context *context, uint64_t *buffer,
                          uint32_t size, uint64_t flags);

/* 0, or -PROBE_ERROR_FAULT and BUFFER is zeroed. */
int64_t environment_read_kernel(void *buffer, uint32_t size, uint64_t address);
int64_t environment_read_user(void *buffer, uint32_t size, uint64_t address);

/*
 * Length with the NUL; -PROBE_ERROR_FAULT and BUFFER holds an empty string;
 * -PROBE_ERROR_ARGUMENT when SIZE is 0.
 */
int64_t
environment_read_kernel_string(char *buffer, uint32_t size, uint64_t address);
int64_t
environment_read_user_string(char *buffer, uint32_t size, uint64_t address);

/* Only for programs that may write; 0, -PROBE_ERROR_FAULT or _ARGUMENT. */
int64_t
environment_write_kernel(const void *buffer, uint32_t size, uint64_t address);
int64_t environment_write_register(struct probe_context *context,
                                   uint64_t number, uint64_t value);

/*
 * Records.  HIT is what was given to program_run.  A verified program has at
 * most one record open and ends each.  The SIZE bytes returned are zeroes,
 * unless FLAGS has PROBE_RECORD_RAW, and stay put until submit or discard.
 */
void *environment_record_reserve(void *hit, uint32_t size, uint64_t flags);
/* The size that it will have. */
uint64_t environment_record_trim(void *hit, uint64_t size);
void environment_record_submit(void *hit, void *record);
void environment_record_discard(void *hit, void *record);

#endif /* KERNEL_PROGRAM_ENVIRONMENT_H */
