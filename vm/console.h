/*
 * What the kernel's console printed, and whether it tells of the kernel's
 * end.
 *
 * The kernels that machtap links into have the kernel debugger: a panic, a
 * failed assertion or a fault prints a message and stops in it for ever.
 */

#ifndef VM_CONSOLE_H
#define VM_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>

#include "support/text.h"

struct vm_console {
    struct text text; /* without carriage returns */
    int file;         /* a copy goes here, or -1 */
    size_t line;      /* where the last line begins in TEXT */
    bool panicked;    /* a line says that the kernel has failed */
    bool prompt;      /* and its debugger waits for input */
};

void vm_console_add(struct vm_console *console, const char *data, size_t size);

/* The last lines, as much as an error message shows. */
const char *vm_console_end(const struct vm_console *console);

#endif /* VM_CONSOLE_H */
