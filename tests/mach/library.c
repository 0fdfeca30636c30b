/*
 * The small C library of tasks, tested where it runs; prints TAP.
 */

#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mach/task.h"
#include "mach/thread.h"
#include "mach/time.h"

static unsigned count;
static bool failed;

static void
ok(bool passed, const char *what)
{
    failed |= !passed;
    printf("%sok %u - %s\n", passed ? "" : "not ", ++count, what);
}

static void
formats(const char *expected, const char *format, ...)
{
    char text[128];
    va_list arguments;
    int size;

    va_start(arguments, format);
    size = vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    ok(strcmp(text, expected) == 0 && size == (int)strlen(expected), format);
    if (strcmp(text, expected) != 0)
        printf("# got '%s', expected '%s'\n", text, expected);
}

static void
test_format(void)
{
    char small[4];

    formats("-5 5 +5  5", "%d %u %+d % d", -5, 5u, 5, 5);
    formats("-9223372036854775808", "%lld", LLONG_MIN);
    formats("18446744073709551615", "%" PRIu64, UINT64_MAX);
    formats("ff FF 0xff 377 0377 0", "%x %X %#x %o %#o %#x", 255, 255, 255, 255,
            255, 0);
    formats("   42|42   |00042|  042", "%5d|%-5d|%05d|%5.3d", 42, 42, 42, 42);
    formats("-0042|  -42", "%05d|%*d", -42, 5, -42);
    formats("abc|  abc|abc  |ab", "%s|%5s|%-5s|%.2s", "abc", "abc", "abc",
            "abc");
    formats("c%|0x10", "%c%%|%p", 'c', (void *)16);
    formats("-1 255 -1 65535", "%hhd %hhu %hd %hu", 255, 255, 65535, 65535);
    formats("|0", "%.0d|%d", 0, 0);
    formats("(null)", "%s", (char *)NULL);
    ok(snprintf(small, sizeof(small), "%s", "longer") == 6 &&
           strcmp(small, "lon") == 0,
       "a text that does not fit is cut");
}

static void
test_numbers(void)
{
    char *end;

    ok(strtoll(" -42x", &end, 10) == -42 && *end == 'x', "strtoll stops");
    ok(strtoll("0x1F", NULL, 0) == 31 && strtoll("017", NULL, 0) == 15,
       "strtoll takes prefixes");
    ok(strtoll("0x", &end, 0) == 0 && *end == 'x', "strtoll of 0x is 0");
    ok(strtoll("99999999999999999999", NULL, 10) == LLONG_MAX &&
           strtoll("-99999999999999999999", NULL, 10) == LLONG_MIN,
       "strtoll keeps to its range");
    ok(strtoll("-9223372036854775808", NULL, 10) == LLONG_MIN,
       "strtoll reaches the least number");
    ok(strtoull("18446744073709551615", NULL, 10) == ULLONG_MAX,
       "strtoull reaches the greatest");
    ok(strtol("zz", &end, 10) == 0 && *end == 'z', "no digits, no number");
}

static void
test_strings(void)
{
    char text[32] = "0123456789";

    memmove(text + 2, text, 9);
    ok(strcmp(text, "01012345678") == 0, "memmove up, overlapping");
    memmove(text, text + 2, 9);
    ok(memcmp(text, "012345678", 9) == 0, "memmove down, overlapping");
    memset(text, 'a', 19);
    text[19] = '\0';
    ok(strlen(text) == 19 && strspn(text, "a") == 19, "memset");
    ok(strcmp("a", "b") < 0 && strcmp("\xff", "a") > 0 &&
           strncmp("abc", "abd", 2) == 0,
       "strings are compared as unsigned bytes");
    strcpy(text, "key=value=more");
    ok(strchr(text, '=') == text + 3 && strrchr(text, '=') == text + 9 &&
           strstr(text, "value") == text + 4 && strchr(text, 'z') == NULL &&
           *strchr(text, '\0') == '\0' && strcspn(text, "=") == 3,
       "strings are searched");
    strncpy(text, "ab", 5);
    ok(memcmp(text, "ab\0\0\0alue", 9) == 0, "strncpy fills with zeros");
}

static int
compare(const void *left, const void *right)
{
    unsigned l = *(const unsigned *)left, r = *(const unsigned *)right;

    return (l > r) - (l < r);
}

static void
test_sorting(void)
{
    static unsigned items[1000];
    bool sorted = true;
    unsigned key;

    for (unsigned i = 0; i < 1000; i++)
        items[i] = i * 7919 % 1009;
    key = items[500];
    qsort(items, 1000, sizeof(items[0]), compare);
    for (unsigned i = 1; i < 1000; i++)
        sorted &= items[i - 1] < items[i];
    ok(sorted, "qsort sorts");
    ok(*(unsigned *)bsearch(&key, items, 1000, sizeof(key), compare) == key,
       "bsearch finds what is there");
    key = 5000;
    ok(bsearch(&key, items, 1000, sizeof(key), compare) == NULL,
       "bsearch finds nothing else");
}

#define BLOCKS 500

static bool
holds(const unsigned char *block, size_t size, unsigned char byte)
{
    for (size_t i = 0; i < size; i++)
        if (block[i] != byte)
            return false;
    return true;
}

static void
test_memory(void)
{
    static unsigned char *blocks[BLOCKS];
    bool kept = true, aligned = true;

    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < BLOCKS; i++) {
            blocks[i] = realloc(blocks[i], i * 97 + round * 1000);
            memset(blocks[i], (int)i, i * 97 + round * 1000);
            aligned &= (uintptr_t)blocks[i] % 16 == 0;
        }
        for (unsigned i = 0; i < BLOCKS; i++)
            kept &= holds(blocks[i], i * 97 + round * 1000, (unsigned char)i);
    }
    for (unsigned i = 0; i < BLOCKS; i++)
        free(blocks[i]);
    ok(kept, "blocks keep what is in them");
    ok(aligned, "blocks are aligned");
    ok(malloc(SIZE_MAX) == NULL && calloc(SIZE_MAX, 2) == NULL &&
           malloc(SIZE_MAX / 4 * 3) == NULL,
       "there is no memory without end");
    blocks[0] = calloc(100, 10);
    ok(holds(blocks[0], 1000, 0), "calloc clears");
}

static struct task_lock lock;
static unsigned total;

static void
add(void *argument)
{
    unsigned *own = argument;
    vm_address_t page = 0;

    for (unsigned i = 0; i < 1000; i++) {
        task_lock(&lock);
        total++;
        task_unlock(&lock);
    }
    /* A call of the kernel, to use a reply port of the thread's own. */
    *own = vm_allocate(mach_task_self(), &page, 1, TRUE) == KERN_SUCCESS &&
           vm_deallocate(mach_task_self(), page, 1) == KERN_SUCCESS;
    free(malloc(100));
}

/* Write to all of the stack that is said to be left, but for a call's part. */
static void
use_stack(void *argument)
{
    size_t left = task_stack_left() - 1024;
    volatile char *stack = __builtin_alloca(left);

    for (size_t i = 0; i < left; i++)
        stack[i] = 1;
    *(size_t *)argument = left;
}

static void
test_stack(void)
{
    struct task_thread thread;
    size_t left = 0;

    if (task_thread_start(&thread, use_stack, &left) != KERN_SUCCESS)
        task_fail("cannot start a thread");
    task_thread_join(&thread);
    ok(left > TASK_STACK_SIZE - 3 * vm_page_size && left < TASK_STACK_SIZE,
       "a thread can use the stack that it has left");
    use_stack(&left);
    ok(left > TASK_STACK_SIZE / 2 && left < TASK_STACK_SIZE,
       "so can the first");
}

static void
test_threads(void)
{
    struct task_thread threads[8];
    unsigned own[8], worked = 0;

    for (unsigned i = 0; i < 8; i++)
        if (task_thread_start(&threads[i], add, &own[i]) != KERN_SUCCESS)
            task_fail("cannot start a thread");
    for (unsigned i = 0; i < 8; i++) {
        task_thread_join(&threads[i]);
        worked += own[i];
    }
    ok(total == 8000, "threads take turns with a lock");
    ok(worked == 8, "threads call the kernel");
}

static void
test_watch(void)
{
    struct task_watch watch;
    uint64_t before;
    task_t task;

    if (task_create(mach_task_self(), FALSE, &task) != KERN_SUCCESS)
        task_fail("cannot create a task");
    ok(task_watch_begin(&watch, task) == KERN_SUCCESS &&
           !task_watch_ended(&watch, 0),
       "a task that lives has not ended");
    before = time_tsc();
    ok(!task_watch_ended(&watch, 20) && time_tsc() > before,
       "waiting for its end ends with the time");
    task_terminate(task);
    ok(task_watch_ended(&watch, 10000) && task_watch_ended(&watch, 0),
       "its end is noticed");
    task_watch_end(&watch);
    ok(task_watch_begin(&watch, task) == KERN_SUCCESS &&
           task_watch_ended(&watch, 10000),
       "so is one that was before");
}

static void
plan(void)
{
    printf("1..%u\n", count);
}

int
main(void)
{
    ok(atexit(plan) == 0, "a function can be registered for the end");
    test_format();
    test_numbers();
    test_strings();
    test_sorting();
    test_memory();
    test_stack();
    test_threads();
    test_watch();
    ok(strcmp(task_error_text(KERN_INVALID_HOST),
              "not the host privileged port") == 0,
       "errors have texts");
    return failed ? 1 : 0;
}
