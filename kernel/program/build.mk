# Probe programs.  PROGRAM_SOURCES also go into the kernel's part; what is in
# host/ is the environment that tests run them in.
PROGRAM_SOURCES := $(wildcard kernel/program/*.c)
$(eval $(call host_library,program,$(PROGRAM_SOURCES) \
    $(wildcard kernel/program/host/*.c)))
