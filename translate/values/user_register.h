/*
 * Registers of user mode, as the kernel has saved them when the thread came
 * into it.
 */

#ifndef TRANSLATE_VALUES_USER_REGISTER_H
#define TRANSLATE_VALUES_USER_REGISTER_H

#include "translate/values/moment.h"

/*
 * Add to VALUE the steps that leave register NUMBER, by DWARF's numbers, of
 * SIZE bytes at most a word, not extended.  Where a system call of amd64
 * changes a register itself, rcx and r11, it is not known.
 */
int user_register(struct moment *moment, int64_t number, unsigned size,
                  struct target_value *value, struct error *error);

#endif /* TRANSLATE_VALUES_USER_REGISTER_H */
