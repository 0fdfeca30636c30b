$(eval $(call test_task,deep,tests/end/deep.c,mach))
$(foreach architecture,$(ARCHITECTURES),\
    $(eval $(BASE)/task/$(architecture)/tests/end/deep.o: \
        TASK_FLAGS_$(architecture) += -fno-omit-frame-pointer))
