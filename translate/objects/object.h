/*
 * Executables whose code is probed and whose variables and types are named:
 * the kernel, and programs of user mode, whose tasks have memory of their own.
 */

#ifndef TRANSLATE_OBJECTS_OBJECT_H
#define TRANSLATE_OBJECTS_OBJECT_H

#include <stdbool.h>

#include "debuginfo/debuginfo.h"
#include "protocol/image.h"
#include "protocol/probe.h"
#include "support/arena.h"
#include "support/error.h"

struct kernel_source;

typedef LIST_OF(const char *) task_name_list;

/* The file of a program, and what tasks that run it are called: the part of
 * their names that runtime/symbols/task_name.h compares. */
struct program_file {
    const char *path;
    task_name_list tasks;
    unsigned word_size; /* of the kernel that is to run it */
};

struct object {
    const char *name;   /* "kernel", or a program as the script names it */
    const char *prefix; /* of probe points: "kernel", "process(\"ls\")" */
    const char *title;  /* in messages: "the kernel", "program 'ls'" */
    struct debuginfo *debuginfo;
    const struct kernel_source *kernel; /* NULL: it is a program */
    struct program_file file;           /* of a program */
};

/* Programs that were asked for so far. */
struct program_list {
    /*
     * Find the program that a script means by NAME, or with NULL the one that
     * was given by -c; what it finds is in ARENA.  -1 with an error.  NULL:
     * there are none.
     */
    int (*find)(void *data, struct arena *arena, const char *name,
                struct program_file *file, struct error *error);
    void *data;
    struct arena *arena;
    LIST_OF(struct object *) objects;
};

/* The program of a name, opened; NULL with an error. */
const struct object *program_need(struct program_list *programs,
                                  const char *name, struct error *error);

void programs_close(struct program_list *programs);

/* Whether memory that its variables lead to is the task's. */
bool object_is_program(const struct object *object);

/*
 * Why the entry of FUNCTION must not be probed, or the instruction at ADDRESS;
 * NULL if they may be.
 */
const char *object_forbids(const struct object *object,
                           const struct debuginfo_function *function);
const char *
object_forbids_instruction(const struct object *object, uint64_t address);

/* An instruction of a program, as struct probe_request has it. */
struct object_instruction {
    uint8_t move; /* its length and how it is moved: protocol/image.h */
    uint8_t text[PROBE_USER_TEXT_MAX];
};

/* The one at ADDRESS; false if none begins there. */
bool object_instruction(const struct object *object, uint64_t address,
                        struct object_instruction *instruction);

#endif /* TRANSLATE_OBJECTS_OBJECT_H */
