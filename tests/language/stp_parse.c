/*
 * stp-parse: reads a script and prints what the language makes of it, for
 * tests that compare with text.
 *
 *     stp-parse [-1] [-g] [-W] FILE|-e SCRIPT [ARGUMENT...]
 *
 * -1 prints the tree; otherwise the symbols with their types.  Messages go to
 * standard output before that.  Exit status 1 if there were errors.
 */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "language/language.h"
#include "tests/language/points.h"

int
main(int argc, char **argv)
{
    struct language_options options = {
        .kernel_v = "1.8",
        .kernel_vr = "1.8+git20231217",
        .arch = "x86_64",
        .version = "5.6",
    };
    const char *script = NULL;
    bool tree = false;
    int option;

    while ((option = getopt(argc, argv, "+1gWe:")) != -1) {
        if (option == '1')
            tree = true;
        else if (option == 'g')
            options.guru = true;
        else if (option == 'W')
            options.warnings_errors = true;
        else if (option == 'e')
            script = optarg;
        else
            return 2;
    }
    if (!script && optind == argc) {
        fputs("usage: stp-parse [-1] [-g] [-W] FILE|-e SCRIPT [ARGUMENT...]\n",
              stderr);
        return 2;
    }

    const char *path = script ? NULL : argv[optind++];

    options.arguments = (const char *const *)argv + optind;
    options.argument_count = (unsigned)(argc - optind);

    struct unit *unit = unit_new(&options);
    struct text text = {0};
    int result = script ? unit_add_text(unit, "<input>", script, strlen(script))
                        : unit_add_file(unit, path);

    if (!result && tree)
        unit_print_tree(unit, &text);
    else if (!result)
        result = unit_resolve(unit, &test_context);
    if (!result && !tree)
        unit_print_symbols(unit, &text);
    fputs(text_string(&unit->messages.text), stdout);
    fputs(text_string(&text), stdout);
    text_free(&text);
    unit_free(unit);
    return result ? 1 : 0;
}
