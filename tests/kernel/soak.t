#!/bin/bash
# Probes everywhere: the workload does what it does without them, nothing
# stops, and the text is as it was.
#
# Every instruction is probed, in batches of 4000 that SOAK_SEED chooses;
# SOAK_LOOPS is how often the workload does its work meanwhile: with more of
# them each batch sees more of it.

. tests/tap.sh
. tests/vm/machine.sh

SEED=${SOAK_SEED:-1}
LOOPS=${SOAK_LOOPS:-${CHECK_ALL:+8}}
LIMIT=${CHECK_ALL:+300}
LIMIT=${LIMIT:-120}

# soak NAME WORD...: run the workload while the kernel is probed so.
soak() {
    local name=$1
    shift
    VM_LIMIT=$LIMIT vm --timeout=$((LIMIT - 5)) "${OPTIONS[@]}" -- "$MODULES/workload \
--device-port=\${device-port} loops=${LOOPS:-3} \
\$(workload-task=task-create)" \
        "$(task "$TASKS/kernel-soak" '--workload-task=${workload-task}' "$@")"
    is "$name: every hit is accounted for, the text is restored" "$status" 0 ||
        show "$WORK/err" "$WORK/out"
    grep '^#' "$WORK/out"
    grep '^workload:' "$WORK/out" >"$WORK/$1"
}

for kernel in $(kernels trixie-amd64-up sid-amd64-up forky-486-up \
    ${CHECK_ALL:+forky-486-pae sid-amd64-smp sid-486-smp}); do
    use_linked "$kernel" || continue
    OPTIONS=()
    [ "${kernel%-smp}" = "$kernel" ] || OPTIONS=(--memory=256 --smp=2)

    soak "$kernel: no probes" nothing
    soak "$kernel: entry and return of every function" functions
    ok "$kernel: the workload has the same results with them" \
        diff "$WORK/nothing" "$WORK/functions"
    soak "$kernel: every instruction" instructions "$SEED" 0
    ok "$kernel: the workload has the same results with those" \
        diff "$WORK/nothing" "$WORK/instructions"
done
tap_done
