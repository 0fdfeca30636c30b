#include "translate/objects/object.h"

#include <string.h>

#include "image/code.h"
#include "translate/objects/kernel.h"

/* ---- programs -------------------------------------------------------- */

static const struct object *
find_program(const struct program_list *programs, const char *name)
{
    LIST_EACH (object, &programs->objects)
        if (strcmp((*object)->name, name) == 0)
            return *object;
    return NULL;
}

static const struct object *
open_program(struct program_list *programs, const char *name,
             const struct program_file *file, struct error *error)
{
    struct arena *arena = programs->arena;
    struct object *object = ARENA_NEW(arena, struct object);

    object->debuginfo = debuginfo_open_program(file->path, error);
    if (object->debuginfo == NULL)
        return NULL;
    if (debuginfo_word_size(object->debuginfo) != file->word_size) {
        error_set(error, "%s: is for another machine than the kernel",
                  file->path);
        debuginfo_close(object->debuginfo);
        return NULL;
    }
    object->file = *file;
    object->name = arena_string(arena, name, strlen(name));
    object->prefix = arena_printf(arena, "process(\"%s\")", name);
    object->title = arena_printf(arena, "program '%s'", name);
    LIST_ADD(arena, &programs->objects, object);
    return object;
}

const struct object *
program_need(struct program_list *programs, const char *name,
             struct error *error)
{
    struct program_file file = {0};
    const struct object *found =
        name != NULL ? find_program(programs, name) : NULL;

    if (found != NULL)
        return found;
    if (programs->find == NULL) {
        error_set(error, "there are no programs to look this up in");
        return NULL;
    }
    if (programs->find(programs->data, programs->arena, name, &file, error) !=
        0)
        return NULL;
    /* One that was not named is as if it had been, and maybe was. */
    if (name == NULL) {
        name = file.tasks.items[0];
        found = find_program(programs, name);
    }
    return found != NULL ? found : open_program(programs, name, &file, error);
}

void
programs_close(struct program_list *programs)
{
    LIST_EACH (object, &programs->objects)
        debuginfo_close((*object)->debuginfo);
    programs->objects.count = 0;
}

bool
object_is_program(const struct object *object)
{
    return object != NULL && object->kernel == NULL;
}

/* ---- instructions ---------------------------------------------------- */

static int
decode(const struct object *object, uint64_t address,
       struct instruction *instruction, uint8_t bytes[PROBE_USER_TEXT_MAX])
{
    struct code code;
    size_t size =
        debuginfo_bytes(object->debuginfo, address, bytes, PROBE_USER_TEXT_MAX);

    code_start(&code, machine_of(debuginfo_word_size(object->debuginfo)));
    return code_decode(&code, bytes, size, address, instruction);
}

bool
object_instruction(const struct object *object, uint64_t address,
                   struct object_instruction *found)
{
    uint8_t bytes[PROBE_USER_TEXT_MAX];
    struct instruction instruction;

    if (decode(object, address, &instruction, bytes) != 0)
        return false;
    *found = (struct object_instruction){
        .move = (uint8_t)(instruction.move << 4 | instruction.length),
    };
    memcpy(found->text, bytes, instruction.length);
    return true;
}

/* Compilers put nothing but instructions between the first and the last one of
 * a function. */
static bool
begins_instruction(const struct object *object,
                   const struct debuginfo_function *function, uint64_t address)
{
    uint8_t bytes[PROBE_USER_TEXT_MAX];
    struct instruction instruction;
    uint64_t at = function->address;

    /* A part of it that the compiler put elsewhere. */
    if (address - at >= function->size)
        return true;
    while (at < address && decode(object, at, &instruction, bytes) == 0)
        at += instruction.length;
    return at == address;
}

static const char *
program_forbids(const struct object *object,
                const struct debuginfo_function *function, uint64_t address)
{
    struct object_instruction instruction;

    if (!begins_instruction(object, function, address) ||
        !object_instruction(object, address, &instruction))
        return "no instruction begins there";
    if (IMAGE_MOVE(instruction.move) == IMAGE_MOVE_NEVER)
        return "its instruction cannot be run at another place";
    return NULL;
}

const char *
object_forbids(const struct object *object,
               const struct debuginfo_function *function)
{
    return object_is_program(object)
               ? program_forbids(object, function, function->address)
               : kernel_forbids(object->kernel, function);
}

const char *
object_forbids_instruction(const struct object *object, uint64_t address)
{
    const struct debuginfo_function *function;

    if (!object_is_program(object))
        return kernel_forbids_instruction(object->kernel, address);
    function = debuginfo_function_at(object->debuginfo, address);
    return function == NULL ? "it is in no function"
                            : program_forbids(object, function, address);
}
