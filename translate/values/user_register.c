#include "translate/values/user_register.h"

#include "debuginfo/ctype.h"

/* Members of struct i386_saved_state by DWARF's numbers; on x86-64 the first
 * have the names that they have on i386. */
static const char *const wide[] = {
    "eax", "edx", "ecx", "ebx", "esi", "edi", "ebp", "uesp",
    "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15",
};
static const char *const narrow[] = {
    "eax", "ecx", "edx", "ebx", "uesp", "ebp", "esi", "edi",
};

int
user_register(struct moment *moment, int64_t number, unsigned size,
              struct target_value *value, struct error *error)
{
    bool is_wide = moment_word_size(moment) == 8;
    const char *path[] = {"pcb", "iss", NULL};
    struct debuginfo *debuginfo = kernel_debuginfo(moment->kernel, error);
    struct ctype type;

    if (debuginfo == NULL)
        return -1;
    if (ctype_struct(debuginfo, "thread", &type) != 0)
        return error_set(error, "the kernel has no struct 'thread'");
    path[2] = is_wide ? wide[number] : narrow[number];
    moment_add(moment, value, STEP_THREAD, 0);
    for (unsigned i = 0; i < sizeof(path) / sizeof(path[0]); i++) {
        struct cmember member;

        if (type.kind == CTYPE_POINTER) {
            moment_add(moment, value, STEP_LOAD, (int64_t)type.size);
            if (ctype_target(debuginfo, &type, &type) != 0)
                return error_set(error, "cannot read the registers of a task");
        }
        if (ctype_member(debuginfo, &type, path[i], &member, error) != 0)
            return -1;
        moment_add(moment, value, STEP_CONSTANT, (int64_t)member.offset);
        moment_add(moment, value, STEP_ADD, 0);
        type = member.type;
    }
    moment_add(moment, value, STEP_LOAD, size);
    return 0;
}
