# Shell functions for tests that run tasks in a virtual machine; sourced after
# tap.sh.  MACHTAP_KERNEL may name another kernel than the default one.

# use_kernel NAME: the one that `vm' boots; its tasks are in $TASKS and
# $MODULES.
use_kernel() {
    local architecture=x86_64
    KERNEL=$MACHTAP_HOME/kernels/$1
    case $1 in
    *-486-*) architecture=i386 ;;
    esac
    TASKS=build/test/modules/$architecture
    MODULES=$MACHTAP_HOME/modules/$architecture
}

use_kernel "${MACHTAP_KERNEL:-trixie-amd64-up}"
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
