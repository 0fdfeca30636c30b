#include "runtime/base/value.h"

#include <string.h>

#include "runtime/base/limit.h"

void
rt_store(struct rt_variable *variable, struct rt_string string)
{
    size_t length = string.length;

    if (length > rt_string_max)
        length = rt_string_max;
    memmove(variable->text, string.text, length);
    variable->text[length] = '\0';
    variable->length = (uint32_t)length;
}

void
rt_append(struct rt_variable *variable, struct rt_string string)
{
    size_t length = string.length;

    if (length > rt_string_max - variable->length)
        length = rt_string_max - variable->length;
    memmove(variable->text + variable->length, string.text, length);
    variable->length += (uint32_t)length;
    variable->text[variable->length] = '\0';
}

int
rt_compare(struct rt_string left, struct rt_string right)
{
    size_t length = left.length < right.length ? left.length : right.length;
    int result = memcmp(left.text, right.text, length);

    if (result != 0)
        return result;
    return (left.length > right.length) - (left.length < right.length);
}
