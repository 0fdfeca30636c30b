/*
 * A linked image is the kernel, but for the patches that it lists.
 */

#include "tests/image/kit.h"

#include <stdlib.h>
#include <string.h>

#include "image/file.h"
#include "image/info.h"

/* Linking may add this much: an image must stay small enough to boot. */
#define GROWTH_MAX (2u << 20)

static const struct image_patch *
patches_of(const struct image_header *header)
{
    return (const void *)((const char *)header + header->patches_offset);
}

/* Undo the patches that the tables list, each checked, in a linked file. */
static void
undo_patches(const struct image_file *linked, const struct image_header *header)
{
    const struct image_patch *patch = patches_of(header);
    uint32_t i;

    for (i = 0; i < header->patches; i++, patch++) {
        uint8_t *bytes = image_file_bytes(
            linked, header->text_base + patch->address, patch->size);

        assert_non_null(bytes);
        assert_memory_equal(bytes, patch->after, patch->size);
        memcpy(bytes, patch->before, patch->size);
    }
}

static void
only_the_patches_differ(void **state)
{
    for (size_t k = 0; k < KIT_KERNELS; k++) {
        const char *output = kit_path("image");
        struct image_file kernel, linked;
        struct image_header *header;
        struct error error;
        size_t count, i, loaded = 0, added = 0;
        GElf_Phdr phdr, same;

        kit_link(kit_kernels[k], output, IMAGE_NATIVE);
        header = image_read_tables(output, &error);
        assert_non_null(header);
        assert_int_equal(image_file_open(&kernel, kit_kernels[k], &error), 0);
        assert_int_equal(image_file_open(&linked, output, &error), 0);
        undo_patches(&linked, header);

        elf_getphdrnum(kernel.elf, &count);
        for (i = 0; i < count; i++) {
            gelf_getphdr(kernel.elf, (int)i, &phdr);
            if (phdr.p_type != PT_LOAD)
                continue;
            gelf_getphdr(linked.elf, (int)loaded++, &same);
            assert_memory_equal(&phdr, &same, sizeof(phdr));
            assert_memory_equal(kernel.data + phdr.p_offset,
                                linked.data + same.p_offset, phdr.p_filesz);
        }
        elf_getphdrnum(linked.elf, &count);
        for (i = loaded; i < count; i++) {
            gelf_getphdr(linked.elf, (int)i, &phdr);
            added += phdr.p_type == PT_LOAD;
        }
        assert_in_range(loaded, 2, 3);
        assert_int_equal(added, 1);
        free(header);
        image_file_close(&kernel);
        image_file_close(&linked);
    }
}

/* How many patches of a kind an image lists. */
static unsigned
count_patches(const struct image_header *header, enum image_patch_kind kind)
{
    const struct image_patch *patch = patches_of(header);
    unsigned count = 0;
    uint32_t i;

    for (i = 0; i < header->patches; i++)
        count += patch[i].kind == kind;
    return count;
}

static void
patches_are_the_documented_ones(void **state)
{
    /*
     * Those of trixie and forky know one boot protocol, sid's two.  Of the two
     * for several CPUs, i386's has what starts them among its data.
     */
    static const unsigned ends[KIT_KERNELS] = {1, 2, 2, 1, 1, 2};
    static const unsigned starts[KIT_KERNELS] = {0, 0, 2, 0, 0, 0};
    static const unsigned tables[KIT_KERNELS] = {0, 0, 1, 0, 0, 1};

    for (size_t k = 0; k < KIT_KERNELS; k++) {
        const char *output = kit_path("image");
        struct image_header *header;
        struct error error;

        kit_link(kit_kernels[k], output, IMAGE_NATIVE);
        header = image_read_tables(output, &error);
        assert_non_null(header);
        assert_int_equal(count_patches(header, IMAGE_PATCH_END), ends[k]);
        assert_int_equal(count_patches(header, IMAGE_PATCH_BREAKPOINT), 1);
        assert_int_equal(count_patches(header, IMAGE_PATCH_HOOK), 1);
        assert_int_equal(count_patches(header, IMAGE_PATCH_START), starts[k]);
        assert_int_equal(count_patches(header, IMAGE_PATCH_TABLES), tables[k]);
        assert_int_equal(header->patches, ends[k] + starts[k] + tables[k] + 2);
        free(header);
    }
}

/* readelf sees one segment more, behind the kernel's end, and no debug. */
static void
segment_lies_behind_the_end(void **state)
{
    for (size_t k = 0; k < KIT_KERNELS; k++) {
        char *output = xstrdup(kit_path("image"));
        struct text text;

        kit_link(kit_kernels[k], output, IMAGE_NATIVE);
        text = kit_run(
            "end=$(nm %s | sed -n 's/^f*\\(.*\\) . _end$/\\1/p')\n"
            "start=$(nm %s | sed -n 's/^f*\\(.*\\) . "
            "probe_image_start$/\\1/p')\n"
            "test $(( (0x$end + 4095) / 4096 * 4096 )) = $((0x$start))\n"
            "test $(readelf -lW %s | grep -c LOAD) = "
            "$(( $(readelf -lW %s | grep -c LOAD) + 1 ))\n"
            "! readelf -lW %s | grep GNU_STACK\n"
            "! readelf -SW %s | grep debug\n"
            "readelf -SW %s | grep -q '\\.machtap'\n"
            "readelf -aW %s 2>&1 >/dev/null\n",
            kit_kernels[k], output, output, kit_kernels[k], output, output,
            output, output);
        assert_string_equal(text_string(&text), "");
        text_free(&text);
        free(output);
    }
}

static void
image_stays_small(void **state)
{
    for (size_t k = 0; k < KIT_KERNELS; k++) {
        char *output = xstrdup(kit_path("image"));
        struct text text;

        kit_link(kit_kernels[k], output, IMAGE_NATIVE);
        text = kit_run("strip --strip-debug -o %s.stripped %s\n"
                       "expr $(stat -c %%s %s) - $(stat -c %%s %s.stripped)\n",
                       output, kit_kernels[k], output, output);
        assert_in_range(atoi(text_string(&text)), 0, GROWTH_MAX);
        text_free(&text);
        free(output);
    }
}

/*
 * i386's start-up code clears .bss up to the kernel's end by itself: what
 * names the end there stays, or it would clear the subsystem.
 */
static void
bss_is_cleared_to_the_old_end(void **state)
{
    static const char *const kernels[] = {I386, PAE, I386SMP};
    char *output = xstrdup(kit_path("image"));

    for (size_t k = 0; k < sizeof(kernels) / sizeof(kernels[0]); k++) {
        struct text text;

        kit_link(kernels[k], output, IMAGE_NATIVE);
        text = kit_run("end=$(nm %s | sed -n 's/\\(.*\\) . _end$/\\1/p')\n"
                       "objdump -d --disassemble=boot_entry %s | "
                       "grep -c \"lea  *0x$end,%%ecx\"",
                       kernels[k], output);
        assert_string_equal(text_string(&text), "1\n");
        text_free(&text);
    }
    free(output);
}

/* gdb and KDB know our functions by name. */
static void
symbols_are_added(void **state)
{
    char *output = xstrdup(kit_path("image"));
    struct text text;

    kit_link(SID, output, IMAGE_NATIVE);
    text = kit_run("gdb -batch -ex 'x/2i ipc_kobject_notify' "
                   "-ex 'info symbol probe_breakpoint_entry' %s 2>&1",
                   output);
    assert_non_null(strstr(text_string(&text), "<probe_kobject_notify>"));
    assert_non_null(strstr(text_string(&text), "probe_breakpoint_entry"));
    text_free(&text);
    text = kit_run("nm %s | grep -c _binary_ || :", output);
    assert_string_equal(text_string(&text), "0\n");
    text_free(&text);
    free(output);
}

/* The first COUNT instructions of the thunk of a linked kernel, by gdb. */
static struct text
thunk_of(const char *kernel, unsigned count)
{
    char *output = xstrdup(kit_path("image"));
    struct text text;

    kit_link(kernel, output, IMAGE_NATIVE);
    text = kit_run("gdb -batch -ex 'x/%ui probe_original_kobject_notify' %s",
                   count, output);
    free(output);
    return text;
}

/* The displaced instructions go on after the thunk's copies. */
static void
thunk_leads_back(void **state)
{
    struct text text = thunk_of(SID, 3);

    assert_non_null(strstr(text_string(&text), "0x8(%rdi),%rdx"));
    assert_non_null(strstr(text_string(&text), ",0x28(%rsi)"));
    assert_non_null(strstr(text_string(&text), "<ipc_kobject_notify+11>"));
    text_free(&text);

    text = thunk_of(I386, 4);
    assert_non_null(strstr(text_string(&text), "push   %ebp"));
    assert_non_null(strstr(text_string(&text), "mov    %esp,%ebp"));
    assert_non_null(strstr(text_string(&text), "sub    $0x8,%esp"));
    assert_non_null(strstr(text_string(&text), "<ipc_kobject_notify+6>"));
    text_free(&text);
}

static void
equal_input_gives_equal_images(void **state)
{
    char *first = xstrdup(kit_path("first"));
    char *second = xstrdup(kit_path("second"));
    struct text text = kit_run("gzip -c %s > %s", TRIXIE, kit_path("gz"));
    struct text same;

    kit_link(TRIXIE, first, IMAGE_NATIVE);
    kit_link(kit_path("gz"), second, IMAGE_NATIVE);
    same = kit_run("cmp %s %s", first, second);
    text_free(&same);
    text_free(&text);
    free(first);
    free(second);
}

static void
wrapping_equals_linking_as_elf32(void **state)
{
    char *native = xstrdup(kit_path("native"));
    char *wrapped = xstrdup(kit_path("wrapped"));
    char *linked = xstrdup(kit_path("linked"));
    struct error error;
    struct text text;

    kit_link(SID, native, IMAGE_NATIVE);
    kit_link(SID, linked, IMAGE_ELF32);
    if (image_wrap_elf32(native, wrapped, &error) != 0)
        fail_msg("%s", error.text);
    text = kit_run("cmp %s %s; readelf -hlW %s", wrapped, linked, linked);
    assert_non_null(strstr(text_string(&text), "ELF32"));
    assert_non_null(strstr(text_string(&text), "Intel 80386"));
    assert_non_null(strstr(text_string(&text), "0x1000000"));
    text_free(&text);
    assert_int_equal(image_wrap_elf32(linked, wrapped, &error), -1);
    free(native);
    free(wrapped);
    free(linked);
}

/* QEMU boots a 32-bit kernel as it is. */
static void
i386_needs_no_wrapping(void **state)
{
    char *native = xstrdup(kit_path("native"));
    char *linked = xstrdup(kit_path("linked"));
    struct text text;

    kit_link(I386, native, IMAGE_NATIVE);
    kit_link(I386, linked, IMAGE_ELF32);
    text = kit_run("cmp %s %s", native, linked);
    text_free(&text);
    free(native);
    free(linked);
}

static void
info_tells_what_is_inside(void **state)
{
    const char *output = kit_path("image");
    struct image_header *header;
    struct text text = {0};
    struct error error;

    kit_link(SID, output, IMAGE_NATIVE);
    header = image_read_tables(output, &error);
    assert_non_null(header);
    info_describe(&text, header, true);
    assert_non_null(strstr(text_string(&text), "kernel     GNU Mach 1.8+git"));
    assert_non_null(
        strstr(text_string(&text), "kdb_trap: it handles breakpoints"));
    assert_non_null(strstr(text_string(&text), "by a jump at the entry"));
    assert_non_null(strstr(text_string(&text), "before 48 be"));
    assert_non_null(strstr(text_string(&text), "    nulldev_open\n"));
    text_free(&text);
    free(header);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_patches_differ),
        cmocka_unit_test(patches_are_the_documented_ones),
        cmocka_unit_test(segment_lies_behind_the_end),
        cmocka_unit_test(bss_is_cleared_to_the_old_end),
        cmocka_unit_test(image_stays_small),
        cmocka_unit_test(symbols_are_added),
        cmocka_unit_test(thunk_leads_back),
        cmocka_unit_test(equal_input_gives_equal_images),
        cmocka_unit_test(wrapping_equals_linking_as_elf32),
        cmocka_unit_test(i386_needs_no_wrapping),
        cmocka_unit_test(info_tells_what_is_inside),
    };

    return cmocka_run_group_tests(tests, NULL, kit_clean);
}
