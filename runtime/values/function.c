#include "runtime/values/function.h"

#include <string.h>

#include "runtime/base/failure.h"
#include "runtime/base/limit.h"
#include "runtime/base/memory.h"
#include "runtime/base/scratch.h"

static bool
is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* ---- parts ----------------------------------------------------------- */

int64_t
rt_strlen(struct rt_string string)
{
    return (int64_t)string.length;
}

int64_t
rt_string_size(void)
{
    return (int64_t)rt_string_max + 1;
}

static struct rt_string
copy(const char *text, size_t length)
{
    return rt_hold((struct rt_string){text, length});
}

struct rt_string
rt_substr(struct rt_string string, int64_t start, int64_t length)
{
    size_t left;

    if (start < 0 || length < 1 || start >= (int64_t)string.length)
        return RT_TEXT("");
    left = string.length - (size_t)start;
    if ((uint64_t)length < left)
        left = (size_t)length;
    return copy(string.text + start, left);
}

int64_t
rt_stringat(struct rt_string string, int64_t position)
{
    if (position < 0 || position >= (int64_t)string.length) {
        rt_raise("Position out of bounds");
        return 0;
    }
    return (uint8_t)string.text[position];
}

/* ---- finding --------------------------------------------------------- */

int64_t
rt_strpos(struct rt_string string, struct rt_string needle)
{
    const char *found =
        memmem(string.text, string.length, needle.text, needle.length);

    return found == NULL ? -1 : found - string.text;
}

int64_t
rt_isinstr(struct rt_string string, struct rt_string needle)
{
    return rt_strpos(string, needle) >= 0;
}

/* Bytes that are being put together, cut at the limit. */
struct builder {
    char *text;
    size_t used;
    size_t size;
};

static struct builder
builder_start(void)
{
    struct builder builder = {.size = rt_string_max};

    builder.text = rt_scratch_reserve(&builder.size);
    return builder;
}

static void
builder_add(struct builder *builder, const char *text, size_t length)
{
    if (length > builder->size - builder->used)
        length = builder->size - builder->used;
    memcpy(builder->text + builder->used, text, length);
    builder->used += length;
}

static struct rt_string
builder_end(const struct builder *builder)
{
    return rt_scratch_take(builder->text, builder->used);
}

struct rt_string
rt_str_replace(struct rt_string string, struct rt_string search,
               struct rt_string replace)
{
    struct builder builder;
    const char *at = string.text;
    const char *end = string.text + string.length;

    if (search.length == 0)
        return string;

    builder = builder_start();
    while (at < end) {
        const char *found =
            memmem(at, (size_t)(end - at), search.text, search.length);

        if (found == NULL)
            break;
        builder_add(&builder, at, (size_t)(found - at));
        builder_add(&builder, replace.text, replace.length);
        at = found + search.length;
    }
    builder_add(&builder, at, (size_t)(end - at));
    return builder_end(&builder);
}

/* ---- numbers --------------------------------------------------------- */

static unsigned
digit_value(char byte)
{
    if (is_digit(byte))
        return (unsigned)(byte - '0');
    if (byte >= 'a' && byte <= 'z')
        return (unsigned)(byte - 'a') + 10;
    if (byte >= 'A' && byte <= 'Z')
        return (unsigned)(byte - 'A') + 10;
    return 36;
}

/* Too great a number is the greatest there is, as in C. */
int64_t
rt_strtol(struct rt_string string, int64_t base)
{
    const char *at = string.text;
    bool negative = false;
    uint64_t value = 0;

    if (base < 0 || base == 1 || base > 36)
        return 0;
    at += strspn(at, " \t\n\v\f\r");
    if (*at == '-' || *at == '+')
        negative = *at++ == '-';
    if ((base == 0 || base == 16) && at[0] == '0' &&
        (at[1] == 'x' || at[1] == 'X') && digit_value(at[2]) < 16) {
        at += 2;
        base = 16;
    } else if (base == 0) {
        base = *at == '0' ? 8 : 10;
    }

    /* An address is one in hexadecimal: all 64 bits count. */
    for (; digit_value(*at) < (unsigned)base; at++)
        value = value * (uint64_t)base + digit_value(*at);
    return (int64_t)(negative ? 0 - value : value);
}

int64_t
rt_isdigit(struct rt_string string)
{
    return is_digit(string.text[0]);
}

/* ---- tokens ---------------------------------------------------------- */

struct rt_string
rt_tokenize(struct rt_string input, struct rt_string delimiters)
{
    static struct rt_variable *rest; /* the last input */
    static size_t at;                /* where its next token may start */
    size_t start, length;

    if (rest == NULL)
        rest = rt_memory(sizeof(*rest) + rt_string_max + 1);
    if (rest == NULL) {
        rt_raise("no memory for tokenize()");
        return RT_TEXT("");
    }
    if (input.length > 0) {
        rt_store(rest, input);
        at = 0;
    }

    start = at + strspn(rest->text + at, delimiters.text);
    length = strcspn(rest->text + start, delimiters.text);
    /* The byte that ended it is gone, whatever the next call parts by. */
    at = start + length + (rest->text[start + length] != '\0');
    return copy(rest->text + start, length);
}

struct rt_string
rt_tokenize_next(struct rt_string delimiters)
{
    return rt_tokenize(RT_TEXT(""), delimiters);
}
