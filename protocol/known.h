/*
 * What the process that loads a program knows, and who wrote the program did
 * not: a 64-bit immediate load whose variant is EBPF_IMM64_KNOWN stands for
 * one of these, by imm.  The process puts the value in before it loads the
 * program; the kernel takes no such variant.
 */

#ifndef PROTOCOL_KNOWN_H
#define PROTOCOL_KNOWN_H

#define EBPF_IMM64_KNOWN 15

enum known {
    KNOWN_TARGET, /* what target() gives: mostly the address of a task */
    KNOWN_SELF,   /* address of the process's own task */
    KNOWN_HIDDEN, /* the same if it is not traced itself, else 0 */
};

#endif /* PROTOCOL_KNOWN_H */
