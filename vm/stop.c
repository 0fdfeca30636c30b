#include "vm/stop.h"

#include <signal.h>
#include <stddef.h>

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
#define SIGNAL_COUNT (sizeof(signals) / sizeof(signals[0]))

static volatile sig_atomic_t count;
static struct sigaction before[SIGNAL_COUNT], pipe_before;

static void
on_signal(int number)
{
    (void)number;
    count++;
}

void
vm_stop_begin(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    struct sigaction ignore = {.sa_handler = SIG_IGN};

    count = 0;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        sigaction(signals[i], &action, &before[i]);
        /* What our parent wanted ignored (nohup) stays ignored. */
        if (before[i].sa_handler == SIG_IGN)
            sigaction(signals[i], &before[i], NULL);
    }
    /* Nobody reads our output: writing fails, and the run ends by that. */
    sigaction(SIGPIPE, &ignore, &pipe_before);
}

void
vm_stop_end(void)
{
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        sigaction(signals[i], &before[i], NULL);
    sigaction(SIGPIPE, &pipe_before, NULL);
}

int
vm_stop_count(void)
{
    return count;
}
