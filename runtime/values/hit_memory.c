#include "runtime/values/hit_memory.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/failure.h"
#include "runtime/base/scratch.h"
#include "runtime/values/function.h"

#define CHARACTER_MAX 0x10ffffu

/* The halves of UTF-16's pairs. */
#define HIGH_FIRST 0xd800u
#define LOW_FIRST  0xdc00u
#define LOW_LAST   0xdfffu

/* Bytes of the longest character of UTF-8. */
#define UTF8_MAX 4

struct rt_string
rt_memory_address(int64_t address)
{
    char text[24];
    int length =
        snprintf(text, sizeof(text), "0x%llx", (unsigned long long)address);

    return rt_hold((struct rt_string){text, (size_t)length});
}

struct rt_string
rt_memory_warning(int64_t address, struct rt_string otherwise)
{
    char text[64];
    int length = snprintf(text, sizeof(text), "memory at 0x%llx cannot be read",
                          (unsigned long long)address);

    rt_warn((struct rt_string){text, (size_t)length});
    return otherwise;
}

int64_t
rt_memory_warning_number(int64_t address)
{
    rt_memory_warning(address, RT_TEXT(""));
    return 0;
}

/* ---- UTF-16 and UTF-32 ----------------------------------------------- */

/* The unit at *AT, which is moved behind it; 0 at the end. */
static uint32_t
next_unit(struct rt_string bytes, size_t unit, size_t *at)
{
    uint16_t half = 0;
    uint32_t whole = 0;

    if (bytes.length - *at < unit)
        return 0;
    if (unit == sizeof(half)) {
        memcpy(&half, bytes.text + *at, sizeof(half));
        whole = half;
    } else {
        memcpy(&whole, bytes.text + *at, sizeof(whole));
    }
    *at += unit;
    return whole;
}

/* The character there; false if it is none. */
static bool
next_character(struct rt_string bytes, size_t unit, size_t *at,
               uint32_t *character)
{
    uint32_t high = next_unit(bytes, unit, at), low;

    *character = high;
    if (high < HIGH_FIRST || high > LOW_LAST)
        return high <= CHARACTER_MAX;
    if (unit != sizeof(uint16_t) || high >= LOW_FIRST)
        return false;
    if (*at == bytes.length) {
        *character = 0; /* cut in the middle of a pair */
        return true;
    }
    low = next_unit(bytes, unit, at);
    *character = 0x10000 + ((high - HIGH_FIRST) << 10) + (low - LOW_FIRST);
    return low >= LOW_FIRST && low <= LOW_LAST;
}

static size_t
put_utf8(char *text, uint32_t character)
{
    size_t length = character < 0x80      ? 1
                    : character < 0x800   ? 2
                    : character < 0x10000 ? 3
                                          : 4;
    size_t i;

    if (length == 1) {
        text[0] = (char)character;
        return 1;
    }
    for (i = length - 1; i > 0; i--, character >>= 6)
        text[i] = (char)(0x80 | (character & 0x3f));
    text[0] = (char)(0xf00u >> length | character);
    return length;
}

/* Whether all were characters. */
static bool
convert(struct rt_string bytes, size_t unit, struct rt_string *result)
{
    size_t size = bytes.length / unit * UTF8_MAX;
    char *text = rt_scratch_reserve(&size);
    size_t used = 0, at = 0;
    uint32_t character;

    while (size - used >= UTF8_MAX) {
        if (!next_character(bytes, unit, &at, &character))
            return false;
        if (character == 0)
            break;
        used += put_utf8(text + used, character);
    }
    *result = rt_scratch_take(text, used);
    return true;
}

struct rt_string
rt_memory_utf(struct rt_string bytes, int64_t unit)
{
    struct rt_string result = RT_TEXT("");

    if (!convert(bytes, (size_t)unit, &result))
        rt_raise("invalid character in a string of UTF-%lld",
                 (long long)unit * 8);
    return result;
}

struct rt_string
rt_memory_utf_or(struct rt_string bytes, int64_t unit,
                 struct rt_string otherwise)
{
    struct rt_string result = otherwise;

    convert(bytes, (size_t)unit, &result);
    return result;
}
