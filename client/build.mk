# libmachprobe, for Mach tasks; what reads rings is tested on the host.
$(eval $(call mig_user,machprobe,protocol/machprobe.defs))
MIG_HEADERS += $(BASE)/gen/mig/machprobe_user.h

$(eval $(call task_library,machprobe,$(wildcard client/*.c) \
    gen/mig/machprobe_user.c))
$(eval $(call host_library,reader,client/reader.c))

$(patsubst %.c,$(BASE)/task/%.o,$(wildcard client/*.c)): \
    $(BASE)/gen/mig/machprobe_user.h
