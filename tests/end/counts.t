#!/usr/bin/env bash
# What a script counts is what the workload did, to the last hit.
. tests/tap.sh
. tests/end/figures.sh

cat >"$WORK/count.stp" <<'END'
global messages, created, terminated
probe kernel.function("ipc_kobject_server") { messages++ }
probe kernel.function("thread_create") { created++ }
probe kernel.function("task_terminate") { terminated++ }
probe end {
    printf("script: messages=%d\n", messages)
    printf("script: threads=%d\n", created)
}
END

run "$BIN/machtap" "$WORK/count.stp" -c 'rpc=200 vm=50 threads=20 waits=5 ports=30'
is "the run ends well" "$status" 0 || show "$WORK/out" "$WORK/err"
is "every message to the kernel is counted" "$(counted messages)" \
    "$(figure messages)" || show "$WORK/out" "$WORK/err"
ok "and there were some" test "$(figure messages)" -gt 200
ok "nothing was lost" test ! -s "$WORK/err" || show "$WORK/err"
tap_done
