/*
 * A task that does what a runner must cope with: its argument says what.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mach/console_i.h"
#include "mach/task.h"
#include "mach/time.h"
#include "mig/gnumach_user.h"

/* The kernel asserts that no order of pages is larger than it knows. */
static int
panic(void)
{
    vm_address_t address;
    rpc_phys_addr_t physical;

    vm_allocate_contiguous(task_ports.host, mach_task_self(), &address,
                           &physical, 16 * 1024 * 1024, 0, 0x40000000,
                           vm_page_size);
    return EXIT_FAILURE;
}

static int
reboot(void)
{
    puts("about to reboot");
    host_reboot(task_ports.host, 0);
    return EXIT_FAILURE;
}

static int __attribute__((noreturn))
hang(void)
{
    puts("about to hang");
    for (;;)
        time_sleep(1000);
}

/* Write a frame that is none, into a lane of our own. */
static int
garble(void)
{
    struct channel_frame frame = {.size = 1u << 30, .stream = CHANNEL_STDOUT};
    struct channel_lane *lane;
    struct channel *channel;
    uint32_t size;

    lane = channel_open(task_ports.device, &channel, &size);
    memcpy(lane->data, &frame, sizeof(frame));
    __atomic_store_n(&lane->head, sizeof(frame), __ATOMIC_RELEASE);
    hang();
}

static int
await_stop(void)
{
    puts("waiting");
    while (!console_stop_requested())
        time_sleep(5);
    puts("asked to stop");
    return 3;
}

static int
ignore_stop(void)
{
    await_stop();
    hang();
}

/* More than a lane holds, in lines of all lengths. */
static int
flood(void)
{
    static char line[5000];

    memset(line, 'x', sizeof(line));
    for (unsigned i = 0; i < 2000; i++) {
        unsigned length = (i * 37) % sizeof(line);

        console_printf(CHANNEL_STDOUT, "%.*s %u\n", (int)length, line, i);
    }
    return 0;
}

static int
fault(void)
{
    uintptr_t nowhere = 16;

    __asm__("" : "+r"(nowhere)); /* or gcc sees what we do */
    return *(volatile int *)nowhere;
}

/* One write that is longer than a frame may be, and marks around it. */
static int
large(void)
{
    size_t size = 3 * CHANNEL_FRAME_MAX + 5;
    char *data = malloc(size);

    memset(data, 'y', size);
    console_mark("before");
    console_write(CHANNEL_STDOUT, data, size);
    console_mark("after");
    free(data);
    return 0;
}

static const struct {
    const char *name;
    int (*function)(void);
} modes[] = {
    {"panic", panic},   {"reboot", reboot},   {"hang", hang},
    {"garble", garble}, {"stop", await_stop}, {"ignore", ignore_stop},
    {"flood", flood},   {"large", large},     {"fault", fault},
};

int
main(int argc, char **argv)
{
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
        if (argc > 1 && strcmp(argv[1], modes[i].name) == 0)
            return modes[i].function();
    task_fail("no such mode");
}
