/*
 * A temporary folder with links to the boot modules.
 *
 * QEMU runs in it, so that a module's path is the name of its file alone:
 * the kernel calls the task by it, and a comma or a space in a folder's name
 * cannot be mistaken for QEMU's or the boot script's.
 */

#ifndef VM_FOLDER_H
#define VM_FOLDER_H

#include "support/error.h"
#include "support/text.h"

struct vm_folder {
    char *path;
    char **files; /* what to remove */
    unsigned file_count;
};

int vm_folder_make(struct vm_folder *folder, struct error *error);

/*
 * Link the file that a boot-script LINE begins with, and add to INITRD what
 * QEMU's -initrd takes for the line.
 */
int vm_folder_add(struct vm_folder *folder, const char *line,
                  struct text *initrd, struct error *error);

/*
 * The name of the NUMBERth link to a file of FILE's name, from 1 on, and so of
 * the task; the caller frees it.
 */
char *vm_folder_name(const char *file, unsigned number);

/*
 * The path for a file that the caller makes, and frees the string of; it is
 * removed with the folder.
 */
char *vm_folder_file(struct vm_folder *folder, const char *name);

void vm_folder_remove(struct vm_folder *folder);

#endif /* VM_FOLDER_H */
