#!/usr/bin/env bash
# What a script reads at a point (parameters, locals amid a function, globals,
# members by way of pointers) is what gdb, attached to the machine, says there.
. tests/tap.sh

NAME=${MACHTAP_KERNEL:-trixie-amd64-up}
case $NAME in
*-486-*)
    echo "1..0 # SKIP gdb's side knows amd64 only; values.t reads i386's"
    exit
    ;;
esac
KERNEL=$MACHTAP_HOME/kernels/${NAME##*/}
export GDB=$WORK/gdb POINTS=$WORK/points PATHS=$WORK/paths

# points PATTERN: "ADDRESS LISTING" of each place that it stands for.
points() {
    "$BIN/machtap" --kernel "$KERNEL" -p3 -e "probe $1 { print(pp()) }" \
        2>/dev/null | sed -n 's/\\"/"/g
            s/.*RT_KERNEL, [0-9]*, "\(.*")\)", ".*{.address = \(0x[0-9a-f]*\)u*}.*/\2 \1/p' \
        >"$WORK/addresses"
    "$BIN/machtap" --kernel "$KERNEL" -L "$1" |
        awk 'NR == FNR { at[$2] = $1; next } $1 in at { print at[$1], $0 }' \
            "$WORK/addresses" -
}

# The machine waits for gdb before it begins.
mkdir "$WORK/bin"
cat >"$WORK/bin/qemu-system-x86_64" <<EOF
#!/bin/sh
exec $(command -v qemu-system-x86_64) "\$@" -S -gdb unix:$GDB,server=on,wait=off
EOF
chmod +x "$WORK/bin/qemu-system-x86_64"

for point in 'kernel.function("vm_map_enter")' 'kernel.function("task_create")' \
    'kernel.function("ipc_mqueue_send")' 'kernel.function("thread_terminate")' \
    'kernel.statement("vm_map_enter@vm/vm_map.c:*")' \
    'kernel.statement("vm_map_remove@vm/vm_map.c:*")' \
    'kernel.statement("ipc_right_copyin@ipc/ipc_right.c:*")'; do
    points "$point"
done >"$POINTS"
WHAT=script run gdb -nx -batch -x tests/end/gdb_points.py "$KERNEL"
is "gdb writes a script" "$status" 0 || show "$WORK/err"
mv "$WORK/out" "$WORK/points.stp"
# Compiled beforehand, so that the machine comes at once.
run "$BIN/machtap" --kernel "$KERNEL" -p4 "$WORK/points.stp"
is "which is compiled" "$status" 0 || show "$WORK/err"

(
    while [ ! -S "$GDB" ] && [ ! -e "$WORK/over" ]; do sleep 0.05; done
    WHAT=watch timeout 150 gdb -nx -q -batch -iex 'set confirm off' \
        -x tests/end/gdb_points.py "$KERNEL" >"$WORK/gdb.out" 2>&1
) &
PATH=$WORK/bin:$PATH run timeout 160 "$BIN/machtap" --kernel "$KERNEL" \
    "$WORK/points.stp" -c 'rpc=5 vm=5 threads=5 waits=1 ports=5'
touch "$WORK/over"
wait
is "the run ends well" "$status" 0 || show "$WORK/err" "$WORK/gdb.out"

# Keys are "POINT EXPRESSION".
sed -n 's/^VALUE //p' "$WORK/gdb.out" | grep -v '=?$' | sort >"$WORK/theirs"
grep -v '^workload: ' "$WORK/out" | sort >"$WORK/ours"
join -t= "$WORK/ours" "$WORK/theirs" >"$WORK/both"
awk -F= '$2 != $3' "$WORK/both" >"$WORK/different"
is "all that both read is the same" "$(head -20 "$WORK/different")" ""
compared=$(wc -l <"$WORK/both")
ok "more than a thousand values were compared" [ "$compared" -gt 1000 ] ||
    echo "# $compared; the script has $(wc -l <"$WORK/ours"), gdb $(wc -l <"$WORK/theirs")"
tap_done
