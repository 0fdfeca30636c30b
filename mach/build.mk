# Calls of the kernel, by MIG.
MIG_INTERFACES := mach mach_port mach_host gnumach mach4 device mach_i386 \
    mach_debug
$(eval $(call mig_user,mach,mach/mach.defs))
$(eval $(call mig_user,mach_port,mach/mach_port.defs))
$(eval $(call mig_user,mach_host,mach/mach_host.defs))
$(eval $(call mig_user,gnumach,mach/gnumach.defs))
$(eval $(call mig_user,mach4,mach/mach4.defs))
$(eval $(call mig_user,device,device/device.defs))
$(eval $(call mig_user,mach_debug,mach_debug/mach_debug.defs))
$(eval $(call mig_user,mach_i386,mach/machine/mach_i386.defs))

# Exceptions come the other way: the task serves them.
define exception_server
$(BASE)/gen/$(1)/mig/exc_server.c: $(MIGCOM_$(1)) | $(MACH_INCLUDE_$(1))
	@mkdir -p $$(@D)
	@echo "  MIG     mach/exc.defs ($(1))"
	@echo '#include <mach/exc.defs>' | $(CC) $(MACHINE_$(1)) -E -x c \
	    -nostdinc -I$(MACH_INCLUDE_$(1)) - | \
	    $(MIGCOM_$(1)) -user /dev/null -header /dev/null -server $$@ \
	    -sheader $$(@:.c=.h)
$(BASE)/gen/$(1)/mig/exc_server.h: $(BASE)/gen/$(1)/mig/exc_server.c
	@:
$(BASE)/task/$(1)/mach/fault.o: $(BASE)/gen/$(1)/mig/exc_server.h
endef
$(call each_architecture,exception_server)

$(eval $(call task_library,mach,$(wildcard mach/*.c) mach/ARCH/traps.S \
    $(MIG_INTERFACES:%=gen/mig/%_user.c) gen/mig/exc_server.c))

# Headers for those who compile a task: ours below include/, and below
# include/ARCH/ what a C library, the kernel's own package and MIG would have.
TASK_HEADERS := $(patsubst %,$(BASE)/home/include/%,$(filter-out %_i.h,\
    $(filter-out runtime/task/% runtime/host/%,$(wildcard protocol/*.h client/*.h \
    runtime/*.h runtime/*/*.h mach/*.h))))

$(BASE)/home/include/%.h: %.h
	@mkdir -p $(@D)
	@cp $< $@

# How to compile and link one: words for gcc, to be given as @FILE.  Include
# folders are not among them, since the home may be anywhere.
define task_home
$(BASE)/home/lib/$(1)/start.o: $(BASE)/task/$(1)/mach/$(1)/start.o
	@mkdir -p $$(@D)
	@cp $$< $$@

$(BASE)/home/include/$(1)/mach/message.h: $(MACH_INCLUDE_$(1))
	@mkdir -p $(BASE)/home/include/$(1)
	@cp -a $$</. $(BASE)/home/include/$(1)/
	@touch $$@

$(BASE)/home/include/$(1)/%.h: mach/include/%.h \
    | $(BASE)/home/include/$(1)/mach/message.h
	@mkdir -p $$(@D)
	@cp $$< $$@

$(BASE)/home/include/$(1)/mig/%.h: $(BASE)/gen/$(1)/mig/%.h
	@mkdir -p $$(@D)
	@cp $$< $$@

$(BASE)/home/lib/$(1)/task.cflags: Makefile mach/build.mk
	@mkdir -p $$(@D)
	@echo '$(filter -std=% -O% -m% -f% -nostdinc,$(TASK_CFLAGS) \
	    $(MACHINE_$(1)))' > $$@

$(BASE)/home/lib/$(1)/task.ldflags: Makefile mach/build.mk
	@mkdir -p $$(@D)
	@echo '$(MACHINE_$(1)) $(TASK_LDFLAGS) -Wl,-s' > $$@

HOME_FILES += $(BASE)/home/lib/$(1)/start.o \
    $(BASE)/home/lib/$(1)/task.cflags $(BASE)/home/lib/$(1)/task.ldflags \
    $(BASE)/home/include/$(1)/mach/message.h \
    $(patsubst mach/include/%,$(BASE)/home/include/$(1)/%, \
        $(wildcard mach/include/*.h mach/include/*/*.h)) \
    $(patsubst %,$(BASE)/home/include/$(1)/mig/%_user.h, \
        $(MIG_INTERFACES) machprobe)
endef
$(call each_architecture,task_home)

HOME_FILES += $(TASK_HEADERS)
