#!/usr/bin/env bash
# A tick of the clock in the first instruction of a page fault, where the
# registers of user mode are still the processor's: its stack is the one that
# gdb sees there.
. tests/tap.sh

KERNEL=$MACHTAP_HOME/kernels/trixie-amd64-up
export GDB=$WORK/gdb

# The machine waits for gdb before it begins.
mkdir "$WORK/bin"
cat >"$WORK/bin/qemu-system-x86_64" <<END
#!/bin/sh
exec $(command -v qemu-system-x86_64) "\$@" -S -gdb unix:$GDB,server=on,wait=off
END
chmod +x "$WORK/bin/qemu-system-x86_64"
(
    while [ ! -S "$GDB" ] && [ ! -e "$WORK/over" ]; do sleep 0.05; done
    timeout 100 gdb -nx -q -batch -x tests/end/gdb_interrupts.py "$KERNEL" \
        >"$WORK/gdb.out" 2>&1
) &
PATH=$WORK/bin:$PATH run timeout 110 "$BIN/machtap" --kernel "$KERNEL" \
    -c 'vm=3 rpc=0' -e '
    probe timer.profile {
        if (execname() == "workload" && isinstr(sprint_backtrace(), "t_page_fault")
            && stack(1) == 0)
            printf("TICK %x %x\n", uaddr(), ustack(1))
    }'
touch "$WORK/over"
wait
is "the run ends well" "$status" 0 || show "$WORK/err" "$WORK/gdb.out"

sed -n 's/^FAULT //p' "$WORK/gdb.out" >"$WORK/theirs"
sed -n 's/^TICK //p' "$WORK/out" >"$WORK/ours"
# Some ticks come there by themselves, at other places.
awk 'NR == FNR { at[$1]; pair[$0]; next }
     $1 in at { print ($0 in pair) ? "same" : "other " $0 }' \
    "$WORK/theirs" "$WORK/ours" | sort | uniq -c >"$WORK/compared"
is "no caller is another than by gdb" "$(grep other "$WORK/compared")" ""
matches "and many were compared" "$WORK/compared" '[0-9]{2,} same' ||
    show "$WORK/gdb.out"
tap_done
