# Calls of the kernel, by MIG.
MIG_INTERFACES := mach mach_port mach_host gnumach mach4 device mach_i386
$(eval $(call mig_user,mach,$(MACH_INCLUDE)/mach/mach.defs))
$(eval $(call mig_user,mach_port,$(MACH_INCLUDE)/mach/mach_port.defs))
$(eval $(call mig_user,mach_host,$(MACH_INCLUDE)/mach/mach_host.defs))
$(eval $(call mig_user,gnumach,$(MACH_INCLUDE)/mach/gnumach.defs))
$(eval $(call mig_user,mach4,$(MACH_INCLUDE)/mach/mach4.defs))
$(eval $(call mig_user,device,$(MACH_INCLUDE)/device/device.defs))
$(eval $(call mig_user,mach_i386,$(MACH_INCLUDE)/mach/x86_64/mach_i386.defs))
MIG_HEADERS += $(MIG_INTERFACES:%=$(BASE)/gen/mig/%_user.h)

# Exceptions come the other way: the task serves them.
$(BASE)/gen/mig/exc_server.c: $(MACH_INCLUDE)/mach/exc.defs $(MIGCOM)
	@mkdir -p $(@D)
	@echo "  MIG     $<"
	@$(CC) -m64 -E -x c -nostdinc -I$(MACH_INCLUDE) $< | \
	    $(MIGCOM) -user /dev/null -header /dev/null -server $@ \
	    -sheader $(@:.c=.h)
$(BASE)/gen/mig/exc_server.h: $(BASE)/gen/mig/exc_server.c
$(BASE)/task/mach/fault.o: $(BASE)/gen/mig/exc_server.h

$(eval $(call task_library,mach,$(wildcard mach/*.c) \
    mach/x86_64/traps.S $(MIG_INTERFACES:%=gen/mig/%_user.c) gen/mig/exc_server.c))

$(BASE)/home/lib/start.o: $(BASE)/task/mach/x86_64/start.o
	@mkdir -p $(@D)
	@cp $< $@

# Headers for those who compile a task: ours below include/, and below
# include/task/ what a C library and the kernel's own package would have.
TASK_HEADERS := \
    $(patsubst %,$(BASE)/home/include/%, \
        $(filter-out %_i.h, \
            $(wildcard protocol/*.h client/*.h runtime/*.h mach/*.h)) \
        $(MIG_HEADERS:$(BASE)/gen/%=%)) \
    $(patsubst mach/include/%,$(BASE)/home/include/task/%, \
        $(wildcard mach/include/*.h mach/include/*/*.h)) \
    $(BASE)/home/include/task/mach/message.h

$(BASE)/home/include/%.h: %.h
	@mkdir -p $(@D)
	@cp $< $@

$(BASE)/home/include/mig/%.h: $(BASE)/gen/mig/%.h
	@mkdir -p $(@D)
	@cp $< $@

$(BASE)/home/include/task/%.h: mach/include/%.h
	@mkdir -p $(@D)
	@cp $< $@

$(BASE)/home/include/task/mach/message.h: $(MACH_INCLUDE)
	@mkdir -p $(BASE)/home/include/task
	@cp -a $(MACH_INCLUDE)/. $(BASE)/home/include/task/
	@touch $@

# How to compile and link one: words for gcc, to be given as @FILE.  Include
# folders are not among them, since the home may be anywhere.
$(BASE)/home/lib/task.cflags: Makefile mach/build.mk
	@mkdir -p $(@D)
	@echo '$(filter -std=% -O% -m% -f% -nostdinc,$(TASK_CFLAGS))' > $@

$(BASE)/home/lib/task.ldflags: Makefile mach/build.mk
	@mkdir -p $(@D)
	@echo '$(TASK_LDFLAGS) -Wl,-s' > $@

HOME_FILES += $(TASK_HEADERS) $(BASE)/home/lib/start.o \
    $(BASE)/home/lib/task.cflags $(BASE)/home/lib/task.ldflags
