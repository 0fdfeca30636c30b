$(eval $(call test_task,bench-cost,bench/cost.c,machprobe mach))

.PHONY: bench
bench: all $(BASE)/test/modules/x86_64/bench-cost
	@bench/run
