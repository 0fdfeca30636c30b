/*
 * The identity names a kernel whatever form its file has.
 */

#include "tests/image/kit.h"

#include <stdlib.h>
#include <string.h>

static void
identity(const char *path, char *result)
{
    struct error error;

    if (image_identity(path, result, &error) != 0)
        fail_msg("%s", error.text);
}

static void
names_the_kernel_and_its_bytes(void **state)
{
    char name[PROBE_IDENTITY_MAX];
    struct text version = kit_run("strings " SID " | grep -m1 '^GNU Mach 1' | "
                                  "tr -d '\\n'");

    identity(SID, name);
    assert_memory_equal(name, version.data, version.size);
    assert_int_equal(name[version.size], ' ');
    assert_int_equal(strspn(name + version.size + 1, "0123456789abcdef"), 16);
    assert_int_equal(strlen(name), version.size + 17);
    text_free(&version);
}

static void
is_the_same_for_all_forms(void **state)
{
    char original[PROBE_IDENTITY_MAX], other[PROBE_IDENTITY_MAX];
    char *path = xstrdup(kit_path("form"));
    struct text none = kit_run("gzip -c " SID " > %s", path);

    identity(SID, original);
    identity(path, other);
    assert_string_equal(original, other);
    text_free(&none);

    none = kit_run("strip --strip-debug -o %s " SID, path);
    identity(path, other);
    assert_string_equal(original, other);
    text_free(&none);

    kit_link(SID, path, IMAGE_NATIVE);
    identity(path, other);
    assert_string_equal(original, other);
    free(path);
}

static void
differs_by_one_byte(void **state)
{
    char original[PROBE_IDENTITY_MAX], other[PROBE_IDENTITY_MAX];
    char *path = xstrdup(kit_path("changed"));
    struct text none = kit_run("cp " SID " %s; gdb -q -batch -write "
                               "-ex 'set var *(char *)&thread_block = 0x90' %s",
                               path, path);

    identity(SID, original);
    identity(path, other);
    assert_string_not_equal(original, other);
    identity(TRIXIE, other);
    assert_string_not_equal(original, other);
    text_free(&none);
    free(path);
}

static void
header_has_it(void **state)
{
    char original[PROBE_IDENTITY_MAX];
    char *path = xstrdup(kit_path("linked"));
    struct image_header header;
    struct error error;

    kit_link(TRIXIE, path, IMAGE_NATIVE);
    identity(TRIXIE, original);
    assert_int_equal(image_read_header(path, &header, &error), 0);
    assert_string_equal(original, header.identity);
    free(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_the_kernel_and_its_bytes),
        cmocka_unit_test(is_the_same_for_all_forms),
        cmocka_unit_test(differs_by_one_byte),
        cmocka_unit_test(header_has_it),
    };

    return cmocka_run_group_tests(tests, NULL, kit_clean);
}
