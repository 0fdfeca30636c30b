$(eval $(call test_task,hello,tests/mach/hello.c,mach))
$(eval $(call test_task,library,tests/mach/library.c,mach))
