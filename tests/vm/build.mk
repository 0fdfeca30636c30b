$(eval $(call test_task,behave,tests/vm/behave.c,mach))
