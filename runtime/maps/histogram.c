#include "runtime/maps/histogram.h"

#include <string.h>

#include "runtime/base/failure.h"
#include "runtime/base/limit.h"
#include "runtime/base/scratch.h"
#include "runtime/values/format.h"

#define LOG_ZERO 64 /* the bucket of zeroes */

/* Columns of the longest bar. */
#define WIDTH 50

/* Empty rows that are shown before and after others; more of them become one
 * row of '~'. */
#define MARGIN 2

/* ---- buckets --------------------------------------------------------- */

static int64_t *
buckets(const struct rt_stats *stats)
{
    return (int64_t *)(stats + 1);
}

/* Bits up to the highest that is set. */
static uint32_t
width_of(uint64_t value)
{
    return value == 0 ? 0 : 64 - (uint32_t)__builtin_clzll(value);
}

static uint32_t
log_bucket(int64_t value)
{
    if (value >= 0)
        return LOG_ZERO + width_of((uint64_t)value);
    return LOG_ZERO - width_of(0 - (uint64_t)value);
}

static uint32_t
linear_bucket(const struct rt_histogram *histogram, int64_t value)
{
    uint64_t number;

    if (value < histogram->low)
        return 0;
    number = ((uint64_t)value - (uint64_t)histogram->low) /
             (uint64_t)histogram->step;
    if (number >= histogram->buckets - 2)
        return histogram->buckets - 1;
    return (uint32_t)number + 1;
}

void
rt_histogram_add(const struct rt_histogram *histogram, struct rt_stats *stats,
                 int64_t value)
{
    uint32_t number =
        histogram->linear ? linear_bucket(histogram, value) : log_bucket(value);

    buckets(stats)[number]++;
}

static bool
check_filled(const struct rt_stats *stats)
{
    if (stats != NULL && stats->count > 0)
        return true;
    rt_raise("empty aggregate");
    return false;
}

int64_t
rt_histogram_has(const struct rt_histogram *histogram, int64_t number)
{
    return number >= 0 && number < (int64_t)histogram->buckets;
}

int64_t
rt_histogram_bucket(const struct rt_histogram *histogram,
                    const struct rt_stats *stats, int64_t number)
{
    if (!check_filled(stats))
        return 0;
    if (!rt_histogram_has(histogram, number)) {
        rt_raise("histogram index out of range");
        return 0;
    }
    return buckets(stats)[number];
}

/* ---- the picture ----------------------------------------------------- */

/* What is shown, and how wide its parts are. */
struct picture {
    const struct rt_histogram *histogram;
    const int64_t *counts;
    uint32_t first; /* rows */
    uint32_t last;
    int64_t most; /* of the counts */
    size_t label_width;
    size_t count_width;
};

/* What stands before a row: its bucket's value nearest to zero, or lowest. */
static size_t
put_label(const struct picture *picture, uint32_t bucket, char label[])
{
    const struct rt_histogram *histogram = picture->histogram;
    char number[RT_NUMBER_MAX];
    char *end = number + sizeof(number);
    char *start;
    char sign = 0;
    int64_t value;
    size_t size;

    if (!histogram->linear) {
        if (bucket == LOG_ZERO)
            value = 0;
        else if (bucket > LOG_ZERO)
            value = (int64_t)((uint64_t)1 << (bucket - LOG_ZERO - 1));
        else
            value = (int64_t)(0 - ((uint64_t)1 << (LOG_ZERO - bucket - 1)));
    } else {
        int64_t place = (int64_t)bucket - 1;

        if (bucket == 0) {
            sign = '<';
            place = 0;
        } else if (bucket == histogram->buckets - 1) {
            sign = '>';
            place--;
        }
        value = rt_add(histogram->low, rt_multiply(place, histogram->step));
    }

    start = rt_decimal(end, value);
    if (sign != 0)
        *--start = sign;
    size = (size_t)(end - start);
    memcpy(label, start, size);
    return size;
}

static size_t
wider(const struct picture *picture, uint32_t bucket, size_t width)
{
    char label[RT_NUMBER_MAX + 1];
    size_t size = put_label(picture, bucket, label);

    return size > width ? size : width;
}

/* The rows from the first to the last that is not empty, with a margin. */
static void
choose_rows(struct picture *picture)
{
    uint32_t buckets_count = picture->histogram->buckets;
    bool linear = picture->histogram->linear;
    uint32_t i;

    picture->first = buckets_count - 1;
    for (i = 0; i < buckets_count; i++) {
        if (picture->counts[i] == 0)
            continue;
        if (i < picture->first)
            picture->first = i;
        picture->last = i;
        if (picture->counts[i] > picture->most)
            picture->most = picture->counts[i];
    }

    /* Without negative values there are no negative rows. */
    for (i = 0; i < MARGIN; i++) {
        if (picture->first > 0 && (linear || picture->first != LOG_ZERO))
            picture->first--;
        if (picture->last < buckets_count - 1)
            picture->last++;
    }
    /* What is outside of the range has a row only if there is something. */
    if (linear && picture->first == 0 && picture->counts[0] == 0)
        picture->first = 1;
    if (linear && picture->last == buckets_count - 1 &&
        picture->counts[picture->last] == 0)
        picture->last--;
}

static void
add_padded(struct rt_sink *sink, size_t width, const char *text, size_t size)
{
    if (size < width)
        rt_sink_fill(sink, ' ', width - size);
    rt_sink_add(sink, text, size);
}

#define ADD(sink, literal) rt_sink_add(sink, literal, sizeof(literal) - 1)

static void
add_row(struct rt_sink *sink, const struct picture *picture, uint32_t bucket)
{
    int64_t count = picture->counts[bucket];
    int64_t scale = picture->most <= WIDTH
                        ? 1
                        : picture->most / WIDTH + (picture->most % WIDTH != 0);
    size_t bar = (size_t)(count / scale);
    char label[RT_NUMBER_MAX + 1];
    size_t size = put_label(picture, bucket, label);
    char number[RT_NUMBER_MAX];
    char *end = number + sizeof(number);
    char *start = rt_decimal(end, count);

    add_padded(sink, picture->label_width, label, size);
    ADD(sink, " |");
    rt_sink_fill(sink, '@', bar);
    rt_sink_fill(sink, ' ', WIDTH - bar + 1);
    add_padded(sink, picture->count_width, start, (size_t)(end - start));
    ADD(sink, "\n");
}

/* How many rows from BUCKET on are empty. */
static uint32_t
empty_rows(const struct picture *picture, uint32_t bucket)
{
    uint32_t end = bucket;

    while (end <= picture->last && picture->counts[end] == 0)
        end++;
    return end - bucket;
}

static void
draw(struct rt_sink *sink, const struct rt_histogram *histogram,
     const struct rt_stats *stats)
{
    struct picture picture = {
        .histogram = histogram,
        .counts = buckets(stats),
    };
    char number[RT_NUMBER_MAX];
    char *end = number + sizeof(number);
    uint32_t i;

    choose_rows(&picture);
    picture.count_width = (size_t)(end - rt_decimal(end, picture.most));
    picture.label_width = strlen("value");
    picture.label_width = wider(&picture, picture.first, picture.label_width);
    picture.label_width = wider(&picture, picture.last, picture.label_width);

    add_padded(sink, picture.label_width, "value", strlen("value"));
    ADD(sink, " |");
    rt_sink_fill(sink, '-', WIDTH);
    ADD(sink, " count\n");
    for (i = picture.first; i <= picture.last; i++) {
        uint32_t empty = empty_rows(&picture, i);

        if (empty <= 2 * MARGIN) {
            add_row(sink, &picture, i);
            continue;
        }
        for (uint32_t row = 0; row < MARGIN; row++)
            add_row(sink, &picture, i + row);
        rt_sink_fill(sink, ' ', picture.label_width);
        ADD(sink, " ~\n");
        for (uint32_t row = empty - MARGIN; row < empty; row++)
            add_row(sink, &picture, i + row);
        i += empty - 1;
    }
    ADD(sink, "\n");
}

void
rt_print_histogram(const struct rt_histogram *histogram,
                   const struct rt_stats *stats)
{
    struct rt_print_sink output;

    if (!check_filled(stats))
        return;
    rt_print_begin(&output);
    draw(&output.sink, histogram, stats);
    rt_print_end(&output);
}

struct rt_string
rt_sprint_histogram(const struct rt_histogram *histogram,
                    const struct rt_stats *stats)
{
    size_t size = rt_string_max;
    char *text = rt_scratch_reserve(&size);
    struct rt_sink sink = {text, text + size, NULL};

    if (!check_filled(stats))
        return RT_TEXT("");
    draw(&sink, histogram, stats);
    return rt_scratch_take(text, (size_t)(sink.at - text));
}
