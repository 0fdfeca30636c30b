/*
 * The host's side of the channel: what a task may write there, and what of
 * it is believed.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "vm/channel.h"

struct fixture {
    struct vm_channel channel;
    struct text log; /* what came out: "1:text" for each call */
    bool refuse;
};

static bool
take(void *context, enum channel_stream stream, const void *data, size_t size)
{
    struct fixture *fixture = context;

    text_printf(&fixture->log, "%d:", stream);
    text_add(&fixture->log, data, size);
    text_putc(&fixture->log, ' ');
    return !fixture->refuse;
}

static int
set_up(void **state)
{
    struct fixture *fixture = xcalloc(1, sizeof(*fixture));
    struct error error;

    assert_int_equal(vm_channel_open(&fixture->channel, take, fixture, &error),
                     0);
    *state = fixture;
    return 0;
}

static int
tear_down(void **state)
{
    struct fixture *fixture = *state;

    vm_channel_close(&fixture->channel);
    text_free(&fixture->log);
    free(fixture);
    return 0;
}

/* What follows is the task's side. */

static struct channel_lane *
lane_of(struct fixture *fixture, unsigned number)
{
    struct channel *block = fixture->channel.block;

    if (block->taken <= number)
        block->taken = number + 1;
    return (void *)((char *)block +
                    CHANNEL_LANE_OFFSET(block->lane_size, number));
}

static void
put(struct fixture *fixture, struct channel_lane *lane, const void *data,
    size_t size)
{
    uint32_t lane_size = fixture->channel.block->lane_size;

    for (size_t i = 0; i < size; i++)
        lane->data[(lane->head + i) % lane_size] = ((const char *)data)[i];
    lane->head += (size + 7) & ~(size_t)7;
}

static void
put_frame(struct fixture *fixture, unsigned number, uint32_t stream,
          const void *data, uint32_t size)
{
    struct channel_lane *lane = lane_of(fixture, number);
    struct channel_frame frame = {.size = size, .stream = stream};

    put(fixture, lane, &frame, sizeof(frame));
    put(fixture, lane, data, size);
}

static int
read_channel(struct fixture *fixture)
{
    struct error error;

    return vm_channel_read(&fixture->channel, &error);
}

static void
assert_log(struct fixture *fixture, const char *expected)
{
    assert_string_equal(text_string(&fixture->log), expected);
}

static void
an_untouched_channel_is_empty(void **state)
{
    assert_int_equal(read_channel(*state), 0);
    assert_log(*state, "");
}

static void
frames_of_one_stream_come_together(void **state)
{
    put_frame(*state, 0, CHANNEL_STDOUT, "one", 3);
    put_frame(*state, 0, CHANNEL_STDOUT, "two", 3);
    put_frame(*state, 0, CHANNEL_STDERR, "three", 5);
    put_frame(*state, 0, CHANNEL_MARK, "four", 4);
    put_frame(*state, 0, CHANNEL_MARK, "five", 4);
    assert_int_equal(read_channel(*state), 1);
    assert_log(*state, "1:onetwo 2:three 4:four 4:five ");
    assert_int_equal(read_channel(*state), 0);
}

static void
each_lane_is_read(void **state)
{
    put_frame(*state, 0, CHANNEL_STDOUT, "a", 1);
    put_frame(*state, 6, CHANNEL_STDERR, "b", 1);
    assert_int_equal(read_channel(*state), 1);
    assert_log(*state, "1:a 2:b ");
}

static void
a_status_is_kept(void **state)
{
    struct fixture *fixture = *state;
    int32_t status = -7;

    put_frame(fixture, 1, CHANNEL_STATUS, &status, sizeof(status));
    assert_int_equal(read_channel(fixture), 1);
    assert_true(fixture->channel.has_status);
    assert_int_equal(fixture->channel.status, -7);
}

static void
frames_wrap_at_the_end_of_the_lane(void **state)
{
    struct fixture *fixture = *state;
    static char data[CHANNEL_FRAME_MAX];
    uint64_t written = 0;

    while (written < 3u * fixture->channel.block->lane_size) {
        for (size_t i = 0; i < sizeof(data); i++)
            data[i] = (char)(written + i * 31);
        put_frame(fixture, 0, CHANNEL_STDOUT, data, sizeof(data) - 24);
        assert_int_equal(read_channel(fixture), 1);
        assert_int_equal(fixture->log.size, sizeof(data) - 24 + 3);
        assert_memory_equal(fixture->log.data + 2, data, sizeof(data) - 24);
        fixture->log.size = 0;
        written += sizeof(data);
    }
}

static void
refused_output_ends_reading(void **state)
{
    struct fixture *fixture = *state;

    fixture->refuse = true;
    put_frame(fixture, 0, CHANNEL_STDOUT, "one", 3);
    put_frame(fixture, 0, CHANNEL_STDERR, "two", 3);
    read_channel(fixture);
    assert_log(fixture, "1:one ");
    assert_true(fixture->channel.refused);
}

static void
more_lanes_taken_than_there_are(void **state)
{
    struct fixture *fixture = *state;

    put_frame(fixture, 0, CHANNEL_STDOUT, "a", 1);
    fixture->channel.block->taken = UINT32_MAX;
    assert_int_equal(read_channel(fixture), 1);
    assert_log(fixture, "1:a ");
}

static void
a_frame_longer_than_the_lane_holds(void **state)
{
    struct channel_frame frame = {.size = 100, .stream = CHANNEL_STDOUT};

    put(*state, lane_of(*state, 0), &frame, sizeof(frame));
    assert_int_equal(read_channel(*state), -1);
}

static void
a_frame_longer_than_allowed(void **state)
{
    struct channel_frame frame = {.size = CHANNEL_FRAME_MAX + 1,
                                  .stream = CHANNEL_STDOUT};
    struct channel_lane *lane = lane_of(*state, 0);

    put(*state, lane, &frame, sizeof(frame));
    lane->head += 2 * CHANNEL_FRAME_MAX;
    assert_int_equal(read_channel(*state), -1);
}

/* The padding would reach beyond the head, and the tail pass it. */
static void
a_frame_whose_padding_is_missing(void **state)
{
    struct channel_lane *lane = lane_of(*state, 0);

    put_frame(*state, 0, CHANNEL_STDOUT, "1", 1);
    lane->head -= 7;
    assert_int_equal(read_channel(*state), -1);
}

static void
a_stream_that_is_none(void **state)
{
    put_frame(*state, 0, 77, "x", 1);
    assert_int_equal(read_channel(*state), -1);
}

static void
a_status_of_another_size(void **state)
{
    put_frame(*state, 0, CHANNEL_STATUS, "12345678", 8);
    assert_int_equal(read_channel(*state), -1);
}

static void
a_head_that_is_too_far(void **state)
{
    struct channel_lane *lane = lane_of(*state, 0);

    lane->head = UINT64_MAX - 7;
    assert_int_equal(read_channel(*state), -1);
}

/* ---- input ----------------------------------------------------------- */

static void
no_input_is_put_that_no_task_wants(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(vm_channel_room(&fixture->channel), 0);
    fixture->channel.block->input_wanted = 1;
    assert_int_equal(vm_channel_room(&fixture->channel), CHANNEL_INPUT_SIZE);
}

static void
input_wraps_and_ends(void **state)
{
    struct fixture *fixture = *state;
    struct channel *block = fixture->channel.block;
    char filler[CHANNEL_INPUT_SIZE - 2] = {0};

    block->input_wanted = 1;
    vm_channel_input(&fixture->channel, filler, sizeof(filler));
    assert_int_equal(vm_channel_room(&fixture->channel), 2);
    block->input_tail = sizeof(filler);
    vm_channel_input(&fixture->channel, "abcd", 4);
    assert_int_equal(block->input_head, sizeof(filler) + 4);
    assert_memory_equal(&block->input[CHANNEL_INPUT_SIZE - 2], "ab", 2);
    assert_memory_equal(&block->input[0], "cd", 2);
    assert_int_equal(block->input_ended, 0);
    vm_channel_input(&fixture->channel, NULL, 0);
    assert_int_equal(block->input_ended, 1);
    assert_int_equal(vm_channel_room(&fixture->channel), 0);
}

static void
counts_of_input_that_cannot_be(void **state)
{
    struct fixture *fixture = *state;
    struct channel *block = fixture->channel.block;

    block->input_wanted = 1;
    block->input_tail = 1;
    assert_int_equal(vm_channel_room(&fixture->channel), 0);
    block->input_tail = 0;
    block->input_head = UINT64_MAX / 2;
    assert_int_equal(vm_channel_room(&fixture->channel), CHANNEL_INPUT_SIZE);
    vm_channel_input(&fixture->channel, "x", 1);
    assert_int_equal(block->input_head, 1);
}

#define TEST(function) \
    cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_untouched_channel_is_empty),
        TEST(frames_of_one_stream_come_together),
        TEST(each_lane_is_read),
        TEST(a_status_is_kept),
        TEST(frames_wrap_at_the_end_of_the_lane),
        TEST(refused_output_ends_reading),
        TEST(more_lanes_taken_than_there_are),
        TEST(a_frame_longer_than_the_lane_holds),
        TEST(a_frame_longer_than_allowed),
        TEST(a_frame_whose_padding_is_missing),
        TEST(a_stream_that_is_none),
        TEST(a_status_of_another_size),
        TEST(a_head_that_is_too_far),
        TEST(no_input_is_put_that_no_task_wants),
        TEST(input_wraps_and_ends),
        TEST(counts_of_input_that_cannot_be),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
