/*
 * From a script to a process in C and the programs that it loads: passes 1 to
 * 3 of machtap, and the listing of probe points.
 */

#ifndef TRANSLATE_TRANSLATE_H
#define TRANSLATE_TRANSLATE_H

#include <stdbool.h>

#include "language/language.h"
#include "protocol/image.h"
#include "support/error.h"
#include "support/text.h"
#include "translate/emit/emit.h"
#include "translate/objects/object.h"
#include "translate/plan.h"

struct debuginfo;
struct kernel_source;

enum translate_pass {
    TRANSLATE_PARSE = 1,     /* text to tree */
    TRANSLATE_ELABORATE = 2, /* probe points, variables and types found */
    TRANSLATE_GENERATE = 3,  /* programs and C written */
};

struct translate_options {
    struct language_options language;
    struct emit_limits limits;

    /* What is read, in this order. */
    const char *const *libraries; /* paths of .stp and .stpm files */
    unsigned library_count;
    const char *script_file; /* path or "-"; or else... */
    const char *script_text; /* ...the script itself (-e) */
    const char *const *more_texts;
    unsigned more_text_count; /* -E */
    bool targeted; /* -c or -x was given: process.begin means target() */
    const char *const *globals; /* NAME=VALUE: initial values */
    unsigned global_count;

    /* Path of the kernel with debugging information; opened when a script
     * names something of it. */
    const char *kernel;
    /* The tables of the image linked from it (image/image.h), or NULL: then
     * functions that must not be probed are not known. */
    const struct image_header *tables;
    /* An index of its functions (debuginfo_write_index), or NULL. */
    const void *index;
    size_t index_size;
    /* Called once when the script turns out to need the kernel, to set its
     * PATH, TABLES and index (translate/objects/kernel.h); NULL: those above
     * hold. */
    int (*need_kernel)(void *data, struct kernel_source *kernel,
                       struct error *error);
    /* Find a program that a script names (translate/objects/object.h), or NULL. */
    int (*find_program)(void *data, struct arena *arena, const char *name,
                        struct program_file *file, struct error *error);
    /* For plan.identity; NULL: what the tables say, or "". */
    const char *identity;

    enum translate_pass last_pass; /* what comes later is not done */
    /* Called after each pass that was done, for times; may be NULL. */
    void (*pass_done)(void *data, enum translate_pass pass);
    void *data;
};

struct translation {
    struct unit *unit;            /* with messages and warnings */
    struct plan plan;             /* after pass 3 */
    struct text source;           /* C, after pass 3 */
    unsigned parts;               /* of objects that it includes (emit.h) */
    enum translate_pass pass;     /* the one that was reached, or failed */
    struct debuginfo *debuginfo;  /* NULL if it was not needed */
    struct program_list programs; /* that the script names */
    /* Of the kernel, for the script's %( %): "1.8" and what it calls itself
     * behind "GNU Mach ". */
    char *kernel_v;
    char *kernel_vr;
};

/*
 * Translate.  TRANSLATION is filled in any case and is to be freed.  On
 * failure the messages of translation.unit say why, and the error too if
 * its text is not empty (a file cannot be read, ...).
 */
int translate_script(const struct translate_options *options,
                     struct translation *translation, struct error *error);

void translation_free(struct translation *translation);

/* Add what -p1, -p2 or -p3 shows of the pass that was reached. */
void
translation_print(const struct translation *translation, struct text *text);

/*
 * -l and -L: add to TEXT a line for each place that PATTERN, a probe point as
 * in a script, stands for; WITH_VARIABLES its parameters also.  Of the
 * options, the script is not looked at.  Returns -1 if nothing is found or
 * the pattern is wrong; errors are as those of translate_script().  Of the
 * options' scripts only MORE_TEXTS are read, for their aliases.
 */
int translate_list(const struct translate_options *options, const char *pattern,
                   bool with_variables, struct text *text,
                   struct translation *translation, struct error *error);

#endif /* TRANSLATE_TRANSLATE_H */
