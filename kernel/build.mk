# The probe subsystem.  What sees no kernel's types is compiled here, into one
# object; the rest goes into the home as sources, with what they include, for
# the image linker to compile for a particular kernel.

include kernel/program/build.mk

KERNEL_TYPED := $(shell grep -l '"kernel_types.h"' kernel/*.c kernel/*/*.[cS])
KERNEL_UNTYPED := $(PROGRAM_SOURCES) \
    $(filter-out $(KERNEL_TYPED),$(wildcard kernel/*.c kernel/x86_64/*.c))

CORE_OBJECTS := \
    $(KERNEL_UNTYPED:%.c=$(BASE)/kernel/%.o) \
    $(BASE)/kernel/gen/mig/machprobe_server.o

$(BASE)/home/lib/probe-core.o: $(CORE_OBJECTS)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	@ld -r -o $@ $^

$(BASE)/kernel/%.o: %.S
	@mkdir -p $(@D)
	@echo "  KERN AS $<"
	@$(CC) $(KERNEL_CFLAGS) -MMD -MP -c $< -o $@

# The kernel's side of messages: ports are pointers.  MIG's stub includes
# headers of the kernel; kernel/mig.h says what is needed of them.
MIG_SERVER := $(BASE)/gen/mig/machprobe_server
MIG_SERVER_FLAGS := -DKERNEL -DKERNEL_SERVER=1 -isystem $(MACH_INCLUDE) \
    -I$(BASE)/gen

$(MIG_SERVER).c: protocol/machprobe.defs $(MIGCOM) | $(MACH_INCLUDE)
	@mkdir -p $(@D)
	@echo "  MIG     $< (server)"
	@$(CC) -m64 -E -x c -nostdinc -I$(MACH_INCLUDE) -I. $(MIG_SERVER_FLAGS) \
	    $< | $(MIGCOM) -user /dev/null -header /dev/null \
	    -server $@ -sheader $(MIG_SERVER).h
	@sed -i -e '/^#include <\(kern\|vm\|ipc\)\//d' \
	    -e '/^#include <mach\/\(mig_support\|mach_types\)\.h>/d' \
	    -e '0,/^#include/s//#include "kernel\/mig.h"\n#include/' \
	    $@ $(MIG_SERVER).h
$(MIG_SERVER).h: $(MIG_SERVER).c

MESSAGE_OBJECTS := $(BASE)/kernel/kernel/server.o $(BASE)/kernel/kernel/hook.o
$(MESSAGE_OBJECTS): KERNEL_CFLAGS += $(MIG_SERVER_FLAGS)
$(MESSAGE_OBJECTS): $(MIG_SERVER).h

$(BASE)/kernel/gen/mig/machprobe_server.o: $(MIG_SERVER).c
	@mkdir -p $(@D)
	@echo "  KERN CC $<"
	@$(CC) $(KERNEL_CFLAGS) $(MIG_SERVER_FLAGS) -w \
	    -Werror=implicit-function-declaration -MMD -MP -c $< -o $@

KERNEL_STAGED := kernel/needs.list $(KERNEL_TYPED) \
    $(wildcard kernel/*.h kernel/x86_64/*.h kernel/program/*.h protocol/*.h)

$(KERNEL_STAGED:%=$(BASE)/home/%): $(BASE)/home/%: %
	@mkdir -p $(@D)
	@cp $< $@

HOME_FILES += $(BASE)/home/lib/probe-core.o $(KERNEL_STAGED:%=$(BASE)/home/%)
