# The library of scripts, where machtap looks for it.
TAPSET := $(patsubst %,$(BASE)/home/%,$(wildcard tapset/*.stp tapset/*.stpm))

$(BASE)/home/tapset/%: tapset/%
	@mkdir -p $(@D)
	@cp $< $@

HOME_FILES += $(TAPSET)
