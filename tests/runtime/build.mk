$(eval $(call test_program,stp-host,tests/runtime/stp_host.c,\
    translate language debuginfo program support,-ldw -lelf))
$(BUILD)/test/stp-host: | $(BUILD)/lib/libruntime.a
