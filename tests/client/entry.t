#!/usr/bin/env bash
# The C example: a function of the process is called at each entry.
. tests/tap.sh
. tests/vm/machine.sh

WORKLOAD=$MODULES/workload

run "$BIN/machtap-kernel" link --container=elf32 "$KERNEL" -o "$WORK/image"
is "link" "$status" 0 || show "$WORK/err"
KERNEL=$WORK/image

vm -- "$WORKLOAD rpc=0 vm=20 threads=0 waits=0 ports=0 loops=1 \
\$(wl=task-create)" \
    "$(task "$TASKS/entry" '--workload-task=${wl}')"
is "exit status" "$status" 0 || show "$WORK/err"
calls=$(sed -n 's/^\([0-9]*\) calls, 0 lost, 0 missed$/\1/p' "$WORK/out")
ok "it says how many, and none was lost" test "${calls:-0}" -ge 20 ||
    show "$WORK/out" "$WORK/err"
is "one line for each" "$(grep -c ' bytes$' "$WORK/out")" "${calls:-none}"
is "all from the workload" "$(grep -c '^workload (task [cdf][0-9a-f]*) at ' \
    "$WORK/out")" "${calls:-none}"
times=$(sed -n 's/.* at \([0-9]*\) ns.*/\1/p' "$WORK/out")
is "in the order of time" "$times" "$(sort -n <<<"$times")"
ok "sizes are whole pages" awk '/ bytes$/ && $(NF - 1) % 4096 { exit 1 }' \
    "$WORK/out"

tap_done
