$(eval $(call host_library,support,$(wildcard support/*.c)))
