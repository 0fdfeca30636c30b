# Runs scripts here; they are linked with the runtime of the host.
$(eval $(call test_program,stp-host,tests/runtime/stp_host.c,\
    translate language debuginfo image program support,\
    -ldw -lelf -lZydis -lz -lpthread))
$(BUILD)/test/stp-host: | $(BUILD)/lib/libruntime.a

$(eval $(call unit_test,runtime-loop,tests/runtime/loop_test.c \
    tests/runtime/fake_source.c,runtime))
$(eval $(call unit_test,runtime-stack,tests/runtime/stack_test.c \
    tests/runtime/fake_source.c,runtime))
$(eval $(call unit_test,runtime-map,tests/runtime/map_test.c,runtime))
$(eval $(call unit_test,runtime-format,tests/runtime/format_test.c,runtime))
$(eval $(call unit_test,runtime-hit-memory,tests/runtime/hit_memory_test.c,\
    runtime))
$(eval $(call unit_test,runtime-task-event,tests/runtime/task_event_test.c,\
    runtime))
$(eval $(call unit_test,runtime-regex,tests/runtime/regex_test.c,\
    runtime language support))
$(eval $(call unit_test,runtime-task-name,tests/runtime/task_name_test.c,\
    runtime))
