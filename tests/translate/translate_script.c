/*
 * translate_script KERNEL PASS SCRIPT, and with -l or -L for PASS a pattern:
 * what a pass shows, messages on standard error.  PASS "plan" shows the plan
 * in short, "verify" puts the programs through the verifier and "run" runs them
 * too (run_programs.h).  SCRIPT "-" is read from standard input.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/translate/run_programs.h"
#include "translate/translate.h"

static const char *const kinds[] = {
    [POINT_BEGIN] = "begin",   [POINT_END] = "end",
    [POINT_ERROR] = "error",   [POINT_NEVER] = "never",
    [POINT_TIMER] = "timer",   [POINT_FUNCTION] = "function",
    [POINT_RETURN] = "return", [POINT_STATEMENT] = "statement",
};

static void
show_plan(const struct plan *plan)
{
    printf("%u points, %u of the kernel, %u handlers, %u programs\n",
           plan->points.count, plan->kernel_points, plan->handlers.count,
           plan->programs.count);
    LIST_EACH (point, &plan->points) {
        printf("%s %s [%s] handler %u priority %lld interval %llu random "
               "%llu",
               kinds[point->kind], point->name, point->function, point->handler,
               (long long)point->priority, (unsigned long long)point->interval,
               (unsigned long long)point->randomize);
        if (point->kind >= POINT_FUNCTION)
            printf(" at 0x%llx", (unsigned long long)point->address);
        printf("\n");
    }
    LIST_EACH (handler, &plan->handlers) {
        if (handler->captures.count == 0)
            continue;
        printf("handler %u: %u bytes",
               (unsigned)(handler - plan->handlers.items),
               handler->payload_size);
        LIST_EACH (capture, &handler->captures)
            printf(", %s at %u size %u%s", (*capture)->name, (*capture)->offset,
                   (*capture)->size,
                   (*capture)->fault == CAPTURE_NO_FAULT ? "" : " may fail");
        printf("\n");
    }
}

/* Of a kernel, an ELF file: byte 4 is its class. */
static unsigned
word_size(const char *kernel)
{
    char start[5] = {0};
    FILE *file = fopen(kernel, "rb");

    if (file != NULL) {
        fread(start, 1, sizeof(start), file);
        fclose(file);
    }
    return start[4] == 1 ? 4 : 8;
}

int
main(int argc, char **argv)
{
    struct translate_options options = {0};
    struct translation translation = {0};
    struct error error = {{0}};
    struct text text = {0};
    int status;

    if (argc != 4) {
        fprintf(stderr, "usage: %s KERNEL PASS|plan|verify|run|-l|-L SCRIPT\n",
                argv[0]);
        return 2;
    }
    emit_limits_default(&options.limits, "x86_64");
    options.kernel = argv[1];
    options.identity = "GNU Mach 1.8+test 0123456789abcdef";
    if (strcmp(argv[3], "-") == 0)
        options.script_file = "-";
    else
        options.script_text = argv[3];
    options.last_pass = TRANSLATE_GENERATE;
    if (atoi(argv[2]) != 0)
        options.last_pass = (enum translate_pass)atoi(argv[2]);
    if (argv[2][0] == '-')
        status = translate_list(&options, argv[3], argv[2][1] == 'L', &text,
                                &translation, &error);
    else
        status = translate_script(&options, &translation, &error);
    fputs(text_string(&translation.unit->messages.text), stderr);
    if (status != 0 && error.text[0] != '\0')
        fprintf(stderr, "%s\n", error.text);
    if (status == 0 && strcmp(argv[2], "plan") == 0)
        show_plan(&translation.plan);
    else if (status == 0 &&
             (strcmp(argv[2], "verify") == 0 || strcmp(argv[2], "run") == 0))
        status = run_programs(&translation.plan, argv[2][0] == 'r',
                              word_size(argv[1]));
    else if (status == 0 && argv[2][0] != '-')
        translation_print(&translation, &text);
    fputs(text_string(&text), stdout);
    text_free(&text);
    translation_free(&translation);
    return status == 0 ? 0 : 1;
}
