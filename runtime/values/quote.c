#include "runtime/values/quote.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/limit.h"
#include "runtime/base/scratch.h"
#include "runtime/values/escape.h"

/* Bytes of the longest escape. */
#define ESCAPE_MAX 12

/* What a string that was cut has besides its text: quotes and dots. */
#define CUT_MARKS 5

/* ---- escapes of C ---------------------------------------------------- */

/*
 * The character of UTF-8 at AT, of which LEFT bytes are there, and its bytes
 * in *size.  What is none, or is written longer than it need be, is a byte.
 */
static uint32_t
decode(const char *at, size_t left, size_t *size)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const uint8_t *bytes = (const uint8_t *)at;
    size_t length = bytes[0] < 0xc0   ? 1
                    : bytes[0] < 0xe0 ? 2
                    : bytes[0] < 0xf0 ? 3
                    : bytes[0] < 0xf8 ? 4
                                      : 1;
    uint32_t character = bytes[0] & (0xffu >> (length + 1));
    size_t i;

    *size = 1;
    if (length == 1 || length > left)
        return bytes[0];
    for (i = 1; i < length; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return bytes[0];
        character = character << 6 | (bytes[i] & 0x3f);
    }
    if (character < least[length])
        return bytes[0];
    *size = length;
    return character;
}

/* The character at AT as it is written: ESCAPE_MAX bytes of TEXT at most. */
static size_t
escape(char *text, const char *at, size_t left, size_t *size)
{
    uint32_t character = decode(at, left, size);

    if (*size == 1)
        return rt_escape(text, *at);
    return (size_t)snprintf(text, ESCAPE_MAX,
                            character < 0x10000 ? "\\u%04X" : "\\U%08X",
                            (unsigned)character);
}

/* The escapes of STRING, as far as they fit into MOST bytes; *used of them.
 * Returns whether all did. */
static bool
escape_all(struct rt_string string, char *text, size_t most, size_t *used)
{
    size_t i, size;

    *used = 0;
    for (i = 0; i < string.length; i += size) {
        char escaped[ESCAPE_MAX];
        size_t length =
            escape(escaped, string.text + i, string.length - i, &size);

        if (length > most - *used)
            return false;
        memcpy(text + *used, escaped, length);
        *used += length;
    }
    return true;
}

struct rt_string
rt_text_strn(struct rt_string string, int64_t length, int64_t quoted)
{
    size_t most = rt_string_max;
    char *text = rt_scratch_reserve(&most);
    size_t used;

    if (most < CUT_MARKS)
        return RT_TEXT(""); /* there was no room, which was raised */
    if (length > 0 && (uint64_t)length < most)
        most = (size_t)length;
    if (!quoted) {
        escape_all(string, text, most, &used);
        return rt_scratch_take(text, used);
    }
    if (most < CUT_MARKS)
        most = CUT_MARKS;
    text[0] = '"';
    if (escape_all(string, text + 1, most - 2, &used)) {
        text[used + 1] = '"';
        return rt_scratch_take(text, used + 2);
    }
    escape_all(string, text + 1, most - CUT_MARKS, &used);
    memcpy(text + used + 1, "\"...", CUT_MARKS - 1);
    return rt_scratch_take(text, used + CUT_MARKS);
}

struct rt_string
rt_text_str(struct rt_string string)
{
    return rt_text_strn(string, 0, false);
}

struct rt_string
rt_string_quoted(struct rt_string string)
{
    return rt_text_strn(string, 0, true);
}

/* ---- JSON ------------------------------------------------------------ */

/* A byte as it stands in a JSON string; returns how many bytes that are. */
static size_t
json_escape(char *text, size_t size, char byte)
{
    static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    size_t i;

    for (i = 0; i + 1 < sizeof(letters); i += 2) {
        if (letters[i] == byte) {
            text[0] = '\\';
            text[1] = letters[i + 1];
            return 2;
        }
    }
    if ((uint8_t)byte < ' ' || byte == 0x7f)
        return (size_t)snprintf(text, size, "\\u%04x", (unsigned)byte);
    text[0] = byte;
    return 1;
}

/* Cut before a byte that does not fit, so that the quotes always match. */
struct rt_string
rt_json_quoted(struct rt_string string)
{
    size_t size = rt_string_max;
    char *text = rt_scratch_reserve(&size);
    size_t used = 0, i;

    if (size < 2)
        return RT_TEXT("");
    text[used++] = '"';
    for (i = 0; i < string.length; i++) {
        char escaped[8];
        size_t length = json_escape(escaped, sizeof(escaped), string.text[i]);

        if (used + length + 1 > size)
            break;
        memcpy(text + used, escaped, length);
        used += length;
    }
    text[used++] = '"';
    return rt_scratch_take(text, used);
}
