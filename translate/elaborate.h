/*
 * Pass 2: the language's analysis, answered from the kernel's debugging
 * information.
 */

#ifndef TRANSLATE_ELABORATE_H
#define TRANSLATE_ELABORATE_H

#include "translate/objects/kernel.h"
#include "translate/translate.h"

struct elaboration {
    struct arena *arena;
    struct kernel_source kernel;  /* its debuginfo is the caller's to close */
    struct program_list programs; /* the same */
    uint32_t string_size;         /* bytes of a script's string, with the NUL */
    bool targeted;                /* as the translation's options */
};

/* unit_resolve(); APART: functions that share a handler too are probes of
 * their own. */
int elaborate(struct elaboration *elaboration, struct unit *unit, bool apart);

/* Steps of translate_script() that translate_list() takes as well. */
void translation_start(const struct translate_options *options,
                       struct translation *translation);
int translation_add_libraries(const struct translate_options *options,
                              struct translation *translation);
int translation_add_more(const struct translate_options *options,
                         struct translation *translation);

#endif /* TRANSLATE_ELABORATE_H */
