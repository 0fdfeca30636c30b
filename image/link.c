/*
 * Linking, step by step.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "image/combine.h"
#include "image/compile.h"
#include "image/image.h"
#include "image/kernel.h"
#include "image/output.h"
#include "image/patch.h"
#include "image/tables.h"
#include "image/types.h"
#include "image/wrap.h"
#include "support/path.h"

struct link {
    const struct image_options *options;
    struct kernel kernel;
    struct needs needs;
    struct analysis analysis;
    struct patches patches;
    struct objects objects;
    struct combined combined;
    struct text header;  /* kernel_types.h */
    struct text symbols; /* addresses, for the linker script */
    struct image_header *tables;
    char *sources;
    char *core;
    char *list;           /* path of needs.list */
    struct timespec last; /* end of the step before */
};

/* Say that a step is done, what it found, and how long it took. */
static void __attribute__((format(printf, 2, 3)))
report(struct link *link, const char *format, ...)
{
    struct timespec now;
    va_list arguments;

    clock_gettime(CLOCK_MONOTONIC, &now);
    if (link->options->verbose) {
        double seconds = (double)(now.tv_sec - link->last.tv_sec) +
                         (double)(now.tv_nsec - link->last.tv_nsec) / 1e9;

        fprintf(stderr, "%7.3f s  ", seconds);
        va_start(arguments, format);
        vfprintf(stderr, format, arguments);
        va_end(arguments);
        fputc('\n', stderr);
    }
    link->last = now;
}

static bool
is_same_file(const char *a, const char *b)
{
    struct stat of_a, of_b;

    return stat(a, &of_a) == 0 && stat(b, &of_b) == 0 &&
           of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
}

/* The core object of a machine's kernels. */
static char *
core_of(const struct machine *machine)
{
    char *name = xasprintf("lib/%s/probe-core.o", machine->name);
    char *path = path_home(name);

    free(name);
    return path;
}

static int
find_sources(struct link *link, struct error *error)
{
    const struct image_options *options = link->options;

    link->sources = options->sources != NULL ? xstrdup(options->sources)
                                             : path_home("kernel");
    link->list = xasprintf("%s/needs.list", link->sources);
    if (options->core != NULL)
        link->core = xstrdup(options->core);
    else if (options->sources == NULL)
        link->core = core_of(link->kernel.machine);
    if (!path_exists(link->list))
        return error_set(error,
                         "cannot find the probe subsystem's sources: there "
                         "is no %s",
                         link->list);
    return needs_read(&link->needs, link->list, error);
}

static int
read_kernel(struct link *link, struct error *error)
{
    struct kernel *kernel = &link->kernel;

    if (kernel_open(kernel, link->options->kernel, error) != 0)
        return -1;
    report(link, "read %s: %s", link->options->kernel, kernel->identity);
    if (find_sources(link, error) != 0 ||
        types_generate(kernel, &link->needs, &link->header, &link->symbols,
                       error) != 0)
        return -1;
    report(link, "took %u types, functions and variables from its DWARF",
           link->needs.items.count);
    if (analysis_make(&link->analysis, kernel, &link->needs, error) != 0 ||
        patches_find(&link->patches, &link->analysis, error) != 0)
        return -1;
    link->tables = tables_make(&link->analysis, &link->patches);
    report(link, "looked at %u functions of %u instructions",
           link->analysis.function_count, link->analysis.code_count);
    return 0;
}

static int
make_segment(struct link *link, struct error *error)
{
    const struct kernel *kernel = &link->kernel;
    const struct image_options *options = link->options;
    struct image_header *tables;
    uint64_t address;

    if (compile_sources(&link->objects, kernel->machine, link->sources,
                        text_string(&link->header), options->verbose > 1,
                        error) != 0)
        return -1;
    report(link, "%s %u sources of %s",
           link->objects.cached ? "had the objects of" : "compiled",
           link->objects.paths.count, link->sources);
    if (combine(&link->combined, kernel, &link->objects, link->core,
                text_string(&link->symbols), link->tables, link->tables->size,
                options->verbose > 1, error) != 0 ||
        patches_fill(&link->patches, &link->analysis, &link->combined, error) !=
            0 ||
        combined_symbol(&link->combined, SYMBOL_TABLES, &address, error) != 0)
        return -1;
    tables = (struct image_header *)image_file_bytes(
        &link->combined.file, address, link->tables->size);
    if (tables == NULL)
        return error_set(error, "the tables are not in the linked segment");
    tables_put_patches(tables, &link->patches);
    report(link, "put together %#llx to %#llx",
           (unsigned long long)link->combined.start,
           (unsigned long long)link->combined.end);
    return 0;
}

/* Bytes of the output, in its container. */
static int
make_output(struct link *link, struct text *output, struct error *error)
{
    struct text native = {0};
    struct image_file file = {
        .path = link->options->output,
        .header = link->kernel.file.header,
    };
    int result;

    if (output_make(&native, &link->kernel, &link->combined, &link->patches,
                    error) != 0) {
        text_free(&native);
        return -1;
    }
    if (link->options->container == IMAGE_NATIVE ||
        link->kernel.machine->elf_class == ELFCLASS32) {
        *output = native;
        return 0;
    }
    file.data = native.data;
    file.size = native.size;
    file.elf = elf_memory(native.data, native.size);
    result = wrap_elf32(output, &file, error);
    image_file_close(&file);
    return result;
}

int
image_link(const struct image_options *options, struct error *error)
{
    struct link link = {.options = options};
    struct text output = {0};
    int result = -1;

    clock_gettime(CLOCK_MONOTONIC, &link.last);
    if (is_same_file(options->kernel, options->output))
        return error_set(error,
                         "%s: the output would replace the kernel itself",
                         options->output);
    if (read_kernel(&link, error) == 0 && make_segment(&link, error) == 0 &&
        make_output(&link, &output, error) == 0 &&
        path_write(options->output, output.data, output.size, 0666, error) ==
            0) {
        report(&link, "wrote %s, %zu bytes", options->output, output.size);
        result = 0;
    }

    text_free(&output);
    text_free(&link.header);
    text_free(&link.symbols);
    free(link.tables);
    combined_free(&link.combined);
    objects_free(&link.objects);
    analysis_free(&link.analysis);
    needs_free(&link.needs);
    kernel_close(&link.kernel);
    free(link.sources);
    free(link.core);
    free(link.list);
    return result;
}
