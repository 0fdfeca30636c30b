/*
 * What the kernel's machine code is: instructions, and how each can be run at
 * another place.
 */

#ifndef IMAGE_CODE_H
#define IMAGE_CODE_H

#include "image/kernel.h"
#include "protocol/image.h"

struct instruction {
    uint64_t address;
    uint8_t length;
    uint8_t move;               /* enum image_move */
    bool branch;                /* direct: to TARGET */
    bool call;                  /* direct or not */
    bool falls;                 /* the next instruction may follow */
    bool may_wait;              /* may page-fault and sleep, see code.c */
    uint64_t target;            /* of a direct branch or call */
    uint64_t names[2];          /* addresses that operands name, or 0 */
    ZydisRegister immediate_to; /* register that gets names[0], or NONE */
    uint16_t writes;            /* general registers: see code_register */
    bool push;                  /* of one word: names[0], or PUSHED */
    ZydisRegister pushed;       /* register, or NONE */
    bool fills;                 /* rep stos: it fills memory */
};

struct code {
    ZydisDecoder decoder;
    const struct machine *machine;
};

void code_start(struct code *code, const struct machine *machine);

/* Decode what starts at ADDRESS with at most SIZE bytes; -1 if nothing does. */
int code_decode(const struct code *code, const uint8_t *bytes, size_t size,
                uint64_t address, struct instruction *instruction);

/* The bit in WRITES of a general register or a part of one; 0 for others. */
uint16_t code_register(ZydisRegister name);

/*
 * Copy an instruction from FROM to a place TO whose address is TO_ADDRESS, so
 * that it does there what it does at its own.  Returns the bytes written, at
 * most CODE_MOVED_MAX, or 0 if it cannot be moved.
 */
#define CODE_MOVED_MAX 16
size_t code_move(const struct instruction *instruction, const uint8_t *from,
                 uint8_t *to, uint64_t to_address);

#endif /* IMAGE_CODE_H */
