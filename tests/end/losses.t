#!/usr/bin/env bash
# Nothing is lost in silence: every hit is accounted for, and a script that
# asks for too much gets errors, not a crash.
. tests/tap.sh

# All that the kernel does: more than a process can read in time.
run "$BIN/machtap" -v -s 1 -c 'rpc=300 vm=100 threads=5 waits=1 ports=50' -e '
    global n
    probe kernel.function("*") { n++ }
    probe end { printf("seen=%d\n", n) }'
is "every function at once: exit status" "$status" 0 || show "$WORK/err"
matches "the workload's results are right" "$WORK/out" '^workload: kernel .*messages='

# Rows of the table, of the functions that were hit: hits delivered dropped
# lost missed filtered own ...
awk '$8 == "by" || /hits +delivered/ { next }
     NF >= 9 && $1 ~ /^[0-9]+$/ && $2 ~ /^[0-9]+$/ {
         rows++
         hits += $1
         delivered += $2
         rest += $3 + $4 + $5 + $6
         if ($1 != $2 + $3 + $4 + $5 + $6) bad++
     }
     END { print rows + 0, bad + 0, hits + 0, delivered + 0 }' \
    "$WORK/err" >"$WORK/sums"
read -r rows bad hits delivered <"$WORK/sums"
ok "more than 200 functions were hit" test "$rows" -gt 200 || show "$WORK/err"
is "delivered + dropped + lost + missed + filtered = hits, for each" "$bad" 0
is "the script saw what was delivered" \
    "$(sed -n 's/^seen=//p' "$WORK/out")" "$delivered"
if [ "$hits" != "$delivered" ]; then
    matches "losses are reported" "$WORK/err" 'WARNING: .*lost'
else
    ok "no loss is told of where there is none" \
        sh -c "! grep -q 'lost:' '$WORK/err'"
fi

run "$BIN/machtap" -l 'kernel.function("*")'
ok "of more than 1500" test "$(wc -l <"$WORK/out")" -gt 1500

run "$BIN/machtap" -e 'probe kernel.function("kdb_trap") { println("hit") }'
is "a forbidden function: exit status" "$status" 1
matches "a forbidden function: named, with the reason" "$WORK/err" \
    'kdb_trap.*breakpoints'

run "$BIN/machtap" -e 'probe kernel.function("no_such_function") { }'
is "an unknown function: exit status" "$status" 1
matches "an unknown function: is named" "$WORK/err" "no function 'no_such_f"

# A compiled script belongs to the kernel that it was compiled for.
# As the kernel calls itself.
version() {
    grep -ao 'GNU Mach 1[-+.a-z0-9]*' "$MACHTAP_HOME/kernels/$1" | head -n 1
}
this=${MACHTAP_KERNEL:-trixie-amd64-up}
case $this in
forky-486-up) others='forky-486-pae trixie-amd64-up' ;;
*-486-*) others='forky-486-up trixie-amd64-up' ;;
sid-amd64-up) others='trixie-amd64-up forky-486-up' ;;
*) others='sid-amd64-up forky-486-up' ;;
esac
read -r other foreign <<<"$others"

process=$("$BIN/machtap" -p4 -e 'probe kernel.function("vm_allocate") { exit() }')
run "$BIN/machtap" --run "$process"
is "a compiled script runs on its kernel" "$status" 0 || show "$WORK/err"
run "$BIN/machtap" --kernel "$other" --run "$process"
is "another kernel: exit status" "$status" 1
is "another kernel: names the one" \
    "$(grep -cF "compiled for $(version "$this") " "$WORK/err")" 1 ||
    show "$WORK/err"
is "another kernel: and the other" \
    "$(grep -cF "running is   $(version "$other") " "$WORK/err")" 1
run "$BIN/machtap" --kernel "$foreign" --run "$process"
is "another architecture: exit status" "$status" 1
matches "another architecture: names both" "$WORK/err" \
    'is for kernels of (x86_64|i386); .* is one of (i386|x86_64)$'
tap_done
