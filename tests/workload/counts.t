#!/bin/bash
# The workload does what it is told and counts what it does.
. tests/tap.sh
. tests/vm/machine.sh

workload() {
    vm -- "$(task "$MODULES/workload" "$@")"
}

# number LINE KEY: the value in the line "workload: LINE … KEY=value".
number() {
    sed -n "s/^workload: $1.*[ ]$2=\([0-9]*\).*/\1/p" "$WORK/out"
}

workload
is "the workload succeeds" "$status" 0 || show "$WORK/err"

workload calls=1 rpc=30 vm=20 threads=7 waits=2 ports=11 parallel=0
is "round trips" "$(number rpc round_trips)" 30
is "messages between the tasks" "$(number rpc messages)" 60
is "the peer's only call is its end" "$(number kernel peer)" 1
is "operations on memory" "$(number vm operations)" 20
is "threads" "$(number threads ended)" 7
is "waits" "$(number waits timed_out)" 2
is "ports" "$(number ports made)" 11
is "copies of memory" "$(number calls vm_copy)" 20
is "the end is counted" "$(number calls task_terminate)" 1
# Two for each operation on memory.
is "allocations" "$(number calls vm_allocate)" $((2 * 20))
# Of threads, of the peer's, and of the one that catches faults, since the run
# waits for this task.
is "stacks" "$(number calls vm_map)" $((7 + 2))
is "the sum is that of all calls and one notification" \
    "$(number kernel own)" \
    $(($(grep '^workload: calls' "$WORK/out" | grep -o '[0-9]*$\|=[0-9]* ' |
        tr -d '= ' | paste -sd+) + 1))

none="rpc=0 vm=0 threads=0 waits=0 ports=0 parallel=0"
workload $none
base=$(number kernel own)
workload $none vm=3 loops=4
is "loops repeat the parts" "$(number vm operations)" 12
is "each operation on memory is five calls" "$(number kernel own)" \
    $((base + 5 * 12))
workload $none spread=1
is "one processor is all there is" "$(number spread processors)" 1

workload vm=x
is "a bad number fails" "$status" 1
matches "and is named" "$WORK/out" "FAILED: vm=x: not a number"
workload dance=3
matches "so does an unknown part" "$WORK/out" "FAILED: dance=3: no such option"

tap_done
