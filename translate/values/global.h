/*
 * Which variable of the kernel @var("name") or @var("name@file") means.
 */

#ifndef TRANSLATE_VALUES_GLOBAL_H
#define TRANSLATE_VALUES_GLOBAL_H

#include "debuginfo/variable.h"

/*
 * The one called NAME of FILE (its last components, or a glob), static or
 * not; one that FILE only declares is found where it is defined.  Without a
 * FILE it is that of compilation unit UNIT, the one of the probe (0: none),
 * else the one that is not static, else the only static one.  -1 with an error
 * that says where there are some, or which names are like it.
 */
int global_find(struct debuginfo *debuginfo, struct arena *arena,
                const char *name, const char *file, uint64_t unit,
                struct debuginfo_variable *found, struct error *error);

#endif /* TRANSLATE_VALUES_GLOBAL_H */
