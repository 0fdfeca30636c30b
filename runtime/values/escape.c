#include "runtime/values/escape.h"

#include <string.h>

size_t
rt_escape(char *text, char byte)
{
    static const char special[] = "\a\b\f\n\r\t\v\"\\";
    static const char letters[] = "abfnrtv\"\\";
    const char *found = byte == '\0' ? NULL : strchr(special, byte);

    if (found != NULL) {
        text[0] = '\\';
        text[1] = letters[found - special];
        return 2;
    }
    if (byte >= ' ' && byte <= '~') {
        text[0] = byte;
        return 1;
    }
    text[0] = '\\';
    text[1] = (char)('0' + ((unsigned char)byte >> 6));
    text[2] = (char)('0' + ((unsigned char)byte >> 3 & 7));
    text[3] = (char)('0' + (byte & 7));
    return 4;
}
