/*
 * kernel_types.h says of the kernel's types what gdb says.
 */

#include "tests/image/kit.h"

#include <stdlib.h>
#include <string.h>

#include "image/types.h"
#include "support/path.h"

/* The header and symbols for a list; the test fails with the message. */
static struct text
generate(const char *kernel_path, const char *list, struct text *symbols)
{
    char *path = xstrdup(kit_path("needs.list"));
    struct text header = {0};
    struct kernel kernel;
    struct needs needs;
    struct error error;

    assert_int_equal(path_write(path, list, strlen(list), 0666, &error), 0);
    if (kernel_open(&kernel, kernel_path, &error) != 0 ||
        needs_read(&needs, path, &error) != 0 ||
        types_generate(&kernel, &needs, &header, symbols, &error) != 0)
        fail_msg("%s", error.text);
    kernel_close(&kernel);
    needs_free(&needs);
    free(path);
    return header;
}

/* Compile C lines after the header, with warnings as errors. */
static void
compile_for(const char *kernel, const struct text *header, const char *lines)
{
    bool is_i386 = strstr(kernel, "486") != NULL;
    char *path = xstrdup(kit_path("types.c"));
    struct text source = {0}, output;
    struct error error;

    text_puts(&source, text_string(header));
    text_puts(&source, lines);
    assert_int_equal(path_write(path, source.data, source.size, 0666, &error),
                     0);
    output = kit_run("gcc -std=gnu11 -ffreestanding -Wall -Wextra -Werror "
                     "%s -fno-pic -c %s -o %s.o",
                     is_i386 ? "-m32" : "-mcmodel=kernel", path, path);
    text_free(&output);
    text_free(&source);
    free(path);
}

static void
compile(const struct text *header, const char *lines)
{
    compile_for(SID, header, lines);
}

static void
expect(const struct text *text, const char *part)
{
    if (strstr(text_string(text), part) == NULL)
        fail_msg("\"%s\" is not in:\n%s", part, text_string(text));
}

static void
offsets_are_gdbs(void **state)
{
    static const struct {
        const char *tag, *member;
    } members[] = {
        {"task", "map"},
        {"task", "name"},
        {"thread", "task"},
        {"thread", "kernel_stack"},
        {"percpu", "active_thread"},
        {"ipc_port", "ip_srights"},
        {"vm_map_entry", "offset"},
        {"processor", "runq"},
    };
    const size_t count = sizeof(members) / sizeof(members[0]);

    for (size_t k = 0; k < KIT_KERNELS; k++) {
        struct text list = {0}, asserts = {0}, symbols = {0}, header;

        text_puts(&list, "[test]\n");
        for (size_t i = 0; i < count; i++) {
            struct text offset =
                kit_run("gdb -batch -ex 'output/d (long)&((struct %s *)0)->%s' "
                        "-ex 'echo ,' -ex 'output/d sizeof(struct %s)' %s",
                        members[i].tag, members[i].member, members[i].tag,
                        kit_kernels[k]);
            char *comma = strchr(text_string(&offset), ',');

            assert_non_null(comma);
            *comma = '\0';
            text_printf(&list, "struct %s %s\n", members[i].tag,
                        members[i].member);
            text_printf(&asserts,
                        "_Static_assert(__builtin_offsetof(struct %s, %s) == "
                        "%s && sizeof(struct %s) == %s, \"gdb\");\n"
                        "_Static_assert(KERNEL_OFFSET_%s_%s == %s, \"gdb\");\n",
                        members[i].tag, members[i].member, offset.data,
                        members[i].tag, comma + 1, members[i].tag,
                        members[i].member, offset.data);
            text_free(&offset);
        }
        header = generate(kit_kernels[k], text_string(&list), &symbols);
        compile_for(kit_kernels[k], &header, text_string(&asserts));
        text_free(&list);
        text_free(&asserts);
        text_free(&header);
        text_free(&symbols);
    }
}

static void
prototypes_are_the_kernels(void **state)
{
    struct text symbols = {0}, nm;
    struct text header = generate(SID,
                                  "[test]\n"
                                  "function printf kmem_alloc_wired panic_init "
                                  "Panic thread_wakeup_prim kalloc\n"
                                  "label t_int3\n"
                                  "variable kernel_map percpu_array hz\n",
                                  &symbols);
    char *line;

    expect(&header, "extern int32_t printf(const char *, ...);");
    expect(&header, "extern int32_t kmem_alloc_wired(struct vm_map *, "
                    "uint64_t *, uint64_t);");
    expect(&header, "extern void panic_init(void);");
    expect(&header, "extern void Panic(const char *, int32_t, const char *, "
                    "const char *, ...) __attribute__((noreturn));");
    expect(&header, "extern uint8_t t_int3[];");
    expect(&header, "extern struct vm_map *kernel_map;");
    expect(&header, "extern struct percpu percpu_array[1];");
    compile(&header, "struct vm_map *test(void);\n"
                     "struct vm_map *test(void) { return kernel_map; }\n");

    nm = kit_run("nm " SID " | sed -n 's/\\(.*\\) T kalloc$/\\1/p' | "
                 "tr -d '\\n'");
    line = xasprintf("PROVIDE(kalloc = 0x%s);", text_string(&nm));
    expect(&symbols, line);
    free(line);
    text_free(&nm);
    text_free(&header);
    text_free(&symbols);
}

static void
static_names_are_found(void **state)
{
    struct text symbols = {0}, nm;
    struct text header = generate(
        SID, "[test]\nvariable biosmem_map biosmem_map_size\n", &symbols);
    char *line;

    nm = kit_run("nm " SID " | sed -n 's/\\(.*\\) [bd] biosmem_map$/\\1/p' | "
                 "tr -d '\\n'");
    line = xasprintf("PROVIDE(biosmem_map = 0x%s);", text_string(&nm));
    expect(&symbols, line);
    compile(&header, "");
    free(line);
    text_free(&nm);
    text_free(&header);
    text_free(&symbols);
}

/* Members of unions overlap; bit-fields and unnamed structs are found. */
static void
members_of_all_kinds(void **state)
{
    struct text symbols = {0};
    struct text header =
        generate(SID,
                 "[test]\n"
                 "struct ipc_port data.receiver data.destination ip_nsrequest\n"
                 "struct task active may_assign name pset_tasks\n"
                 "struct mach_msg_header msgh_remote_port msgh_id\n",
                 &symbols);

    compile(&header, "struct ipc_space *test(struct ipc_port *port);\n"
                     "struct ipc_space *test(struct ipc_port *port)\n"
                     "{\n"
                     "    _Static_assert(__builtin_offsetof(struct ipc_port, "
                     "data.receiver) == __builtin_offsetof(struct ipc_port, "
                     "data.destination), \"union\");\n"
                     "    return port->data.receiver;\n"
                     "}\n"
                     "int is_active(struct task *task);\n"
                     "int is_active(struct task *task)\n"
                     "{\n"
                     "    return task->active && task->may_assign &&\n"
                     "        sizeof(task->pset_tasks) == 16;\n"
                     "}\n");
    text_free(&header);
    text_free(&symbols);
}

/* What gdb reads through the generated bit-fields is what it reads itself. */
static void
bit_fields_lie_where_the_kernels_do(void **state)
{
    struct text symbols = {0}, mask;
    struct text header = generate(
        SID, "[test]\nstruct task active may_assign essential\n", &symbols);
    char *object;

    compile(&header, "struct task a = {.may_assign = 1};\n");
    object = xstrdup(kit_path("types.c.o"));
    mask = kit_run("objcopy -O binary -j .data %s %s.bin\n"
                   "od -An -tu1 -v -w1 %s.bin | grep -n -v ' 0$' | "
                   "tr -d ' \\n'",
                   object, object, object);
    {
        struct text offset =
            kit_run("gdb -batch -ex 'ptype/o struct task' " SID
                    " | sed -n 's/.* \\([0-9]*\\): *1 .*may_assign.*/\\1/p' | "
                    "tr -d '\\n'");
        struct text place = kit_run(
            "gdb -batch -ex 'ptype/o struct task' " SID
            " | sed -n 's/^\\/\\* *\\([0-9]*\\): *1 .*may_assign.*/\\1/p' | "
            "tr -d '\\n'");
        /* Line N of od is byte N - 1; bit 1 is 2. */
        char *expected = xasprintf("%d:2", atoi(text_string(&place)) + 1);

        assert_string_equal(text_string(&mask), expected);
        free(expected);
        text_free(&offset);
        text_free(&place);
    }
    free(object);
    text_free(&mask);
    text_free(&header);
    text_free(&symbols);
}

static void
what_may_be_missing_is_told(void **state)
{
    struct text symbols = {0};
    struct text header = generate(SID,
                                  "[test]\n"
                                  "function? apic_send_ipi_nowhere kalloc\n"
                                  "struct? no_struct\n"
                                  "struct? no_struct member\n"
                                  "struct no_struct other_member\n"
                                  "struct? task no_member map\n"
                                  "constant? NO_CONSTANT\n"
                                  "variable? no_variable\n",
                                  &symbols);

    expect(&header, "#define KERNEL_HAS_apic_send_ipi_nowhere 0\n");
    expect(&header, "#define KERNEL_HAS_kalloc 1\n");
    expect(&header, "#define KERNEL_HAS_no_struct 0\n");
    expect(&header, "#define KERNEL_HAS_no_struct_member 0\n");
    expect(&header, "#define KERNEL_HAS_task_map 1\n");
    expect(&header, "#define KERNEL_HAS_task_no_member 0\n");
    expect(&header, "#define KERNEL_HAS_NO_CONSTANT 0\n");
    expect(&header, "#define KERNEL_HAS_no_variable 0\n");
    compile(&header, "");
    text_free(&header);
    text_free(&symbols);
}

static void
typedefs_constants_and_bounds(void **state)
{
    struct text symbols = {0};
    struct text header = generate(SID,
                                  "[test]\n"
                                  "type vm_offset_t\n"
                                  "type kern_return_t\n"
                                  "type vm_map_t\n"
                                  "bound CPUS percpu_array\n",
                                  &symbols);

    expect(&header, "typedef uint64_t vm_offset_t;");
    expect(&header, "typedef int32_t kern_return_t;");
    expect(&header, "typedef struct vm_map *vm_map_t;");
    expect(&header, "#define CPUS 1\n");
    compile(&header, "");
    text_free(&header);
    text_free(&symbols);
}

/* Scalars and pointers are as wide as the kernel's. */
static void
words_of_i386(void **state)
{
    struct text symbols = {0};
    struct text header = generate(I386,
                                  "[test]\n"
                                  "function kmem_alloc_wired\n"
                                  "type vm_offset_t\n"
                                  "struct task map\n",
                                  &symbols);

    expect(&header, "extern int32_t kmem_alloc_wired(struct vm_map *, "
                    "uint32_t *, uint32_t);");
    expect(&header, "typedef uint32_t vm_offset_t;");
    expect(&symbols, "PROVIDE(kmem_alloc_wired = 0xc1");
    compile_for(I386, &header,
                "_Static_assert(sizeof(((struct task *)0)->map) == 4, "
                "\"pointer\");\n");
    text_free(&header);
    text_free(&symbols);
}

/* The real list gives a header that compiles, for every kernel. */
static void
the_subsystems_own_list(void **state)
{
    for (size_t k = 0; k < KIT_KERNELS; k++) {
        struct text symbols = {0}, header;
        struct error error;
        char *list;
        size_t size;

        assert_int_equal(path_read("kernel/needs.list", &list, &size, &error),
                         0);
        header = generate(kit_kernels[k], list, &symbols);
        compile_for(kit_kernels[k], &header, "");
        free(list);
        text_free(&header);
        text_free(&symbols);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offsets_are_gdbs),
        cmocka_unit_test(prototypes_are_the_kernels),
        cmocka_unit_test(static_names_are_found),
        cmocka_unit_test(members_of_all_kinds),
        cmocka_unit_test(bit_fields_lie_where_the_kernels_do),
        cmocka_unit_test(what_may_be_missing_is_told),
        cmocka_unit_test(typedefs_constants_and_bounds),
        cmocka_unit_test(words_of_i386),
        cmocka_unit_test(the_subsystems_own_list),
    };

    return cmocka_run_group_tests(tests, NULL, kit_clean);
}
