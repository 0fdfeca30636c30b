/*
 * debuginfo_dump KERNEL: each function with its parameters, their types and
 * where they are at its entry, for comparison with what other readers say.
 *
 *   F address size line external|static name file inlined-instances
 *   P name size type : steps, "value" or "memory"
 *   P name size type ! reason
 *
 * debuginfo_dump KERNEL middle: the same for an address in the middle of each
 * function, with its locals; the function's size is 1.
 *
 * debuginfo_dump KERNEL STRUCT MEMBER...: places of members of a struct.
 *
 *   M name offset bit bits size
 *
 * Steps are r5 (register 5), numbers, @8 (load 8 bytes), s32 and u32 (extend
 * from 32 bits), and #N for the other kinds.
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debuginfo/variable.h"

static void
print_steps(const step_list *steps)
{
    LIST_EACH (step, steps) {
        switch (step->kind) {
        case STEP_REGISTER:
            printf(" r%" PRId64, step->value);
            break;
        case STEP_CONSTANT:
            printf(" %" PRId64, step->value);
            break;
        case STEP_LOAD:
            printf(" @%" PRId64, step->value);
            break;
        case STEP_ADD:
            printf(" +");
            break;
        case STEP_SIGN_EXTEND:
            printf(" s%" PRId64, step->value);
            break;
        case STEP_ZERO_EXTEND:
            printf(" u%" PRId64, step->value);
            break;
        default:
            printf(" #%d", step->kind);
            break;
        }
    }
}

static void
print_location(const struct location *location)
{
    static const char *const kinds[] = {
        [LOCATION_VALUE] = "value",
        [LOCATION_MEMORY] = "memory",
        [LOCATION_PIECES] = "pieces",
        [LOCATION_ABSENT] = "absent",
    };

    print_steps(&location->steps);
    printf(" %s", kinds[location->kind]);
    LIST_EACH (piece, &location->pieces) {
        printf(" [%" PRIu64, piece->bits);
        print_location(piece->place);
        printf("]");
    }
}

static void
print_variable(struct debuginfo *debuginfo,
               const struct debuginfo_function *function,
               const struct debuginfo_variable *variable, uint64_t address,
               struct arena *arena)
{
    struct location location;
    struct error error;
    struct text type = {0};

    ctype_print(debuginfo, &variable->type, &type);
    printf("P %s %" PRIu64 " %s", variable->name, variable->type.size,
           text_string(&type));
    text_free(&type);
    if (debuginfo_locate(debuginfo, function, variable, address, arena,
                         &location, &error) != 0) {
        printf(" ! %s\n", error.text);
        return;
    }
    printf(" :");
    print_location(&location);
    printf("\n");
}

static int
print_members(struct debuginfo *debuginfo, char **words, struct error *error)
{
    struct cmember member;
    struct ctype type;

    if (ctype_struct(debuginfo, words[0], &type) != 0)
        return error_set(error, "there is no struct %s", words[0]);
    for (char **name = words + 1; *name != NULL; name++) {
        if (ctype_member(debuginfo, &type, *name, &member, error) != 0)
            return -1;
        printf("M %s %" PRIu64 " %u %u %" PRIu64 "\n", member.name,
               member.offset, member.bit, member.bits, member.type.size);
    }
    return 0;
}

static void
print_functions(struct debuginfo *debuginfo, bool middle)
{
    struct arena arena = {0};
    unsigned count;
    const struct debuginfo_function *functions =
        debuginfo_functions(debuginfo, &count);

    for (unsigned i = 0; i < count; i++) {
        const struct debuginfo_function *function = &functions[i];
        uint64_t address =
            function->address + (middle ? function->size / 2 : 0);
        debuginfo_variables variables = {0};

        printf("F %" PRIx64 " %" PRIu64 " %u %s %s %s %u\n", address,
               middle ? 1 : function->size, function->line,
               function->external ? "external" : "static", function->name,
               function->file, debuginfo_inline_count(debuginfo, function));
        if (middle)
            debuginfo_locals(debuginfo, function, 0, address, &arena,
                             &variables);
        else
            debuginfo_parameters(debuginfo, function, &arena, &variables);
        LIST_EACH (variable, &variables)
            print_variable(debuginfo, function, variable, address, &arena);
    }
    arena_free(&arena);
}

int
main(int argc, char **argv)
{
    struct debuginfo *debuginfo;
    struct error error;
    int status = 0;

    if (argc < 2) {
        fprintf(stderr, "usage: %s KERNEL [middle | STRUCT MEMBER...]\n",
                argv[0]);
        return 2;
    }
    debuginfo = debuginfo_open(argv[1], &error);
    if (debuginfo == NULL) {
        fprintf(stderr, "%s\n", error.text);
        return 1;
    }
    if (argc == 2 || strcmp(argv[2], "middle") == 0)
        print_functions(debuginfo, argc > 2);
    else
        status = print_members(debuginfo, argv + 2, &error);
    if (status != 0)
        fprintf(stderr, "%s\n", error.text);
    debuginfo_close(debuginfo);
    return status == 0 ? 0 : 1;
}
