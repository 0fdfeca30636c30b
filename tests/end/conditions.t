#!/usr/bin/env bash
# Conditions of probes: while one does not hold, the kernel does not run the
# probe at all.
. tests/tap.sh

WORKLOAD='rpc=2000 vm=200 threads=40 waits=10 ports=200'

# Column NUMBER of the statistics of the probes that PATTERN matches.
statistic() {
    awk -v pattern="$2" -v column="$1" '
        $0 ~ pattern && $1 ~ /^[0-9]+$/ { sum += $column }
        END { print sum + 0 }' "$WORK/err"
}

cat >"$WORK/on.stp" <<'END'
global on, off = 1, seen, always, hidden, odd, pages
function flip() { on = !on; off = !off }
probe kernel.function("ipc_kobject_server") { if (++always == 500) flip() }
probe kernel.function("ipc_kobject_server").return if (on) { seen++ }
probe kernel.function("vm_map_enter") if (off && always >= 1000000) { hidden++ }
probe kernel.function("vm_map_*") if (always > 1000 && always < 1003) { pages++ }
probe kernel.function("thread_create") if (odd / 1 == 1) { hidden++ }
probe begin { if (always) println("never") }
probe end { printf("script: always=%d seen=%d hidden=%d\n", always, seen, hidden) }
END
run "$BIN/machtap" -v "$WORK/on.stp" -c "$WORKLOAD"
is "the run ends well" "$status" 0 || show "$WORK/out" "$WORK/err"
read -r always seen hidden < <(sed -n \
    's/^script: always=\([0-9]*\) seen=\([0-9]*\) hidden=\([0-9]*\)$/\1 \2 \3/p' \
    "$WORK/out")
ok "what is always on sees all" test "${always:-0}" -gt 1000
ok "what comes on later sees the rest" test "${seen:-0}" -gt 0 -a \
    "${seen:-0}" -le $((always - 500)) || show "$WORK/out"
is "what was never on saw nothing" "$hidden" 0
is "it was not even run" "$(statistic 1 '"vm_map_enter@')" 0 ||
    show "$WORK/err"
ok "a condition that divides is looked at by the handler" test \
    "$(statistic 1 '"thread_create@')" -gt 0
tap_done
