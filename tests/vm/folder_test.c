/*
 * Boot-script lines as QEMU takes them.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "support/path.h"
#include "vm/folder.h"

struct fixture {
    struct vm_folder files; /* a place for modules */
    struct vm_folder folder;
    struct text initrd;
    struct error error;
};

static int
set_up(void **state)
{
    struct fixture *fixture = xcalloc(1, sizeof(*fixture));

    assert_int_equal(vm_folder_make(&fixture->files, &fixture->error), 0);
    assert_int_equal(vm_folder_make(&fixture->folder, &fixture->error), 0);
    *state = fixture;
    return 0;
}

static int
tear_down(void **state)
{
    struct fixture *fixture = *state;
    char *path = xstrdup(fixture->folder.path);

    vm_folder_remove(&fixture->folder);
    assert_false(path_exists(path));
    vm_folder_remove(&fixture->files);
    text_free(&fixture->initrd);
    free(path);
    free(fixture);
    return 0;
}

/* Make a module, to be removed with the others. */
static char *
make_module(struct fixture *fixture, const char *name)
{
    char *path = vm_folder_file(&fixture->files, name);

    assert_int_equal(path_write(path, "", 0, 0600, &fixture->error), 0);
    return path;
}

static int
add(struct fixture *fixture, const char *file, const char *words)
{
    char *line = xasprintf("%s%s", file, words);
    int result = vm_folder_add(&fixture->folder, line, &fixture->initrd,
                               &fixture->error);

    free(line);
    return result;
}

static void
modules_go_by_their_own_names(void **state)
{
    struct fixture *fixture = *state;
    char *task = make_module(fixture, "task");
    char *odd = make_module(fixture, "odd,name;x");

    assert_int_equal(add(fixture, task, " a=1,2 $(task-create)"), 0);
    assert_int_equal(add(fixture, odd, ""), 0);
    assert_int_equal(add(fixture, task, " b"), 0);
    assert_string_equal(text_string(&fixture->initrd),
                        "task a=1,,2 $(task-create),odd_name_x,task.2 b");
    free(task);
    free(odd);
}

static void
lines_that_cannot_be_are_refused(void **state)
{
    struct fixture *fixture = *state;
    char *task = make_module(fixture, "task");

    assert_int_equal(add(fixture, "/nowhere/task", " a"), -1);
    assert_non_null(strstr(fixture->error.text, "no file /nowhere/task"));
    assert_int_equal(add(fixture, "", " a"), -1);
    assert_int_equal(add(fixture, task, " a\nb"), -1);
    assert_non_null(strstr(fixture->error.text, "line ends"));
    assert_int_equal(fixture->initrd.size, 0);
    free(task);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(modules_go_by_their_own_names, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(lines_that_cannot_be_are_refused,
                                        set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
