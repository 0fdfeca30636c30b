# What is fetched from Debian's archive: kernels, Mach's headers, MIG.
#
# $(BASE)/deps/SUITE/PACKAGE_ARCHITECTURE   packages as they unpack
# $(BASE)/home/kernels/SUITE-FLAVOUR   kernel with symbols and DWARF
# $(MACH_INCLUDE_x86_64), _i386        headers and .defs of gnumach-dev
# $(MIGCOM_x86_64), _i386              MIG's compiler, able to run here

DEPS := $(BASE)/deps

$(DEPS)/%/version: setup/fetch-kernel
	@echo "  FETCH   $(*F) of $(*D)"
	@setup/fetch-kernel $(DEPS)/$(*D) $(*D) $(subst _, ,$(*F))

# ---- kernels ---------------------------------------------------------

# Flavours that each suite has, in Debian's words.  Those for Xen are not
# among them, nor those for several processors before sid's: with assertions,
# as the packages with symbols have them, they stop before they have a
# console ("page != NULL" in biosmem.c).
FLAVOURS_trixie := amd64-up 486-up 486-pae
FLAVOURS_forky := amd64-up 486-up 486-pae
FLAVOURS_sid := amd64-up amd64-smp 486-up 486-pae 486-smp

# Names as --kernel takes them: the default one, one of each kind, all.
kernel_path = $(1:%=$(BASE)/home/kernels/%)
KERNEL := $(call kernel_path,$(SUITE)-amd64-up)
TEST_KERNELS := $(call kernel_path,trixie-amd64-up sid-amd64-up \
    sid-amd64-smp forky-486-up forky-486-pae sid-486-smp)
ALL_KERNELS := $(call kernel_path,$(foreach suite,trixie forky sid,\
    $(FLAVOURS_$(suite):%=$(suite)-%)))

# $(call kernel,SUITE,FLAVOUR)
GNUMACH := 1.8
kernel_package = gnumach-image-$(GNUMACH)-$(1)-dbg_$(if \
    $(filter amd64-%,$(1)),amd64,i386)
define kernel
$(BASE)/home/kernels/$(1)-$(2): $(DEPS)/$(1)/$(call kernel_package,$(2))/version
	@mkdir -p $$(@D)
	@gzip -dc $$(<D)/boot/gnumach-$(GNUMACH)-$(2)-dbg.gz > $$@
endef
$(foreach suite,trixie forky sid,$(foreach flavour,$(FLAVOURS_$(suite)),\
    $(eval $(call kernel,$(suite),$(flavour)))))

# ---- headers and MIG -------------------------------------------------

# $(call tools,ARCHITECTURE,SUITE,DEBIAN'S NAME,OF MIG,OF THE LOADER)
# Headers and MIG fit each other when they are of one suite; migcom runs with
# that suite's C library.
define tools
MACH_INCLUDE_$(1) := $(DEPS)/mach/$(1)/include
MIGCOM_$(1) := $(DEPS)/mach/$(1)/migcom

$(DEPS)/mach/$(1)/include: $(DEPS)/$(2)/gnumach-dev_$(3)/version
	@rm -rf $$@
	@mkdir -p $$(@D)
	@cp -a $$(<D)/usr/include/$(patsubst amd64,x86_64,$(3))-linux-gnu $$@
	@touch $$@

$(DEPS)/mach/$(1)/migcom: $(DEPS)/$(2)/mig-$(4)-gnu_$(3)/version \
    $(DEPS)/$(2)/libc6_$(3)/version
	@mkdir -p $$(@D)
	@{ echo '#!/bin/sh'; \
	   echo 'd=$$$$(dirname "$$$$0")/../../$(2)'; \
	   echo 'l=$$$$d/libc6_$(3)/usr/lib/$(patsubst amd64,x86_64,$(3))-linux-gnu'; \
	   echo 'exec "$$$$l/$(5)" --library-path "$$$$l" \'; \
	   echo '    "$$$$d/mig-$(4)-gnu_$(3)/usr/lib/mig/$(subst x86-64,x86_64,$(4))-gnu-migcom" "$$$$@"'; } > $$@
	@chmod +x $$@
endef
$(eval $(call tools,x86_64,trixie,amd64,x86-64,ld-linux-x86-64.so.2))
$(eval $(call tools,i386,forky,i386,i686,ld-linux.so.2))

# Everything that comes from the archive for `make check'; `make check-all'
# wants all kernels.
.PHONY: fetch
fetch: $(KERNEL) $(TEST_KERNELS) $(MIGCOM_x86_64) $(MACH_INCLUDE_x86_64) \
    $(MIGCOM_i386) $(MACH_INCLUDE_i386)

.SECONDARY:
