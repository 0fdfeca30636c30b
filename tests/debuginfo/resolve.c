/*
 * resolve kernel|program FILE <ADDRESSES: what a script's process would say of
 * each address, in hexadecimal, a line each:
 *
 *   ADDRESS SYMBOL FILE:LINE
 *
 * with ? for what is not known.  The table is made as machtap makes it and
 * read as the process reads it.
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debuginfo/debuginfo.h"
#include "runtime/program.h"
#include "runtime/symbols/object.h"
#include "translate/objects/object_table.h"

const struct rt_program rt_program;

static int
read_file(const char *kind, const char *path, struct arena *arena,
          struct text *block)
{
    struct debuginfo *debuginfo = NULL;
    struct executable executable;
    struct error error;
    bool kernel = strcmp(kind, "kernel") == 0;
    int result = 0;

    if (!kernel) {
        result = executable_read(path, arena, &executable, &error);
    } else if ((debuginfo = debuginfo_open(path, &error)) != NULL) {
        executable_of_kernel(debuginfo, arena, &executable);
    } else {
        result = -1;
    }
    if (result == 0)
        object_table_add(&executable, kernel, block);
    else
        fprintf(stderr, "%s\n", error.text);
    debuginfo_close(debuginfo);
    return result;
}

int
main(int argc, char **argv)
{
    struct arena arena = {0};
    struct text block = {0};
    uint64_t address;

    if (argc != 3 || read_file(argv[1], argv[2], &arena, &block) != 0)
        return 1;
    const struct object_header *object = (const void *)block.data;
    while (scanf("%" SCNx64, &address) == 1) {
        uint64_t start, size;
        uint32_t line = 0;
        const char *name = rt_object_symbol(object, address, &start, &size);
        const char *file = rt_object_line(object, address, &line);

        printf("%" PRIx64 " %s ", address, name != NULL ? name : "?");
        if (file != NULL)
            printf("%s:%" PRIu32 "\n", file, line);
        else
            printf("?\n");
    }
    fprintf(stderr, "%u bytes\n", object->size);
    text_free(&block);
    arena_free(&arena);
    return 0;
}
