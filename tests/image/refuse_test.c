/*
 * What cannot be linked is refused with the reason, and leaves no output.
 */

#include "tests/image/kit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/path.h"

/* Link INPUT, which must fail with a message that has PART in it. */
static void
refuse(const char *input, const char *sources, const char *part)
{
    char *output = xstrdup(kit_path("refused"));
    struct image_options options = {
        .kernel = input,
        .output = output,
        .sources = sources,
    };
    struct error error = {"no error"};

    assert_int_equal(image_link(&options, &error), -1);
    if (strstr(error.text, part) == NULL)
        fail_msg("\"%s\" is not in: %s", part, error.text);
    assert_int_equal(access(output, F_OK), -1);
    free(output);
}

/* Make a file by a shell command that writes to standard output. */
static char *
make(const char *name, const char *command)
{
    char *path = xstrdup(kit_path(name));
    struct text text = kit_run("%s > %s", command, path);

    text_free(&text);
    return path;
}

static void
refuse_made(const char *command, const char *part)
{
    char *path = make("made", command);

    refuse(path, KIT_SOURCES, part);
    free(path);
}

static void
other_files(void **state)
{
    refuse("Makefile", KIT_SOURCES, "Makefile: not an ELF file");
    refuse("image", KIT_SOURCES, "cannot read image");
    refuse("no/such/kernel", KIT_SOURCES, "cannot open no/such/kernel");
    refuse_made("true", "not an ELF file");
    refuse_made("head -c 100000 /dev/urandom", "not an ELF file");
    refuse_made("printf '\\177ELF'", "not an ELF file");
    refuse_made("{ printf '\\177ELF\\2\\1\\1'; head -c 5000 /dev/zero; }",
                "not an executable ELF file");
    refuse_made("printf '\\037\\213\\010garbage'", "its gzip data is");
}

static void
cut_off_kernels(void **state)
{
    refuse_made("head -c 3000000 " SID, "cut off or damaged");
    refuse_made("head -c 5000 " SID, "cut off or damaged");
    refuse_made("head -c 40 " SID, "cut off or damaged");
    refuse_made("gzip -1c " SID " | head -c 500000", "cut off");
}

static void
kernels_without_symbols_or_dwarf(void **state)
{
    char *path = xstrdup(kit_path("stripped"));
    struct text text = kit_run("strip -o %s " SID, path);

    refuse(path, KIT_SOURCES, "this kernel is stripped");
    text_free(&text);
    text = kit_run("strip --strip-debug -o %s " SID, path);
    refuse(path, KIT_SOURCES, "-dbg package");
    text_free(&text);
    free(path);
}

static void
programs_that_are_no_kernel(void **state)
{
    char *path = xstrdup(kit_path("program"));
    struct text text = kit_run("echo 'int main(void) { return 0; }' | "
                               "gcc -g -no-pie -x c - -o %s",
                               path);

    refuse(path, KIT_SOURCES, "not a GNU Mach kernel");
    text_free(&text);
    text = kit_run("echo 'int main(void) { return 0; }' | "
                   "gcc -g -c -x c - -o %s",
                   path);
    refuse(path, KIT_SOURCES, "not an executable ELF file");
    text_free(&text);
    free(path);
}

static void
other_architectures(void **state)
{
    /* x86-64 code in a 32-bit file, as of the x32 ABI. */
    refuse_made("{ head -c 18 " I386 "; printf '\\76\\0'; tail -c +21 " I386
                "; }",
                "ELF machine 62");
    /* Another ELF machine: AArch64's number where x86-64's was. */
    refuse_made("{ head -c 18 " SID "; printf '\\267\\0'; tail -c +21 " SID
                "; }",
                "ELF machine 183");
}

static void
a_linked_image(void **state)
{
    char *path = xstrdup(kit_path("linked"));

    kit_link(SID, path, IMAGE_NATIVE);
    refuse(path, KIT_SOURCES, "linked into it already");
    free(path);
}

static void
the_kernel_as_output(void **state)
{
    char *path = make("kernel", "cat " SID);
    struct image_options options = {
        .kernel = path,
        .output = path,
        .sources = KIT_SOURCES,
    };
    struct error error;

    assert_int_equal(image_link(&options, &error), -1);
    assert_non_null(strstr(error.text, "would replace the kernel"));
    free(path);
}

/* Where in a function the only instruction is that objdump writes so. */
static char *
address_of(const char *kernel, const char *function, const char *instruction)
{
    struct text text = kit_run("objdump -d --no-show-raw-insn "
                               "--disassemble=%s %s | "
                               "sed -n 's/^\\(.*\\):\t%s.*/0x\\1/p'",
                               function, kernel, instruction);
    char *address = text_take(&text);

    assert_int_equal(strlen(address), strlen("0xc1000000\n"));
    address[strlen(address) - 1] = '\0';
    return address;
}

/* Change bytes of a kernel at a symbol, by gdb's writing mode. */
static void
refuse_kernel_changed(const char *kernel, const char *assignment,
                      const char *part)
{
    char *path = xstrdup(kit_path("changed"));
    struct text text = kit_run("cp %s %s\n"
                               "gdb -q -batch -write -ex 'set var %s' %s",
                               kernel, path, assignment, path);

    refuse(path, KIT_SOURCES, part);
    text_free(&text);
    free(path);
}

static void
refuse_changed(const char *assignment, const char *part)
{
    refuse_kernel_changed(SID, assignment, part);
}

static void
kernels_that_do_not_fit(void **state)
{
    refuse_changed("*(long *)&version = 0", "not a GNU Mach kernel");
    refuse_changed("((long *)&idt_inittab)[4] = 1", "breakpoints go to");
    refuse_changed("((short *)&idt_inittab)[21] = 0x6e", "breakpoints go to");
    /* mov $_end,%rdi where %rsi was; no call follows; a second reference. */
    refuse_changed("*(char *)0xffffffff81027708 = 0xbf",
                   "unexpected reference to the kernel's end");
    refuse_changed("*(char *)0xffffffff8102771b = 0xc3",
                   "unexpected reference to the kernel's end");
    refuse_changed("*(long *)&idt_inittab = (long)&_end",
                   "unexpected reference to the kernel's end");
    /* A branch into the bytes that the hook's jump would take. */
    refuse_changed("*(short *)0xffffffff810445f0 = 0x00eb",
                   "the entry of ipc_kobject_notify cannot take a jump");
}

/*
 * The places of i386: in c_boot_entry the end is pushed and nothing comes
 * between it and the call; boot_entry clears up to it.
 */
static void
i386_kernels_that_do_not_fit(void **state)
{
    char *push = address_of(I386, "c_boot_entry", "push   \\$0x11591c4");
    char *clear = address_of(I386, "boot_entry", "lea    0xc11591c4,%ecx");
    struct {
        const char *kernel;
        char *assignment;
        const char *part;
    } changes[] = {
        {I386, xasprintf("((long *)&idt_inittab)[4] = 1"), "breakpoints go to"},
        /* Its type: an interrupt gate. */
        {I386, xasprintf("((short *)&idt_inittab)[11] = 0x6e"),
         "breakpoints go to"},
        {I386, xasprintf("*(long *)&idt_inittab = (long)&_end"),
         "unexpected reference to the kernel's end"},
        /* cmp $_end,%eax and padding where it was pushed. */
        {I386, xasprintf("*(char *)%s = 0x3d", push),
         "unexpected reference to the kernel's end"},
        /* Another push behind it: it would be the third argument. */
        {I386, xasprintf("*(int *)(%s + 5) = 0x90909050", push),
         "unexpected reference to the kernel's end"},
        /* pop %eax behind it. */
        {I386, xasprintf("*(int *)(%s + 5) = 0x90909058", push),
         "unexpected reference to the kernel's end"},
        /* lea _end,%edx: nobody knows what for. */
        {I386, xasprintf("*(char *)(%s + 1) = 0x15", clear),
         "unexpected reference to the kernel's end"},
        {I386, xasprintf("*(short *)&ipc_kobject_notify = 0x00eb"),
         "the entry of ipc_kobject_notify cannot take a jump"},
    };

    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        refuse_kernel_changed(changes[i].kernel, changes[i].assignment,
                              changes[i].part);
        free(changes[i].assignment);
    }
    free(push);
    free(clear);
}

/* With 64-bit addresses the end goes through a register to two pushes. */
static void
pae_kernels_that_do_not_fit(void **state)
{
    char *move = address_of(PAE, "c_boot_entry", "mov    \\$0x115a484,%eax");
    /* mov $_end,%ecx: it is not what is pushed then. */
    char *other = xasprintf("*(char *)%s = 0xb9", move);
    /* The xor that follows clears eax, which had the end. */
    char *cleared = xasprintf("*(short *)(%s + 5) = 0xc031", move);

    refuse_kernel_changed(PAE, other,
                          "unexpected reference to the kernel's end");
    refuse_kernel_changed(PAE, cleared,
                          "unexpected reference to the kernel's end");
    free(move);
    free(other);
    free(cleared);
}

/* A subsystem of one source and one list. */
static void
refuse_subsystem(const char *list, const char *source, const char *part)
{
    char *folder = xstrdup(kit_path("subsystem"));
    struct text text =
        kit_run("mkdir -p %s; printf '%%s' '%s' > %s/needs.list\n"
                "printf '#include \"kernel_types.h\"\\n%%s' '%s' > %s/a.c",
                folder, list, folder, source, folder);

    refuse(SID, folder, part);
    text_free(&text);
    free(folder);
}

static void
what_the_kernel_lacks_is_named(void **state)
{
    refuse_subsystem("[greetings]\nfunction hello\n", "",
                     "needs.list:2: there is no function hello; needed for: "
                     "greetings");
    refuse_subsystem("[x]\nvariable nothing_there\n", "",
                     "no variable nothing_there");
    refuse_subsystem("[x]\nstruct task no_member\n", "",
                     "struct task has no member no_member");
    refuse_subsystem("[x]\nstruct no_struct\n", "", "no struct no_struct");
    refuse_subsystem("[x]\ntype no_type\n", "", "no type no_type");
    refuse_subsystem("[x]\nlabel no_label\n", "", "no label no_label");
    refuse_subsystem("[x]\nconstant NOTHING\n", "", "no constant NOTHING");
    refuse_subsystem("[x]\nbound N hz\n", "", "hz is no array");
    refuse_subsystem("[x]\nfunction task_create_kernel\n"
                     "struct task no_member\n",
                     "", "GNU Mach 1.8+git");
}

static void
lists_with_mistakes(void **state)
{
    refuse_subsystem("function printf\n", "", "needs.list:1: no [purpose]");
    refuse_subsystem("[x]\nfrobnicate printf\n", "",
                     "needs.list:2: \"frobnicate\" is no word");
    refuse_subsystem("[x]\nfunction pri-ntf\n", "", "is not a name");
    refuse_subsystem("[x]\nfunction\n", "", "function wants a name");
    refuse_subsystem("[x]\nbound N\n", "", "a name and a variable");
    refuse_subsystem("[x\n", "", "] of the purpose is missing");
    refuse_subsystem("[x]\nforbid HUNCH panic\n", "", "forbid wants a reason");
}

static void
subsystems_that_do_not_link(void **state)
{
    refuse_subsystem("[x]\nlabel t_int3\n", "int f(void) { return g; }",
                     "a.c:2:");
    refuse_subsystem("[x]\nlabel t_int3\n",
                     "void g(void); void f(void); void f(void) { g(); }",
                     "undefined reference to `g'");
    /* The kernel has printf, but nobody asked for it. */
    refuse_subsystem("[x]\nlabel t_int3\n",
                     "void printf(void); void f(void); "
                     "void f(void) { printf(); }",
                     "needs.list does not ask the kernel for");
    refuse_subsystem("[x]\nlabel t_int3\n", "int probe_kobject_notify;",
                     "does not define probe_breakpoint_entry");
    refuse(SID, "/no/such/folder", "cannot find the probe subsystem");
}

static void
images_that_are_not_linked(void **state)
{
    struct image_header header;
    struct error error;

    assert_int_equal(image_read_header(SID, &header, &error), -1);
    assert_non_null(strstr(error.text, "not a linked image"));
    assert_int_equal(image_read_header("Makefile", &header, &error), -1);
}

/* Damaged tables are refused, whatever is damaged. */
static void
damaged_tables(void **state)
{
    char *path = xstrdup(kit_path("damaged"));
    struct image_header *tables;
    struct error error;
    size_t size, offset = 0x1000;
    char *data;

    kit_link(SID, path, IMAGE_NATIVE);
    assert_int_equal(path_read(path, &data, &size, &error), 0);
    while (memcmp(data + offset, "1tpm", 4) != 0)
        offset += 0x1000;
    for (size_t at = 0; at < sizeof(struct image_header); at += 4) {
        uint32_t before;

        memcpy(&before, data + offset + at, 4);
        memset(data + offset + at, 0xff, 4);
        assert_int_equal(path_write(path, data, size, 0666, &error), 0);
        tables = image_read_tables(path, &error);
        free(tables); /* refused, or of no consequence */
        memcpy(data + offset + at, &before, 4);
    }
    free(data);
    free(path);
}

/* Bytes of an ELF header that must stay, or nothing else is looked at. */
#define ELF_IDENT 16

/* Kernels with bytes changed at random are linked or refused: no crash. */
static void
random_damage(void **state)
{
    char *path = xstrdup(kit_path("fuzzed"));
    struct error error;
    size_t size;
    char *data;

    srandom(20261122);
    assert_int_equal(path_read(SID, &data, &size, &error), 0);
    for (unsigned round = 0; round < 40; round++) {
        struct image_options options = {
            .kernel = path,
            .output = kit_path("refused"),
            .sources = KIT_SOURCES,
        };
        char *copy = xmalloc(size);

        memcpy(copy, data, size);
        for (unsigned i = 0; i < 200; i++) {
            /* Headers and section headers more often than all else. */
            size_t at = (size_t)random() % (round % 2 ? size : 400);

            if (round % 4 == 2)
                at = size - 1 - at * 4;
            copy[at < ELF_IDENT ? ELF_IDENT : at] = (char)random();
        }
        assert_int_equal(path_write(path, copy, size, 0666, &error), 0);
        image_link(&options, &error);
        free(copy);
    }
    free(data);
    free(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(other_files),
        cmocka_unit_test(cut_off_kernels),
        cmocka_unit_test(kernels_without_symbols_or_dwarf),
        cmocka_unit_test(programs_that_are_no_kernel),
        cmocka_unit_test(other_architectures),
        cmocka_unit_test(a_linked_image),
        cmocka_unit_test(the_kernel_as_output),
        cmocka_unit_test(kernels_that_do_not_fit),
        cmocka_unit_test(i386_kernels_that_do_not_fit),
        cmocka_unit_test(pae_kernels_that_do_not_fit),
        cmocka_unit_test(what_the_kernel_lacks_is_named),
        cmocka_unit_test(lists_with_mistakes),
        cmocka_unit_test(subsystems_that_do_not_link),
        cmocka_unit_test(images_that_are_not_linked),
        cmocka_unit_test(damaged_tables),
        cmocka_unit_test(random_damage),
    };

    return cmocka_run_group_tests(tests, NULL, kit_clean);
}
