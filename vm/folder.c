#include "vm/folder.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int
vm_folder_make(struct vm_folder *folder, struct error *error)
{
    const char *above = getenv("TMPDIR");

    *folder = (struct vm_folder){0};
    folder->path = xasprintf("%s/machtap-XXXXXX",
                             above != NULL && *above != '\0' ? above : "/tmp");
    if (mkdtemp(folder->path) == NULL) {
        error_set(error, "cannot make the folder %s: %s", folder->path,
                  strerror(errno));
        free(folder->path);
        folder->path = NULL;
        return -1;
    }
    return 0;
}

/* PATH, which now is the folder's, goes when the folder goes. */
static void
remember(struct vm_folder *folder, char *path)
{
    folder->files = xrealloc(folder->files,
                             (folder->file_count + 1) * sizeof(*folder->files));
    folder->files[folder->file_count++] = path;
}

char *
vm_folder_file(struct vm_folder *folder, const char *name)
{
    char *path = xasprintf("%s/%s", folder->path, name);

    remember(folder, xstrdup(path));
    return path;
}

/* The file's own name with nothing that a boot script or QEMU minds. */
char *
vm_folder_name(const char *file, unsigned number)
{
    const char *slash = strrchr(file, '/');
    char *name = xstrdup(slash != NULL ? slash + 1 : file);

    for (char *c = name; *c != '\0'; c++)
        if (!isalnum((unsigned char)*c) && strchr("._+-", *c) == NULL)
            *c = '_';
    if (number == 1)
        return name;
    char *numbered = xasprintf("%s.%u", name, number);
    free(name);
    return numbered;
}

/*
 * Make a link to FILE, whose whole path is TARGET.  A name that is taken by
 * another module gets a number.
 */
static char *
make_link(struct vm_folder *folder, const char *file, const char *target,
          struct error *error)
{
    for (unsigned number = 1;; number++) {
        char *name = vm_folder_name(file, number);
        char *path = xasprintf("%s/%s", folder->path, name);
        int code;

        if (symlink(target, path) == 0) {
            remember(folder, path);
            return name;
        }
        code = errno;
        free(path);
        free(name);
        if (code != EEXIST) {
            error_set(error, "cannot link to %s in %s: %s", file, folder->path,
                      strerror(code));
            return NULL;
        }
    }
}

int
vm_folder_add(struct vm_folder *folder, const char *line, struct text *initrd,
              struct error *error)
{
    size_t length = strcspn(line, " ");
    char *file, *target, *name = NULL;

    if (strpbrk(line, "\n\r\t") != NULL)
        return error_set(error,
                         "boot module '%s': line ends and tabs cannot be in "
                         "a boot-script line",
                         line);
    file = xstrndup(line, length);
    target = realpath(file, NULL);
    if (length == 0 || target == NULL)
        error_set(error, "boot module '%s': there is no file %s: %s", line,
                  file, strerror(errno));
    else if (access(target, R_OK) != 0)
        error_set(error, "boot module '%s': cannot read %s: %s", line, file,
                  strerror(errno));
    else
        name = make_link(folder, file, target, error);
    if (name != NULL) {
        if (initrd->size > 0)
            text_putc(initrd, ',');
        text_puts(initrd, name);
        for (const char *c = line + length; *c != '\0'; c++)
            text_puts(initrd, *c == ',' ? ",," : (char[]){*c, '\0'});
    }
    free(file);
    free(target);
    free(name);
    return name != NULL ? 0 : -1;
}

void
vm_folder_remove(struct vm_folder *folder)
{
    for (unsigned i = 0; i < folder->file_count; i++) {
        unlink(folder->files[i]);
        free(folder->files[i]);
    }
    free(folder->files);
    if (folder->path != NULL)
        rmdir(folder->path);
    free(folder->path);
    *folder = (struct vm_folder){0};
}
