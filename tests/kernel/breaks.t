#!/bin/bash
# Breakpoints and single steps of the kernel's own debugger do what they do on
# the kernel that Debian ships: with the probe subsystem linked in, with all
# other functions probed, and with the kernel's data watched.
#
# On amd64 that is little.  As shipped, the debugger stops at a breakpoint, but
# `step' and `continue' from there end in an invalid opcode, since the vector
# of single steps has no way back into the kernel.  Later kernels than trixie's
# cannot be asked to begin in their debugger: they stand still before they have
# a console.

. tests/tap.sh
. tests/vm/machine.sh

# until_prompt: read what the kernel says, to $LOG, until it asks for a command.
until_prompt() {
    local character line=
    while IFS= read -r -t 30 -n 1 -d '' character <&8; do
        printf %s "$character" >>"$LOG"
        case $character in
        $'\r' | $'\n') line= ;;
        *) line+=$character ;;
        esac
        [[ $line =~ ^db(\{[0-9]+\})?\>\ $ ]] && return
    done
    return 1
}

# debug KERNEL WORDS COMMAND...: boot it into its debugger, with a breakpoint
# at swtch; the COMMANDs are what is typed when the task has come there.  All
# that is said from then on is printed.
debug() {
    local kernel=$1 words=$2 command
    shift 2
    LOG=$WORK/log
    : >"$LOG"
    rm -f "$WORK"/serial.*
    mkfifo "$WORK/serial.in" "$WORK/serial.out"
    exec 7<>"$WORK/serial.in" 8<>"$WORK/serial.out"
    timeout 80 qemu-system-x86_64 -accel tcg -nodefaults -display none \
        -no-reboot -m 64 -kernel "$kernel" \
        -append "-d console=com0 noide noahci" \
        -initrd "$(task "$TASKS/kernel-breaks" --console=port $words)" \
        -serial pipe:"$WORK/serial" -debugcon file:"$WORK/out" </dev/null \
        2>"$WORK/err" &
    machine=$!
    for command in "break 0x$BREAK" c; do
        until_prompt && printf '%s\r' "$command" >&7
    done
    until_prompt
    # The breakpoint's message begins in a line of another one.
    sed -i -n 's/^.*: \(Kernel Breakpoint\)/\1/; /^Kernel Breakpoint/,$p' "$LOG"
    for command; do
        printf '%s\r' "$command" >&7
        until_prompt
    done
    kill "$machine" 2>/dev/null
    wait "$machine" 2>/dev/null
    exec 7>&- 8>&-
    tr -d '\r' <"$LOG" | sed 's/, cr2 .*//'
}

for kernel in $(kernels trixie-amd64-up); do
    [ "${kernel#trixie-amd64-}" != "$kernel" ] || continue
    use_kernel "$kernel"
    BREAK=$(nm "$KERNEL" | awk '$3 == "swtch" { print $1 }')
    ok "$kernel: in a form that boots" \
        "$BUILD/test/wrap-kernel" "$KERNEL" "$WORK/shipped"
    use_linked "$kernel" || continue
    for commands in "s s" "c c"; do
        debug "$WORK/shipped" "" $commands >"$WORK/expected"
        matches "$kernel, $commands: the debugger stops as shipped" \
            "$WORK/expected" '^Breakpoint at *0x'
        debug "$KERNEL" "" $commands >"$WORK/got"
        ok "$kernel, $commands: the same when it is linked" \
            diff "$WORK/expected" "$WORK/got"
        for kind in jump=1 breakpoint=3; do
            debug "$KERNEL" "${kind#*=}" $commands >"$WORK/got"
            ok "$kernel, $commands: the same with probes by ${kind%=*}" \
                diff "$WORK/expected" "$WORK/got"
            is "$kernel, $commands: of all other functions, by ${kind%=*}" \
                "$(grep -c '^ok' "$WORK/out")" 2
        done
        debug "$KERNEL" 9 $commands >"$WORK/got"
        ok "$kernel, $commands: the same while data is watched" \
            diff "$WORK/expected" "$WORK/got"
        is "$kernel, $commands: and hit" "$(grep -c '^ok' "$WORK/out")" 2
    done
done
tap_done
