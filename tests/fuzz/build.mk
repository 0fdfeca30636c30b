# make fuzz: scripts made up by libFuzzer, for FUZZ_SECONDS.  What it finds is
# kept in build/fuzz/corpus, and what breaks something beside the program.
FUZZ_SECONDS ?= 300
FUZZ_CC ?= clang
FUZZ_CFLAGS := -std=gnu11 -D_GNU_SOURCE -O1 -g -w -I. -I$(BASE)/gen \
    -fsanitize=fuzzer-no-link,address,undefined \
    -fno-sanitize=pointer-overflow -fno-sanitize-recover=all \
    -fno-omit-frame-pointer
FUZZ_SOURCES := tests/fuzz/language.c $(wildcard language/*.c language/*/*.c translate/*.c translate/*/*.c \
    debuginfo/*.c support/*.c) image/code.c image/machine.c \
    $(wildcard kernel/program/*.c kernel/program/host/*.c)
FUZZ_SEEDS := $(patsubst %/,%,$(wildcard tests/fuzz/corpus/ tests/scripts/*/ examples/))

$(BASE)/fuzz/%.o: %.c
	@mkdir -p $(@D)
	@echo "  FUZZ CC $<"
	@$(FUZZ_CC) $(FUZZ_CFLAGS) -MMD -MP -c $< -o $@

$(BASE)/fuzz/fuzz-language: $(FUZZ_SOURCES:%.c=$(BASE)/fuzz/%.o)
	@echo "  FUZZ LD $@"
	@$(FUZZ_CC) -fsanitize=fuzzer,address,undefined -o $@ $^ -ldw -lelf -lZydis

.PHONY: fuzz
fuzz: $(BASE)/fuzz/fuzz-language
	@mkdir -p $(BASE)/fuzz/corpus
	cd $(BASE)/fuzz && ./fuzz-language -max_total_time=$(FUZZ_SECONDS) \
	    -timeout=10 -rss_limit_mb=4096 -max_len=4096 -print_final_stats=1 \
	    -dict=$(CURDIR)/tests/fuzz/words.dict corpus \
	    $(FUZZ_SEEDS:%=$(CURDIR)/%)

# The check runs it for seconds.
TEST_PROGRAMS += $(if $(SANITIZE),$(BASE)/fuzz/fuzz-language)
