# The pages of functions and probe aliases are made from the library's
# comments; MANUALS stands for all of them.
$(eval $(call host_program,pages,man/pages.c,language support))

LIBRARY_PAGES := $(BASE)/man/library
MANUALS := $(LIBRARY_PAGES)/machtap-functions.7

$(MANUALS): $(BASE)/bin/pages $(sort $(wildcard tapset/*.stp*)) \
    $(patsubst %,$(BASE)/home/tapset/%,rpc_names.stp prints.stpm prometheus.stpm)
	@rm -rf $(@D)
	@mkdir -p $(@D)
	@echo "  MAN     $(@D)"
	@$(BASE)/bin/pages $(@D) $(filter-out $<,$^)

ifndef SANITIZE
HOME_FILES += $(MANUALS)
endif
