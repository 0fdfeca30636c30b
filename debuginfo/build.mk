$(eval $(call host_library,debuginfo,$(wildcard debuginfo/*.c)))
