#!/bin/bash
# Tasks do the same on every kind of kernel: unlinked as Debian ships it, but
# for several processors, which then start in memory that is in use or not as
# luck has it (docs/cpus.md).
. tests/tap.sh
. tests/vm/machine.sh

number() {
    sed -n "s/^workload: $1.*[ ]$2=\([0-9]*\).*/\1/p" "$WORK/out"
}

# The sum of all calls that the workload says it has made.
calls() {
    grep '^workload: calls' "$WORK/out" | grep -o '=[0-9]*' | tr -d = |
        paste -sd+
}

# works KERNEL PROCESSORS
works() {
    use_kernel "$1"
    if [ "$2" -gt 1 ]; then
        "$BIN/machtap-kernel" link --container=elf32 "$KERNEL" \
            -o "$WORK/linked" 2>"$WORK/err" || show "$WORK/err"
        KERNEL=$WORK/linked
    fi
    vm --smp="$2" -- "$(task "$TASKS/library")"
    is "$1, $2 processors: the tasks' library" "$status" 0 ||
        grep '^not ok' "$WORK/out" | sed 's/^/# /'
    vm --smp="$2" -- "$(task "$MODULES/workload" spread=1 parallel=100 \
        calls=1)"
    is "$1, $2 processors: the workload" "$status" 0 || show "$WORK/err"
    is "$1, $2 processors: that many run" "$(number spread processors)" "$2"
    is "$1, $2 processors: the workload counts its calls" \
        "$(number kernel own)" $(($(calls) + 1))
}

for kernel in ${MACHTAP_KERNEL:-sid-amd64-up sid-amd64-smp forky-486-up \
    forky-486-pae sid-486-smp}; do
    case $kernel in
    *-smp)
        works "$kernel" 2
        works "$kernel" 4
        ;;
    *)
        works "$kernel" 1
        ;;
    esac
done
tap_done
