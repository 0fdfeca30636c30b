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

# run_tests TITLE "OPTION..." TEST...: of this folder.  The longest takes half a
# minute where nothing else runs; the limit is for what hangs.
run_tests() {
    local title=$1 options=$2 name
    shift 2
    for name; do
        VM_LIMIT=245 vm --timeout=240 $options -- "$(task "$TASKS/kernel-$name")"
        take_over "$title $name"
    done
}

# The same with 4 CPUs.  Kernels as they are shipped, too, sometimes stand still
# while three CPUs start at a time, before there is a task: then it is tried
# again.
run_on_four() {
    local title=$1 name=$2 limit try
    for try in 1 2 3 4; do
        limit=$((try < 4 ? 40 : 240))
        VM_LIMIT=$((limit + 5)) vm --timeout=$limit --memory=256 --smp=4 \
            -- "$(task "$TASKS/kernel-$name")"
        [ ! -s "$WORK/out" ] || break
        echo "# $title: no task was started in $limit s"
    done
    take_over "$title $name"
}

# Tests of this folder that have no script of their own.
all=()
for file in tests/kernel/*_test.c; do
    name=$(basename "$file" _test.c)
    [ "$name" = beside ] || [ -e "tests/kernel/$name.t" ] || all+=("$name")
done

# With several CPUs, "ring" would look at the first one's only; others open so
# many sessions that they take long, and they are about none of this.
several=(probe return instruction watch coexist death smp all user)
[ -n "${CHECK_ALL:-}" ] && several+=(session map memory failure)

# More memory than any of the kernels maps from the beginning on.
MUCH=1300

for name in $(kernels trixie-amd64-up sid-amd64-up forky-486-up forky-486-pae \
    sid-amd64-smp sid-486-smp); do
    use_linked "$name" || continue
    if [ "${name%-smp}" != "$name" ]; then
        run_tests "$name" "--memory=256" ring smp
        run_tests "$name, 2 CPUs" "--memory=256 --smp=2" "${several[@]}"
        run_on_four "$name, 4 CPUs" smp
        run_tests "$name, 2 CPUs, $MUCH MB" "--memory=$MUCH --smp=2" memory
        continue
    fi
    if [ "${name%-pae}" != "$name" ] && [ -z "${CHECK_ALL:-}" ]; then
        # What differs with PAE is how memory is found.
        run_tests "$name" "" probe memory return
        run_tests "$name, $MUCH MB" "--memory=$MUCH" memory
        continue
    fi
    run_tests "$name" "" "${all[@]}"

    vm -- "$TASKS/kernel-session --device-port=\${device-port} \
\$(other=task-create) \$(task-resume)" \
        "$(task "$TASKS/kernel-beside" '--workload-task=${other}')"
    is "$name: a module without privilege" "$status" 0
    matches "$name: cannot open a session by the host's name port" \
        "$WORK/out" "^ok 1 - the host's name port opens no session"
    matches "$name: nor by a port of its own" \
        "$WORK/out" "^ok 2 - a task port opens no session"
done
tap_done
