#!/usr/bin/env bash
# Loops over the kernel's data: what a handler walks through is what the
# kernel itself counts, whatever way the loop is written.
. tests/tap.sh

KERNEL=${MACHTAP_KERNEL:-build/home/kernels/trixie-amd64-up}
LONG="loop over the kernel's data is too long: no room is left in its record"

# script NAME WORK: a clean run; what it printed is left in $WORK/out.
script() {
    run timeout 120 "$BIN/machtap" --kernel "$KERNEL" -c "$2" \
        "tests/end/loops/$1.stp"
    is "$1: exit status" "$status" 0 || show "$WORK/out" "$WORK/err"
    grep -v '^workload: ' "$WORK/out" >"$WORK/told"
}

# Each check says "good NAME 1"; "bad NAME ..." would say how it went.
script queues 'vm=20 rpc=20 ports=10'
is "all is as many as the kernel counts" "$(grep -v '^most' "$WORK/told")" \
"good all threads 1
good back 1
good entries 1
good leftmost 1
good messages 1
good size 1
good tasks 1
good threads 1
name gnumach
name process
name workload"
matches "some maps have more than a few entries" "$WORK/told" '^most [1-9][0-9]$'

script ways 'vm=2 rpc=0'
is "all ways through a loop lead to the same" "$(cat "$WORK/told")" \
"assigned 1 1
continued 0
broken 1 1
apart 1
pairs 1 0
enumerators FP_XSAVE FP_FNSAVE 77
kept 1, whole 1, second 1"

script functions 'vm=3 rpc=20'
is "functions that walk find the same" "$(cat "$WORK/told")" \
"good all 1
good each 1
good found 1
good name 1
good not found 1
good one 1
good other 1
good own 1
good twice 1"

script arguments 'vm=1 rpc=0'
is "arguments are computed once" "$(cat "$WORK/told")" \
"unlike 0
11
32
0
5
division by 0
1 1 1"

script pointers 'vm=1 rpc=0'
is "pointers to pointers lead there" "$(sort "$WORK/told" | uniq -c)" "     14 1"

script errors 'vm=1 rpc=1'
is "a loop that cannot be gone is an error" "$(cat "$WORK/told")" \
"1 $LONG
1 $LONG
1 read fault [man error::fault]
0 entries too many
1 1 $LONG"

# The example: the kernel's own threads wait for what has a name.
run timeout 120 "$BIN/machtap" --kernel "$KERNEL" examples/tasks.stp -c 'rpc=1'
is "tasks.stp: exit status" "$status" 0 || show "$WORK/err"
matches "each task has its threads and its memory" "$WORK/out" \
    '^workload +1 threads, [0-9]+ KB in [0-9]+ pieces$'
matches "and each thread what it waits for" "$WORK/out" \
    '^    0x[0-9a-f]+ waits for reaper_queue'
tap_done

script caught 'vm=1 rpc=1'
is "what is caught may read on, or go another way" \
    "$(sort -u "$WORK/told")" \
"good alternating 1
good catch 1
good left 1"

# What catch may change the process alone knows.
e='@cast(e, "struct vm_map_entry")->links'
run timeout 60 "$BIN/machtap" -p3 --kernel "$KERNEL" -e "
probe kernel.function(\"vm_map_enter\") {
    e = \$map->hdr->links->next
    for (n = 0; n < 9; n++) {
        try { if (n == 2) y = kernel_long(16) } catch { break }
        e = $e->next
    }
    printf(\"%d %d\", y, $e->start)
}"
matches "a loop that is left by what is caught" "$WORK/err" \
    "'e' has to be known at the hit.*whether this is done: keyword 'break'"
