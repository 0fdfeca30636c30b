/*
 * One run of the command: what its steps hand on to each other.
 */

#ifndef COMMAND_MACHTAP_H
#define COMMAND_MACHTAP_H

#include <stdbool.h>

#include "command/options/options.h"
#include "command/passes/index.h"
#include "command/passes/kernel.h"
#include "command/passes/library.h"
#include "command/passes/pass.h"
#include "image/image.h"
#include "support/error.h"
#include "translate/translate.h"

struct machtap {
    struct options options;
    struct kernel kernel;
    char *version;                  /* of the kernel, "1.8" */
    char *release;                  /* "1.8+git20250702" */
    struct image_header *tables;    /* of the linked kernel; NULL before */
    struct index index;             /* of the kernel's functions */
    bool kernel_needed;             /* by the script, or by an option */
    struct error no_kernel;         /* why none was found */
    struct string_list definitions; /* of -D, for embedded C */
    struct library library;
    struct translation translation;
    struct stopwatch watch;
};

#endif /* COMMAND_MACHTAP_H */
