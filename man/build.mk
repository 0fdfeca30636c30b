# The page of functions is made from the functions.
MANUALS := $(BASE)/man/machtap-functions.7

$(BASE)/man/machtap-functions.7: man/functions.sh $(BASE)/bin/machtap \
    $(patsubst %,$(BASE)/home/%,$(wildcard tapset/*.stp*))
	@mkdir -p $(@D)
	@echo "  MAN     $@"
	@MACHTAP_HOME=$(BASE)/home $< $(BASE)/bin/machtap > $@

ifndef SANITIZE
HOME_FILES += $(MANUALS)
endif
