# machtap's build.  Every folder of code has a build.mk that says what is
# built from it, in the words defined here; see the rules below each word.
#
#   make            the commands, the libraries, the modules
#   make check      all tests (./check sets up the machine first)
#   make check-all  those that run kernels, on every kernel of every suite
#   make install    PREFIX=/usr/local, DESTDIR for packagers
#   make SANITIZE=1 host code with AddressSanitizer and UBSan, in build/asan
#   make format     apply .clang-format; make format-check only compares

SHELL = /bin/bash
.SHELLFLAGS = -o pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:

PREFIX ?= /usr/local
DESTDIR ?=
SUITE ?= trixie

# What does not depend on SANITIZE is built once, in BASE.
BASE := build
BUILD := $(if $(SANITIZE),build/asan,build)

CC = gcc
AR = ar
WARNINGS := -Wall -Wextra -Werror -Wstrict-prototypes -Wmissing-prototypes \
            -Wshadow -Wpointer-arith -Wno-unused-parameter

SANITIZERS := -fsanitize=address,undefined
# Programs of the machine that machtap runs on.
HOST_CFLAGS := -std=gnu11 -D_GNU_SOURCE -O2 -g $(WARNINGS) -I. -I$(BASE)/gen \
               $(if $(SANITIZE),-O1 $(SANITIZERS) \
               -fno-sanitize-recover=all -fno-omit-frame-pointer)
HOST_LDFLAGS := $(if $(SANITIZE),$(SANITIZERS))

# Freestanding Mach tasks: runtime/, client/, mach/, workload/, for each
# architecture that has kernels.  The loader of boot modules applies no
# relocations and gives each segment its own pages, hence the link flags.
# Stacks in user mode are walked by frame pointers, hence those.
ARCHITECTURES := x86_64 i386
MACHINE_x86_64 := -m64
MACHINE_i386 := -m32 -march=i686
TASK_CFLAGS := -std=gnu11 -O2 -g $(WARNINGS) -ffreestanding -fno-pic \
               -fno-omit-frame-pointer \
               -fno-pie -fno-stack-protector -fcf-protection=none \
               -fno-strict-aliasing -fno-asynchronous-unwind-tables \
               -nostdinc
TASK_LDFLAGS := -static -nostdlib -no-pie -Wl,--build-id=none \
                -Wl,-z,norelro -Wl,-z,noexecstack -Wl,-z,max-page-size=0x1000
COMPILER_INCLUDE := $(shell $(CC) -print-file-name=include)

# The part of kernel/ that needs nothing of a particular kernel's types.
KERNEL_CFLAGS_x86_64 := -m64 -march=x86-64 -mcmodel=kernel -mno-red-zone
KERNEL_CFLAGS_i386 := -m32 -march=i686 -mno-80387
KERNEL_LDFLAGS_x86_64 := -m elf_x86_64
KERNEL_LDFLAGS_i386 := -m elf_i386
KERNEL_CFLAGS := -std=gnu11 -O2 -g $(WARNINGS) -mno-mmx -mno-sse -mno-sse2 \
                 -ffreestanding -fno-pic -fno-pie -fno-stack-protector \
                 -fcf-protection=none -fno-omit-frame-pointer \
                 -fno-strict-aliasing -fno-asynchronous-unwind-tables -I. \
                 -nostdinc -isystem $(COMPILER_INCLUDE)

.PHONY: all check install clean format format-check
all:

# $(call host_library,NAME,SOURCES): build/lib/libNAME.a
define host_library
$(BUILD)/lib/lib$(strip $(1)).a: $(patsubst %.c,$(BUILD)/host/%.o,$(2))
endef

# $(call host_program,NAME,SOURCES,OUR LIBRARIES,LINKER WORDS): build/bin/NAME
define host_program
$(BUILD)/bin/$(strip $(1)): $(patsubst %.c,$(BUILD)/host/%.o,$(2)) \
    $(patsubst %,$(BUILD)/lib/lib%.a,$(3))
$(BUILD)/bin/$(strip $(1)): LIBRARIES := $(4)
PROGRAMS += $(BUILD)/bin/$(strip $(1))
endef

# $(call unit_test,NAME,SOURCES,OUR LIBRARIES,LINKER WORDS): a cmocka program
# build/test/NAME that make check runs, sanitized, through prove.
define unit_test
$(BUILD)/test/$(strip $(1)): $(patsubst %.c,$(BUILD)/host/%.o,$(2)) \
    $(patsubst %,$(BUILD)/lib/lib%.a,$(3))
$(BUILD)/test/$(strip $(1)): LIBRARIES := $(4) -lcmocka
UNIT_TESTS += $(BUILD)/test/$(strip $(1))
endef

# $(call test_program,NAME,SOURCES,OUR LIBRARIES,LINKER WORDS): a program
# build/test/NAME that tests run but that is no test itself.
define test_program
$(BUILD)/test/$(strip $(1)): $(patsubst %.c,$(BUILD)/host/%.o,$(2)) \
    $(patsubst %,$(BUILD)/lib/lib%.a,$(3))
$(BUILD)/test/$(strip $(1)): LIBRARIES := $(4)
TEST_PROGRAMS += $(BUILD)/test/$(strip $(1))
endef

# Sources of tasks are compiled for each architecture; ARCH in the name of one
# stands for it.  Those in gen/ are generated for each, in gen/ARCH/.
task_objects = $(patsubst %,$(BASE)/task/$(1)/%.o,$(basename $(subst ARCH,$(1),$(2))))
task_parts = $(BASE)/home/lib/$(1)/start.o \
    $(patsubst %,$(BASE)/home/lib/$(1)/lib%.a,$(2))
each_architecture = $(foreach architecture,$(or $(5),$(ARCHITECTURES)),\
    $(eval $(call $(1),$(architecture),$(2),$(3),$(4))))

# $(call task_library,NAME,SOURCES): build/home/lib/ARCH/libNAME.a
define task_library_for
$(BASE)/home/lib/$(1)/lib$(2).a: $(call task_objects,$(1),$(3))
TASK_LIBRARIES += $(BASE)/home/lib/$(1)/lib$(2).a
endef
task_library = $(call each_architecture,task_library_for,$(strip $(1)),$(2))

# $(call task_program,NAME,SOURCES,OUR LIBRARIES): a boot module
# build/home/modules/ARCH/NAME
define task_program_for
$(BASE)/home/modules/$(1)/$(2): $(call task_objects,$(1),$(3)) \
    $(call task_parts,$(1),$(4))
MODULES += $(BASE)/home/modules/$(1)/$(2)
endef
task_program = $(call each_architecture,task_program_for,$(strip $(1)),$(2),$(3))

# $(call test_task,NAME,SOURCES,OUR LIBRARIES,ARCHITECTURES):
# build/test/modules/ARCH/NAME, for all architectures where none are named
define test_task_for
$(BASE)/test/modules/$(1)/$(2): $(call task_objects,$(1),$(3)) \
    $(call task_parts,$(1),$(4))
TEST_MODULES += $(BASE)/test/modules/$(1)/$(2)
endef
test_task = $(call each_architecture,test_task_for,$(strip $(1)),$(2),$(3),$(4))

# $(call mig_user,NAME,DEFS): gen/mig/NAME_user.c and "mig/NAME_user.h" for
# each architecture, from DEFS in the tree or in Mach's headers
define mig_user_for
$(BASE)/gen/$(1)/mig/$(2)_user.c: $(wildcard $(3)) $(MIGCOM_$(1)) \
    | $(MACH_INCLUDE_$(1))
	@mkdir -p $$(@D)
	@echo "  MIG     $(3) ($(1))"
	@echo '#include <$(3)>' | $(CC) $(MACHINE_$(1)) -E -x c -nostdinc \
	    -I$(MACH_INCLUDE_$(1)) -I. - | \
	    $(MIGCOM_$(1)) -user $$@ -server /dev/null -header $$(@:.c=.h)
$(BASE)/gen/$(1)/mig/$(2)_user.h: $(BASE)/gen/$(1)/mig/$(2)_user.c
	@:
MIG_HEADERS_$(1) += $(BASE)/gen/$(1)/mig/$(2)_user.h
endef
mig_user = $(call each_architecture,mig_user_for,$(strip $(1)),$(strip $(2)))

include setup/deps.mk
include $(sort $(wildcard */build.mk tests/*/build.mk))

$(BUILD)/host/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC      $<"
	@$(CC) $(HOST_CFLAGS) $(FLAGS_$*) -MMD -MP -c $< -o $@

$(BUILD)/host/%.o: $(BASE)/%.c
	@mkdir -p $(@D)
	@echo "  CC      $<"
	@$(CC) $(HOST_CFLAGS) -MMD -MP -c $< -o $@

$(BUILD)/lib/lib%.a:
	@mkdir -p $(@D)
	@echo "  AR      $@"
	@rm -f $@
	@$(AR) qcs $@ $(filter %.o,$^)

# Two patterns of one rule would be made together, so each has its own.
define link_host_program
@mkdir -p $(@D)
@echo "  LD      $@"
@$(CC) $(HOST_LDFLAGS) -o $@ $(filter %.o,$^) -Wl,--start-group \
    $(filter %.a,$^) -Wl,--end-group $(LIBRARIES)
endef
$(BUILD)/bin/%:
	$(link_host_program)
$(BUILD)/test/%:
	$(link_host_program)

define task_rules
TASK_FLAGS_$(1) := $(TASK_CFLAGS) $(MACHINE_$(1)) -isystem $(COMPILER_INCLUDE) \
    -isystem $(MACH_INCLUDE_$(1)) -I. -I$(BASE)/gen/$(1) -Imach/include

$(BASE)/task/$(1)/%.o: %.c Makefile | $(MACH_INCLUDE_$(1)) $(MIG_HEADERS_$(1))
	@mkdir -p $$(@D)
	@echo "  TASK CC $$< ($(1))"
	@$(CC) $$(TASK_FLAGS_$(1)) -MMD -MP -c $$< -o $$@

$(BASE)/task/$(1)/gen/%.o: $(BASE)/gen/$(1)/%.c Makefile \
    | $(MACH_INCLUDE_$(1)) $(MIG_HEADERS_$(1))
	@mkdir -p $$(@D)
	@echo "  TASK CC $$<"
	@$(CC) $$(TASK_FLAGS_$(1)) -w -include string.h -MMD -MP -c $$< -o $$@

$(BASE)/task/$(1)/%.o: %.S Makefile | $(MACH_INCLUDE_$(1)) $(MIG_HEADERS_$(1))
	@mkdir -p $$(@D)
	@echo "  TASK AS $$<"
	@$(CC) $$(TASK_FLAGS_$(1)) -MMD -MP -c $$< -o $$@

$(BASE)/home/lib/$(1)/lib%.a:
	@mkdir -p $$(@D)
	@echo "  AR      $$@"
	@rm -f $$@
	@$(AR) qcs $$@ $$(filter %.o,$$^)

$(BASE)/home/modules/$(1)/%:
	@mkdir -p $$(@D)
	@echo "  TASK LD $$@"
	@$(CC) $(MACHINE_$(1)) $(TASK_LDFLAGS) -o $$@ $$(filter %.o,$$^) \
	    -Wl,--start-group $$(filter %.a,$$^) -lgcc -Wl,--end-group

$(BASE)/test/modules/$(1)/%:
	@mkdir -p $$(@D)
	@echo "  TASK LD $$@"
	@$(CC) $(MACHINE_$(1)) $(TASK_LDFLAGS) -o $$@ $$(filter %.o,$$^) \
	    -Wl,--start-group $$(filter %.a,$$^) -lgcc -Wl,--end-group
endef
$(foreach architecture,$(ARCHITECTURES),\
    $(eval $(call task_rules,$(architecture))))

# What is installed; other programs are for the tree's own use.
COMMANDS := $(BASE)/bin/machtap $(BASE)/bin/machtap-kernel
ROOT_LINKS := machtap machtap-kernel
$(ROOT_LINKS): %: $(BASE)/bin/%
	@ln -sf $< $@

all: $(KERNEL) $(PROGRAMS) $(if $(SANITIZE),,$(ROOT_LINKS)) $(TASK_LIBRARIES) $(MODULES) $(HOME_FILES)

clean:
	rm -rf build/asan $(filter-out build/deps,$(wildcard build/*)) \
	    machtap machtap-kernel

CLANG_FORMAT ?= clang-format-19
SOURCES := $(shell git ls-files '*.c' '*.h' 2>/dev/null)
format:
	$(CLANG_FORMAT) -i $(SOURCES)
format-check:
	$(CLANG_FORMAT) --dry-run -Werror $(SOURCES)

# Tests: host programs are the sanitized ones; kernels and tasks are those
# that users get.  TESTS="tests/end/*.t" runs some only.
.PHONY: test-programs
test-programs: $(UNIT_TESTS) $(TEST_PROGRAMS) $(TEST_MODULES) $(PROGRAMS)

TESTS ?= $(patsubst build/%,build/asan/%,$(UNIT_TESTS)) \
         $(sort $(wildcard tests/*/*.t))
check: all $(TEST_MODULES) $(TEST_KERNELS)
	@$(MAKE) --no-print-directory SANITIZE=1 test-programs
	@MACHTAP_BUILD=build/asan MACHTAP_HOME=$(CURDIR)/build/home \
	    MACHTAP_CACHE=$(CURDIR)/build/test/cache \
	    CMOCKA_MESSAGE_OUTPUT=TAP prove -e '' -j2 --timer $(TESTS)

# The tests that take a kernel, on each there is; MATRIX="sid-amd64-smp" and
# TESTS="tests/end/counts.t" take some only.
MATRIX ?= $(notdir $(ALL_KERNELS))
MATRIX_TESTS := $(sort $(wildcard tests/client/*.t tests/end/*.t \
    tests/kernel/*.t tests/mach/*.t tests/vm/*.t tests/workload/*.t tests/matrix/*.t))
.PHONY: check-all
check-all: all $(TEST_MODULES) $(call kernel_path,$(MATRIX))
	@$(MAKE) --no-print-directory SANITIZE=1 test-programs
	@tests/matrix/run "$(MATRIX)" \
	    $(if $(filter command% environment%,$(origin TESTS)),$(TESTS),$(MATRIX_TESTS))

install: all
	@install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/machtap \
	    $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man3 \
	    $(DESTDIR)$(PREFIX)/share/man/man7
	install $(COMMANDS) $(DESTDIR)$(PREFIX)/bin
	cp -RL $(BASE)/home/. $(DESTDIR)$(PREFIX)/lib/machtap
	install -m 644 man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 man/*.3 $(DESTDIR)$(PREFIX)/share/man/man3
	install -m 644 man/*.7 $(DESTDIR)$(PREFIX)/share/man/man7
	install -m 644 $(LIBRARY_PAGES)/*.7 $(DESTDIR)$(PREFIX)/share/man/man7
	install -m 644 $(LIBRARY_PAGES)/*.3machtap $(DESTDIR)$(PREFIX)/share/man/man3

-include $(shell find build -name '*.d' -not -path 'build/deps/*' 2>/dev/null)
