#!/usr/bin/env bash
# Scripts look into the data and the stacks of 32-bit kernels as into those of
# amd64: the very tests of tests/end, one kernel for each.
. tests/tap.sh

# passes KERNEL TEST
passes() {
    run env MACHTAP_KERNEL="$1" bash "tests/end/$2.t"
    is "$1: tests/end/$2.t" "$status" 0 ||
        grep -A 20 '^not ok' "$WORK/out" | sed 's/^/# /'
}

if [ -z "${MACHTAP_KERNEL:-}" ]; then
    passes forky-486-up probes
    passes sid-486-smp stacks
    passes forky-486-pae ustack
    passes sid-486-smp conditions
    passes forky-486-pae losses
    passes sid-486-smp watch
fi
tap_done
