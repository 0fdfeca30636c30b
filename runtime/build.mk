# The platforms have folders of their own; all else is for each of them.
RUNTIME_COMMON := $(filter-out runtime/task/% runtime/host/%,\
    $(wildcard runtime/*.c runtime/*/*.c))

# In a task of GNU Mach, and in a process of the host.
$(eval $(call task_library,runtime,$(RUNTIME_COMMON) \
    $(wildcard runtime/task/*.c)))
$(eval $(call host_library,runtime,$(RUNTIME_COMMON) client/reader.c \
    $(wildcard runtime/host/*.c)))

# Scripts that need no kernel are linked with it where machtap runs.
ifndef SANITIZE
$(BASE)/home/lib/host/libruntime.a: $(BASE)/lib/libruntime.a
	@mkdir -p $(@D)
	@cp $< $@
HOME_FILES += $(BASE)/home/lib/host/libruntime.a
endif
