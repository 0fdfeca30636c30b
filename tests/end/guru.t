#!/usr/bin/env bash
# Guru mode: what a script writes to the kernel is there, and takes effect.
. tests/tap.sh

KERNEL=${MACHTAP_KERNEL:-build/home/kernels/trixie-amd64-up}

# Members and longs of a 32-bit kernel have 4 bytes.
size=300027701 wide=1122334455667788
case $KERNEL in
*-486-*) size=27701 wide=55667788 ;;
esac

run timeout 120 "$BIN/machtap" -g --kernel "$KERNEL" -c 'vm=1 rpc=0' \
    tests/end/guru/memory.stp
is "memory: exit status" "$status" 0 || show "$WORK/err"
is "memory is what was written" "$(grep -v '^workload: ' "$WORK/out")" \
"written by a script, was workload
WRItten by a script
priority 31
less 21
more 21 22
bits 1 0 1
bits 0 0 1
size $size
wide $wide
pointer 3000
ABCDload
kept 1
null: write fault [man error::fault]
text: write fault [man error::fault]"

run timeout 120 "$BIN/machtap" -g --kernel "$KERNEL" -c 'vm=5 rpc=0' \
    tests/end/guru/registers.stp
matches "a parameter that was changed is what the function gets" \
    "$WORK/out" '^8192 bytes more$'
matches "a result that was changed is what the caller gets" "$WORK/out" \
    '^workload: FAILED: vm_allocate.*: no space \(0x3\)$'

run timeout 60 "$BIN/machtap" -p2 --kernel "$KERNEL" tests/end/guru/memory.stp
is "without -g it is refused" "$status" 1
matches "and said why" "$WORK/err" \
    'write to target variable not permitted; need machtap -g'

# refuses NAME PATTERN SCRIPT: even in guru mode.
refuses() {
    run timeout 60 "$BIN/machtap" -g -p3 --kernel "$KERNEL" -e "$3"
    is "$1: exit status" "$status" 1
    matches "$1" "$WORK/err" "$2"
}

refuses "what only the process knows" "'n' is not known at the hit" \
    'global n probe kernel.function("vm_map_enter") { n++; $size = n }'
refuses "when only the process knows" 'only the process knows whether' \
    'global n probe kernel.function("vm_map_enter") { if (n++) $size = 1 }'
refuses "a struct" "'.map->hdr' is a .*not a number" \
    'probe kernel.function("vm_map_enter") { $map->hdr = 1 }'
refuses "a value that has no place" "in no single place" \
    'probe kernel.function("vm_map_enter") { @cast(5, "int") = 1 }'
refuses "a parameter when the function returns" 'when the function was entered' \
    'probe kernel.function("vm_map_enter").return { $size = 1 }'
tap_done
