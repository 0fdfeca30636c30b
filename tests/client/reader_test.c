/* Reading rings: in the order of time, whatever the kernel has put there. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/reader.h"

#define RINGS  3
#define SIZE   4096
#define STRIDE (sizeof(struct probe_ring) + SIZE)

static char *memory;

static struct probe_ring *
ring(unsigned i)
{
    return (struct probe_ring *)(memory + i * STRIDE);
}

static int
make_rings(void **state)
{
    memory = aligned_alloc(4096, RINGS * STRIDE);
    assert_non_null(memory);
    memset(memory, 0, RINGS * STRIDE);
    for (unsigned i = 0; i < RINGS; i++) {
        ring(i)->magic = PROBE_RING_MAGIC;
        ring(i)->cpu = 10 + i;
        ring(i)->size = SIZE;
    }
    return 0;
}

static int
free_rings(void **state)
{
    free(memory);
    return 0;
}

/* What the kernel does; SIZE is that of the whole record. */
static void
submit(unsigned i, uint32_t size, uint64_t time)
{
    struct probe_ring *r = ring(i);
    uint64_t left = SIZE - r->head % SIZE;
    struct probe_record *record = (void *)&r->data[r->head % SIZE];

    if (left < size) {
        record->size = (uint32_t)left;
        record->probe = PROBE_RECORD_PAD;
        r->head += left;
        record = (void *)r->data;
    }
    *record = (struct probe_record){.size = size, .probe = i, .time = time};
    r->head += size;
}

static struct reader
open_rings(void)
{
    struct reader reader;
    assert_true(reader_open(&reader, memory, STRIDE, RINGS));
    return reader;
}

static void
expect_next(struct reader *reader, uint32_t cpu, uint64_t time)
{
    uint32_t got;
    const struct probe_record *record = reader_peek(reader, &got);
    assert_non_null(record);
    assert_int_equal(record->time, time);
    assert_int_equal(got, cpu);
    reader_take(reader);
}

static void
expect_none(struct reader *reader)
{
    uint32_t cpu;
    assert_null(reader_peek(reader, &cpu));
}

static void
records_come_in_the_order_of_time(void **state)
{
    struct reader reader = open_rings();

    submit(0, 32, 5);
    submit(0, 40, 9);
    submit(2, 32, 1);
    submit(1, 48, 7);
    submit(2, 32, 8);
    expect_none(&reader); /* nothing is seen before a look */
    reader_look(&reader);
    expect_next(&reader, 12, 1);
    submit(1, 32, 2); /* too late for this look */
    expect_next(&reader, 10, 5);
    expect_next(&reader, 11, 7);
    expect_next(&reader, 12, 8);
    expect_next(&reader, 10, 9);
    expect_none(&reader);
    reader_look(&reader);
    expect_next(&reader, 11, 2);
    expect_none(&reader);
}

static void
a_record_stays_until_it_is_taken(void **state)
{
    struct reader reader = open_rings();
    uint32_t cpu;

    submit(0, 32, 5);
    reader_look(&reader);
    assert_ptr_equal(reader_peek(&reader, &cpu), reader_peek(&reader, &cpu));
    assert_int_equal(ring(0)->tail, 0);
    reader_take(&reader);
    reader_release(&reader);
    assert_int_equal(ring(0)->tail, 32);
}

/* Many rounds, with records of all sizes: pads are skipped. */
static void
rings_go_round(void **state)
{
    struct reader reader = open_rings();
    uint64_t time = 0;

    for (unsigned i = 0; i < 10000; i++) {
        uint32_t size = 24 + i % 50 * 8;
        submit(0, size, ++time);
        submit(0, 24, ++time);
        reader_look(&reader);
        expect_next(&reader, 10, time - 1);
        expect_next(&reader, 10, time);
        expect_none(&reader);
        reader_release(&reader);
        assert_int_equal(ring(0)->tail, ring(0)->head);
    }
    assert_int_equal(reader.broken, 0);
}

/* Room comes back while many records are read, not only at the end. */
static void
room_is_given_back_on_the_way(void **state)
{
    struct reader reader = open_rings();

    for (unsigned i = 0; i < SIZE / 64; i++)
        submit(0, 64, i);
    reader_look(&reader);
    for (unsigned i = 0; i < SIZE / 64 / 2; i++)
        expect_next(&reader, 10, i);
    assert_in_range(ring(0)->tail, SIZE / 4, SIZE / 2);
}

static void
nonsense_is_dropped_and_counted(void **state)
{
    struct reader reader = open_rings();
    struct probe_record *record = (void *)ring(0)->data;

    submit(1, 32, 5);
    record->size = 0;
    ring(0)->head = 64;
    reader_look(&reader);
    expect_next(&reader, 11, 5);
    expect_none(&reader);
    assert_int_equal(reader.broken, 1);

    record = (void *)&ring(0)->data[64];
    record->size = 1000;
    ring(0)->head = 128;
    reader_look(&reader);
    expect_none(&reader);
    assert_int_equal(reader.broken, 2);
    submit(0, 32, 6);
    reader_look(&reader);
    expect_next(&reader, 10, 6);
}

static void
only_rings_are_opened(void **state)
{
    struct reader reader;

    ring(1)->magic = 0;
    assert_false(reader_open(&reader, memory, STRIDE, RINGS));
    ring(1)->magic = PROBE_RING_MAGIC;
    ring(2)->size = 3000;
    assert_false(reader_open(&reader, memory, STRIDE, RINGS));
    ring(2)->size = 2 * SIZE;
    assert_false(reader_open(&reader, memory, STRIDE, RINGS));
    ring(2)->size = SIZE;
    assert_true(reader_open(&reader, memory, STRIDE, RINGS));
    assert_false(reader_open(&reader, memory, STRIDE, PROBE_CPUS_MAX + 1));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_rings, free_rings)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(records_come_in_the_order_of_time),
        TEST(a_record_stays_until_it_is_taken),
        TEST(rings_go_round),
        TEST(room_is_given_back_on_the_way),
        TEST(nonsense_is_dropped_and_counted),
        TEST(only_rings_are_opened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
