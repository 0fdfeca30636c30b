#include "image/analysis.h"

#include <stdlib.h>
#include <string.h>

#include "image/functions.h"
#include "support/text.h"

#define RET_IMMEDIATE 0xc2 /* ret imm16 */

/* Bytes of a jump with a 32-bit displacement. */
#define JUMP_SIZE 5

static void
add_instruction(struct analysis *analysis,
                const struct instruction *instruction)
{
    if (analysis->code_count == analysis->code_space) {
        analysis->code_space = 2 * analysis->code_space + 65536;
        analysis->code = xrealloc(analysis->code, analysis->code_space *
                                                      sizeof(*analysis->code));
    }
    analysis->code[analysis->code_count++] = *instruction;
}

/*
 * Decode from START to END.  Of a function every byte must be part of an
 * instruction; elsewhere (assembler, padding, maybe data) a byte that starts
 * none is skipped.  Returns false for a function that cannot be decoded.
 */
static bool
decode(struct analysis *analysis, const struct code *code, uint64_t start,
       uint64_t end, bool in_function)
{
    const struct kernel *kernel = analysis->kernel;
    struct instruction instruction;

    while (start < end) {
        uint64_t offset = start - kernel->text_base;

        if (code_decode(code, kernel->text + offset, (size_t)(end - start),
                        start, &instruction) != 0) {
            if (in_function)
                return false;
            start++;
            continue;
        }
        add_instruction(analysis, &instruction);
        if (in_function)
            analysis->bytes[offset] =
                (uint8_t)(instruction.length | instruction.move << 4);
        start += instruction.length;
    }
    return true;
}

/* Decode all of .text, in order. */
static void
decode_text(struct analysis *analysis)
{
    const struct kernel *kernel = analysis->kernel;
    uint64_t at = kernel->text_base;
    struct code code;
    unsigned i;

    code_start(&code, kernel->machine);
    for (i = 0; i < analysis->part_count; i++) {
        const struct part *part = &analysis->parts[i];

        if (part->end <= at)
            continue; /* the same code as another function's */
        decode(analysis, &code, at, part->start, false);
        if (!decode(analysis, &code, part->start, part->end, true))
            analysis_forbid(analysis, &analysis->functions[part->function],
                            IMAGE_REASON_UNKNOWN);
        at = part->end;
    }
    decode(analysis, &code, at, kernel->text_base + kernel->text_size, false);
}

static void
reach(struct analysis *analysis, uint64_t address)
{
    if (kernel_in_text(analysis->kernel, address))
        analysis->reached[address - analysis->kernel->text_base] = 1;
}

/*
 * What code and data name as addresses in text may be jumped to: targets of
 * branches, and words of data (jump tables, function pointers), operands and
 * 32-bit words too.  A number that only looks like an address costs a jump
 * where there could have been one, no more.
 */
static void
find_reached(struct analysis *analysis)
{
    const struct kernel *kernel = analysis->kernel;
    const struct image_file *file = &kernel->file;
    unsigned word = kernel->machine->word_size;
    size_t count = 0, i;
    GElf_Phdr phdr;

    for (i = 0; i < analysis->code_count; i++) {
        const struct instruction *instruction = &analysis->code[i];

        if (instruction->branch)
            reach(analysis, instruction->target);
        reach(analysis, instruction->names[0]);
        reach(analysis, instruction->names[1]);
    }
    elf_getphdrnum(file->elf, &count);
    for (i = 0; i < count; i++) {
        uint64_t address, end;

        gelf_getphdr(file->elf, (int)i, &phdr);
        if (phdr.p_type != PT_LOAD)
            continue;
        address = (phdr.p_vaddr + word - 1) & ~(uint64_t)(word - 1);
        end = phdr.p_vaddr + phdr.p_filesz;
        for (; address + word <= end; address += word) {
            const char *at =
                file->data + phdr.p_offset + (address - phdr.p_vaddr);
            uint64_t value = 0;

            if (kernel_in_text(kernel, address))
                continue;
            memcpy(&value, at, word);
            reach(analysis, value);
        }
    }
}

unsigned
analysis_code_at(const struct analysis *analysis, uint64_t address)
{
    unsigned low = 0, high = analysis->code_count;

    while (low < high) {
        unsigned middle = low + (high - low) / 2;

        if (analysis->code[middle].address < address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const struct part *
part_of(const struct analysis *analysis, uint64_t address)
{
    unsigned low = 0, high = analysis->part_count;

    while (low < high) {
        unsigned middle = low + (high - low) / 2;

        if (analysis->parts[middle].end <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == analysis->part_count || analysis->parts[low].start > address)
        return NULL;
    return &analysis->parts[low];
}

struct function *
analysis_function(const struct analysis *analysis, uint64_t address)
{
    const struct part *part = part_of(analysis, address);

    return part != NULL ? &analysis->functions[part->function] : NULL;
}

/*
 * May a jump take the place of these instructions?
 *
 * Writing or removing a jump is safe when no thread's saved program counter
 * lies behind its first byte: such a thread would go on in the middle of the
 * jump.  The kernel is not preemptible, and the text is written by a thread
 * with interrupts off; so on one CPU no thread is between two instructions
 * but those that sleep.  A thread sleeps in a call, whose return address
 * must therefore not be among the bytes (a call may only be the last), or in
 * a page fault, with the program counter of the instruction that faulted: so
 * only the first may be one that may fault and wait.  On trixie and sid this
 * last rule costs the jump of one function in twenty-five.
 */
uint8_t
analysis_displaced(const struct analysis *analysis, uint64_t address,
                   bool running, enum image_reason *reason)
{
    const struct part *part = part_of(analysis, address);
    unsigned first = analysis_code_at(analysis, address);
    const struct instruction *at = &analysis->code[first];
    uint64_t end = address, byte;

    for (; end - address < JUMP_SIZE; at++) {
        if (part == NULL || end >= part->end) {
            *reason = IMAGE_REASON_SHORT;
            return 0;
        }
        end += at->length;
        if (at->move == IMAGE_MOVE_NEVER ||
            ((at->call || !at->falls) && end - address < JUMP_SIZE)) {
            *reason =
                end < part->end ? IMAGE_REASON_RELOCATION : IMAGE_REASON_SHORT;
            return 0;
        }
        if (running && at->may_wait && at->address != address) {
            *reason = IMAGE_REASON_FAULTS;
            return 0;
        }
    }
    for (byte = address + 1; byte < end; byte++) {
        if (analysis->reached[byte - analysis->kernel->text_base]) {
            *reason = IMAGE_REASON_TARGET;
            return 0;
        }
    }
    return (uint8_t)(end - address);
}

void
analysis_forbid(struct analysis *analysis, struct function *function,
                enum image_reason reason)
{
    unsigned index = (unsigned)(function - analysis->functions);
    unsigned i;

    function->forbidden = true;
    function->reason = reason;
    function->entry = 0;
    for (i = 0; i < analysis->part_count; i++) {
        const struct part *part = &analysis->parts[i];

        if (part->function == index)
            memset(analysis->bytes +
                       (part->start - analysis->kernel->text_base),
                   0, (size_t)(part->end - part->start));
    }
}

/* Is a function NAME, or a clone of it (NAME.part.0)? */
static bool
is_called(const struct function *function, const char *name)
{
    size_t size = strlen(name);

    return strncmp(function->name, name, size) == 0 &&
           (function->name[size] == '\0' || function->name[size] == '.');
}

static void
judge(struct analysis *analysis, struct function *function,
      const struct needs *needs)
{
    uint64_t offset = function->address - analysis->kernel->text_base;

    if (function->forbidden)
        return;
    LIST_EACH (at, &needs->forbidden) {
        if (is_called(function, at->name)) {
            analysis_forbid(analysis, function, at->reason);
            return;
        }
    }
    if (IMAGE_MOVE(analysis->bytes[offset]) == IMAGE_MOVE_NEVER) {
        analysis_forbid(analysis, function, IMAGE_REASON_RELOCATION);
        return;
    }
    function->entry = analysis_displaced(analysis, function->address, true,
                                         &function->reason);
}

/*
 * A loop that leads back to the function's first instruction would make each
 * of its turns an entry: such a function is not probed.
 */
static void
forbid_loops(struct analysis *analysis)
{
    unsigned i;

    for (i = 0; i < analysis->code_count; i++) {
        const struct instruction *at = &analysis->code[i];
        struct function *function;

        if (!at->branch || at->call)
            continue;
        function = analysis_function(analysis, at->address);
        if (function != NULL && function->address == at->target)
            analysis_forbid(analysis, function, IMAGE_REASON_LOOP);
    }
}

/*
 * A function that gives a struct returns by `ret 4` on i386: past the word
 * where its caller passed the struct's place.  Whoever waits for its return
 * would look for it one word too high.
 */
static void
forbid_pops(struct analysis *analysis)
{
    const struct kernel *kernel = analysis->kernel;
    unsigned i;

    for (i = 0; i < analysis->code_count; i++) {
        const struct instruction *at = &analysis->code[i];
        struct function *function;

        if (kernel->text[at->address - kernel->text_base] != RET_IMMEDIATE)
            continue;
        function = analysis_function(analysis, at->address);
        if (function != NULL)
            analysis_forbid(analysis, function, IMAGE_REASON_POPS);
    }
}

int
analysis_make(struct analysis *analysis, const struct kernel *kernel,
              const struct needs *needs, struct error *error)
{
    unsigned i;

    *analysis = (struct analysis){.kernel = kernel};
    analysis->reached = xcalloc(kernel->text_size, 1);
    analysis->bytes = xcalloc(kernel->text_size, 1);
    if (functions_read(analysis, error) != 0)
        return -1;
    decode_text(analysis);
    find_reached(analysis);
    forbid_loops(analysis);
    forbid_pops(analysis);
    for (i = 0; i < analysis->function_count; i++)
        judge(analysis, &analysis->functions[i], needs);
    return 0;
}

void
analysis_free(struct analysis *analysis)
{
    free(analysis->functions);
    free(analysis->parts);
    free(analysis->code);
    free(analysis->reached);
    free(analysis->bytes);
    *analysis = (struct analysis){0};
}
