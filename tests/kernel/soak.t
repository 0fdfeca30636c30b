#!/bin/bash
# Probes everywhere: the workload does what it does without them, nothing
# stops, and the text is as it was.
#
# SOAK_BATCHES is how many batches of 4000 instructions are probed; 0, which
# make check-all takes, is all of them.  SOAK_SEED chooses which.

. tests/tap.sh
. tests/vm/machine.sh

BATCHES=${SOAK_BATCHES:-${CHECK_ALL:+0}}
SEED=${SOAK_SEED:-1}

# soak NAME WORD...: run the workload while the kernel is probed so.
soak() {
    local name=$1
    shift
    vm "${OPTIONS[@]}" -- "$MODULES/workload \
--device-port=\${device-port} loops=3 \$(workload-task=task-create)" \
        "$(task "$TASKS/kernel-soak" '--workload-task=${workload-task}' "$@")"
    is "$name: every hit is accounted for, the text is restored" "$status" 0 ||
        show "$WORK/err" "$WORK/out"
    grep '^#' "$WORK/out"
    grep '^workload:' "$WORK/out" >"$WORK/$1"
}

for machine in trixie-amd64-up sid-amd64-up forky-486-up \
    ${CHECK_ALL:+forky-486-pae "sid-amd64-smp --memory=256 --smp=2" \
        "sid-486-smp --memory=256 --smp=2"}; do
    read -r suite OPTIONS <<<"$machine"
    read -ra OPTIONS <<<"$OPTIONS"
    use_kernel "$suite"
    [ -e "$KERNEL" ] || continue
    run "$BIN/machtap-kernel" link --container=elf32 "$KERNEL" -o "$WORK/image"
    is "$suite: link" "$status" 0 || { show "$WORK/err"; continue; }
    KERNEL=$WORK/image

    soak "$suite: no probes" nothing
    soak "$suite: entry and return of every function" functions
    ok "$suite: the workload has the same results with them" \
        diff "$WORK/nothing" "$WORK/functions"
    soak "$suite: instructions" instructions "$SEED" "${BATCHES:-6}"
    ok "$suite: the workload has the same results with those" \
        diff "$WORK/nothing" "$WORK/instructions"
done
tap_done
