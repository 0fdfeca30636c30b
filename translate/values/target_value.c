#include "protocol/helper.h"
#include "translate/values/moment.h"

bool
target_may_fault(const struct target_value *value)
{
    LIST_EACH (step, &value->steps)
        if (step->kind == STEP_LOAD || step->kind == STEP_LOAD_USER ||
            (step->kind == STEP_SAVED && (step->value & STEP_SAVED_FAULTS)))
            return true;
    return value->read != TARGET_NUMBER || value->written;
}

int
target_helper(const struct target_value *value)
{
    static const int helpers[] = {
        [TARGET_KERNEL_STRING] = PROBE_HELPER_read_kernel_string,
        [TARGET_USER_STRING] = PROBE_HELPER_read_user_string,
        [TARGET_KERNEL_BYTES] = PROBE_HELPER_read_kernel,
        [TARGET_USER_BYTES] = PROBE_HELPER_read_user,
    };

    return helpers[value->read];
}

bool
target_varies(const step_list *steps)
{
    LIST_EACH (step, steps)
        if (step->kind == STEP_VARIABLE)
            return true;
    return false;
}

bool
target_same_steps(const step_list *a, const step_list *b)
{
    if (a->count != b->count)
        return false;
    for (unsigned i = 0; i < a->count; i++)
        if (a->items[i].kind != b->items[i].kind ||
            a->items[i].value != b->items[i].value)
            return false;
    return true;
}
