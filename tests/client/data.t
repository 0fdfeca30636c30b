#!/usr/bin/env bash
# A function of a C program is called each time that a variable of the kernel
# is written.
. tests/tap.sh
. tests/vm/machine.sh

for kernel in $(kernels trixie-amd64-up forky-486-up); do
    use_linked "$kernel" || continue
    vm -- "$(task "$TASKS/data")"
    is "$kernel: exit status" "$status" 0 || show "$WORK/err"
    is "$kernel: what is refused, and what came of each write" \
        "$(tr -d '\r' <"$WORK/out" | uniq -c | sed 's/^ *//')" \
        "1 another kind: an argument is out of range
1 three bytes: 1, 2, 4 or (64 bits) 8 bytes can be watched, aligned
1 nothing of that name: the kernel has no such symbol
1 writes: good
20 written by clock_interrupt
1 waiting: good
1 20 events, 0 lost, 0 missed"
done
tap_done
