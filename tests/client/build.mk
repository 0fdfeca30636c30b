$(eval $(call unit_test,client-reader,tests/client/reader_test.c,reader))
$(eval $(call test_task,entry,examples/c/entry.c,machprobe mach))
$(eval $(call test_task,data,tests/client/data.c,machprobe mach))
$(eval $(call test_task,user,tests/client/user.c,machprobe mach))
