/*
 * Errors of the probe port: what its routines return beside Mach's own
 * codes, and (negated) what helpers return to programs.
 */

#ifndef PROTOCOL_ERROR_H
#define PROTOCOL_ERROR_H

/* X(name, text) */
#define PROBE_ERRORS(X)                                               \
    X(PRIVILEGE, "not the host privileged port")                      \
    X(VERSION, "the process speaks another version of the protocol")  \
    X(SESSIONS, "too many sessions are open")                         \
    X(MEMORY, "the kernel has no memory left for this")               \
    X(ARGUMENT, "an argument is out of range")                        \
    X(LIMIT, "a limit of the session is reached")                     \
    X(ADDRESS, "the address is no instruction of the kernel's text")  \
    X(FORBIDDEN, "this place must not be probed")                     \
    X(ENTRY_KIND, "no jump can be placed at this function's entry")   \
    X(PROGRAM, "the verifier rejected the program")                   \
    X(NO_PROGRAM, "there is no program of this number")               \
    X(NO_MAP, "there is no map of this number")                       \
    X(NO_PROBE, "there is no probe of this number")                   \
    X(NO_KEY, "the map has no such key")                              \
    X(KEY_EXISTS, "the map has this key already")                     \
    X(FULL, "the map is full")                                        \
    X(NO_SYMBOL, "the kernel has no such symbol")                     \
    X(FAULT, "the memory cannot be read")                             \
    X(BUSY, "in use by another CPU or thread")                        \
    X(RINGS, "the rings are not mapped, or are mapped already")       \
    X(SUPPORT, "this kernel cannot do that")                          \
    X(CPU, "a processor does not answer, and all must stand still")   \
    X(NO_TASK, "there is no such task")                               \
    X(TEXT, "the task has other bytes there than the program's file") \
    X(SHARED, "that memory is not the task's own to change")          \
    X(REACH, "the task has no free page near enough to that place")   \
    X(WATCHES, "all debug registers are in use; there are 4")         \
    X(LENGTH, "1, 2, 4 or (64 bits) 8 bytes can be watched, aligned") \
    X(DATA, "the address is no memory of the kernel's to be watched")

/* "mp" in the upper half: no clash with Mach's small numbers and systems. */
#define PROBE_ERROR_BASE 0x6d700000

enum probe_error {
    PROBE_ERROR_FIRST = PROBE_ERROR_BASE,
#define PROBE_ERROR_NUMBER(name, text) PROBE_ERROR_##name,
    PROBE_ERRORS(PROBE_ERROR_NUMBER)
#undef PROBE_ERROR_NUMBER
};

#endif /* PROTOCOL_ERROR_H */
