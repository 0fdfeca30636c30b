#include "client/machprobe.h"

#include <stddef.h>

#include <mach.h>

#include "client/session_i.h"
#include "mig/machprobe_user.h"

/* The message brings them: they are given on, and not copied. */
kern_return_t
machprobe_tasks(struct machprobe *session, struct probe_task **tasks,
                uint32_t *count)
{
    mach_msg_type_number_t size = 0;
    char *bytes = NULL;
    kern_return_t error = probe_tasks(session->port, &bytes, &size);

    if (error != KERN_SUCCESS)
        return error;
    *tasks = (struct probe_task *)(void *)bytes;
    *count = size / sizeof(**tasks);
    return KERN_SUCCESS;
}

void
machprobe_tasks_free(struct probe_task *tasks, uint32_t count)
{
    if (tasks != NULL)
        reply_free((char *)tasks, count * sizeof(*tasks));
}
