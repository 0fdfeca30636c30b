#!/usr/bin/env bash
# Functions that the linked kernel does not allow to be probed: an error where
# one is named, left out where many are meant.
. tests/tap.sh

run "$BIN/machtap" -l 'kernel.function("ipc_kobject_notify")'
is "a forbidden function: exit status" "$status" 1
matches "it is refused with the reason" "$WORK/err" \
    "function 'ipc_kobject_notify' must not be probed: [a-z]"
run "$BIN/machtap" -l 'kernel.function("ipc_kobject_*")'
is "a glob that covers it: exit status" "$status" 0
matches "a glob finds the others" "$WORK/out" 'ipc_kobject_server@'
ok "and leaves it out" test -z "$(grep ipc_kobject_notify@ "$WORK/out")"
run "$BIN/machtap" -p2 \
    -e 'probe kernel.function("ipc_kobject_notify") ?, begin { print(1) }'
is "optional, it may be forbidden" "$status" 0
run "$BIN/machtap" -l 'kernel.function("*")'
ok "nearly all functions may be probed" test "$(wc -l <"$WORK/out")" -gt 1600
for pass in 1 2; do
    run "$BIN/machtap" "-p$pass" -e '
        probe begin {
            print(%( kernel_v >= "1.8" && kernel_v < "1.9" %? "right" %:
                     "wrong" %)) }
        probe end { print(%( kernel_vr == "1.8+git*" %? "same" %: "other" %)) }'
    is "pass $pass: the kernel's version is known" "$status" 0
done
run "$BIN/machtap" -p1 -e \
    'probe begin { print(%( kernel_v == "1.8" %? "right" %: "wrong" %)) }'
matches "to conditions of the preprocessor" "$WORK/out" 'right'
tap_done
