# Shell functions for tests in which gdb has a hand on the machine; sourced
# after machine.sh.

# symbols KERNEL: link it with its symbols; then address NAME says where one is.
symbols() {
    "$BIN/machtap-kernel" link "$MACHTAP_HOME/kernels/$1" -o "$WORK/symbols"
}

address() {
    nm "$WORK/symbols" | awk -v name="$1" '$3 == name { print $1; exit }'
}

# debugged KERNEL NAME SYMBOL SCRIPT QEMU-OPTION...: run task NAME of this
# folder on that kernel, which is the one linked last, and take its tests over.
# SCRIPT is gdb's: it begins before the kernel does, with a breakpoint of the
# machine, which the kernel cannot see, at SYMBOL.
debugged() {
    local title=$1 name=$2 symbol=$3 script=$4 machine line plan
    shift 4
    symbols "$title"
    : >"$WORK/out"
    timeout 90 qemu-system-x86_64 -accel tcg -nodefaults -display none \
        -no-reboot -kernel "$KERNEL" -append "console=com0 noide noahci" \
        -initrd "$(task "$TASKS/kernel-$name" --console=port)" \
        -serial file:"$WORK/console" -debugcon file:"$WORK/out" \
        -gdb unix:"$WORK/gdb",server=on,wait=off -S "$@" </dev/null &
    machine=$!
    while [ ! -S "$WORK/gdb" ] && kill -0 "$machine"; do :; done 2>/dev/null
    timeout 85 gdb -nx -q -batch -iex 'set confirm off' \
        -ex 'set architecture i386:x86-64' -ex "target remote $WORK/gdb" \
        -ex "hbreak *0x$(address "$symbol")" -x "$script" >"$WORK/gdb.out" 2>&1
    kill "$machine" 2>/dev/null
    wait "$machine" 2>/dev/null
    rm -f "$WORK/gdb"

    while read -r line; do
        case $line in
        "ok "*) ok "$title: ${line#ok * - }" true ;;
        "not ok "*) ok "$title: ${line#not ok * - }" false ;;
        1..*) plan=${line#1..} ;;
        *) echo "# $line" ;;
        esac
    done < <(tr -d '\r' <"$WORK/out")
    is "$title: it came to its end" "$plan" \
        "$(grep -cE '^(not )?ok ' "$WORK/out")" ||
        show "$WORK/gdb.out" "$WORK/console"
}
