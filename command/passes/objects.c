#include "command/passes/objects.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/cache/cache.h"
#include "command/run/modules.h"
#include "debuginfo/debuginfo.h"
#include "support/arena.h"
#include "support/path.h"
#include "translate/objects/object.h"
#include "translate/objects/object_table.h"
#include "vm/folder.h"

/* The file of an entry of the cache. */
#define BLOCK "object"

struct collector {
    const struct options *options;
    struct debuginfo *debuginfo;
    unsigned parts;
    struct text *bytes;
    struct arena arena;
    LIST_OF(const char *) names; /* of tasks whose programs are added */
};

/* Name the block at OFFSET, which is the last one. */
static void
finish(struct collector *collector, size_t offset, const char *name,
       const char *path)
{
    struct object_header header;

    memcpy(&header, collector->bytes->data + offset, sizeof(header));
    object_table_name(&header, name);
    memcpy(collector->bytes->data + offset, &header, sizeof(header));
    if (collector->options->verbose > 1)
        fprintf(stderr,
                "Object %s of %s: %u symbols, %u bytes of lines, %u bytes\n",
                header.name, path, header.symbols, header.rows_size,
                header.size);
}

/* ---- the kernel ------------------------------------------------------ */

/* The script may have needed nothing else of the debugging information. */
static int
make_kernel(struct debuginfo *debuginfo, const struct kernel *kernel,
            struct text *block, struct error *error)
{
    struct debuginfo *opened = NULL;
    struct executable executable;
    struct arena arena = {0};

    if (debuginfo == NULL)
        debuginfo = opened = debuginfo_open(kernel->path, error);
    if (debuginfo == NULL)
        return -1;
    executable_of_kernel(debuginfo, &arena, &executable);
    object_table_add(&executable, true, block);
    arena_free(&arena);
    debuginfo_close(opened);
    return 0;
}

/* An entry that is damaged is as good as none. */
static bool
read_cached(const char *key, struct text *bytes)
{
    char *folder = cache_find("objects", key);
    struct error error;
    char *path, *data;
    size_t size;
    bool whole = false;

    if (folder == NULL)
        return false;
    path = xasprintf("%s/" BLOCK, folder);
    if (path_read(path, &data, &size, &error) == 0) {
        whole = object_table_is_whole(data, size);
        if (whole)
            text_add(bytes, data, size);
        free(data);
    }
    if (!whole)
        cache_remove(folder);
    free(path);
    free(folder);
    return whole;
}

static int
write_cached(const char *key, const struct text *block, struct error *error)
{
    char *fresh = cache_begin("objects", error), *path, *folder = NULL;

    if (fresh == NULL)
        return -1;
    path = xasprintf("%s/" BLOCK, fresh);
    if (path_write(path, block->data, block->size, 0666, error) == 0)
        folder = cache_commit(fresh, "objects", key, error);
    else
        cache_remove(fresh);
    int result = folder != NULL ? 0 : -1;
    free(folder);
    free(path);
    free(fresh);
    return result;
}

/*
 * The identity of a kernel says nothing of its debugging information, so the
 * whole file is what the block depends on.
 */
static int
add_kernel(struct collector *collector, const struct kernel *kernel,
           struct error *error)
{
    size_t offset = collector->bytes->size;
    char *signature = cache_signature(kernel->path, error);
    struct text block = {0};
    int result = 0;

    if (signature == NULL)
        return -1;
    char *key = xasprintf("version %u\nkernel %s\n", OBJECT_VERSION, signature);
    free(signature);
    if (collector->options->no_cache || !read_cached(key, collector->bytes)) {
        result = make_kernel(collector->debuginfo, kernel, &block, error);
        if (result == 0)
            result = write_cached(key, &block, error);
        if (result == 0)
            text_add(collector->bytes, block.data, block.size);
        text_free(&block);
    }
    free(key);
    if (result == 0)
        finish(collector, offset, "kernel", kernel->path);
    return result;
}

/* ---- programs of user mode ------------------------------------------- */

static int
add_program(struct collector *collector, const char *path, const char *name,
            struct error *error)
{
    struct arena arena = {0};
    struct executable executable;
    size_t offset = collector->bytes->size;
    int result;

    LIST_EACH (other, &collector->names)
        if (strcmp(*other, name) == 0)
            return 0;
    result = executable_read(path, &arena, &executable, error);
    if (result == 0) {
        const char *kept = arena_string(&collector->arena, name, strlen(name));

        LIST_ADD(&collector->arena, &collector->names, kept);
        if (!(collector->parts & OBJECT_USER_LINES))
            executable.rows.count = 0;
        if (!(collector->parts & OBJECT_USER_SYMBOLS))
            executable.symbols.count = 0;
        object_table_add(&executable, false, collector->bytes);
        finish(collector, offset, name, path);
    }
    arena_free(&arena);
    return result;
}

/* A module can be anything: a disk's image, a program loaded anywhere. */
static void
add_module(struct collector *collector, const struct module *module)
{
    struct error error;

    if (add_program(collector, module->path, module->name, &error) != 0 &&
        collector->options->verbose > 0)
        fprintf(stderr, "Addresses of tasks of %s will have no names: %s\n",
                module->path, error.text);
}

static int
add_programs(struct collector *collector, const struct kernel *kernel,
             const struct program_list *programs, struct error *error)
{
    const struct options *options = collector->options;
    module_list modules = {0};

    modules_find(options, kernel, &collector->arena, &modules);
    LIST_EACH (module, &modules)
        add_module(collector, module);
    for (unsigned i = 0; i < options->objects.count; i++) {
        const char *path = options->objects.items[i];
        char *name = vm_folder_name(path, 1);
        int result = add_program(collector, path, name, error);

        free(name);
        if (result != 0)
            return error_prefix(error, "-d");
    }
    LIST_EACH (object, &programs->objects)
        LIST_EACH (name, &(*object)->file.tasks)
            if (add_program(collector, (*object)->file.path, *name, error) != 0)
                return -1;
    return 0;
}

int
objects_collect(const struct options *options, const struct kernel *kernel,
                struct debuginfo *debuginfo,
                const struct program_list *programs, unsigned parts,
                struct text *bytes, struct error *error)
{
    struct collector collector = {
        .options = options,
        .debuginfo = debuginfo,
        .parts = parts,
        .bytes = bytes,
    };
    int result = 0;

    if (parts & OBJECT_KERNEL_LINES)
        result = add_kernel(&collector, kernel, error);
    if (result == 0 && (parts & (OBJECT_USER_SYMBOLS | OBJECT_USER_LINES)))
        result = add_programs(&collector, kernel, programs, error);
    arena_free(&collector.arena);
    return result;
}
