/*
 * The handler of the clock's interrupt has two parameters of use here: where
 * the assembler goes on that called it, and a pointer to the registers that
 * this has saved.  Of an interrupt within another there is no pointer, which is
 * told by the former: then the registers themselves are in its place.
 *
 *   interrupt         interrupt within another
 *   | regs      |-->  | registers |
 *   | ret_addr  |     | ret_addr  |
 *   | ...       |     | ...       |
 *   | return    |     | return    |  <- the stack pointer
 */

#include "translate/values/interrupted.h"

#include <string.h>

#include "debuginfo/variable.h"

/* What the kernel's assembler goes on with, if there is a pointer. */
#define WITH_POINTER "return_to_iret"

/* From the stack pointer at the handler's entry to the registers. */
#define TO_REGISTERS 32

#define SAVED "i386_interrupt_state"

/* Names of registers and of the members of that struct; BITS that are meant. */
static const struct {
    const char *name;
    uint8_t word_size;
    uint8_t bits;
    const char *member; /* NULL: it comes behind the struct */
} registers[] = {
    {"rip", 8, 64, "eip"}, {"rflags", 8, 64, "efl"}, {"cs", 8, 64, "cs"},
    {"rax", 8, 64, "eax"}, {"rcx", 8, 64, "ecx"},    {"rdx", 8, 64, "edx"},
    {"rsi", 8, 64, "rsi"}, {"rdi", 8, 64, "rdi"},    {"r8", 8, 64, "r8"},
    {"r9", 8, 64, "r9"},   {"r10", 8, 64, "r10"},    {"r11", 8, 64, "r11"},
    {"rsp", 8, 64, NULL},  {"eax", 8, 32, "eax"},    {"ecx", 8, 32, "ecx"},
    {"edx", 8, 32, "edx"}, {"esi", 8, 32, "rsi"},    {"edi", 8, 32, "rdi"},
    {"eip", 4, 32, "eip"}, {"eflags", 4, 32, "efl"}, {"cs", 4, 32, "cs"},
    {"eax", 4, 32, "eax"}, {"ecx", 4, 32, "ecx"},    {"edx", 4, 32, "edx"},
};

#define REGISTERS (sizeof(registers) / sizeof(registers[0]))

/* DWARF's number of the stack pointer. */
static int64_t
stack_pointer(unsigned word)
{
    return word == 8 ? 7 : 4;
}

/* Add what leaves a parameter of the handler. */
static int
add_parameter(struct moment *moment, const char *name, step_list *steps,
              struct error *error)
{
    const struct site *site = &moment->place->sites.items[0];
    struct debuginfo *debuginfo = moment->kernel->debuginfo;
    struct step load = {STEP_LOAD, moment_word_size(moment)};
    debuginfo_variables parameters = {0};

    debuginfo_parameters(debuginfo, site->function, moment->arena, &parameters);
    LIST_EACH (parameter, &parameters) {
        struct location location = {0};

        if (strcmp(parameter->name, name) != 0)
            continue;
        if (debuginfo_locate(debuginfo, site->function, parameter,
                             site->address, moment->arena, &location,
                             error) != 0)
            return -1;
        LIST_EACH (step, &location.steps)
            LIST_ADD(moment->arena, steps, *step);
        if (location.kind == LOCATION_MEMORY)
            LIST_ADD(moment->arena, steps, load);
        return 0;
    }
    return error_set(error, "%s() has no parameter '%s'", site->function->name,
                     name);
}

/* Add what leaves the address of the saved registers. */
static int
add_address(struct moment *moment, struct target_value *value,
            struct error *error)
{
    step_list pointer = {0};
    uint64_t address, size;

    if (debuginfo_symbol(moment->kernel->debuginfo, WITH_POINTER, &address,
                         &size) != 0)
        return error_set(error, "the kernel has no symbol '" WITH_POINTER "'");
    if (add_parameter(moment, "ret_addr", &value->steps, error) != 0 ||
        add_parameter(moment, "regs", &pointer, error) != 0)
        return -1;
    moment_add(moment, value, STEP_CONSTANT, (int64_t)address);
    moment_add(moment, value, STEP_EQ, 0);
    moment_add(moment, value, STEP_BRANCH, 4);
    moment_add(moment, value, STEP_REGISTER,
               stack_pointer(moment_word_size(moment)));
    moment_add(moment, value, STEP_CONSTANT, TO_REGISTERS);
    moment_add(moment, value, STEP_ADD, 0);
    moment_add(moment, value, STEP_SKIP, pointer.count);
    LIST_EACH (step, &pointer)
        LIST_ADD(moment->arena, &value->steps, *step);
    return 0;
}

static int
not_saved(unsigned word, const char *name, struct error *error)
{
    struct text text = {0};

    for (size_t i = 0; i < REGISTERS; i++)
        if (registers[i].word_size == word &&
            (word == 4 || registers[i].bits == 64))
            text_printf(&text, " %s", registers[i].name);
    error_set(error, "an interrupt saves no register \"%s\" (those saved:%s)",
              name, text_string(&text));
    text_free(&text);
    return -1;
}

int
interrupted_register(struct moment *moment, const char *name, bool is_signed,
                     struct target_value *value, struct error *error)
{
    struct debuginfo *debuginfo = kernel_debuginfo(moment->kernel, error);
    unsigned word = moment_word_size(moment), pointers = 0;
    struct cmember member = {0};
    struct ctype saved;
    size_t i = 0;

    if (debuginfo == NULL)
        return -1;
    while (i < REGISTERS && (registers[i].word_size != word ||
                             strcmp(registers[i].name, name) != 0))
        i++;
    if (i == REGISTERS)
        return not_saved(word, name, error);
    if (ctype_named(debuginfo, SAVED, &saved, &pointers, error) != 0 ||
        (registers[i].member != NULL &&
         ctype_member(debuginfo, &saved, registers[i].member, &member, error) !=
             0) ||
        add_address(moment, value, error) != 0)
        return -1;
    moment_add(moment, value, STEP_CONSTANT,
               registers[i].member != NULL ? (int64_t)member.offset
                                           : (int64_t)saved.size);
    moment_add(moment, value, STEP_ADD, 0);
    moment_add(moment, value, STEP_LOAD, word);
    if (registers[i].bits < 64)
        moment_add(moment, value,
                   is_signed ? STEP_SIGN_EXTEND : STEP_ZERO_EXTEND,
                   registers[i].bits);
    return 0;
}
