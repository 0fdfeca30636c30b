/*
 * ebpf-run: run one program, for tests and for conformance suites that feed
 * a plugin.
 *
 * usage: ebpf-run [--verify-only] [MEMORY] < PROGRAM
 *
 * PROGRAM is hex bytes, 8 for each instruction; white space is skipped.
 * MEMORY is hex bytes too.  The program starts with r1 pointing to a copy of
 * them that it may change (or 0 if there are none), and r2 their number; it
 * need not pass the verifier, but each access is checked as it runs.  Prints
 * r0 in hex.
 *
 * With --verify-only the program is not run: nothing is printed if the
 * verifier accepts it for such memory, else its reason on standard error.
 *
 * Helpers are those of protocol/helper.h.  time_ns counts calls; cpu, task
 * and thread are 0; task_name is "host"; the read helpers find MEMORY and
 * nothing else; records go nowhere.  Map 0 is a hash map of 16 8-byte values
 * by 8-byte keys, map 1 an array of 16 8-byte values.
 *
 * Exit status: 0, or 1 after a message on standard error: bad hex, an
 * instruction that does not exist, a rejected program, a failed run.
 */

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/program/host/checked.h"
#include "kernel/program/host/environment.h"
#include "kernel/program/instruction.h"
#include "kernel/program/map.h"
#include "kernel/program/verifier.h"
#include "support/text.h"

/* Some seconds. */
#define STEPS_MAX 100000000

static void __attribute__((noreturn, format(printf, 1, 2)))
fail(const char *format, ...)
{
    va_list arguments;
    fputs("ebpf-run: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

/* The bytes of TEXT, *SIZE of them; WHAT is named in messages. */
static uint8_t *
parse_hex(const char *text, const char *what, size_t *size)
{
    uint8_t *bytes = xmalloc(strlen(text) / 2 + 1);
    unsigned digits = 0, value = 0;

    *size = 0;
    for (const char *at = text; *at != '\0'; at++) {
        if (isspace((unsigned char)*at))
            continue;
        if (!isxdigit((unsigned char)*at))
            fail("%s: '%c' at offset %zu is no hex digit", what, *at,
                 (size_t)(at - text));
        unsigned digit =
            isdigit((unsigned char)*at)
                ? (unsigned)(*at - '0')
                : (unsigned)(tolower((unsigned char)*at) - 'a') + 10;
        value = value << 4 | digit;
        if (++digits % 2 == 0) {
            bytes[(*size)++] = (uint8_t)value;
            value = 0;
        }
    }
    if (digits % 2 != 0)
        fail("%s: half a byte is left over after %zu bytes", what, *size);
    return bytes;
}

static char *
read_input(void)
{
    struct text text = {0};
    char buffer[4096];
    size_t got;

    while ((got = fread(buffer, 1, sizeof(buffer), stdin)) > 0)
        text_add(&text, buffer, got);
    if (memchr(text_string(&text), '\0', text.size) != NULL)
        fail("program: a NUL byte is no hex digit");
    return text_take(&text);
}

static void
verify(const struct program_source *source, size_t memory_size)
{
    struct verifier_entry entry = {.size = (uint32_t)memory_size,
                                   .writable = 1};
    char text[PROBE_LOG_MAX];
    struct log log;

    log_start(&log, text, sizeof(text));
    if (program_verify(source, &entry, &log) != 0)
        fail("%s", text);
}

static void
run(const struct program_source *source, uint8_t *memory, size_t memory_size)
{
    struct checked_run checked = {.source = source,
                                  .memory = memory_size > 0 ? memory : NULL,
                                  .memory_size = memory_size,
                                  .memory_is_writable = 1,
                                  .steps_max = STEPS_MAX};

    host_environment.memory = memory;
    host_environment.memory_size = memory_size;
    if (checked_run(&checked) != 0) {
        char text[PROBE_LOG_MAX];
        struct log log;
        log_start(&log, text, sizeof(text));
        instruction_error_begin(&log, checked.at);
        log_put(&log, "%s", checked.error);
        instruction_error_end(&log, source, checked.at);
        fail("%s", text);
    }
    printf("%lx\n", (unsigned long)checked.result);
}

int
main(int argc, char **argv)
{
    const struct map_attributes attributes[] = {
        {PROBE_MAP_HASH, 8, 8, 16},
        {PROBE_MAP_ARRAY, 4, 8, 16},
    };
    const char *memory_text = NULL;
    int verify_only = 0;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--verify-only") == 0)
            verify_only = 1;
        else if (argv[i][0] == '-')
            fail("there is no option %s; usage: ebpf-run [--verify-only] "
                 "[MEMORY] < PROGRAM",
                 argv[i]);
        else if (memory_text != NULL)
            fail("there can be only one memory, not also \"%s\"", argv[i]);
        else
            memory_text = argv[i];
    }

    size_t memory_size, size;
    uint8_t *memory = parse_hex(memory_text != NULL ? memory_text : "",
                                "memory", &memory_size);
    char *input = read_input();
    uint8_t *bytes = parse_hex(input, "program", &size);
    if (size % sizeof(struct ebpf_insn) != 0)
        fail("program: %zu bytes are no whole number of 8-byte instructions",
             size);

    struct map *maps[2];
    for (int i = 0; i < 2; i++)
        if (map_create(&attributes[i], &maps[i]) != 0)
            fail("cannot create map %d", i);
    struct program_source source = {
        .instructions = (const struct ebpf_insn *)bytes,
        .count = (uint32_t)(size / sizeof(struct ebpf_insn)),
        .maps = maps,
        .map_count = 2};
    char text[PROBE_LOG_MAX];
    struct log log;
    log_start(&log, text, sizeof(text));
    if (instructions_validate(&source, &log) != 0)
        fail("%s", text);
    if (verify_only)
        verify(&source, memory_size);
    else
        run(&source, memory, memory_size);

    for (int i = 0; i < 2; i++)
        map_free(maps[i]);
    free(bytes);
    free(input);
    free(memory);
    return 0;
}
