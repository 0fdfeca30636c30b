/*
 * The QEMU process.
 */

#ifndef VM_QEMU_H
#define VM_QEMU_H

#include <stdbool.h>
#include <sys/types.h>

#include "support/command.h"
#include "vm/vm.h"

/* Where QEMU's output arrives; all are read without waiting. */
enum qemu_pipe {
    QEMU_CONSOLE,  /* the serial port */
    QEMU_DEBUG,    /* the debug port: QEMU's standard output */
    QEMU_MESSAGES, /* QEMU's own: its standard error */
    QEMU_PIPES,
};

struct qemu {
    pid_t pid;
    int pipes[QEMU_PIPES]; /* -1 after its end */
    bool ended;
    int wait_status; /* as waitpid's, once it has ended */
};

/*
 * The command line.  INITRD is what -initrd takes, or NULL; CHANNEL_FD and
 * CONSOLE_FD are files that the process will have open.
 */
void qemu_command(const struct vm_settings *settings, const char *initrd,
                  int channel_fd, int console_fd, struct command *command);

/* Start QEMU in FOLDER; it dies with us. */
int qemu_start(struct qemu *qemu, const struct vm_settings *settings,
               const char *folder, const char *initrd, int channel_fd,
               struct error *error);

/* Whether it has ended by itself. */
bool qemu_ended(struct qemu *qemu);

/* End it, if it has not ended. */
void qemu_kill(struct qemu *qemu);

/* Close what is left of the pipes. */
void qemu_close(struct qemu *qemu);

#endif /* VM_QEMU_H */
