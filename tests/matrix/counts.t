#!/bin/bash
# What a script counts is what the workload did, to the last hit, on every
# kind of kernel and on several processors at once.
. tests/tap.sh
. tests/end/figures.sh

# counts KERNEL PROCESSORS
counts() {
    run timeout -k 5 120 "$BIN/machtap" --kernel "$1" --smp "$2" \
        --timeout 100 -s 4 \
        -c 'spread=1 rpc=100 vm=20 threads=8 waits=2 ports=20 parallel=50' -e '
        global messages, terminated
        probe kernel.function("ipc_kobject_server") { messages++ }
        probe kernel.function("task_terminate") { terminated++ }
        probe end {
            printf("script: messages=%d\n", messages)
            printf("script: terminated=%d\n", terminated)
        }'
    is "$1, $2 processors: the run ends well" "$status" 0 ||
        show "$WORK/err" "$WORK/out"
    is "$1, $2 processors: all messages to the kernel" \
        "$(sed -n 's/^script: messages=//p' "$WORK/out")" \
        "$(figure messages)" || show "$WORK/err"
    is "$1, $2 processors: both tasks' ends" \
        "$(sed -n 's/^script: terminated=//p' "$WORK/out")" 2
    is "$1, $2 processors: nothing is lost" "$(cat "$WORK/err")" ""
}

for kernel in ${MACHTAP_KERNEL:-sid-amd64-up sid-amd64-smp forky-486-up \
    forky-486-pae sid-486-smp}; do
    counts "$kernel" 1
    case $kernel in
    *-smp)
        counts "$kernel" 2
        counts "$kernel" 4
        ;;
    esac
done
tap_done
