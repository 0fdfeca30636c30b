# Shell functions for tests that run tasks in a virtual machine; sourced after
# tap.sh.  MACHTAP_KERNEL may name another kernel than the default one.

# use_kernel NAME: the one that `vm' boots; its tasks are in $TASKS and
# $MODULES.  Its words have $WORD bytes, an address is printed as the pattern
# $ADDRESS says, and system calls come in through $SYSCALL.
use_kernel() {
    local architecture=x86_64
    KERNEL=$MACHTAP_HOME/kernels/$1
    WORD=8
    SYSCALL=syscall64
    case $1 in
    *-486-*)
        architecture=i386
        WORD=4
        SYSCALL=syscall
        ;;
    esac
    ADDRESS="0x[0-9a-f]{$((2 * WORD))}"
    TASKS=build/test/modules/$architecture
    MODULES=$MACHTAP_HOME/modules/$architecture
}

# kernels NAME...: those that are there of these, or the one of MACHTAP_KERNEL.
kernels() {
    local name
    for name in ${MACHTAP_KERNEL:-"$@"}; do
        [ ! -e "$MACHTAP_HOME/kernels/$name" ] || echo "$name"
    done
}

# use_linked NAME: that one with the probe subsystem in it; false if it cannot
# be linked, which is a test.
use_linked() {
    use_kernel "$1"
    run "$BIN/machtap-kernel" link --container=elf32 "$KERNEL" \
        -o "$WORK/image"
    is "$1: link" "$status" 0 || { show "$WORK/err"; return 1; }
    KERNEL=$WORK/image
}

use_kernel "${MACHTAP_KERNEL:-trixie-amd64-up}"
PORTS='--host-port=${host-port} --device-port=${device-port}'
START='$(task-create) $(task-resume)'

# vm [OPTION]... -- MODULE...: run them as `run' does, for VM_LIMIT seconds at
# most if that is set; an option of --timeout has to fit in.
vm() {
    local options=()
    while [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    shift
    run timeout -k 5 "${VM_LIMIT:-90}" "$BIN/machtap-vm" --timeout=30 "${options[@]}" \
        "$KERNEL" -- "$@"
}

# task FILE [WORD]...: the boot-script line of a task that ends the run.
task() {
    local file=$1
    shift
    echo "$file $PORTS --halt $* $START"
}
