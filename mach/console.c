#include "mach/console_i.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mach/ioport.h"
#include "mach/task.h"
#include "mach/thread.h"
#include "mach/time.h"

/* How often to give the CPU away for the host to read, before sleeping. */
#define ROOM_TRIES 2000

static enum console_kind kind = CONSOLE_PRINT;
static struct task_lock lock;
static struct channel *channel;   /* once it was mapped */
static struct channel_lane *lane; /* of this task */
static uint32_t lane_size;

static bool
open_channel(void)
{
    if (lane == NULL && task_ports.device != MACH_PORT_NULL)
        lane = channel_open(task_ports.device, &channel, &lane_size);
    return lane != NULL;
}

/*
 * The debug console answers with its own number; without it, bytes written
 * to the port would go nowhere.  See CONSOLE_PORT_MESSAGES before changing
 * the number of calls.
 */
static bool
open_port(void)
{
    mach_port_t permission;

    if (task_ports.device == MACH_PORT_NULL ||
        ioport_grant(task_ports.device, CHANNEL_DEBUG_PORT, CHANNEL_DEBUG_PORT,
                     &permission) != KERN_SUCCESS)
        return false;
    if (ioport_read8(CHANNEL_DEBUG_PORT) != CHANNEL_DEBUG_PORT) {
        ioport_withdraw(permission);
        return false;
    }
    mach_port_deallocate(mach_task_self(), permission);
    return true;
}

static bool
open_print(void)
{
    return true;
}

/* In the order in which they are tried. */
static const struct {
    const char *name;
    enum console_kind kind;
    bool (*open)(void);
} kinds[] = {
    {"channel", CONSOLE_CHANNEL, open_channel},
    {"port", CONSOLE_PORT, open_port},
    {"print", CONSOLE_PRINT, open_print},
};

/* Open the first kind that is possible, of all or of the one with NAME. */
static bool
open_kind(const char *name)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if ((name == NULL || strcmp(name, kinds[i].name) == 0) &&
            kinds[i].open()) {
            kind = kinds[i].kind;
            return true;
        }
    return false;
}

bool
console_open(const char *name)
{
    if (name != NULL)
        return open_kind(name);
    return (task_console_default != NULL && open_kind(task_console_default)) ||
           open_kind(NULL);
}

enum console_kind
console_kind(void)
{
    return kind;
}

/* Wait until the lane has room for SIZE bytes beyond HEAD. */
static void
wait_for_room(uint64_t head, uint64_t size)
{
    for (unsigned tries = 0;; tries++) {
        uint64_t tail = __atomic_load_n(&lane->tail, __ATOMIC_ACQUIRE);

        if (head + size - tail <= lane_size)
            return;
        if (tries < ROOM_TRIES)
            swtch_pri(0);
        else
            time_sleep(1);
    }
}

/* Put bytes into the lane, round its end. */
static uint64_t
put(uint64_t head, const void *data, size_t size)
{
    size_t place = head & (lane_size - 1);
    size_t first = lane_size - place < size ? lane_size - place : size;

    memcpy(lane->data + place, data, first);
    memcpy(lane->data, (const char *)data + first, size - first);
    return head + size;
}

static void
write_frame(enum channel_stream stream, const void *data, size_t size)
{
    struct channel_frame frame = {.size = (uint32_t)size, .stream = stream};
    size_t padded = (size + 7) & ~(size_t)7;
    uint64_t head = lane->head;

    wait_for_room(head, sizeof(frame) + padded);
    put(put(head, &frame, sizeof(frame)), data, size);
    __atomic_store_n(&lane->head, head + sizeof(frame) + padded,
                     __ATOMIC_RELEASE);
}

static void
write_channel(enum channel_stream stream, const char *data, size_t size)
{
    while (size > 0) {
        size_t part = size < CHANNEL_FRAME_MAX ? size : CHANNEL_FRAME_MAX;

        write_frame(stream, data, part);
        data += part;
        size -= part;
    }
}

/* The kernel takes a string, so the data goes in pieces with an end. */
static void
write_print(const char *data, size_t size)
{
    char piece[128];

    while (size > 0) {
        size_t part = size < sizeof(piece) - 1 ? size : sizeof(piece) - 1;

        memcpy(piece, data, part);
        piece[part] = '\0';
        mach_print(piece);
        data += part;
        size -= part;
    }
}

void
console_write(enum channel_stream stream, const void *data, size_t size)
{
    task_lock(&lock);
    switch (kind) {
    case CONSOLE_CHANNEL:
        write_channel(stream, data, size);
        break;
    case CONSOLE_PORT:
        ioport_write_bytes(CHANNEL_DEBUG_PORT, data, size);
        break;
    case CONSOLE_PRINT:
        write_print(data, size);
        break;
    }
    task_unlock(&lock);
}

int
console_vprintf(enum channel_stream stream, const char *format,
                va_list arguments)
{
    char room[512], *text = room;
    va_list again;
    int size;

    va_copy(again, arguments);
    size = vsnprintf(room, sizeof(room), format, arguments);
    if (size >= (int)sizeof(room)) {
        text = malloc((size_t)size + 1);
        if (text != NULL) {
            vsnprintf(text, (size_t)size + 1, format, again);
        } else {
            text = room;
            size = sizeof(room) - 1;
        }
    }
    va_end(again);
    if (size > 0)
        console_write(stream, text, (size_t)size);
    if (text != room)
        free(text);
    return size;
}

int
console_printf(enum channel_stream stream, const char *format, ...)
{
    va_list arguments;
    int size;

    va_start(arguments, format);
    size = console_vprintf(stream, format, arguments);
    va_end(arguments);
    return size;
}

void
console_mark(const char *phase)
{
    if (kind != CONSOLE_CHANNEL)
        return;
    task_lock(&lock);
    write_frame(CHANNEL_MARK, phase, strlen(phase));
    task_unlock(&lock);
}

void
console_want_input(void)
{
    if (channel != NULL)
        __atomic_store_n(&channel->input_wanted, 1, __ATOMIC_RELAXED);
}

size_t
console_input(char *bytes, size_t size, bool *ended)
{
    bool last;
    uint64_t head, tail;
    size_t count;

    *ended = true;
    if (channel == NULL)
        return 0;
    /* First, since bytes may come before the end and none after it. */
    last = __atomic_load_n(&channel->input_ended, __ATOMIC_ACQUIRE) != 0;
    head = __atomic_load_n(&channel->input_head, __ATOMIC_ACQUIRE);
    tail = channel->input_tail;
    for (count = 0; count < size && tail != head; count++)
        bytes[count] = (char)channel->input[tail++ & (CHANNEL_INPUT_SIZE - 1)];
    __atomic_store_n(&channel->input_tail, tail, __ATOMIC_RELEASE);
    *ended = last && tail == head;
    return count;
}

bool
console_stop_requested(void)
{
    return channel != NULL &&
           __atomic_load_n(&channel->stop, __ATOMIC_RELAXED) != 0;
}

void
console_take_over(void)
{
    task_unlock(&lock);
}

void
console_status(int status)
{
    int32_t value = status;

    /* No lock: a thread that holds it may have been stopped for good. */
    if (open_channel())
        write_frame(CHANNEL_STATUS, &value, sizeof(value));
}
