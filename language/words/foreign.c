#include "language/words/foreign.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define NO_PROCESS                                                          \
    "the kernel knows no process identifiers; use task() for the identity " \
    "of a task"
#define NO_USER    "the kernel knows no users; they are the Hurd's"
#define NO_FILE    "the kernel knows no files; they are the Hurd's"
#define NO_SIGNAL  "the kernel knows no signals; they are the Hurd's"
#define NO_NETWORK "the kernel knows no protocols; they are the Hurd's"
#define NO_ARGUMENTS                                                         \
    "the kernel does not know what a task was started with; use execname() " \
    "for its name"
#define NO_TASK                                                           \
    "Linux's task_struct is not here; use @cast(task(), \"task\") or "    \
    "@cast(thread(), \"thread\") for what the kernel knows of a task or " \
    "thread"
#define NO_KERNEL_CODE "a handler runs in a process, not in the kernel"
#define NO_CHANGE                                                        \
    "a handler runs when the thread has long gone on; it cannot change " \
    "what the thread reads"

/* A name that ends in '*' stands for all that begin so. */
static const struct {
    const char *name;
    const char *reason;
} table[] = {
    {"addr_to_node", "GNU Mach does not know nodes of memory"},
    {"cmdline_*", NO_ARGUMENTS},
    {"cpuid", "it is called cpu() now"},
    {"current_exe_file", NO_FILE},
    {"d_name", NO_FILE},
    {"d_path", NO_FILE},
    {"dump_stack", "use print_backtrace()"},
    {"egid", NO_USER},
    {"euid", NO_USER},
    {"ftrace", "Linux's ftrace is not here; use log()"},
    {"fullpath_struct_*", NO_FILE},
    {"get_sa_*", NO_SIGNAL},
    {"gid", NO_USER},
    {"inet_get_*", NO_NETWORK},
    {"inode_*", NO_FILE},
    {"ipmib_*", NO_NETWORK},
    {"is_myproc", NO_USER},
    {"is_sig_blocked", NO_SIGNAL},
    {"linuxmib_*", NO_NETWORK},
    {"mdelay", NO_KERNEL_CODE ", so it cannot delay what it is about"},
    {"module_size", "a script is a process here, no module"},
    {"nfsd*", NO_FILE},
    {"ns_*", "the kernel knows no name spaces"},
    {"panic", NO_KERNEL_CODE ", so it cannot stop it"},
    {"pexecname", NO_PROCESS},
    {"pgrp", NO_PROCESS},
    {"pid2execname", NO_PROCESS},
    {"pid2task", NO_PROCESS},
    {"ppid", NO_PROCESS},
    {"printk", NO_KERNEL_CODE "; use log()"},
    {"proc_mem_*", NO_TASK},
    {"pstrace", NO_PROCESS},
    {"raise", NO_SIGNAL},
    {"real_mount", NO_FILE},
    {"reverse_path_walk", NO_FILE},
    {"rlimit_from_str", "limits of resources are the Hurd's"},
    {"sa_*", NO_SIGNAL},
    {"set_*", NO_CHANGE},
    {"sid", NO_PROCESS},
    {"sigset_mask_str", NO_SIGNAL},
    {"sock_*", NO_NETWORK},
    {"stp_pid", NO_PROCESS},
    {"switch_file", "a script cannot change files; option -S does after each "
                    "so many MiB, and the signal SIGUSR2 at any time"},
    {"target_set_*",
     "the kernel knows no families of tasks; compare task() with target()"},
    {"task_*", NO_TASK},
    {"tcpmib_*", NO_NETWORK},
    {"udelay", NO_KERNEL_CODE ", so it cannot delay what it is about"},
    {"uid", NO_USER},
    {"usrdev2kerndev", "devices have names, not numbers, in GNU Mach"},
    {"vm_fault_contains",
     "what vm_fault() returns is a kern_return_t; use mach_error_string()"},
};

static bool
matches(const char *pattern, const char *name)
{
    size_t length = strcspn(pattern, "*");

    return strncmp(pattern, name, length) == 0 &&
           (pattern[length] == '*' || name[length] == '\0');
}

const char *
foreign_function(const char *name)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (matches(table[i].name, name))
            return table[i].reason;
    return NULL;
}
