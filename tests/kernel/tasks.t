#!/bin/bash
# The probe port from inside: boots linked kernels with the tasks of this
# folder, and takes over what they test.

. tests/tap.sh
. tests/vm/machine.sh

# take_over NAME: the tests that a task printed as ours.
take_over() {
    local line plan
    while read -r line; do
        case $line in
        "ok "*) ok "$1: ${line#ok * - }" true ;;
        "not ok "*) ok "$1: ${line#not ok * - }" false ;;
        1..*) plan=${line#1..} ;;
        "#"*) echo "$line" ;;
        *) echo "# $line" ;;
        esac
    done <"$WORK/out"
    is "$1: it came to its end" "$plan" \
        "$(grep -cE '^(not )?ok ' "$WORK/out")" || show "$WORK/err"
}

for suite in trixie sid; do
    kernel=$MACHTAP_HOME/kernels/$suite-amd64-up
    [ -e "$kernel" ] || continue
    run "$BIN/machtap-kernel" link --container=elf32 "$kernel" -o "$WORK/image"
    is "$suite: link" "$status" 0 || { show "$WORK/err"; continue; }
    KERNEL=$WORK/image

    for file in tests/kernel/*_test.c; do
        name=$(basename "$file" _test.c)
        [ "$name" = beside ] && continue
        vm -- "$(task "$TASKS/kernel-$name")"
        take_over "$suite $name"
    done

    vm -- "$TASKS/kernel-session --device-port=\${device-port} \
\$(other=task-create) \$(task-resume)" \
        "$(task "$TASKS/kernel-beside" '--workload-task=${other}')"
    is "$suite: a module without privilege" "$status" 0
    matches "$suite: cannot open a session by the host's name port" \
        "$WORK/out" "^ok 1 - the host's name port opens no session"
    matches "$suite: nor by a port of its own" \
        "$WORK/out" "^ok 2 - a task port opens no session"
done
tap_done
