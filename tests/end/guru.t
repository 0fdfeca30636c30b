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

run timeout 120 "$BIN/machtap" -g --kernel "$KERNEL" -c 'vm=1 rpc=0' \
    tests/end/guru/functions.stp
is "functions: exit status" "$status" 0 || show "$WORK/err"
is "functions write what they are given" "$(grep -v '^workload: ' "$WORK/out")" \
"was 1, is 41
41 0
is 42
ABCDload
01CDload
workload
abckload
1, read fault [man error::fault]: workload
Aorkload"

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
# What the process does not come to must not have been written.
f='kernel.function("vm_map_enter")' w='$size = 1'
behind='written to the kernel behind this.*only the process knows'
refuses "behind next" "$behind.*next" "global n probe $f { if (n++) next $w }"
refuses "behind next in foreach" "$behind.*next" \
    "global n probe $f { n[1]++ foreach (x in n) next $w }"
refuses "behind next in catch" "$behind.*next" \
    "global n probe $f { try { n++ } catch { next } $w }"
refuses "next in the round before" "$behind.*next" \
    "global n probe $f { for (i = 0; i < 3; i++) { $w; if (n++) next } }"
refuses "a loop that is left" "$behind.*break" \
    "global n probe $f { for (i = 0; i < 3; i++) { if (n++) break $w } }"
refuses "a loop that ends" "$behind.*loop ends" \
    "global n probe $f { for (i = 0; i < 3 && n++; i++) $w }"
refuses "behind return" "$behind.*return" \
    "global n function f() { if (n++) return 0 $w; return 1 } probe $f { f() }"
refuses "in a function that is perhaps called" 'whether this is done' \
    "global n function f() { if (\$size) return 0 $w; return 1 } probe $f { n++ && f() }"
refuses "in an index" "written to the kernel has to be known at the hit" \
    "global n probe $f { if (n[$w]++) next }"

# accepts NAME SCRIPT: what comes before does not depend on what comes later.
accepts() {
    run timeout 60 "$BIN/machtap" -g -p3 --kernel "$KERNEL" -e "$2"
    is "$1" "$status" 0 || show "$WORK/err"
}

accepts "before next" "global n probe $f { $w; if (n++) next }"
accepts "behind a loop that is left" \
    "global n probe $f { for (i = 0; i < 3; i++) if (n++) break $w }"
accepts "behind a function that is left" \
    "global n function f() { if (n++) return 0; return \$size } probe $f { f() $w }"

refuses "a struct" "'.map->hdr' is a .*not a number" \
    'probe kernel.function("vm_map_enter") { $map->hdr = 1 }'
refuses "a value that has no place" "in no single place" \
    'probe kernel.function("vm_map_enter") { @cast(5, "int") = 1 }'
refuses "a parameter when the function returns" 'when the function was entered' \
    'probe kernel.function("vm_map_enter").return { $size = 1 }'
tap_done
