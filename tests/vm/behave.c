/*
 * A task that does what a runner must cope with: its argument says what.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mach/console_i.h"
#include "mach/ioport.h"
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

/*
 * The keyboard's controller takes for pressed what it is told by this command,
 * and interrupts (IBM PC AT Technical Reference, 8042, command D2).
 */
#define KEYBOARD_DATA    0x60
#define KEYBOARD_COMMAND 0x64
#define COMMAND_PRETEND  0xd2
#define KEY_UP           0xd4 /* of no key that does anything */
#define KEYS             20

static int
keyboard(void)
{
    const uint8_t command = COMMAND_PRETEND, key = KEY_UP;
    mach_port_t permission;

    if (ioport_grant(task_ports.device, KEYBOARD_DATA, KEYBOARD_COMMAND,
                     &permission) != KERN_SUCCESS)
        return EXIT_FAILURE;
    for (unsigned i = 0; i < KEYS; i++) {
        ioport_write_bytes(KEYBOARD_COMMAND, &command, 1);
        ioport_write_bytes(KEYBOARD_DATA, &key, 1);
        swtch_pri(0);                /* it has come by then */
        ioport_read8(KEYBOARD_DATA); /* the kernel reads it if it uses it */
    }
    ioport_withdraw(permission);
    printf("keys=%d\n", KEYS);
    return 0;
}

static const struct {
    const char *name;
    int (*function)(void);
} modes[] = {
    {"panic", panic},       {"reboot", reboot},   {"hang", hang},
    {"garble", garble},     {"stop", await_stop}, {"ignore", ignore_stop},
    {"flood", flood},       {"large", large},     {"fault", fault},
    {"keyboard", keyboard},
};

int
main(int argc, char **argv)
{
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
        if (argc > 1 && strcmp(argv[1], modes[i].name) == 0)
            return modes[i].function();
    task_fail("no such mode");
}
