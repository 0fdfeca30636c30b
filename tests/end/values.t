#!/usr/bin/env bash
# What $x->y is, for some hundred members, is what gdb says of its place, size
# and sign.
. tests/tap.sh

for kernel in build/home/kernels/{*-amd64-up,forky-486-pae,sid-486-smp}; do
    name=${kernel##*/}
    run gdb -nx -batch -x tests/end/gdb_values.py "$kernel"
    is "$name: gdb writes a script" "$status" 0 || show "$WORK/err"
    mv "$WORK/out" "$WORK/values.stp"
    run "$BIN/machtap" --kernel "$kernel" "$WORK/values.stp" \
        -c 'rpc=1 vm=1 threads=1 waits=1 ports=1'
    is "$name: the run ends well" "$status" 0 || show "$WORK/out" "$WORK/err"
    matches "$name: all members are what gdb says" "$WORK/out" \
        '^script: alike=[2-9][0-9]{2} different=0$'
done
tap_done
