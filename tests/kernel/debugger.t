#!/bin/bash
# The kernel's own debugger with probes on every function, its own among them:
# it stops where it stops without them, and shows the same stack.

. tests/tap.sh
. tests/vm/machine.sh

# debugger NAME [KIND]: go into it, until it asks for a command; what it said
# is in $WORK/NAME.  Where arguments are on the stack it shows five words of
# each function, which has fewer or other values in them each time.
debugger() {
    local log=$WORK/console machine i
    : >"$log"
    timeout 60 qemu-system-x86_64 -accel tcg -nodefaults -display none \
        -no-reboot -m 64 -kernel "$KERNEL" \
        -append "console=com0 noide noahci" \
        -initrd "$(task "$TASKS/kernel-debugger" --console=port "$2")" \
        -serial file:"$log" -debugcon null </dev/null &
    machine=$!
    for ((i = 0; i < 300; i++)); do
        grep -q 'user space <<<<<\|--db_more--' "$log" && break
        sleep 0.1
    done
    kill "$machine"
    wait "$machine" 2>/dev/null
    tr -d '\r' <"$log" | sed -n '/^.*Debugger invoked/,$p' |
        sed -e 's/^start .*: D/D/' -e 's/, cr2 .*//' -e '/^db>/d' \
            -e '/,.*,/s/(.*)//' >"$WORK/$1"
}

for kernel in $(kernels trixie-amd64-up sid-amd64-up forky-486-up); do
    use_linked "$kernel" || continue

    debugger none
    matches "$kernel: the debugger's breakpoint" "$WORK/none" \
        'Kernel Breakpoint trap'
    for kind in jump=1 breakpoint=3; do
        debugger "${kind%=*}" "${kind#*=}"
        ok "$kernel: the same with every entry probed by ${kind%=*}" \
            diff "$WORK/none" "$WORK/${kind%=*}"
    done
    debugger watched 9
    ok "$kernel: the same with the debugger's own data watched" \
        diff "$WORK/none" "$WORK/watched"
done
tap_done
