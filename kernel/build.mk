# The probe subsystem.  What sees no kernel's types is compiled here, into one
# object; the rest goes into the home as sources, with what they include, for
# the image linker to compile for a particular kernel.

include kernel/program/build.mk

# Sources that see a kernel's types, and those that do not, of each
# architecture: its own folder's, and all folders' but the other ones'.
KERNEL_SOURCES := $(wildcard kernel/*/*.[cS])
KERNEL_TYPED := $(shell grep -l '"kernel_types.h"' $(KERNEL_SOURCES))
kernel_untyped = $(filter-out $(KERNEL_TYPED) \
    $(foreach other,$(filter-out $(1),$(ARCHITECTURES)),kernel/$(other)/%),\
    $(filter %.c,$(KERNEL_SOURCES)))

# The kernel's side of messages: ports are pointers.  MIG's stub includes
# headers of the kernel; kernel/port/mig.h says what is needed of them.
define kernel_rules
MIG_SERVER_$(1) := $(BASE)/gen/$(1)/mig/machprobe_server
MIG_SERVER_FLAGS_$(1) := -DKERNEL -DKERNEL_SERVER=1 \
    -isystem $(MACH_INCLUDE_$(1)) -I$(BASE)/gen/$(1)

$(BASE)/kernel/$(1)/%.o: %.c
	@mkdir -p $$(@D)
	@echo "  KERN CC $$< ($(1))"
	@$(CC) $(KERNEL_CFLAGS) $(KERNEL_CFLAGS_$(1)) $$(KERNEL_EXTRA) \
	    -MMD -MP -c $$< -o $$@

$$(MIG_SERVER_$(1)).c: protocol/machprobe.defs kernel/build.mk $(MIGCOM_$(1)) \
    | $(MACH_INCLUDE_$(1))
	@mkdir -p $$(@D)
	@echo "  MIG     $$< (server, $(1))"
	@$(CC) $(MACHINE_$(1)) -E -x c -nostdinc -I$(MACH_INCLUDE_$(1)) -I. \
	    $$(MIG_SERVER_FLAGS_$(1)) $$< | $(MIGCOM_$(1)) -user /dev/null \
	    -header /dev/null -server $$@ -sheader $$(@:.c=.h)
	@sed -i -e '/^#include <\(kern\|vm\|ipc\)\//d' \
	    -e '/^#include <mach\/\(mig_support\|mach_types\)\.h>/d' \
	    -e '0,/^#include/s//#include "kernel\/port\/mig.h"\n#include/' \
	    $$@ $$(@:.c=.h)
# With a recipe, or make would not see that it has changed.
$$(MIG_SERVER_$(1)).h: $$(MIG_SERVER_$(1)).c
	@:

MESSAGE_OBJECTS_$(1) := $(BASE)/kernel/$(1)/kernel/port/server.o \
    $(BASE)/kernel/$(1)/kernel/port/hook.o
$$(MESSAGE_OBJECTS_$(1)): KERNEL_EXTRA = $$(MIG_SERVER_FLAGS_$(1))
$$(MESSAGE_OBJECTS_$(1)): $$(MIG_SERVER_$(1)).h

$(BASE)/kernel/$(1)/gen/mig/machprobe_server.o: $$(MIG_SERVER_$(1)).c
	@mkdir -p $$(@D)
	@echo "  KERN CC $$<"
	@$(CC) $(KERNEL_CFLAGS) $(KERNEL_CFLAGS_$(1)) \
	    $$(MIG_SERVER_FLAGS_$(1)) -w \
	    -Werror=implicit-function-declaration -MMD -MP -c $$< -o $$@

$(BASE)/home/lib/$(1)/probe-core.o: \
    $(patsubst %.c,$(BASE)/kernel/$(1)/%.o,$(call kernel_untyped,$(1))) \
    $(BASE)/kernel/$(1)/gen/mig/machprobe_server.o
	@mkdir -p $$(@D)
	@echo "  LD      $$@"
	@ld $(KERNEL_LDFLAGS_$(1)) -r -o $$@ $$^
HOME_FILES += $(BASE)/home/lib/$(1)/probe-core.o
endef
$(foreach architecture,$(ARCHITECTURES),\
    $(eval $(call kernel_rules,$(architecture))))

KERNEL_STAGED := kernel/needs.list $(KERNEL_TYPED) \
    $(wildcard kernel/*/*.h protocol/*.h)

# The image linker compiles what it finds there: what is no more must go.
KERNEL_STALE := $(filter-out $(KERNEL_STAGED:%=$(BASE)/home/%),\
    $(shell find $(BASE)/home/kernel $(BASE)/home/protocol -type f 2>/dev/null))
$(if $(KERNEL_STALE),$(shell rm -f $(KERNEL_STALE)))

$(KERNEL_STAGED:%=$(BASE)/home/%): $(BASE)/home/%: %
	@mkdir -p $(@D)
	@cp $< $@
HOME_FILES += $(KERNEL_STAGED:%=$(BASE)/home/%)
