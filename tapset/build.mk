# The library of scripts: vantage points with stable names.  The names of the
# kernel's routines are those of MIG's interfaces, as workload/ has them.

TAPSET := $(wildcard tapset/*.stp)

$(TAPSET:%=$(BASE)/home/%): $(BASE)/home/%: %
	@mkdir -p $(@D)
	@cp $< $@

RPC_NAMES := $(BASE)/home/tapset/rpc_names.stp
CALLS := $(BASE)/gen/x86_64/workload/calls.h

$(RPC_NAMES): tapset/rpc_names.awk $(CALLS)
	@mkdir -p $(@D)
	@echo "  NAMES   $@"
	@sort $(CALLS) | awk -f $< > $@

HOME_FILES += $(TAPSET:%=$(BASE)/home/%) $(RPC_NAMES)
