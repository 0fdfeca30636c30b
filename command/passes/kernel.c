#include "command/passes/kernel.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command/cache/cache.h"
#include "image/file.h"
#include "image/image.h"
#include "support/path.h"
#include "support/text.h"

/* Files of an entry of the cache; a 32-bit kernel boots as it was linked. */
#define LINKED  "gnumach"
#define WRAPPED "gnumach.elf32"

static int
no_kernel(const char *name, struct error *error)
{
    char *folder = path_home("kernels");
    struct text names = {0};
    DIR *listing = opendir(folder);
    struct dirent *entry;

    while (listing != NULL && (entry = readdir(listing)) != NULL) {
        if (entry->d_name[0] != '.')
            text_printf(&names, " %s", entry->d_name);
    }
    if (listing != NULL)
        closedir(listing);

    error_set(error,
              "there is no kernel '%s': neither a file of that name nor one "
              "that was fetched (%s:%s)",
              name, folder, names.size != 0 ? names.data : " none");
    text_free(&names);
    free(folder);
    return -1;
}

/* Machines of GNU Mach, and what the home's folders are called. */
static const struct {
    GElf_Half machine;
    const char *name;
    unsigned word_size;
    const char *bootable; /* what QEMU takes */
} architectures[] = {
    {EM_X86_64, "x86_64", 8, WRAPPED},
    {EM_386, "i386", 4, LINKED},
};

static size_t
architecture_of(const struct kernel *kernel)
{
    size_t i = 0;

    while (strcmp(architectures[i].name, kernel->architecture) != 0)
        i++;
    return i;
}

static const char *
bootable_file(const struct kernel *kernel)
{
    return architectures[architecture_of(kernel)].bootable;
}

unsigned
kernel_word_size(const struct kernel *kernel)
{
    return architectures[architecture_of(kernel)].word_size;
}

/* The name of what an ELF file is for, or NULL with the error set. */
static const char *
find_architecture(const char *path, struct error *error)
{
    const char *name = NULL;
    struct image_file file = {0};
    size_t i;

    if (image_file_open(&file, path, error) != 0)
        return NULL;
    for (i = 0; i < sizeof(architectures) / sizeof(*architectures); i++) {
        if (architectures[i].machine == file.header.e_machine)
            name = architectures[i].name;
    }
    image_file_close(&file);
    if (name == NULL)
        error_set(error,
                  "%s is for a machine that is neither x86_64 "
                  "nor i386",
                  path);
    return name;
}

int
kernel_takes(const struct kernel *kernel, const char *process,
             struct error *error)
{
    const char *architecture = find_architecture(process, error);

    if (architecture == NULL)
        return -1;
    if (strcmp(architecture, kernel->architecture) != 0)
        return error_set(error, "%s is for kernels of %s; %s is one of %s",
                         process, architecture, kernel->path,
                         kernel->architecture);
    return 0;
}

int
kernel_find(struct kernel *kernel, const char *name, struct error *error)
{
    const char *given = name != NULL ? name : getenv("MACHTAP_KERNEL");
    const char *wanted =
        given != NULL && *given != '\0' ? given : KERNEL_DEFAULT;
    char *in_home = xasprintf("kernels/%s", wanted);
    char *fetched = path_home(in_home);

    *kernel = (struct kernel){0};
    free(in_home);
    if (wanted == given && path_exists(wanted))
        kernel->path = xstrdup(wanted);
    else if (strchr(wanted, '/') == NULL && path_exists(fetched))
        kernel->path = xstrdup(fetched);
    free(fetched);

    if (kernel->path == NULL)
        return no_kernel(wanted, error);
    kernel->architecture = find_architecture(kernel->path, error);
    return kernel->architecture != NULL ? 0 : -1;
}

/*
 * The linker is part of this program.  Another build of it has another time
 * or size, and need not be told apart when it has both the same.
 */
static void
add_program(struct text *key)
{
    struct stat status;

    if (stat("/proc/self/exe", &status) == 0)
        text_printf(key, "linker %lld %lld.%09ld\n", (long long)status.st_size,
                    (long long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
}

/* What a linked image depends on: kernel, linker, subsystem. */
static char *
link_key(const struct kernel *kernel, struct error *error)
{
    static const char *const parts[] = {"kernel", "protocol",
                                        "lib/x86_64/probe-core.o",
                                        "lib/i386/probe-core.o"};
    char identity[PROBE_IDENTITY_MAX];
    struct text key = {0};
    size_t i;

    if (image_identity(kernel->path, identity, error) != 0)
        return NULL;

    text_printf(&key, "%s\n", identity);
    add_program(&key);
    for (i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
        char *path = path_home(parts[i]);
        char *signature = cache_signature(path, error);

        free(path);
        if (signature == NULL) {
            text_free(&key);
            return NULL;
        }
        text_printf(&key, "%s %s\n", parts[i], signature);
        free(signature);
    }
    return text_take(&key);
}

/* Link into a new entry of the cache and return its folder. */
static char *
link_anew(const struct kernel *kernel, const char *key, int verbose,
          struct error *error)
{
    char *fresh = cache_begin("kernels", error);
    struct image_options options = {.kernel = kernel->path,
                                    .container = IMAGE_NATIVE,
                                    .verbose = verbose > 1 ? verbose - 1 : 0};
    char *output, *wrapped, *folder = NULL;

    if (fresh == NULL)
        return NULL;

    output = xasprintf("%s/" LINKED, fresh);
    wrapped = xasprintf("%s/" WRAPPED, fresh);
    options.output = output;
    if (image_link(&options, error) == 0 &&
        (strcmp(bootable_file(kernel), WRAPPED) != 0 ||
         image_wrap_elf32(output, wrapped, error) == 0))
        folder = cache_commit(fresh, "kernels", key, error);
    else
        cache_remove(fresh);
    free(wrapped);
    free(output);
    free(fresh);
    return folder;
}

int
kernel_link(struct kernel *kernel, bool no_cache, int verbose,
            struct error *error)
{
    char *key = link_key(kernel, error);
    char *folder;

    if (key == NULL)
        return -1;

    folder = cache_find("kernels", key);
    if (folder != NULL && no_cache) {
        cache_remove(folder);
        free(folder);
        folder = NULL;
    }
    if (folder == NULL)
        folder = link_anew(kernel, key, verbose, error);
    free(key);
    if (folder == NULL)
        return -1;

    kernel->linked = xasprintf("%s/" LINKED, folder);
    kernel->bootable = xasprintf("%s/%s", folder, bootable_file(kernel));
    free(folder);
    return 0;
}

void
kernel_free(struct kernel *kernel)
{
    free(kernel->path);
    free(kernel->linked);
    free(kernel->bootable);
}
