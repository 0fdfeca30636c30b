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
    sid-amd64-smp trixie-486-up trixie-486-pae sid-486-smp)
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

# Of one suite: its headers and MIG fit each other.
TOOLS := $(DEPS)/trixie

# $(call tools,ARCHITECTURE,DEBIAN'S NAME,OF MIG,OF THE LOADER)
# migcom is a program of trixie: it runs with that suite's C library.
define tools
MACH_INCLUDE_$(1) := $(DEPS)/mach/$(1)/include
MIGCOM_$(1) := $(DEPS)/mach/$(1)/migcom

$(DEPS)/mach/$(1)/include: $(TOOLS)/gnumach-dev_$(2)/version
	@rm -rf $$@
	@mkdir -p $$(@D)
	@cp -a $$(<D)/usr/include/$(patsubst amd64,x86_64,$(2))-linux-gnu $$@
	@touch $$@

$(DEPS)/mach/$(1)/migcom: $(TOOLS)/mig-$(3)-gnu_$(2)/version \
    $(TOOLS)/libc6_$(2)/version
	@mkdir -p $$(@D)
	@{ echo '#!/bin/sh'; \
	   echo 'd=$$$$(dirname "$$$$0")/../../trixie'; \
	   echo 'l=$$$$d/libc6_$(2)/usr/lib/$(patsubst amd64,x86_64,$(2))-linux-gnu'; \
	   echo 'exec "$$$$l/$(4)" --library-path "$$$$l" \'; \
	   echo '    "$$$$d/mig-$(3)-gnu_$(2)/usr/lib/mig/$(subst x86-64,x86_64,$(3))-gnu-migcom" "$$$$@"'; } > $$@
	@chmod +x $$@
endef
$(eval $(call tools,x86_64,amd64,x86-64,ld-linux-x86-64.so.2))
$(eval $(call tools,i386,i386,i686,ld-linux.so.2))

# Where there is one architecture only.
MACH_INCLUDE := $(MACH_INCLUDE_x86_64)
MIGCOM := $(MIGCOM_x86_64)

# Everything that comes from the archive for `make check'; `make check-all'
# wants all kernels.
.PHONY: fetch
fetch: $(KERNEL) $(TEST_KERNELS) $(MIGCOM_x86_64) $(MACH_INCLUDE_x86_64) \
    $(MIGCOM_i386) $(MACH_INCLUDE_i386)

.SECONDARY:
