$(eval $(call test_task,deep,tests/end/deep.c,mach))
$(eval $(call test_task,marks,tests/end/marks.c,mach))
