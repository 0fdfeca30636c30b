# What is fetched from Debian's archive: kernels, Mach's headers, MIG.
#
# $(BASE)/deps/SUITE            packages as they unpack
# $(MACH_INCLUDE)               headers and .defs of gnumach-dev (amd64)
# $(BASE)/home/kernels/SUITE-FLAVOUR   kernel with symbols and DWARF
# $(MIGCOM)                     MIG's compiler, able to run on this machine

DEPS := $(BASE)/deps
MIGCOM := $(DEPS)/mach/migcom
KERNEL := $(BASE)/home/kernels/$(SUITE)-amd64-up

$(DEPS)/trixie/packages.txt:
	@echo "  FETCH   GNU Mach of trixie: kernel, headers, MIG"
	@rm -rf $(@D)
	@setup/fetch-kernel $(@D) trixie gnumach-image-1.8-amd64-up-dbg \
	    gnumach-dev:amd64 mig-x86-64-gnu:amd64 libc6:amd64

$(DEPS)/sid/packages.txt:
	@echo "  FETCH   GNU Mach of sid: kernel"
	@rm -rf $(@D)
	@setup/fetch-kernel $(@D) sid gnumach-image-1.8-amd64-up-dbg

$(MACH_INCLUDE): $(DEPS)/trixie/packages.txt
	@rm -rf $@
	@mkdir -p $(@D)
	@cp -a $(DEPS)/trixie/usr/include/x86_64-linux-gnu $@

# migcom is a program of trixie: it runs with that suite's C library.
$(MIGCOM): $(DEPS)/trixie/packages.txt
	@mkdir -p $(@D)
	@{ echo '#!/bin/sh'; \
	   echo 'd=$$(dirname "$$0")/../trixie/usr/lib'; \
	   echo 'l=$$d/x86_64-linux-gnu'; \
	   echo 'exec "$$l/ld-linux-x86-64.so.2" --library-path "$$l" \'; \
	   echo '    "$$d/mig/x86_64-gnu-migcom" "$$@"'; } > $@
	@chmod +x $@

$(BASE)/home/kernels/%-amd64-up: $(DEPS)/%/packages.txt
	@mkdir -p $(@D)
	@gzip -dc $(DEPS)/$*/boot/gnumach-1.8-amd64-up-dbg.gz > $@

# $(call mig_user,NAME,DEFS): build/gen/mig/NAME_user.c and NAME_user.h
define mig_user
$(BASE)/gen/mig/$(strip $(1))_user.c: $(2) $(MIGCOM) | $(MACH_INCLUDE)
	@mkdir -p $$(@D)
	@echo "  MIG     $$<"
	@$(CC) -m64 -E -x c -nostdinc -I$(MACH_INCLUDE) -I. $$< | \
	    $(MIGCOM) -user $$@ -server /dev/null \
	    -header $(BASE)/gen/mig/$(strip $(1))_user.h
$(BASE)/gen/mig/$(strip $(1))_user.h: $(BASE)/gen/mig/$(strip $(1))_user.c
endef

# Everything that comes from the archive.
.PHONY: fetch
fetch: $(KERNEL) $(MIGCOM) $(MACH_INCLUDE)

.SECONDARY:
