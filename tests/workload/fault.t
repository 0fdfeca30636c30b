#!/bin/bash
# A workload that faults does not go silently.
. tests/tap.sh
. tests/vm/machine.sh

run "$BIN/machtap" -c "$TASKS/behave fault" -e 'probe end { println("end") }'
is "a workload that faults fails the run" "$status" 1
is "which ends as ever" "$(cat "$WORK/out")" "end"
matches "and says so" "$WORK/err" \
    "^workload: fault: access to memory that is not there"

tap_done
