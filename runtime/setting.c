#include "runtime/setting.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base/output.h"
#include "runtime/base/value.h"

static const struct rt_global *
find(const struct rt_program *program, const char *name, size_t length)
{
    uint32_t i;

    for (i = 0; i < program->global_count; i++)
        if (strlen(program->globals[i].name) == length &&
            memcmp(program->globals[i].name, name, length) == 0)
            return &program->globals[i];
    return NULL;
}

static bool
apply(const struct rt_program *program, const char *setting)
{
    size_t length = strcspn(setting, "=");
    const struct rt_global *global = find(program, setting, length);
    const char *value = setting + length + 1;
    char *end;

    if (setting[length] == '\0' || global == NULL) {
        rt_message("ERROR: %s: there is no such global\n", setting);
        return false;
    }
    if (global->array || global->type == RT_STATS) {
        rt_message("ERROR: %s: an array or statistics cannot be set\n",
                   setting);
        return false;
    }
    if (global->type == RT_STRING) {
        rt_store(global->place, (struct rt_string){value, strlen(value)});
        return true;
    }
    *(int64_t *)global->place = (int64_t)strtoull(value, &end, 0);
    if (end == value || *end != '\0') {
        rt_message("ERROR: %s: the global is a number\n", setting);
        return false;
    }
    return true;
}

bool
rt_settings_apply(const struct rt_program *program,
                  const struct rt_arguments *arguments)
{
    uint32_t i;

    for (i = 0; i < arguments->setting_count; i++)
        if (!apply(program, arguments->settings[i]))
            return false;
    return true;
}
