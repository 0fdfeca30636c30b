$(eval $(call test_task,behave,tests/vm/behave.c,mach))
$(eval $(call unit_test,vm_channel_test,tests/vm/channel_test.c,vm support))
$(eval $(call unit_test,vm_console_test,tests/vm/console_test.c,vm support))
$(eval $(call unit_test,vm_folder_test,tests/vm/folder_test.c,vm support))
