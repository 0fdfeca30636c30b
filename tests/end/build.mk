$(eval $(call test_task,deep,tests/end/deep.c,mach))
