#!/bin/bash
# What the runner of virtual machines makes of what tasks and kernels do.
. tests/tap.sh
. tests/vm/machine.sh

hello() {
    task "$TASKS/hello" "$@"
}

behave() {
    task "$TASKS/behave" "$@"
}

# Output and status.
for console in channel port; do
    vm -- "$(hello --console=$console 7 a,b)"
    is "the run's status comes over the $console" "$status" 7
    matches "so does output" "$WORK/out" "^hello from hello "
    matches "a comma in a boot line stays one" "$WORK/out" "^argument 2: a,b$"
done
vm -- "$(hello)"
is "status 0 is success" "$status" 0
is "the streams are told apart" "$(cat "$WORK/err")" "this is stderr"
vm --console="$WORK/console" -- "$(hello --console=print)"
matches "the kernel's console is kept" "$WORK/console" "this is stderr"
is "and is not output" "$(cat "$WORK/out" "$WORK/err")" ""

vm -- "$(behave flood)"
is "output of more than the channel holds comes whole" \
    "$(awk '{ print $NF, length($0) - length($NF) - 1 }' "$WORK/out" |
        cksum)" \
    "$(awk 'BEGIN { for (i = 0; i < 2000; i++) print i, i * 37 % 5000 }' |
        cksum)"
vm --verbose -- "$(behave large)"
is "so does one write of more than a frame" "$(wc -c <"$WORK/out")" 196613
matches "marks are shown with --verbose" "$WORK/err" "^machtap-vm: after$"

# Two tasks at once, each with a lane of its own.
vm -- "$TASKS/hello $PORTS first $START" "$(hello 5 second)"
is "tasks beside each other" "$status" 5
matches "a module's name that is taken gets a number" "$WORK/out" \
    "^hello from hello.2 "

# Ends that are none.
vm --timeout=2 -- "$(behave hang)"
is "a run that does not end fails" "$status" 125
matches "with a message" "$WORK/err" "did not end within 2 s"
matches "and what it wrote before is there" "$WORK/out" "^about to hang$"
vm -- "$(behave panic)"
is "a panic ends the run" "$status" 125
matches "and shows the console" "$WORK/err" "Assertion .* failed"
vm -- "$(behave reboot)"
is "a machine that reboots ends the run" "$status" 125
matches "with a message" "$WORK/err" "switched itself off"
matches "and what it wrote before is there" "$WORK/out" "^about to reboot$"
vm -- "$(behave garble)"
is "garbage in the channel ends the run" "$status" 125
matches "with a message" "$WORK/err" "is no output"
vm -- "$(behave fault)"
is "a task that faults ends with a status" "$status" 139
matches "and a message" "$WORK/err" "^behave: fault: access to memory"

# Bad input.
vm -- "$WORK/nothing"
matches "a module that is not there" "$WORK/err" "there is no file $WORK/noth"
vm -- "$TASKS/hello \$(task-create)
x"
matches "a boot line of two lines" "$WORK/err" "line ends"
run "$BIN/machtap-vm" "$WORK/out" -- x
matches "a kernel that is none" "$WORK/err" "ELF file"
run "$BIN/machtap-vm" "$WORK/no" -- x
matches "a kernel that is not there" "$WORK/err" "$WORK/no"
run env PATH=/nowhere "$BIN/machtap-vm" "$KERNEL"
matches "no QEMU" "$WORK/err" "qemu-system-x86_64 is not installed"
run "$BIN/machtap-vm" --memory=x "$KERNEL"
is "a bad option" "$status" 2
vm --disk="$WORK/none" -- "$(hello)"
matches "a disk that is not there: QEMU's message" "$WORK/err" \
    "QEMU failed .*$WORK/none"

# Signals: the first asks the task, the second ends the machine.
await() {
    local tries=0
    until grep -q "$1" "$2" 2>/dev/null; do
        tries=$((tries + 1))
        [ $tries -lt 300 ] || return 1
        sleep 0.05
    done
}

background() {
    : >"$WORK/out"
    "$BIN/machtap-vm" --timeout=30 "$KERNEL" -- "$(behave "$1")" \
        >"$WORK/out" 2>"$WORK/err" </dev/null &
    machine=$!
    await "$2" "$WORK/out"
}

background stop waiting
kill -TERM $machine
wait $machine
is "the first signal asks the task to end" "$?" 3
matches "which it does" "$WORK/out" "^asked to stop$"

background ignore waiting
kill -TERM $machine
await "asked to stop" "$WORK/out"
kill -TERM $machine
wait $machine
is "the second ends the machine" "$?" 125

# Nothing is left behind, even of a runner that was killed.
export TMPDIR=$WORK/tmp
mkdir "$TMPDIR"
vm -- "$(hello)"
is "no temporary files are left" "$(ls "$TMPDIR")" ""
first=$("$BIN/machtap-vm" --timeout=30 "$KERNEL" "$(behave flood)" | head -n 1)
is "the run ends when nobody reads" "$first" " 0"
is "and leaves nothing either" "$(ls "$TMPDIR")" ""
background hang about
qemu=$(cat /proc/$machine/task/*/children)
kill -KILL $machine
wait $machine 2>/dev/null
gone() {
    local tries=0
    while kill -0 $qemu 2>/dev/null; do
        tries=$((tries + 1))
        [ $tries -lt 100 ] || return 1
        sleep 0.05
    done
}
ok "QEMU dies with the runner" gone

# Guest memory as a file holds what the task wrote.
vm --guest-memory="$WORK/memory" -- "$(hello 0 a-word-to-be-found)"
ok "the machine's memory is kept" grep -q a-word-to-be-found "$WORK/memory"

vm --icount -- "$(hello 9)"
is "counting instructions" "$status" 9

tap_done
