#!/usr/bin/env bash
# make install puts all that the commands need where they find it.
. tests/tap.sh

run make -s install DESTDIR="$WORK/root" PREFIX=/usr
is "make install" "$status" 0 || show "$WORK/err"
unset MACHTAP_HOME
for page in man1/machtap.1 man1/machtap-kernel.1 man3/libmachprobe.3 \
    man7/machtap-functions.7 man7/machtap-probes.7 \
    man3/function::substr.3machtap man3/probe::vm.fault.3machtap; do
    ok "$page is there" test -s "$WORK/root/usr/share/man/$page"
done
export MACHTAP_CACHE=$WORK/cache
run "$WORK/root/usr/bin/machtap" -e 'probe kernel.function("vm_map_enter") {
    println("installed"); exit() }'
is "the installed machtap traces a kernel" "$(cat "$WORK/out")" installed ||
    show "$WORK/err"
run "$WORK/root/usr/bin/machtap-kernel" --version
is "the installed machtap-kernel runs" "$status" 0
tap_done
