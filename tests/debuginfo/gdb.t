#!/usr/bin/env bash
# What is read from DWARF is what gdb, which shares no code with libdw, reads:
# parameters at the entry of every function, members of structs.
. tests/tap.sh

STRUCTS="task thread vm_map vm_map_entry vm_object vm_page ipc_port ipc_space
         ipc_entry processor kmem_cache device mach_msg_header pmap"

for kernel in build/home/kernels/*-amd64-up; do
    name=${kernel##*/}
    run "$BUILD/test/debuginfo-dump" "$kernel"
    is "$name: functions are listed" "$status" 0
    mv "$WORK/out" "$WORK/dump"
    ok "$name: all but few parameters have a place at the entry" \
        awk '/^P/ { n++ } /^P.* ! / { bad++ }
             END { print "# " n " parameters, " bad " without a place"
                   exit !(n > 3000 && bad < n / 50) }' "$WORK/dump"
    run python3 tests/debuginfo/gdb_compare.py scopes "$kernel" "$WORK/dump"
    is "$name: parameters are where gdb finds them" "$status" 0
    show "$WORK/out"
    matches "$name: and that is thousands" "$WORK/out" '^[3-9][0-9]{3} '
    # shellcheck disable=SC2086
    run python3 tests/debuginfo/gdb_compare.py structs "$kernel" \
        "$BUILD/test/debuginfo-dump" $STRUCTS
    is "$name: members are where gdb finds them" "$status" 0
    show "$WORK/out"
done
tap_done
