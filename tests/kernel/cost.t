#!/bin/bash
# What arming costs, and a hit: counted in instructions, so always the same.

. tests/tap.sh
. tests/vm/machine.sh

for kernel in $(kernels trixie-amd64-up sid-amd64-up forky-486-up); do
    use_linked "$kernel" || continue

    vm --icount --timeout=80 -- "$(task "$TASKS/kernel-cost")"
    grep '^#' "$WORK/out"
    is "$kernel: it came to its end" "$status" 0 || show "$WORK/err" "$WORK/out"
    for what in "entries: attaching is linear" \
        "entries: detaching is linear" "entries: enabling is linear" \
        "returns: attaching is linear" "returns: detaching is linear" \
        "jump: a hit costs no more than it did" \
        "breakpoint: a hit costs no more than it did" \
        "entry and return: a hit costs no more than it did" \
        "jump: a hit costs the same however many probes there are" \
        "breakpoint: a hit costs the same however many probes there are" \
        "entry and return: a hit costs the same however many probes there are"
    do
        matches "$kernel: $what" "$WORK/out" "^ok [0-9]+ - $what"
    done
done
tap_done
