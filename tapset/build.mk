# The library of scripts, where machtap looks for it.

TAPSET := $(sort $(wildcard tapset/*.stp tapset/*.stpm))

$(TAPSET:%=$(BASE)/home/%): $(BASE)/home/%: %
	@mkdir -p $(@D)
	@cp $< $@

# Names of the kernel's routines: those of MIG's interfaces, as workload/ has
# them.
RPC_NAMES := $(BASE)/home/tapset/rpc_names.stp
CALLS := $(BASE)/gen/x86_64/workload/calls.h

$(RPC_NAMES): tapset/rpc_names.awk $(CALLS)
	@mkdir -p $(@D)
	@echo "  NAMES   $@"
	@sort $(CALLS) | awk -f $< > $@

MACH_RPC := $(BASE)/home/tapset/mach_rpc.stp

$(MACH_RPC): tapset/mach_rpc.awk $(CALLS)
	@mkdir -p $(@D)
	@echo "  NAMES   $@"
	@sort $(CALLS) | awk -f $< > $@

# Macros for arrays of one key, of two, and so on.
ARRAY_MACROS := $(BASE)/home/tapset/prints.stpm \
    $(BASE)/home/tapset/prometheus.stpm

$(ARRAY_MACROS): tapset/array_macros.awk
	@mkdir -p $(@D)
	@echo "  MACROS  $@"
	@awk -v which=$(basename $(@F)) -f $< > $@

HOME_FILES += $(TAPSET:%=$(BASE)/home/%) $(RPC_NAMES) $(MACH_RPC) $(ARRAY_MACROS)
