/*
 * Does a number in the code become an argument of the call that tells the
 * memory set-up what is in use?
 *
 *     biosmem_register_boot_data(start, end, temporary)
 *
 * On x86-64 the number is moved to the argument's register.  On i386 it is
 * pushed, or moved to a register that is pushed (where addresses have 64
 * bits, their upper half is pushed before), and nothing else changes the
 * stack up to the call.  From the number to the call control goes straight.
 */

#include "image/patch_i.h"

#include <string.h>

#include <dwarf.h>

#define BOOT_REGISTER "biosmem_register_boot_data"

/* Words that are pushed for one call: more than it has parameters. */
#define WORDS_MAX 16

/* What is pushed on the way to the call, and by which word the number is. */
struct pushes {
    bool number[WORDS_MAX];
    unsigned count;
};

/* Bytes of the parameters before one of BOOT_REGISTER's. */
struct parameters {
    unsigned argument;
    uint64_t bytes;
};

static int
visit_parameters(Dwarf_Die *die, void *context)
{
    struct parameters *parameters = context;
    const char *name = dwarf_diename(die);
    Dwarf_Attribute attribute;
    Dwarf_Die child, type;
    Dwarf_Word size;
    unsigned index = 0;

    if (dwarf_tag(die) != DW_TAG_subprogram || name == NULL ||
        strcmp(name, BOOT_REGISTER) != 0 || dwarf_child(die, &child) != 0)
        return 0;
    parameters->bytes = 0;
    do {
        if (dwarf_tag(&child) != DW_TAG_formal_parameter)
            continue;
        if (index++ == parameters->argument)
            return 1;
        if (dwarf_attr_integrate(&child, DW_AT_type, &attribute) == NULL ||
            dwarf_formref_die(&attribute, &type) == NULL ||
            dwarf_aggregate_size(&type, &size) != 0)
            return 0;
        parameters->bytes += size;
    } while (dwarf_siblingof(&child, &child) == 0);
    return 0;
}

/* Does the call find the number where it looks for an argument? */
static bool
is_argument(const struct analysis *analysis, const struct pushes *pushes,
            uint16_t holder, unsigned argument)
{
    const struct machine *machine = analysis->kernel->machine;
    struct parameters parameters = {.argument = argument};
    uint64_t word;

    if (machine->arguments[argument] != ZYDIS_REGISTER_NONE)
        return holder == code_register(machine->arguments[argument]);
    if (kernel_visit(analysis->kernel, visit_parameters, &parameters) == 0)
        return false;
    word = parameters.bytes / machine->word_size;
    return word < pushes->count && pushes->number[pushes->count - 1 - word];
}

bool
patch_tells_memory(const struct analysis *analysis, unsigned index,
                   unsigned argument)
{
    const uint16_t stack = code_register(ZYDIS_REGISTER_RSP);
    const struct symbol *tell =
        symbols_find(&analysis->kernel->symbols, BOOT_REGISTER, NULL);
    const struct instruction *at = &analysis->code[index];
    uint16_t holder = code_register(at->immediate_to);
    struct pushes pushes = {.number = {at->push}, .count = at->push};

    if (tell == NULL || (holder == 0 && !at->push))
        return false;
    for (index++; index < analysis->code_count; index++) {
        at = &analysis->code[index];
        if (at->call)
            return at->branch && at->target == tell->address &&
                   is_argument(analysis, &pushes, holder, argument);
        if (at->branch || !at->falls || pushes.count == WORDS_MAX ||
            (!at->push && (at->writes & stack) != 0))
            return false;
        if (at->push)
            pushes.number[pushes.count++] =
                holder != 0 && code_register(at->pushed) == holder;
        if ((at->writes & holder) != 0)
            holder = 0;
    }
    return false;
}
