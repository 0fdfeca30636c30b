$(eval $(call test_task,bench-cost,bench/cost.c,machprobe mach))

.PHONY: bench
bench: all $(BASE)/test/modules/bench-cost
	@bench/run
