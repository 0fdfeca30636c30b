/*
 * Maps through the port: values go in and out of line, errors leave nothing
 * behind, and a program sees what was set.
 */

#include "tests/kernel/kit.h"

static mach_port_t session;

static natural_t
make(uint32_t kind, uint32_t key, uint32_t value, uint32_t entries)
{
    natural_t map = UINT32_MAX;
    kern_return_t kr =
        probe_map_create(session, kind, key, value, entries, &map);

    check_is(kr, KERN_SUCCESS, "a map of kind %u", kind);
    return map;
}

/* Inline keys are arrays of the largest size to MIG. */
static probe_small_t key_bytes;

static char *
key(uint64_t number)
{
    memcpy(key_bytes, &number, sizeof(number));
    return key_bytes;
}

static kern_return_t
update(natural_t map, uint64_t number, uint64_t value, uint32_t flags)
{
    return probe_map_update(session, map, key(number), 8, (char *)&value,
                            sizeof(value), flags);
}

static kern_return_t
lookup(natural_t map, uint64_t number, uint64_t *value)
{
    uint64_t *got;
    mach_msg_type_number_t size;
    kern_return_t kr =
        probe_map_lookup(session, map, key(number), 8, (char **)&got, &size);

    if (kr == KERN_SUCCESS) {
        *value = *got;
        vm_deallocate(mach_task_self(), (vm_address_t)got, size);
    }
    return kr;
}

static void
hash_map(void)
{
    natural_t map = make(PROBE_MAP_HASH, 8, 8, 100);
    uint64_t value = 0;

    check_is(lookup(map, 7, &value), PROBE_ERROR_NO_KEY, "empty at first");
    check_is(update(map, 7, 70, PROBE_MAP_EXIST), PROBE_ERROR_NO_KEY,
             "nothing to replace");
    check_is(update(map, 7, 70, PROBE_MAP_NOEXIST), KERN_SUCCESS, "create");
    check_is(update(map, 7, 71, PROBE_MAP_NOEXIST), PROBE_ERROR_KEY_EXISTS,
             "not twice");
    check_is(lookup(map, 7, &value), KERN_SUCCESS, "look up");
    check_is(value, 70, "its value");
    check_is(update(map, 7, 72, PROBE_MAP_ANY), KERN_SUCCESS, "replace");
    lookup(map, 7, &value);
    check_is(value, 72, "the new value");
    check_is(update(map, 7, 72, 99), PROBE_ERROR_ARGUMENT, "unknown flags");
    check_is(probe_map_delete(session, map, key(7), 8), KERN_SUCCESS, "delete");
    check_is(lookup(map, 7, &value), PROBE_ERROR_NO_KEY, "it is gone");
    check_is(probe_map_delete(session, map, key(7), 8), PROBE_ERROR_NO_KEY,
             "and cannot go again");
}

static void
reading_all(void)
{
    natural_t map = make(PROBE_MAP_HASH, 8, 8, 10000), cursor = 0;
    uint64_t sum = 0, seen = 0;
    unsigned calls = 0;

    for (uint64_t i = 0; i < 10000; i++)
        update(map, i, 2 * i, PROBE_MAP_ANY);
    check_is(update(map, 10000, 0, PROBE_MAP_ANY), PROBE_ERROR_FULL,
             "one more than there is room for");
    do {
        uint64_t *entries;
        mach_msg_type_number_t size;

        if (probe_map_read(session, map, cursor, &cursor, (char **)&entries,
                           &size) != KERN_SUCCESS)
            task_fail("map_read");
        for (unsigned i = 0; i < size / 16; i++) {
            seen++;
            sum += entries[2 * i];
            if (entries[2 * i + 1] != 2 * entries[2 * i])
                task_fail("entry %" PRIu64 " is %" PRIu64, entries[2 * i],
                          entries[2 * i + 1]);
        }
        vm_deallocate(mach_task_self(), (vm_address_t)entries, size);
        calls++;
    } while (cursor != 0);
    check_is(seen, 10000, "all entries are read, in %u calls", calls);
    check_is(sum, 9999 * 10000 / 2, "each of them once");
}

static void
refusals(void)
{
    natural_t map = make(PROBE_MAP_ARRAY, 4, 16, 10), other;
    char *value;
    mach_msg_type_number_t size;
    char bytes[16] = {0};

    check_is(probe_map_lookup(session, 63, key(0), 4, &value, &size),
             PROBE_ERROR_NO_MAP, "no such map");
    check_is(probe_map_lookup(session, UINT32_MAX, key(0), 4, &value, &size),
             PROBE_ERROR_NO_MAP, "no such map at all");
    check_is(probe_map_lookup(session, map, key(0), 8, &value, &size),
             PROBE_ERROR_ARGUMENT, "a key too long");
    check_is(probe_map_lookup(session, map, key(0), 0, &value, &size),
             PROBE_ERROR_ARGUMENT, "no key");
    check_is(probe_map_lookup(session, map, key(10), 4, &value, &size),
             PROBE_ERROR_NO_KEY, "an index out of range");
    check_is(probe_map_update(session, map, key(0), 4, bytes, 15, 0),
             PROBE_ERROR_ARGUMENT, "a value too short");
    check_is(probe_map_update(session, map, key(0), 4, bytes, 0, 0),
             PROBE_ERROR_ARGUMENT, "no value");
    check_is(probe_map_update(session, map, key(0), 4, bytes, 16, 0),
             KERN_SUCCESS, "the right one");
    check_is(probe_map_create(session, 77, 4, 8, 1, &other),
             PROBE_ERROR_ARGUMENT, "an unknown kind");
    check_is(probe_map_create(session, PROBE_MAP_HASH, 0, 8, 1, &other),
             PROBE_ERROR_ARGUMENT, "keys of no bytes");
    check_is(probe_map_create(session, PROBE_MAP_HASH, UINT32_MAX, UINT32_MAX,
                              UINT32_MAX, &other),
             PROBE_ERROR_ARGUMENT, "as big as numbers go");
    check_is(
        probe_map_create(session, PROBE_MAP_HASH, 512, 4096, 65536, &other),
        PROBE_ERROR_LIMIT, "more memory than a session may have");
}

static void
maps_are_limited(void)
{
    mach_port_t other = session_open();
    natural_t map;
    unsigned made = 0;

    while (made <= PROBE_MAPS_MAX &&
           probe_map_create(other, PROBE_MAP_ARRAY, 4, 8, 1, &map) ==
               KERN_SUCCESS)
        made++;
    check_is(made, PROBE_MAPS_MAX, "as many maps as the limit says");
    session_close(other);
}

static uint64_t
free_pages(void)
{
    struct vm_statistics vm;

    vm_statistics(mach_task_self(), &vm);
    return vm.free_count;
}

/* Out-of-line data of requests that fail is freed once, by somebody. */
static void
failures_leave_nothing(void)
{
    static char page[8192];
    natural_t map = make(PROBE_MAP_HASH, 8, 8, 10), result, n, failed, reason;
    uint32_t program;
    char log[PROBE_LOG_MAX];
    uint64_t before = 0, after;

    for (unsigned i = 0; i < 3000; i++) {
        if (i == 1000)
            before = free_pages();
        update(map, 1, 1, PROBE_MAP_EXIST);
        probe_map_update(session, map, key(1), 8, page, sizeof(page), 0);
        probe_map_update(session, 60, key(1), 8, page, sizeof(page), 0);
        probe_map_update(mach_task_self(), map, key(1), 8, page, sizeof(page),
                         0);
        probe_program_load(session, page, sizeof(page), &result, &program, log);
        probe_program_load(session, page, sizeof(page) - 1, &result, &program,
                           log);
        probe_program_load(mach_task_self(), page, sizeof(page), &result,
                           &program, log);
        probe_attach(session, page, sizeof(page), &result, &n, &failed,
                     &reason);
        probe_attach(mach_host_self(), page, sizeof(page), &result, &n, &failed,
                     &reason);
    }
    after = free_pages();
    printf("# free pages: %" PRIu64 ", then %" PRIu64 "\n", before, after);
    check(after + 8 >= before, "18000 failing requests leave nothing");
}

int
main(void)
{
    session = session_open();
    hash_map();
    reading_all();
    refusals();
    maps_are_limited();
    failures_leave_nothing();
    session_close(session);
    return check_end();
}
