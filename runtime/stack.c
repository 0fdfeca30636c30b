#include "runtime/stack.h"

#include <stdio.h>
#include <string.h>

#include "protocol/probe.h"
#include "runtime/event.h"
#include "runtime/limit.h"
#include "runtime/output.h"
#include "runtime/program.h"
#include "runtime/scratch.h"
#include "runtime/symbol.h"

/* Room for an address as text, and for a line with a symbol. */
#define ADDRESS_TEXT 24
#define LINE_TEXT    (PROBE_NAME_MAX + 4 * ADDRESS_TEXT)

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

static struct addresses
kernel_stack(void)
{
    return of_record(handler()->stack, handler()->stack_size);
}

static struct addresses
user_stack(void)
{
    return of_record(handler()->user_stack, handler()->user_stack_size);
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

/* ---- symbols ----------------------------------------------------------- */

static int
put_symbol(char *text, size_t size, const struct rt_symbol *symbol)
{
    return snprintf(text, size, "%s+0x%llx/0x%llx [kernel]", symbol->name,
                    (unsigned long long)(symbol->address - symbol->start),
                    (unsigned long long)symbol->size);
}

static struct rt_string
hold(const char *text)
{
    return rt_hold((struct rt_string){text, strlen(text)});
}

static struct rt_string
hold_address(int64_t address)
{
    char text[ADDRESS_TEXT];

    snprintf(text, sizeof(text), "0x%llx", (unsigned long long)address);
    return hold(text);
}

struct rt_string
rt_symname(int64_t address)
{
    const struct rt_symbol *symbol = rt_symbol_at((uint64_t)address);

    return symbol->name != NULL ? hold(symbol->name) : hold_address(address);
}

struct rt_string
rt_symdata(int64_t address)
{
    const struct rt_symbol *symbol = rt_symbol_at((uint64_t)address);
    char text[LINE_TEXT];

    if (symbol->name == NULL)
        return hold_address(address);
    put_symbol(text, sizeof(text), symbol);
    return hold(text);
}

struct rt_string
rt_caller(void)
{
    int64_t address = rt_caller_addr();
    const struct rt_symbol *symbol = rt_symbol_at((uint64_t)address);
    char text[LINE_TEXT];

    if (symbol->name == NULL)
        return hold_address(address);
    snprintf(text, sizeof(text), "%s 0x%llx", symbol->name,
             (unsigned long long)address);
    return hold(text);
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

static size_t
put_line(char line[LINE_TEXT], uint64_t address)
{
    const struct rt_symbol *symbol = rt_symbol_at(address);
    int length =
        snprintf(line, LINE_TEXT, " 0x%llx", (unsigned long long)address);

    if (symbol->name != NULL) {
        length += snprintf(line + length, LINE_TEXT - (size_t)length, " : ");
        length += put_symbol(line + length, LINE_TEXT - (size_t)length, symbol);
    }
    length += snprintf(line + length, LINE_TEXT - (size_t)length, "\n");
    return (size_t)length;
}

/*
 * A backtrace in a return probe is that of the caller, so before it comes the
 * function that returned.
 */
static size_t
put_returning(char line[2 * LINE_TEXT])
{
    const struct rt_point *point = rt_event.point;
    static const char from[] = "Returning from: ";
    static const char to[] = "Returning to  : ";
    size_t length = sizeof(from) - 1;

    if (rt_event.payload == NULL || point->probe != PROBE_RETURN)
        return 0;
    memcpy(line, from, length);
    length += put_line(line + length, point->address);
    memcpy(line + length, to, sizeof(to) - 1);
    return length + sizeof(to) - 1;
}

static void
print(struct addresses addresses)
{
    char line[LINE_TEXT];
    uint64_t address;

    while (addresses.next(&addresses, &address))
        rt_output(line, put_line(line, address));
}

/* HEADING and whole lines, as many as a string has room for. */
static struct rt_string
sprint(struct addresses addresses, const char *heading, size_t used)
{
    size_t room = rt_string_max;
    char *text = rt_scratch_reserve(&room);
    char line[LINE_TEXT];
    uint64_t address;

    if (used > room)
        used = room;
    memcpy(text, heading, used);

    while (addresses.next(&addresses, &address)) {
        size_t length = put_line(line, address);

        if (length > room - used)
            break;
        memcpy(text + used, line, length);
        used += length;
    }
    return rt_scratch_take(text, used);
}

void
rt_print_backtrace(void)
{
    char line[2 * LINE_TEXT];

    rt_output(line, put_returning(line));
    print(kernel_stack());
}

void
rt_print_ubacktrace(void)
{
    print(user_stack());
}

struct rt_string
rt_sprint_backtrace(void)
{
    char heading[2 * LINE_TEXT];

    return sprint(kernel_stack(), heading, put_returning(heading));
}

struct rt_string
rt_sprint_ubacktrace(void)
{
    return sprint(user_stack(), "", 0);
}

void
rt_print_stack(struct rt_string addresses)
{
    print(of_string(addresses));
}

struct rt_string
rt_sprint_stack(struct rt_string addresses)
{
    return sprint(of_string(addresses), "", 0);
}
