# Examples that `machtap --example NAME` runs.

EXAMPLES := $(wildcard examples/*.stp)

$(EXAMPLES:%=$(BASE)/home/%): $(BASE)/home/%: %
	@mkdir -p $(@D)
	@cp $< $@

HOME_FILES += $(EXAMPLES:%=$(BASE)/home/%)
