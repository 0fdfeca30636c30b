$(eval $(call host_library,translate,$(wildcard translate/*.c translate/*/*.c)))
