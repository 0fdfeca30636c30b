/*
 * The patch that brings messages to the subsystem.
 *
 * ipc_kobject_server calls ipc_kobject_notify(request, reply) for messages
 * that none of its servers knows.  A jump at its entry leads to the
 * subsystem's function of the same form, which calls the thunk for what it
 * does not know either: the displaced instructions, then a jump back.
 */

#include "image/patch_i.h"

#include <string.h>

#define HOOK_FUNCTION "ipc_kobject_notify"
#define HOOK_CALLER   "ipc_kobject_server"

#define JUMP_OPCODE 0xe9
#define TRAP_OPCODE 0xcc

static bool
is_called_by_server(const struct analysis *analysis, uint64_t hook,
                    uint64_t server)
{
    unsigned i;

    for (i = 0; i < analysis->code_count; i++) {
        const struct instruction *at = &analysis->code[i];
        const struct function *function;

        if (!at->call || !at->branch || at->target != hook)
            continue;
        function = analysis_function(analysis, at->address);
        if (function != NULL && function->address == server)
            return true;
    }
    return false;
}

int
patch_find_hook(struct patches *patches, struct analysis *analysis,
                struct error *error)
{
    struct function *function;
    enum image_reason reason = IMAGE_REASON_NONE;
    uint64_t hook, server;
    uint8_t size;

    if (patch_symbol(analysis, HOOK_FUNCTION, &hook, error) != 0 ||
        patch_symbol(analysis, HOOK_CALLER, &server, error) != 0)
        return -1;
    function = analysis_function(analysis, hook);
    if (patch_parameters(analysis, HOOK_FUNCTION) != 2 || function == NULL ||
        !is_called_by_server(analysis, hook, server))
        return error_set(error,
                         "%s: " HOOK_CALLER " does not call " HOOK_FUNCTION
                         "(request, reply), where the probe port's messages "
                         "would come through",
                         patch_path(analysis));
    size = analysis_displaced(analysis, hook, false, &reason);
    if (size == 0 || size > IMAGE_PATCH_MAX)
        return error_set(error,
                         "%s: the entry of " HOOK_FUNCTION " cannot take a "
                         "jump (reason %d)",
                         patch_path(analysis), reason);
    if (patch_add(patches, analysis, IMAGE_PATCH_HOOK, hook, size, error) ==
        NULL)
        return -1;
    analysis_forbid(analysis, function, IMAGE_REASON_HOOK);
    return 0;
}

int
patch_fill_hook(struct patch *patch, const struct analysis *analysis,
                struct combined *combined, struct error *error)
{
    unsigned index = analysis_code_at(analysis, patch->address);
    uint64_t handler, thunk, done = 0;
    uint8_t *bytes;
    size_t used = 0;

    if (combined_symbol(combined, SYMBOL_HOOK, &handler, error) != 0 ||
        combined_symbol(combined, SYMBOL_THUNK, &thunk, error) != 0)
        return -1;
    bytes = image_file_bytes(&combined->file, thunk, THUNK_SIZE);
    if (bytes == NULL)
        return error_set(error, "there is no room for " SYMBOL_THUNK);
    for (; done < patch->size; index++) {
        const struct instruction *at = &analysis->code[index];
        size_t moved = 0;

        if (used + CODE_MOVED_MAX + PATCH_BRANCH_SIZE <= THUNK_SIZE)
            moved =
                code_move(at, patch->before + done, bytes + used, thunk + used);
        if (moved == 0)
            return error_set(error,
                             "%s: the instruction at %#llx of " HOOK_FUNCTION
                             " cannot be moved",
                             patch_path(analysis),
                             (unsigned long long)at->address);
        used += moved;
        done += at->length;
    }
    patch_put_branch(bytes + used, JUMP_OPCODE, thunk + used,
                     patch->address + patch->size);

    memset(patch->after, TRAP_OPCODE, patch->size);
    patch_put_branch(patch->after, JUMP_OPCODE, patch->address, handler);
    return 0;
}
