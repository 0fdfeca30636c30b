#!/usr/bin/env bash
# What machtap promises about sizes.
. tests/tap.sh

for kernel in trixie-amd64-up sid-amd64-up forky-486-up forky-486-pae \
    sid-486-smp; do
    shipped=$MACHTAP_HOME/kernels/$kernel
    "$BIN/machtap-kernel" link "$shipped" -o "$WORK/linked" 2>"$WORK/err"
    objcopy --strip-debug "$shipped" "$WORK/stripped"
    growth=$(($(stat -c %s "$WORK/linked") - $(stat -c %s "$WORK/stripped")))
    ok "$kernel grows by at most 2 MB in its file ($growth bytes)" \
        test "$growth" -le 2000000
    memory=$(($(readelf -lW "$WORK/linked" |
        awk '$1 == "LOAD" { size = $6 } END { print size }')))
    ok "$kernel: and in memory ($memory bytes)" test "$memory" -le 2000000
done

run "$BIN/machtap" --memory 64 -e 'global n
    probe kernel.function("*") { n++ } probe end { println(n > 0) }'
is "a machine of 64 MB runs a script on everything" "$status" 0 ||
    show "$WORK/err"
tap_done
