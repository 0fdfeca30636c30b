/*
 * An error message on its way from where something failed to where it is
 * shown.
 *
 * Functions that can fail take a struct error *, return -1 (or NULL) after
 * filling it, and 0 (or an object) without touching it.  The message is one
 * or more lines without a final newline; it says where, what, and what would
 * be right, and carries no program name: whoever prints it adds that.
 */

#ifndef SUPPORT_ERROR_H
#define SUPPORT_ERROR_H

/* Bytes kept of a message; the rest is cut. */
#define ERROR_SIZE 2048

struct error {
    char text[ERROR_SIZE];
};

/* Set the message by printf rules.  Always returns -1. */
int error_set(struct error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Put "format: " before the message that is there.  Always returns -1. */
int error_prefix(struct error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif /* SUPPORT_ERROR_H */
