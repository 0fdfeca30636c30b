# Shell functions for tests that run tasks in a virtual machine; sourced after
# tap.sh.

KERNEL=$MACHTAP_HOME/kernels/trixie-amd64-up
TASKS=build/test/modules/x86_64
PORTS='--host-port=${host-port} --device-port=${device-port}'
START='$(task-create) $(task-resume)'

# vm [OPTION]... -- MODULE...: run them as `run' does.
vm() {
    local options=()
    while [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    shift
    run timeout -k 5 90 "$BIN/machtap-vm" --timeout=30 "${options[@]}" \
        "$KERNEL" -- "$@"
}

# task FILE [WORD]...: the boot-script line of a task that ends the run.
task() {
    local file=$1
    shift
    echo "$file $PORTS --halt $* $START"
}
