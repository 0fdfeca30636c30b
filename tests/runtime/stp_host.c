/*
 * stp-host [-c] [-g] [-D NAME=VALUE]... FILE|-e SCRIPT: run a script that probes no
 * kernel, here, by the code that a task of GNU Mach runs.
 *
 * The C is compiled with all warnings as errors.  -c shows it instead.
 */

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/command.h"
#include "support/path.h"
#include "translate/translate.h"

static int
fail(const struct error *error)
{
    fprintf(stderr, "stp-host: %s\n", error->text);
    return 1;
}

/* What the runtime was built with, the program must be linked with. */
#ifdef __SANITIZE_ADDRESS__
#define SANITIZERS "-fsanitize=address,undefined"
#else
#define SANITIZERS "-fno-sanitize=all"
#endif

static int
compile(const char *folder, const char *library, const char *source,
        struct error *error)
{
    struct command command = {0};
    char *file = xasprintf("%s/script.c", folder);
    char *objects = xasprintf("%s/" EMIT_OBJECTS, folder);
    int result = path_write(file, source, strlen(source), 0666, error);

    /* No symbols of programs in user mode: there are none here. */
    if (result == 0)
        result = path_write(objects, "", 0, 0666, error);
    if (result == 0) {
        command_add(&command, "gcc");
        command_add(&command, "-std=gnu11");
        command_add(&command, "-O1");
        command_add(&command, "-Wall");
        command_add(&command, "-Wextra");
        command_add(&command, "-Werror");
        command_add(&command, SANITIZERS);
        command_add(&command, "-I.");
        command_addf(&command, "-Wa,-I%s", folder);
        command_add(&command, "-o");
        command_addf(&command, "%s/script", folder);
        command_add(&command, file);
        command_add(&command, library);
        result = command_run(&command, NULL, error);
    }
    command_free(&command);
    free(objects);
    free(file);
    return result;
}

/* The library is beside us: build/test/stp-host, build/lib/libruntime.a. */
static char *
library_path(const char *program)
{
    const char *slash = strrchr(program, '/');

    return xasprintf("%.*s../lib/libruntime.a",
                     slash != NULL ? (int)(slash - program + 1) : 0, program);
}

static int
run(const char *program, const char *source)
{
    char folder[] = "/tmp/stp-host-XXXXXX";
    char *library = library_path(program);
    struct command command = {0};
    struct error error;
    int status;

    if (mkdtemp(folder) == NULL)
        return 1;
    status = compile(folder, library, source, &error);
    if (status != 0)
        fail(&error);

    command_addf(&command, "%s/script", folder);
    if (status == 0) {
        status = system(command.arguments[0]);
        status = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
    }
    unlink(command.arguments[0]);
    command_free(&command);
    command_addf(&command, "%s/script.c", folder);
    unlink(command.arguments[0]);
    command_free(&command);
    command_addf(&command, "%s/" EMIT_OBJECTS, folder);
    unlink(command.arguments[0]);
    command_free(&command);
    rmdir(folder);
    free(library);
    return status < 0 ? 1 : status;
}

int
main(int argc, char **argv)
{
    struct translate_options options = {.last_pass = TRANSLATE_GENERATE};
    struct translation translation;
    struct error error = {0};
    bool show = false;
    glob_t library = {0};
    int option, status;

    options.language.version = "5.6";
    options.language.arch = "x86_64";
    emit_limits_default(&options.limits, options.language.arch);
    while ((option = getopt(argc, argv, "cgD:e:")) != -1) {
        if (option == 'c')
            show = true;
        else if (option == 'g')
            options.language.guru = true;
        else if (option == 'e')
            options.script_text = optarg;
        else if (option != 'D')
            return 2;
        else if (emit_limits_set(&options.limits, optarg, &error) != 0)
            return fail(&error);
    }
    char *files = path_home("tapset/*.stp*");

    if (glob(files, 0, NULL, &library) == 0) {
        options.libraries = (const char *const *)library.gl_pathv;
        options.library_count = (unsigned)library.gl_pathc;
    }
    if (options.script_text == NULL)
        options.script_file = argv[optind++];
    options.language.arguments = (const char *const *)argv + optind;
    options.language.argument_count = (unsigned)(argc - optind);

    status = translate_script(&options, &translation, &error);
    fputs(text_string(&translation.unit->messages.text), stderr);
    if (status != 0)
        status = error.text[0] != '\0' ? fail(&error) : 1;
    else if (show)
        fputs(text_string(&translation.source), stdout);
    else
        status = run(argv[0], text_string(&translation.source));
    translation_free(&translation);
    globfree(&library);
    free(files);
    return status;
}
