/*
 * Looking at a task's code, and changing a byte of it.  Thread context; a page
 * may have to come from its pager, so these wait.
 *
 * What is written appears in the task's own copy of the page, which the kernel
 * makes as it does when a task writes to such memory: the program's file and
 * other tasks that run it are not touched.  The page is written to through a
 * mapping of the kernel's, one byte at a time: the task runs meanwhile, and
 * whatever else it writes to that page stays.
 */

#ifndef KERNEL_TASKS_USER_MEMORY_H
#define KERNEL_TASKS_USER_MEMORY_H

#include <stdint.h>

struct vm_map;

/*
 * Copy SIZE bytes of MAP's memory.  0; PROBE_ERROR_FAULT: not all of it is
 * there; PROBE_ERROR_MEMORY.
 */
int user_memory_read(struct vm_map *map, uint64_t address, void *buffer,
                     uint32_t size);

/*
 * Write one byte, whatever the protection is, which is as before afterwards.
 * 0; PROBE_ERROR_FAULT; PROBE_ERROR_SHARED: others would see it, or it is
 * never to be written; PROBE_ERROR_BUSY: the task forks all the time;
 * PROBE_ERROR_MEMORY.
 */
int user_memory_write(struct vm_map *map, uint64_t address, uint8_t byte);

#endif /* KERNEL_TASKS_USER_MEMORY_H */
