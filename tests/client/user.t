#!/usr/bin/env bash
# A function of the process is called when a task enters one of its own.
. tests/tap.sh
. tests/vm/machine.sh

for name in $(kernels trixie-amd64-up forky-486-up); do
    use_linked "$name" || continue
    vm -- "$(task "$TASKS/user")"
    is "$name: exit status" "$status" 0 || show "$WORK/err"
    {
        for ((i = 0; i < 20; i++)); do
            echo "itself $i watched $i $((2 * i))"
        done
        echo "20 calls"
    } >"$WORK/expected"
    ok "$name: each call, with its arguments" \
        cmp "$WORK/out" "$WORK/expected" || show "$WORK/out"
done
tap_done
