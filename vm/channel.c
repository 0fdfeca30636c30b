#include "vm/channel.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define LANES      7
#define LANE_SIZE  (1024 * 1024)
#define BLOCK_SIZE (8 * 1024 * 1024) /* a BAR's size is a power of two */

/* Give what was read to OUTPUT when there is so much of it. */
#define PENDING_MAX (256 * 1024)

_Static_assert(sizeof(struct channel) <= CHANNEL_HEADER_SIZE,
               "the header fits its page");
_Static_assert(CHANNEL_LANE_OFFSET(LANE_SIZE, LANES) <= BLOCK_SIZE,
               "the lanes fit the block");

size_t
vm_channel_size(void)
{
    return BLOCK_SIZE;
}

int
vm_channel_open(struct vm_channel *channel, vm_output output, void *context,
                struct error *error)
{
    void *block = MAP_FAILED;

    *channel = (struct vm_channel){.output = output, .context = context};
    /* QEMU inherits it, so no close-on-exec. */
    channel->fd = memfd_create("machtap-channel", 0);
    if (channel->fd >= 0 && ftruncate(channel->fd, BLOCK_SIZE) == 0)
        block = mmap(NULL, BLOCK_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED,
                     channel->fd, 0);
    if (block == MAP_FAILED) {
        error_set(error, "cannot make the channel's memory: %s",
                  strerror(errno));
        if (channel->fd >= 0)
            close(channel->fd);
        return -1;
    }
    channel->block = block;
    *channel->block = (struct channel){
        .magic = CHANNEL_MAGIC,
        .version = CHANNEL_VERSION,
        .lanes = LANES,
        .lane_size = LANE_SIZE,
        .total = BLOCK_SIZE,
    };
    return 0;
}

static void
flush(struct vm_channel *channel)
{
    if (channel->pending.size > 0 && channel->output != NULL &&
        !channel->refused)
        channel->refused =
            !channel->output(channel->context, channel->pending_stream,
                             channel->pending.data, channel->pending.size);
    channel->pending.size = 0;
}

/* Copy SIZE bytes at count AT of a lane, round its end. */
static void
copy(const struct channel_lane *lane, uint64_t at, void *data, size_t size)
{
    size_t place = at & (LANE_SIZE - 1);
    size_t first = LANE_SIZE - place < size ? LANE_SIZE - place : size;

    memcpy(data, lane->data + place, first);
    memcpy((char *)data + first, lane->data, size - first);
}

static void
take_frame(struct vm_channel *channel, const struct channel_frame *frame,
           const char *data)
{
    int32_t status;

    switch (frame->stream) {
    case CHANNEL_STATUS:
        memcpy(&status, data, sizeof(status));
        channel->has_status = true;
        channel->status = status;
        break;
    case CHANNEL_MARK:
        flush(channel);
        channel->pending_stream = CHANNEL_MARK;
        text_add(&channel->pending, data, frame->size);
        flush(channel);
        break;
    default:
        if (frame->stream != channel->pending_stream ||
            channel->pending.size > PENDING_MAX)
            flush(channel);
        channel->pending_stream = frame->stream;
        text_add(&channel->pending, data, frame->size);
    }
}

static bool
frame_is_good(const struct channel_frame *frame, uint64_t room)
{
    if (frame->size > CHANNEL_FRAME_MAX || sizeof(*frame) + frame->size > room)
        return false;
    switch (frame->stream) {
    case CHANNEL_STDOUT:
    case CHANNEL_STDERR:
    case CHANNEL_MARK:
        return true;
    case CHANNEL_STATUS:
        return frame->size == sizeof(int32_t);
    default:
        return false;
    }
}

static int
read_lane(struct vm_channel *channel, struct channel_lane *lane)
{
    uint64_t head = __atomic_load_n(&lane->head, __ATOMIC_ACQUIRE);
    uint64_t tail = lane->tail;
    char data[CHANNEL_FRAME_MAX];

    if (head == tail)
        return 0;
    if (head - tail > LANE_SIZE || head % 8 != 0 || tail % 8 != 0)
        return -1;
    while (tail != head && !channel->refused) {
        struct channel_frame frame;

        copy(lane, tail, &frame, sizeof(frame));
        if (!frame_is_good(&frame, head - tail))
            return -1;
        copy(lane, tail + sizeof(frame), data, frame.size);
        take_frame(channel, &frame, data);
        tail += sizeof(frame) + ((frame.size + 7) & ~(uint64_t)7);
        __atomic_store_n(&lane->tail, tail, __ATOMIC_RELEASE);
    }
    return 1;
}

int
vm_channel_read(struct vm_channel *channel, struct error *error)
{
    uint32_t taken = __atomic_load_n(&channel->block->taken, __ATOMIC_RELAXED);
    int any = 0;

    for (uint32_t i = 0; i < taken && i < LANES; i++) {
        int done =
            read_lane(channel, (void *)((char *)channel->block +
                                        CHANNEL_LANE_OFFSET(LANE_SIZE, i)));

        if (done < 0) {
            flush(channel);
            return error_set(error,
                             "a task in the machine wrote something into its "
                             "part of the channel that is no output");
        }
        any |= done;
    }
    flush(channel);
    channel->any |= any != 0;
    return any;
}

size_t
vm_channel_room(const struct vm_channel *channel)
{
    const struct channel *block = channel->block;
    uint64_t used = channel->input_head -
                    __atomic_load_n(&block->input_tail, __ATOMIC_ACQUIRE);

    /* A count that cannot be is as good as a full buffer. */
    if (__atomic_load_n(&block->input_wanted, __ATOMIC_RELAXED) == 0 ||
        block->input_ended || used > CHANNEL_INPUT_SIZE)
        return 0;
    return CHANNEL_INPUT_SIZE - used;
}

void
vm_channel_input(struct vm_channel *channel, const char *data, size_t size)
{
    struct channel *block = channel->block;
    uint64_t head = channel->input_head;

    for (size_t i = 0; i < size; i++)
        block->input[(head + i) & (CHANNEL_INPUT_SIZE - 1)] = (uint8_t)data[i];
    channel->input_head = head + size;
    __atomic_store_n(&block->input_head, head + size, __ATOMIC_RELEASE);
    if (size == 0)
        __atomic_store_n(&block->input_ended, 1, __ATOMIC_RELEASE);
}

void
vm_channel_stop(struct vm_channel *channel)
{
    __atomic_store_n(&channel->block->stop, 1, __ATOMIC_RELAXED);
}

void
vm_channel_close(struct vm_channel *channel)
{
    munmap(channel->block, BLOCK_SIZE);
    close(channel->fd);
    text_free(&channel->pending);
}
