#!/bin/bash
# -t: how often probes ran, and how long that took.
. tests/tap.sh
machtap=$BIN/machtap

# The report: hits, times, where the probe stands and what it was written as.
run "$machtap" --host -t -e 'global n
probe begin { println("begin") }
probe timer.ms(1) { if (++n == 3) exit() }'
matches "the report begins" "$WORK/out" '^----- probe hit report: $'
numbers='nsecs: [0-9]+min/[0-9]+avg/[0-9]+max, variance: [0-9]+'
matches "a probe of begin" "$WORK/out" \
    "^begin, \(<input>:2:1\), hits: 1, $numbers, from: begin, index: 0$"
matches "a timer's" "$WORK/out" \
    "^timer\.ms\(1\), \(<input>:3:1\), hits: 3, $numbers, from: timer\.ms\(1\), index: 1$"
matches "conditions" "$WORK/out" '^----- refresh report: $'
ok "least <= average <= most" eval '
    sed -n "s/.*hits: 3, nsecs: \([0-9]*\)min.\([0-9]*\)avg.\([0-9]*\)max.*/\1 \2 \3/p" \
        "$WORK/out" | { read -r min avg max; [ "$min" -le "$avg" ] && [ "$avg" -le "$max" ]; }'
run "$machtap" --host -e 'probe begin { exit() }'
ok "none without -t" eval '! grep -q report "$WORK/out"'

# On a kernel also how long the programs ran there; of a function's return its
# program as well.  A probe whose condition may change is checked again.
run "$machtap" -t -c 'vm=10 rpc=0' -e 'global hits, returns, on
probe kernel.function("vm_map_enter") { hits++ }
probe kernel.function("vm_map_enter").return { returns++ }
probe kernel.function("vm_map_delete") if (on) { on = 0 }
probe timer.ms(1) { on = 1 }
probe end { printf("hits=%d returns=%d\n", hits, returns) }'
is "in a machine: status" "$status" 0 || show "$WORK/err"
hits=$(sed -n 's/^hits=\([0-9]*\) .*/\1/p' "$WORK/out")
returns=$(sed -n 's/^hits=.* returns=\([0-9]*\)/\1/p' "$WORK/out")
matches "handlers" "$WORK/out" \
    "^kernel.function..vm_map_enter@.*, \(<input>:2:1\), hits: $hits, $numbers, from: kernel.function..vm_map_enter..,"
matches "handlers of returns" "$WORK/out" \
    "^kernel.function..vm_map_enter@.*return, \(<input>:3:1\), hits: $returns, "
sed '1,/^----- kernel hit report/d; /^----- refresh/,$d' "$WORK/out" >"$WORK/kernel"
matches "programs: as many, and some time" "$WORK/kernel" \
    "^kernel.function..vm_map_enter@[^ ]*:[0-9]*..., hits: $hits, nsecs: [1-9][0-9]*avg/[1-9][0-9]*max, lost: 0, missed: 0, index: [0-9]+$"
matches "programs of returns" "$WORK/kernel" \
    "vm_map_enter@.*return, hits: [0-9]+, nsecs: [1-9][0-9]*avg/[1-9]"
sed '1,/^----- refresh/d' "$WORK/out" >"$WORK/refresh"
matches "conditions were checked" "$WORK/refresh" \
    '^timer.ms.1., .<input>:5:1., hits: [1-9][0-9]*, nsecs: '
tap_done
