$(eval $(call test_task,hello,tests/mach/hello.c,mach))
