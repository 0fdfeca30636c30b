#include "command/passes/compile.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/cache/cache.h"
#include "command/run/host.h"
#include "support/command.h"
#include "support/hash.h"
#include "support/path.h"
#include "translate/emit/emit.h"

#define COMPILER "gcc"

/* Add the path of NAME in the home, after BEFORE. */
static void
add_home(struct command *command, const char *before, const char *name)
{
    char *path = path_home(name);

    command_addf(command, "%s%s", before, path);
    free(path);
}

/* The same for a file of lib/ARCHITECTURE. */
static void
add_part(struct command *command, const char *before, const char *architecture,
         const char *file)
{
    char *name = xasprintf("lib/%s/%s", architecture, file);

    add_home(command, before, name);
    free(name);
}

/* The folder of the compiler's own headers, which -nostdinc takes away. */
static int
add_compiler_headers(struct command *command, struct error *error)
{
    struct command question = {0};
    struct text answer = {0};
    int result;

    command_add(&question, COMPILER);
    command_add(&question, "-print-file-name=include");
    result = command_run(&question, &answer, error);
    if (result == 0) {
        command_add(command, "-isystem");
        command_addf(command, "%.*s", (int)strcspn(text_string(&answer), "\n"),
                     text_string(&answer));
    }
    text_free(&answer);
    command_free(&question);
    return result;
}

/*
 * The process is compiled and linked as the libraries were: make wrote the
 * words into files of the home.
 */
static int
make_command(struct command *command, const char *folder, const char *source,
             const char *architecture, const char *output, struct error *error)
{
    static const char *const libraries[] = {"libruntime.a", "libmachprobe.a",
                                            "libmach.a"};
    char *headers = xasprintf("include/%s", architecture);
    int result;
    size_t i;

    command_add(command, COMPILER);
    add_part(command, "@", architecture, "task.cflags");
    result = add_compiler_headers(command, error);
    command_addf(command, "-Wa,-I,%s", folder);
    add_home(command, "-I", "include");
    add_home(command, "-I", headers);
    add_part(command, "@", architecture, "task.ldflags");
    command_add(command, "-o");
    command_add(command, output);
    command_add(command, source);
    add_part(command, "", architecture, "start.o");
    command_add(command, "-Wl,--start-group");
    for (i = 0; i < sizeof(libraries) / sizeof(*libraries); i++)
        add_part(command, "", architecture, libraries[i]);
    command_add(command, "-lgcc");
    command_add(command, "-Wl,--end-group");
    free(headers);
    return result;
}

/* What the result depends on: the source, the flags, the libraries. */
static char *
compile_key(const char *source, const struct text *objects,
            const char *architecture, struct error *error)
{
    bool host = strcmp(architecture, HOST_ARCHITECTURE) == 0;
    char *libraries = xasprintf("lib/%s", architecture);
    const char *const parts[] = {libraries,
                                 host ? "include/runtime" : "include"};
    struct text key = {0};
    size_t i;

    for (i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
        char *path = path_home(parts[i]);
        char *signature = cache_signature(path, error);

        free(path);
        if (signature == NULL) {
            text_free(&key);
            free(libraries);
            return NULL;
        }
        text_printf(&key, "%s %s\n", parts[i], signature);
        free(signature);
    }
    free(libraries);
    text_printf(&key, "objects %016" PRIx64 "\n%s\n%s",
                hash_bytes(HASH_START, text_string(objects), objects->size),
                architecture, source);
    return text_take(&key);
}

/* Compile into FOLDER. */
static int
compile_in(const char *folder, const char *source, const struct text *objects,
           const char *architecture, int verbose, struct error *error)
{
    char *path = xasprintf("%s/process.c", folder);
    char *output = xasprintf("%s/process", folder);
    char *included = xasprintf("%s/" EMIT_OBJECTS, folder);
    struct command command = {0};
    struct text messages = {0};
    int result = path_write(path, source, strlen(source), 0666, error);

    if (result == 0)
        result = path_write(included, text_string(objects), objects->size, 0666,
                            error);
    if (result == 0 && strcmp(architecture, HOST_ARCHITECTURE) == 0)
        host_compiler(&command, folder, path, output);
    else if (result == 0)
        result =
            make_command(&command, folder, path, architecture, output, error);
    if (result == 0) {
        if (verbose > 1) {
            char *line = command_line(&command);

            fprintf(stderr, "Running %s\n", line);
            free(line);
        }
        result = command_run(&command, &messages, error);
        if (result != 0)
            error_prefix(error,
                         strstr(source, "runtime/values/embedded.h") != NULL
                             ? "the process does not compile; it holds "
                               "C of the script"
                             : "the process does not compile, which is "
                               "a mistake of machtap");
    }
    text_free(&messages);
    command_free(&command);
    free(included);
    free(output);
    free(path);
    return result;
}

char *
compile_process(const char *source, const struct text *objects,
                const char *architecture, bool no_cache, int verbose,
                bool *cached, struct error *error)
{
    char *key = compile_key(source, objects, architecture, error);
    char *folder, *fresh, *module;

    if (key == NULL)
        return NULL;

    folder = cache_find("scripts", key);
    if (folder != NULL && no_cache) {
        cache_remove(folder);
        free(folder);
        folder = NULL;
    }
    *cached = folder != NULL;
    if (folder == NULL) {
        fresh = cache_begin("scripts", error);
        if (fresh != NULL && compile_in(fresh, source, objects, architecture,
                                        verbose, error) == 0)
            folder = cache_commit(fresh, "scripts", key, error);
        else if (fresh != NULL)
            cache_remove(fresh);
        free(fresh);
    }
    free(key);
    if (folder == NULL)
        return NULL;

    module = xasprintf("%s/process", folder);
    free(folder);
    return module;
}
