/*
 * Signals that ask for the end, counted while a machine runs.
 */

#ifndef VM_STOP_H
#define VM_STOP_H

/*
 * Take SIGINT, SIGTERM and SIGHUP over and ignore SIGPIPE, and undo that.
 */
void vm_stop_begin(void);
void vm_stop_end(void);

/* How many have come since vm_stop_begin(). */
int vm_stop_count(void);

#endif /* VM_STOP_H */
