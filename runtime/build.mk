RUNTIME_COMMON := $(wildcard runtime/*.c)

# In a task of GNU Mach, and in a process of the host.
$(eval $(call task_library,runtime,$(RUNTIME_COMMON) \
    $(wildcard runtime/task/*.c)))
$(eval $(call host_library,runtime,$(RUNTIME_COMMON) \
    $(wildcard runtime/host/*.c)))
