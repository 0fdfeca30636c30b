$(eval $(call host_library,vm,$(filter-out vm/main.c,$(wildcard vm/*.c))))
$(eval $(call host_program,machtap-vm,vm/main.c,vm image support,$(IMAGE_WORDS)))
