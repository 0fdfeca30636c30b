/*
 * Functions that programs may call (EBPF_CALL_HELPER), and map types.
 *
 * Arguments are in r1 to r5, the result in r0.  Where a helper does what a
 * Linux helper of the same name does, it has the same number, so that C
 * handlers and compilers' headers carry over; those of our own start at
 * 0x1000.  Negative results are -enum probe_error (protocol/error.h).
 */

#ifndef PROTOCOL_HELPER_H
#define PROTOCOL_HELPER_H

/*
 * number, name, what it does.  Argument kinds are in the verifier's table
 * (kernel/program).
 *
 *  map_lookup(map, key *) -> value * or 0
 *      The value's memory stays valid until the program ends.
 *  map_update(map, key *, value *, flags) -> 0 or error
 *      flags: PROBE_MAP_ANY, PROBE_MAP_NOEXIST, PROBE_MAP_EXIST.
 *  map_delete(map, key *) -> 0 or error
 *  time_ns() -> nanoseconds since the session's clock started; monotonic
 *  cpu() -> number of the CPU, from 0
 *  task_name(buffer *, size) -> length or error
 *      Name of the current task, NUL-terminated.
 *  stack(context *, buffer *, size, flags) -> bytes or error
 *      Addresses of the hit's stack, the innermost first, 8 bytes each, as
 *      many as there are and as SIZE, a multiple of 8, has room for; the
 *      rest of the buffer is zeroed.  The first is where the CPU is, the
 *      others are return addresses.  flags: PROBE_STACK_*; the lowest byte
 *      is how many addresses to leave out.
 *  read_kernel(buffer *, size, address) -> 0 or error
 *  read_user(buffer *, size, address) -> 0 or error
 *      Copies SIZE bytes; if any cannot be read the buffer is zeroed and
 *      the result is -PROBE_ERROR_FAULT.  Never faults.
 *  read_kernel_string(buffer *, size, address) -> length or error
 *  read_user_string(buffer *, size, address) -> length or error
 *      Copies up to SIZE-1 bytes and a NUL; the length counts the NUL.
 *  task() -> address of the current task's struct task, its identity
 *  thread() -> address of the current thread's struct thread
 *  record_reserve(size, flags) -> record * or 0
 *      Room of SIZE bytes (a constant, at most PROBE_RECORD_PAYLOAD_MAX) in
 *      this CPU's ring, zeroed; 0 when the ring is full, which is counted
 *      as lost.  flags: 0, or PROBE_RECORD_RAW: not zeroed.  At most one is
 *      open at a time, and each path ends it by submit or discard.
 *  record_submit(record *), record_discard(record *)
 *  record_trim(record *, size) -> size
 *      When it is submitted, the record has its first SIZE bytes only; with
 *      a SIZE of 0 or of more than was reserved it keeps all.
 *  write_kernel(buffer *, size, address) -> 0 or error
 *      Copies SIZE bytes, all of them or none: -PROBE_ERROR_FAULT where any
 *      cannot be written, as the kernel's text and what belongs to the probe
 *      subsystem itself.  Up to 8 bytes that are aligned, at once.
 *  write_register(context *, number, value) -> 0 or error
 *      The register, numbered as in the context, is VALUE when the probed code
 *      goes on, and in the context at once.  -PROBE_ERROR_ARGUMENT: there is no
 *      such register, or it cannot be changed.
 *      Both only in programs of sessions that asked for it
 *      (probe_allow_writes).
 *  again() -> 1 or 0
 *      To be asked before each round of a loop whose rounds nobody can tell
 *      beforehand, as one along a list; 0 says that the loop has to end, as
 *      another round could take this run beyond PROBE_PROGRAM_WORK_MAX.
 */
#define PROBE_HELPERS(X)       \
    X(1, map_lookup)           \
    X(2, map_update)           \
    X(3, map_delete)           \
    X(5, time_ns)              \
    X(8, cpu)                  \
    X(16, task_name)           \
    X(67, stack)               \
    X(112, read_user)          \
    X(113, read_kernel)        \
    X(114, read_user_string)   \
    X(115, read_kernel_string) \
    X(0x1000, task)            \
    X(0x1001, thread)          \
    X(0x1002, record_reserve)  \
    X(0x1003, record_submit)   \
    X(0x1004, record_discard)  \
    X(0x1005, record_trim)     \
    X(0x1006, again)           \
    X(0x1007, write_kernel)    \
    X(0x1008, write_register)

enum probe_helper {
#define PROBE_HELPER_NUMBER(number, name) PROBE_HELPER_##name = number,
    PROBE_HELPERS(PROBE_HELPER_NUMBER)
#undef PROBE_HELPER_NUMBER
};

/* Flags of stack.  Frames are found by frame pointers. */
#define PROBE_STACK_SKIP 0xff  /* mask: addresses to leave out */
#define PROBE_STACK_USER 0x100 /* of user mode, else of the kernel */
/* The hit is at the entry of a function of user mode, which the kernel does not
 * know: the return address is on top of the stack, and no frame is there. */
#define PROBE_STACK_ENTERED 0x2000
/*
 * Begin with what the innermost interrupt interrupted, which may be user
 * mode: then there are no addresses of the kernel.  Without an interrupt
 * there are none at all.
 */
#define PROBE_STACK_INTERRUPTED 0x1000

/* Flags of record_reserve. */
#define PROBE_RECORD_RAW 1 /* what was there before is still there */

/* Types of maps.  Memory is allocated in full when a map is created. */
enum probe_map_type {
    PROBE_MAP_HASH = 1,         /* keys of any bytes */
    PROBE_MAP_ARRAY = 2,        /* keys are uint32_t below the capacity */
    PROBE_MAP_PERCPU_ARRAY = 6, /* an array for each CPU */
};

/* Flags of map_update. */
#define PROBE_MAP_ANY     0 /* create or replace */
#define PROBE_MAP_NOEXIST 1 /* create only */
#define PROBE_MAP_EXIST   2 /* replace only */

#endif /* PROTOCOL_HELPER_H */
