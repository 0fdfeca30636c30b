$(eval $(call test_program,ebpf-run,tests/program/ebpf_run.c,program support))
PROGRAM_TESTS := $(patsubst tests/program/%_test.c,%,\
    $(wildcard tests/program/*_test.c))
$(foreach test,$(PROGRAM_TESTS),\
    $(eval $(call unit_test,program-$(test),tests/program/$(test)_test.c \
        tests/program/assemble.c,program)))
