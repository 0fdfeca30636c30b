/*
 * The tables say what other programs find in the same kernel: nm, readelf and
 * objdump.
 */

#include "tests/image/kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tables {
    struct image_header *header;
    const struct image_function *functions;
    const struct image_symbol *symbols;
    const char *names;
    const uint8_t *bytes;
};

static struct tables
read_tables(const char *kernel)
{
    const char *output = kit_path("image");
    struct tables tables;
    struct error error;
    char *base;

    kit_link(kernel, output, IMAGE_NATIVE);
    tables.header = image_read_tables(output, &error);
    if (tables.header == NULL)
        fail_msg("%s", error.text);
    base = (char *)tables.header;
    tables.functions = (void *)(base + tables.header->functions_offset);
    tables.symbols = (void *)(base + tables.header->symbols_offset);
    tables.names = base + tables.header->names_offset;
    tables.bytes = (uint8_t *)base + tables.header->instructions_offset;
    return tables;
}

static const struct image_function *
find_function(const struct tables *tables, const char *name)
{
    uint32_t i;

    for (i = 0; i < tables->header->functions; i++) {
        if (strcmp(tables->names + tables->functions[i].name, name) == 0)
            return &tables->functions[i];
    }
    fail_msg("no function %s", name);
    return NULL;
}

/* The offset that starts a line of objdump, or -1. */
static int64_t
line_offset(const char *line, uint64_t base)
{
    char *end;
    uint64_t address = strtoull(line, &end, 16);

    return end != line && *end == ':' && end[1] == '\t'
               ? (int64_t)(address - base)
               : -1;
}

/*
 * Walk objdump's instructions: where ours has one within a function, so has
 * objdump, of the same length; and no byte of ours is left over.
 */
static void
instructions_are_objdumps(void **state)
{
    for (size_t k = 0; k < KIT_KERNELS; k++) {
        struct tables tables = read_tables(kit_kernels[k]);
        uint64_t base = tables.header->text_base;
        struct text text = kit_run(
            "objdump -d -w --section=.text %s | sed 's/^ *//'", kit_kernels[k]);
        unsigned found = 0, ours = 0;
        char *line, *rest = NULL;
        int64_t last = -1;
        uint32_t i;

        for (i = 0; i < tables.header->text_size; i++)
            ours += tables.bytes[i] != 0;
        for (line = strtok_r(text.data, "\n", &rest); line != NULL;
             line = strtok_r(NULL, "\n", &rest)) {
            int64_t at = line_offset(line, base);

            if (at < 0)
                continue;
            if (last >= 0 && tables.bytes[last] != 0) {
                found++;
                assert_int_equal(IMAGE_LENGTH(tables.bytes[last]), at - last);
            }
            last = at;
        }
        /* A word in front of the section's last instruction may be missed. */
        assert_in_range(ours - found, 0, 1);
        assert_true(ours > 80000);
        text_free(&text);
        free(tables.header);
    }
}

static void
names_and_addresses_are_nms(void **state)
{
    for (size_t k = 0; k < KIT_KERNELS; k++) {
        struct tables tables = read_tables(kit_kernels[k]);
        struct text text = kit_run("nm %s", kit_kernels[k]);
        uint32_t i;

        for (i = 0; i < tables.header->functions; i++) {
            const struct image_function *function = &tables.functions[i];
            char *line =
                xasprintf("%0*llx %c %s\n",
                          tables.header->text_base > UINT32_MAX ? 16 : 8,
                          (unsigned long long)(tables.header->text_base +
                                               function->address),
                          function->flags & IMAGE_FUNCTION_GLOBAL ? 'T' : 't',
                          tables.names + function->name);

            if (strstr(text_string(&text), line) == NULL)
                fail_msg("nm does not say: %s", line);
            free(line);
        }
        text_free(&text);
        free(tables.header);
    }
}

static void
rows_are_sorted(void **state)
{
    struct tables tables = read_tables(SID);
    uint32_t i;

    for (i = 1; i < tables.header->functions; i++)
        assert_true(tables.functions[i - 1].address <
                    tables.functions[i].address);
    for (i = 1; i < tables.header->symbols; i++)
        assert_true(tables.symbols[i - 1].address <= tables.symbols[i].address);
    free(tables.header);
}

/* Assembler's entry points, which start on the user's stack, are no rows. */
static void
assembler_is_left_out(void **state)
{
    static const char *const names[] = {"syscall64", "t_int3", "t_page_fault",
                                        "_start"};
    struct tables tables = read_tables(SID);
    uint32_t i;
    size_t n;

    for (n = 0; n < sizeof(names) / sizeof(names[0]); n++) {
        const struct image_symbol *symbol = NULL;

        for (i = 0; i < tables.header->functions; i++)
            assert_string_not_equal(tables.names + tables.functions[i].name,
                                    names[n]);
        for (i = 0; i < tables.header->symbols; i++) {
            if (strcmp(tables.names + tables.symbols[i].name, names[n]) == 0)
                symbol = &tables.symbols[i];
        }
        assert_non_null(symbol);
        if (strcmp(names[n], "_start") != 0)
            assert_int_equal(tables.bytes[symbol->address], 0);
    }
    free(tables.header);
}

static void
forbidden_functions_have_no_instructions(void **state)
{
    struct tables tables = read_tables(SID);
    const struct image_function *function =
        find_function(&tables, "ipc_kobject_notify");
    uint32_t i;

    assert_true(function->flags & IMAGE_FUNCTION_FORBIDDEN);
    assert_int_equal(function->reason, IMAGE_REASON_HOOK);
    assert_int_equal(find_function(&tables, "kdb_trap")->reason,
                     IMAGE_REASON_BREAKPOINT);
    assert_int_equal(find_function(&tables, "kd_getdata")->reason,
                     IMAGE_REASON_LOOP);
    for (i = 0; i < tables.header->functions; i++) {
        function = &tables.functions[i];
        if (function->flags & IMAGE_FUNCTION_FORBIDDEN) {
            assert_int_equal(tables.bytes[function->address], 0);
            assert_int_equal(function->entry, 0);
            assert_int_not_equal(function->reason, IMAGE_REASON_NONE);
        }
    }
    free(tables.header);
}

/* One that returns by `ret 4`, which no function of the kernels does. */
static void
functions_that_pop_are_forbidden(void **state)
{
    char *path = strdup(kit_path("pops"));
    struct text text =
        kit_run("cp " I386 " %s\n"
                "gdb -q -batch -write -ex 'set var *(int *)&vm_allocate = "
                "0x900004c2' %s",
                path, path);
    struct tables tables = read_tables(path);
    const struct image_function *function =
        find_function(&tables, "vm_allocate");

    assert_true(function->flags & IMAGE_FUNCTION_FORBIDDEN);
    assert_int_equal(function->reason, IMAGE_REASON_POPS);
    text_free(&text);
    free(tables.header);
    free(path);
}

/* What a jump displaces are whole instructions within the function. */
static void
jumps_displace_whole_instructions(void **state)
{
    for (size_t k = 0; k < KIT_KERNELS; k++) {
        struct tables tables = read_tables(kit_kernels[k]);
        unsigned jumps = 0;
        uint32_t i;

        for (i = 0; i < tables.header->functions; i++) {
            const struct image_function *function = &tables.functions[i];
            unsigned done = 0;

            if (function->entry == 0) {
                assert_int_not_equal(function->reason, IMAGE_REASON_NONE);
                continue;
            }
            assert_in_range(function->entry, 5, 20);
            assert_true(function->entry <= function->size);
            while (done < function->entry) {
                uint8_t byte = tables.bytes[function->address + done];

                assert_int_not_equal(byte, 0);
                assert_int_not_equal(IMAGE_MOVE(byte), IMAGE_MOVE_NEVER);
                done += IMAGE_LENGTH(byte);
            }
            assert_int_equal(done, function->entry);
            jumps++;
        }
        /* More than nine in ten can take one. */
        assert_true(jumps * 10 > tables.header->functions * 9);
        free(tables.header);
    }
}

static void
known_functions_are_judged_rightly(void **state)
{
    static const struct {
        const char *name;
        unsigned reason; /* NONE: a jump is possible */
    } known[] = {
        {"vm_map_enter", IMAGE_REASON_NONE},
        {"ipc_kobject_server", IMAGE_REASON_NONE},
        {"mach_msg_trap", IMAGE_REASON_NONE},
        {"nulldev_open", IMAGE_REASON_SHORT},      /* xor %eax,%eax; ret */
        {"machine_idle", IMAGE_REASON_RELOCATION}, /* sti; hlt */
    };
    /* Of amd64's kernels for one CPU: the others' are not all the same code. */
    static const char *const kernels[] = {TRIXIE, SID};

    for (size_t k = 0; k < sizeof(kernels) / sizeof(kernels[0]); k++) {
        struct tables tables = read_tables(kernels[k]);

        for (size_t n = 0; n < sizeof(known) / sizeof(known[0]); n++) {
            const struct image_function *function =
                find_function(&tables, known[n].name);

            if (function->reason != known[n].reason)
                fail_msg("%s: reason %u", known[n].name, function->reason);
        }
        free(tables.header);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instructions_are_objdumps),
        cmocka_unit_test(names_and_addresses_are_nms),
        cmocka_unit_test(rows_are_sorted),
        cmocka_unit_test(assembler_is_left_out),
        cmocka_unit_test(forbidden_functions_have_no_instructions),
        cmocka_unit_test(functions_that_pop_are_forbidden),
        cmocka_unit_test(jumps_displace_whole_instructions),
        cmocka_unit_test(known_functions_are_judged_rightly),
    };

    return cmocka_run_group_tests(tests, NULL, kit_clean);
}
