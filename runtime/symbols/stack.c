#include "runtime/symbols/stack.h"

#include <stdio.h>
#include <string.h>

#include "protocol/probe.h"
#include "runtime/base/limit.h"
#include "runtime/base/output.h"
#include "runtime/base/scratch.h"
#include "runtime/events/event.h"
#include "runtime/program.h"
#include "runtime/symbols/address.h"

/* Room for an address as text. */
#define ADDRESS_TEXT 24

/* Addresses from somewhere, one after the other: false when there are no
 * more. */
struct addresses {
    bool (*next)(struct addresses *addresses, uint64_t *address);
    uint32_t offset; /* in a record: of the next and behind the last */
    uint32_t end;
    const char *text; /* or in a string */
    const char *text_end;
};

/* ---- in records -------------------------------------------------------- */

static bool
next_in_record(struct addresses *addresses, uint64_t *address)
{
    if (addresses->offset >= addresses->end)
        return false;
    *address = (uint64_t)rt_load_long(rt_event.payload, addresses->offset);
    addresses->offset += sizeof(uint64_t);
    return *address != 0;
}

static struct addresses
of_record(uint32_t offset, uint32_t size)
{
    struct addresses addresses = {.next = next_in_record};

    if (rt_event.payload != NULL) {
        addresses.offset = offset;
        addresses.end = offset + size;
    }
    return addresses;
}

static const struct rt_handler *
handler(void)
{
    return &rt_program.handlers[rt_event.point->handler];
}

/* MAXBACKTRACE: bytes of a stack that are looked at. */
static uint32_t
limited(uint32_t size)
{
    uint32_t most = rt_program.backtrace * (uint32_t)sizeof(uint64_t);

    return rt_program.backtrace == 0 || size < most ? size : most;
}

static struct addresses
kernel_stack(void)
{
    return of_record(handler()->stack, limited(handler()->stack_size));
}

static struct addresses
user_stack(void)
{
    return of_record(handler()->user_stack,
                     limited(handler()->user_stack_size));
}

static int64_t
nth(struct addresses addresses, int64_t level)
{
    uint64_t address;

    while (addresses.next(&addresses, &address))
        if (level-- == 0)
            return (int64_t)address;
    return 0;
}

int64_t
rt_stack(int64_t level)
{
    return nth(kernel_stack(), level);
}

int64_t
rt_ustack(int64_t level)
{
    return nth(user_stack(), level);
}

int64_t
rt_caller_addr(void)
{
    return rt_stack(1);
}

int64_t
rt_uaddr(void)
{
    return rt_ustack(0);
}

static int64_t
recorded(uint32_t offset)
{
    return rt_event.payload != NULL && offset != RT_NO_OFFSET
               ? rt_load_long(rt_event.payload, offset)
               : 0;
}

int64_t
rt_addr(void)
{
    return recorded(handler()->address);
}

int64_t
rt_user_mode(void)
{
    return recorded(handler()->user_mode);
}

/* ---- in strings -------------------------------------------------------- */

static int
hex_digit(char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    byte |= 'a' - 'A';
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* Anything else parts the numbers, "0x" before one included. */
static bool
next_in_string(struct addresses *addresses, uint64_t *address)
{
    const char *at = addresses->text, *end = addresses->text_end;

    while (at < end && (hex_digit(*at) < 0 ||
                        (*at == '0' && at + 1 < end && (at[1] | 32) == 'x')))
        at++;
    if (at == end)
        return false;
    for (*address = 0; at < end && hex_digit(*at) >= 0; at++)
        *address = *address << 4 | (unsigned)hex_digit(*at);
    addresses->text = at;
    return true;
}

static struct addresses
of_string(struct rt_string string)
{
    return (struct addresses){
        .next = next_in_string,
        .text = string.text,
        .text_end = string.text + string.length,
    };
}

struct rt_string
rt_caller(void)
{
    return rt_name_and_address(rt_kernel_space(), (uint64_t)rt_caller_addr());
}

/* ---- addresses as text ------------------------------------------------- */

static struct rt_string
join(struct addresses addresses, int64_t levels)
{
    size_t room = rt_string_max, used = 0;
    char *text = rt_scratch_reserve(&room);
    uint64_t address;

    while (addresses.next(&addresses, &address)) {
        char item[ADDRESS_TEXT];
        size_t length =
            (size_t)snprintf(item, sizeof(item), "%s0x%llx",
                             used > 0 ? " " : "", (unsigned long long)address);

        if (length > room - used)
            break;
        memcpy(text + used, item, length);
        used += length;
        if (levels-- == 0)
            break;
    }
    return rt_scratch_take(text, used);
}

struct rt_string
rt_backtrace(void)
{
    return join(kernel_stack(), -1);
}

struct rt_string
rt_ubacktrace(void)
{
    return join(user_stack(), -1);
}

struct rt_string
rt_callers(int64_t levels)
{
    return join(kernel_stack(), levels);
}

struct rt_string
rt_ucallers(int64_t levels)
{
    return join(user_stack(), levels);
}

/* ---- lines ------------------------------------------------------------- */

/* How the addresses of a stack are shown. */
struct showing {
    struct rt_space space;
    enum rt_line_style style;
    bool exact; /* the first is not where a call returns */
};

static struct showing
of_kernel(enum rt_line_style style)
{
    bool returned =
        rt_event.payload != NULL && rt_event.point->probe == PROBE_RETURN;

    return (struct showing){rt_kernel_space(), style, !returned};
}

static struct showing
of_task(enum rt_line_style style)
{
    return (struct showing){rt_event_space(), style, true};
}

/*
 * A backtrace in a return probe is that of the caller, so before it comes the
 * function that returned.
 */
static size_t
put_returning(char line[2 * RT_LINE_TEXT], enum rt_line_style style)
{
    const struct rt_point *point = rt_event.point;
    static const char from[] = "Returning from: ";
    static const char to[] = "Returning to  : ";
    size_t length = sizeof(from) - 1;

    if (rt_event.payload == NULL || point->probe != PROBE_RETURN)
        return 0;
    memcpy(line, from, length);
    length += rt_put_line(line + length, rt_kernel_space(), point->address,
                          style, false);
    memcpy(line + length, to, sizeof(to) - 1);
    return length + sizeof(to) - 1;
}

static void
print(struct addresses addresses, struct showing showing)
{
    char line[RT_LINE_TEXT];
    uint64_t address;

    while (addresses.next(&addresses, &address)) {
        rt_output(line, rt_put_line(line, showing.space, address, showing.style,
                                    !showing.exact));
        showing.exact = false;
    }
}

/* HEADING and whole lines, as many as a string has room for. */
static struct rt_string
sprint(struct addresses addresses, struct showing showing, const char *heading,
       size_t used)
{
    size_t room = rt_string_max;
    char *text = rt_scratch_reserve(&room);
    char line[RT_LINE_TEXT];
    uint64_t address;

    if (used > room)
        used = room;
    memcpy(text, heading, used);

    while (addresses.next(&addresses, &address)) {
        size_t length = rt_put_line(line, showing.space, address, showing.style,
                                    !showing.exact);

        if (length > room - used)
            break;
        memcpy(text + used, line, length);
        used += length;
        showing.exact = false;
    }
    return rt_scratch_take(text, used);
}

static void
print_kernel(enum rt_line_style style)
{
    char line[2 * RT_LINE_TEXT];

    rt_output(line, put_returning(line, style));
    print(kernel_stack(), of_kernel(style));
}

void
rt_print_backtrace(void)
{
    print_kernel(RT_LINE_PLAIN);
}

void
rt_print_backtrace_fileline(void)
{
    print_kernel(RT_LINE_FILELINE);
}

struct rt_string
rt_sprint_backtrace(void)
{
    char heading[2 * RT_LINE_TEXT];

    return sprint(kernel_stack(), of_kernel(RT_LINE_PLAIN), heading,
                  put_returning(heading, RT_LINE_PLAIN));
}

void
rt_print_ubacktrace(void)
{
    print(user_stack(), of_task(RT_LINE_PLAIN));
}

void
rt_print_ubacktrace_brief(void)
{
    print(user_stack(), of_task(RT_LINE_BRIEF));
}

void
rt_print_ubacktrace_fileline(void)
{
    print(user_stack(), of_task(RT_LINE_FILELINE));
}

struct rt_string
rt_sprint_ubacktrace(void)
{
    return sprint(user_stack(), of_task(RT_LINE_PLAIN), "", 0);
}

void
rt_print_stack(struct rt_string addresses)
{
    print(of_string(addresses), of_kernel(RT_LINE_PLAIN));
}

struct rt_string
rt_sprint_stack(struct rt_string addresses)
{
    return sprint(of_string(addresses), of_kernel(RT_LINE_PLAIN), "", 0);
}

void
rt_print_ustack(struct rt_string addresses)
{
    print(of_string(addresses), of_task(RT_LINE_PLAIN));
}

struct rt_string
rt_sprint_ustack(struct rt_string addresses)
{
    return sprint(of_string(addresses), of_task(RT_LINE_PLAIN), "", 0);
}
