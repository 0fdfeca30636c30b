/*
 * What is said of passes: how long each took, in stap's words, and which one
 * failed.
 */

#ifndef COMMAND_PASSES_PASS_H
#define COMMAND_PASSES_PASS_H

#include <stdbool.h>
#include <sys/resource.h>
#include <time.h>

/* Since the last pass ended. */
struct stopwatch {
    struct rusage self;
    struct rusage children;
    struct timespec real;
};

void stopwatch_start(struct stopwatch *watch);

/*
 * "Pass N: WHAT using …virt/…res/…shr/…data kb, in …usr/…sys/…real ms." if
 * VERBOSE is above 0, with the time since *watch, which begins anew.
 */
void
pass_report(struct stopwatch *watch, int verbose, int pass, const char *what);

/* Say that a pass failed, and which page of the manual tells more.  Returns
 * 1, the exit status. */
int pass_failed(int pass);

#endif /* COMMAND_PASSES_PASS_H */
