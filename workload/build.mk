# Numbers and names of the kernel's calls, from the stubs that send them.
define workload_calls
$(BASE)/gen/$(1)/workload/calls.h: $(MIG_INTERFACES:%=$(BASE)/gen/$(1)/mig/%_user.c)
	@mkdir -p $$(@D)
	@sed -n -e 's|^/\* .*[Rr]outine \([a-z0-9_]*\) \*/$$$$|\1|; t name' \
	    -e 's|^.*msgh_id = \([0-9]*\);$$$$|\1|; t id' -e 'b' \
	    -e ': name' -e 'h; b' \
	    -e ': id' -e 'G; s|\(.*\)\n\(.*\)|CALL(\1, \2)|p' $$^ > $$@
$(BASE)/task/$(1)/workload/calls.o: $(BASE)/gen/$(1)/workload/calls.h
endef
$(call each_architecture,workload_calls)

$(eval $(call task_program,workload,$(wildcard workload/*.c),mach))
