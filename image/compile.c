#include "image/compile.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image/identity.h"
#include "image/types.h"
#include "support/command.h"
#include "support/path.h"
#include "support/text.h"

#define JOBS_MAX 8

/* Of every kernel, beside the machine's own; see machine.c. */
static const char *const flags[] = {
    "-std=gnu11",
    "-O2",
    "-Wall",
    "-Wextra",
    "-Wno-unused-parameter",
    "-ffreestanding",
    "-nostdinc",
    "-fno-pic",
    "-fno-pie",
    "-fno-stack-protector",
    "-fcf-protection=none",
    "-fno-omit-frame-pointer",
    "-fno-strict-aliasing",
    "-fno-asynchronous-unwind-tables",
    "-fno-common",
};

/* One compilation of several files, shared by the threads that do it. */
struct job {
    const struct machine *machine;
    const char *root;     /* folder above the sources, for includes */
    char *home;           /* another, that has protocol/ in any case */
    const char *folder;   /* of the header and the objects */
    const char *standard; /* the compiler's own headers: stdint.h */
    bool verbose;
    LIST_OF(const char *) sources;
    LIST_OF(const char *) results;
    pthread_mutex_t lock; /* of what follows */
    unsigned next;
    struct text output; /* what the compiler said */
    bool failed;
    struct error error;
};

static bool
ends_with(const char *name, const char *end)
{
    size_t size = strlen(name), tail = strlen(end);

    return size >= tail && strcmp(name + size - tail, end) == 0;
}

static bool
is_compiled(const char *name)
{
    return ends_with(name, ".c") || ends_with(name, ".S");
}

/* Names in a folder, sorted, so that equal folders give equal hashes. */
static int
list_folder(const char *folder, struct dirent ***names)
{
    int count = scandir(folder, names, NULL, alphasort);

    return count < 0 ? 0 : count;
}

/* Does a source depend on the kernel? */
static bool
sees_types(const char *path)
{
    struct error ignored;
    char *data;
    size_t size;
    bool sees;

    if (path_read(path, &data, &size, &ignored) != 0)
        return false;
    sees = strstr(data, "\"" TYPES_HEADER "\"") != NULL;
    free(data);
    return sees;
}

static bool
is_folder(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* Folders of other machines are none of ours. */
static bool
is_searched(const struct job *job, const char *name, const char *path)
{
    const struct machine *machine = machine_named(name);

    return name[0] != '.' && (machine == NULL || machine == job->machine) &&
           is_folder(path);
}

/* Add the files to compile of a folder and those below. */
static void
add_sources(struct objects *objects, struct job *job, const char *folder)
{
    struct dirent **names = NULL;
    int count = list_folder(folder, &names);
    int i;

    for (i = 0; i < count; i++) {
        const char *name = names[i]->d_name;
        const char *path = arena_printf(&objects->arena, "%s/%s", folder, name);

        if (is_searched(job, name, path))
            add_sources(objects, job, path);
        else if (is_compiled(path) && sees_types(path))
            LIST_ADD(&objects->arena, &job->sources, path);
        free(names[i]);
    }
    free(names);
}

static uint64_t
hash_file(uint64_t hash, const char *path)
{
    struct error ignored;
    char *data;
    size_t size;

    if (path_read(path, &data, &size, &ignored) != 0)
        return hash;
    hash = identity_hash(hash, path, strlen(path) + 1);
    hash = identity_hash(hash, data, size);
    free(data);
    return hash;
}

/* All sources and headers of a folder and those below. */
static uint64_t
hash_folder(uint64_t hash, const char *folder)
{
    struct dirent **names = NULL;
    int count = list_folder(folder, &names);
    int i;

    for (i = 0; i < count; i++) {
        const char *name = names[i]->d_name;
        char *path = xasprintf("%s/%s", folder, name);

        if (is_compiled(name) || ends_with(name, ".h"))
            hash = hash_file(hash, path);
        else if (name[0] != '.' && is_folder(path))
            hash = hash_folder(hash, path);
        free(path);
        free(names[i]);
    }
    free(names);
    return hash;
}

static void
make_command(const struct job *job, struct command *command)
{
    const char *const *flag;
    size_t i;

    command_add(command, "gcc");
    for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
        command_add(command, flags[i]);
    for (flag = job->machine->flags; *flag != NULL; flag++)
        command_add(command, *flag);
    command_addf(command, "-I%s", job->folder);
    command_addf(command, "-I%s", job->root);
    command_addf(command, "-I%s", job->home);
    command_add(command, "-isystem");
    command_add(command, job->standard);
}

static void
compile_one(struct job *job, unsigned index)
{
    struct command command = {0};
    struct text output = {0};
    struct error error;
    int result;
    char *line;

    make_command(job, &command);
    command_add(&command, "-c");
    command_add(&command, job->sources.items[index]);
    command_add(&command, "-o");
    command_addf(&command, "%s/%s", job->folder, job->results.items[index]);
    result = command_run(&command, &output, &error);

    pthread_mutex_lock(&job->lock);
    if (job->verbose) {
        line = command_line(&command);
        fprintf(stderr, "%s\n", line);
        free(line);
    }
    text_add(&job->output, text_string(&output), output.size);
    if (result != 0 && !job->failed) {
        job->failed = true;
        job->error = error;
    }
    pthread_mutex_unlock(&job->lock);
    text_free(&output);
    command_free(&command);
}

static void *
work(void *argument)
{
    struct job *job = argument;
    unsigned index;

    for (;;) {
        pthread_mutex_lock(&job->lock);
        index = job->failed ? job->sources.count : job->next++;
        pthread_mutex_unlock(&job->lock);
        if (index >= job->sources.count)
            return NULL;
        compile_one(job, index);
    }
}

/* As many compilers at a time as there are processors. */
static int
compile_all(struct job *job, struct error *error)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    pthread_t threads[JOBS_MAX];
    int started = 0;

    pthread_mutex_init(&job->lock, NULL);
    while (started + 1 < processors && started < JOBS_MAX &&
           pthread_create(&threads[started], NULL, work, job) == 0)
        started++;
    work(job);
    while (started > 0)
        pthread_join(threads[--started], NULL);
    pthread_mutex_destroy(&job->lock);
    if (job->verbose && job->output.size != 0)
        fputs(text_string(&job->output), stderr);
    text_free(&job->output);
    if (job->failed)
        *error = job->error;
    return job->failed ? -1 : 0;
}

/* Ask the compiler something that it answers with one line. */
static char *
ask_compiler(struct objects *objects, const char *question, struct error *error)
{
    struct command command = {0};
    struct text output = {0};
    char *answer = NULL;

    command_add(&command, "gcc");
    command_add(&command, question);
    if (command_run(&command, &output, error) == 0)
        answer = arena_string(&objects->arena, text_string(&output),
                              strcspn(text_string(&output), "\n"));
    text_free(&output);
    command_free(&command);
    return answer;
}

static uint64_t
hash_all(const struct job *job, const char *sources, const char *header,
         const char *compiler)
{
    struct command command = {0};
    char *protocol = xasprintf("%s/protocol", job->home);
    uint64_t hash = identity_hash(0, header, strlen(header));
    char *line;

    make_command(job, &command);
    line = command_line(&command);
    hash = identity_hash(hash, line, strlen(line));
    hash = identity_hash(hash, compiler, strlen(compiler));
    hash = hash_folder(hash, sources);
    hash = hash_folder(hash, protocol);
    free(line);
    free(protocol);
    command_free(&command);
    return hash;
}

static void
remove_folder(const char *folder)
{
    struct dirent **names = NULL;
    int count = list_folder(folder, &names);
    int i;

    for (i = 0; i < count; i++) {
        char *path = xasprintf("%s/%s", folder, names[i]->d_name);

        if (names[i]->d_type != DT_DIR)
            unlink(path);
        free(path);
        free(names[i]);
    }
    free(names);
    rmdir(folder);
}

/* Compile into a folder of our own, then give it its name in the cache. */
static int
fill_cache(struct job *job, const char *kept, const char *header,
           struct error *error)
{
    char *fresh = xasprintf("%s.%ld", kept, (long)getpid());
    char *path = xasprintf("%s/" TYPES_HEADER, fresh);
    int result = -1;

    job->folder = fresh;
    if (path_make_folder(fresh, error) == 0 &&
        path_write(path, header, strlen(header), 0666, error) == 0 &&
        compile_all(job, error) == 0) {
        result = rename(fresh, kept);
        /* Someone else was faster: theirs are the same. */
        if (result != 0 && (errno == EEXIST || errno == ENOTEMPTY))
            result = 0;
        else if (result != 0)
            error_set(error, "cannot make the folder %s: %s", kept,
                      strerror(errno));
    }
    remove_folder(fresh);
    free(path);
    free(fresh);
    return result;
}

int
compile_sources(struct objects *objects, const struct machine *machine,
                const char *sources, const char *header, bool verbose,
                struct error *error)
{
    struct job job = {
        .machine = machine,
        .folder = "",
        .root = arena_printf(&objects->arena, "%s/..", sources),
        .home = path_home(""),
        .verbose = verbose,
    };
    char *cache = path_cache(error);
    const char *kept, *compiler;
    int result = 0;

    if (cache == NULL) {
        free(job.home);
        return -1;
    }
    add_sources(objects, &job, sources);
    LIST_EACH (at, &job.sources) {
        const char *name = *at + strlen(sources) + 1;
        char *result_name = arena_printf(&objects->arena, "%s.o", name);

        for (char *slash = result_name; (slash = strchr(slash, '/'));)
            *slash = '-';
        LIST_ADD(&objects->arena, &job.results, result_name);
    }
    compiler = ask_compiler(objects, "--version", error);
    job.standard = ask_compiler(objects, "-print-file-name=include", error);
    if (job.sources.count == 0)
        result = error_set(
            error, "%s: there is no source of the probe subsystem", sources);
    else if (compiler == NULL || job.standard == NULL)
        result = -1;
    if (result == 0) {
        kept = arena_printf(
            &objects->arena, "%s/kernel-%016llx", cache,
            (unsigned long long)hash_all(&job, sources, header, compiler));
        objects->cached = path_exists(kept);
        if (!objects->cached)
            result = fill_cache(&job, kept, header, error);
        LIST_EACH (at, &job.results)
            LIST_ADD(&objects->arena, &objects->paths,
                     arena_printf(&objects->arena, "%s/%s", kept, *at));
    }
    free(job.home);
    free(cache);
    return result;
}

void
objects_free(struct objects *objects)
{
    arena_free(&objects->arena);
    *objects = (struct objects){0};
}
