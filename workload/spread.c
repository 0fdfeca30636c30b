/*
 * Using all processors.
 *
 * The kernel puts the processors that it starts besides the first into a set
 * of their own, where no thread ever is.  Moved to the default set they take
 * their part of all tasks.
 */

#include "workload/workload.h"

#include "mach/task.h"

static unsigned
move_processors(const processor_t *processors, unsigned count)
{
    processor_set_name_t name;
    processor_set_t set;
    unsigned moved = 0;

    WORKLOAD_CALL(processor_set_default(mach_host_self(), &name));
    WORKLOAD_CALL(host_processor_set_priv(task_ports.host, name, &set));
    for (unsigned i = 0; i < count; i++) {
        kern_return_t kr = processor_assign(processors[i], set, TRUE);

        /* The master processor stays where it is: in this set. */
        if (kr == KERN_SUCCESS)
            moved++;
    }
    return moved;
}

unsigned
workload_spread(void)
{
    processor_array_t processors;
    mach_msg_type_number_t count;

    WORKLOAD_CALL(host_processors(task_ports.host, &processors, &count));
    if (count > 1 && move_processors(processors, count) + 1 < count)
        workload_fail("spread: not all of %u processors could be used", count);
    WORKLOAD_CALL(vm_deallocate(mach_task_self(), (vm_address_t)processors,
                                count * sizeof(*processors)));
    return count;
}
