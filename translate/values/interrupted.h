/*
 * Registers of what an interrupt interrupted, for probes that are about that.
 */

#ifndef TRANSLATE_VALUES_INTERRUPTED_H
#define TRANSLATE_VALUES_INTERRUPTED_H

#include "translate/values/moment.h"

/*
 * Add the steps that leave register NAME as it was when the interrupt came
 * whose handler the place is.  Fails for those that no interrupt saves.
 */
int interrupted_register(struct moment *moment, const char *name,
                         bool is_signed, struct target_value *value,
                         struct error *error);

#endif /* TRANSLATE_VALUES_INTERRUPTED_H */
