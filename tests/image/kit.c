#include "tests/image/kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "support/command.h"

const char *const kit_kernels[KIT_KERNELS] = {TRIXIE, SID, SMP,
                                              I386,   PAE, I386SMP};

const char *
kit_path(const char *name)
{
    static char folder[] = "/tmp/machtap-test-XXXXXX";
    static char path[sizeof(folder) + 64];
    static int made;

    if (!made) {
        assert_non_null(mkdtemp(folder));
        setenv("MACHTAP_CACHE", folder, 1);
        setenv("MACHTAP_HOME", "build/home", 0);
        made = 1;
    }
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

int
kit_clean(void **state)
{
    struct text none = kit_run("rm -rf '%s'", kit_path(""));

    text_free(&none);
    return 0;
}

struct text
kit_run(const char *format, ...)
{
    struct command command = {0};
    struct text line = {0}, output = {0};
    struct error error;
    va_list arguments;

    va_start(arguments, format);
    text_vprintf(&line, format, arguments);
    va_end(arguments);
    command_add(&command, "sh");
    command_add(&command, "-ec");
    command_add(&command, text_string(&line));
    if (command_run(&command, &output, &error) != 0)
        fail_msg("%s: %s", text_string(&line), error.text);
    command_free(&command);
    text_free(&line);
    return output;
}

void
kit_link(const char *kernel, const char *output, enum image_container container)
{
    struct image_options options = {
        .kernel = kernel,
        .output = output,
        .container = container,
        .sources = KIT_SOURCES,
    };
    struct error error;

    if (image_link(&options, &error) != 0)
        fail_msg("%s", error.text);
}
