# libmachprobe, for Mach tasks; what reads rings is tested on the host.
$(eval $(call mig_user,machprobe,protocol/machprobe.defs))

$(eval $(call task_library,machprobe,$(wildcard client/*.c) \
    gen/mig/machprobe_user.c))
$(eval $(call host_library,reader,client/reader.c))
