#include "mach/ioport.h"
#include "mig/mach_i386_user.h"

kern_return_t
ioport_grant(mach_port_t device, uint16_t first, uint16_t last,
             mach_port_t *permission)
{
    kern_return_t kr;

    kr = i386_io_perm_create(device, first, last, permission);
    if (kr != KERN_SUCCESS)
        return kr;
    kr = i386_io_perm_modify(mach_task_self(), *permission, TRUE);
    if (kr != KERN_SUCCESS)
        mach_port_deallocate(mach_task_self(), *permission);
    return kr;
}

void
ioport_withdraw(mach_port_t permission)
{
    i386_io_perm_modify(mach_task_self(), permission, FALSE);
    mach_port_deallocate(mach_task_self(), permission);
}
