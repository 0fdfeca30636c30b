#!/bin/bash
# Options that are about what a kernel knows.
. tests/tap.sh
machtap=$BIN/machtap

# target() is the workload's task; -x says otherwise.
run "$machtap" -c 'vm=20 rpc=20' -e 'global own, others
    probe kernel.function("vm_map_enter") {
        if (task() == target()) own[execname()]++ else others++ }
    probe end { foreach (name in own) printf("%s %d\n", name, own[name] > 20)
        printf("others %d\n", others) }'
is "target(): the workload" "$(grep -v ':' "$WORK/out")" "workload 1
others 0" ||
    show "$WORK/out" "$WORK/err"
run "$machtap" -x 77 -e 'probe begin { println(target()); exit() }'
is "-x" "$(cat "$WORK/out")" 77

# --skip-badvars: what is not there, or cannot be read, is 0.
script='probe kernel.function("vm_map_enter") {
    printf("%d %d %d %s\n", $nosuch, $map->nosuch,
           @cast(8, "struct task")->ref_count, @defined($nosuch) ? "there" : "not")
    exit() }'
run "$machtap" -e "$script"
is "without --skip-badvars" "$status" 1
matches "without it: said" "$WORK/err" "nosuch"
run "$machtap" --skip-badvars -e "$script"
is "--skip-badvars" "$(grep not "$WORK/out")" "0 0 0 not" ||
    show "$WORK/out" "$WORK/err"

# -l and -L, and their status.
run "$machtap" -l 'kernel.function("vm_allocate")'
is "-l: status" "$status" 0
matches "-l" "$WORK/out" '^kernel.function\("vm_allocate@vm/vm_user.c:[0-9]+"\)$'
run "$machtap" -L 'kernel.function("vm_allocate")'
matches "-L: variables with types" "$WORK/out" \
    'vm_allocate@.*\) .*\$size:[a-z]'
run "$machtap" -l 'kernel.function("nosuch*")'
is "-l of nothing: status" "$status" 1
is "-l of nothing: prints nothing" "$(cat "$WORK/out")" ""
run "$machtap" -E 'probe ours = kernel.function("vm_allocate") { }' -l ours
is "-l of an alias of -E" "$(cat "$WORK/out")" ours || show "$WORK/err"
tap_done
