#!/bin/bash
# What arming costs, and a hit: counted in instructions, so always the same.

. tests/tap.sh
. tests/vm/machine.sh

for suite in trixie sid; do
    kernel=$MACHTAP_HOME/kernels/$suite-amd64-up
    [ -e "$kernel" ] || continue
    run "$BIN/machtap-kernel" link --container=elf32 "$kernel" -o "$WORK/image"
    is "$suite: link" "$status" 0 || { show "$WORK/err"; continue; }
    KERNEL=$WORK/image

    vm --icount -- "$(task "$TASKS/kernel-cost")"
    grep '^#' "$WORK/out"
    is "$suite: it came to its end" "$status" 0 || show "$WORK/err" "$WORK/out"
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
        matches "$suite: $what" "$WORK/out" "^ok [0-9]+ - $what"
    done
done
tap_done
