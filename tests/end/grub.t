#!/usr/bin/env bash
# A linked kernel boots from GRUB, by multiboot 1 and 2, and is traced there.
# Trixie's and forky's kernels know multiboot 1 only.
. tests/tap.sh
. tests/vm/machine.sh

# Words of boot-script lines, quoted for GRUB, which does not pass the file's
# name, so the lines repeat it.
GRUB_PORTS="'--host-port=\${host-port}' '--device-port=\${device-port}' --console=port"
WATCH="'--workload-task=\${workload-task}' '\$(task-create)' '\$(task-resume)'"
WORKLOAD="'\$(workload-task=task-create)'"

# make_process KERNEL: a script compiled for it, and the kernel linked.
make_process() {
    "$BIN/machtap-kernel" link "$MACHTAP_HOME/kernels/$1" \
        -o "$WORK/gnumach" 2>"$WORK/err"
    is "$1 is linked" $? 0 || show "$WORK/err"
    process=$("$BIN/machtap" --kernel "$1" -p4 -e 'global n
        probe begin { println("begin") }
        probe kernel.function("vm_map_enter") { n++ }
        probe end { printf("%s calls\n", n > 10 ? "many" : "few") }')
}

# boot COMMAND MODULE-COMMAND: an ISO image whose GRUB uses these commands.
boot() {
    local iso=$WORK/$1.iso tree=$WORK/$1
    mkdir -p "$tree/boot/grub"
    gzip -c "$WORK/gnumach" >"$tree/boot/gnumach.gz"
    cp "$process" "$tree/boot/process"
    cp "$MODULES/workload" "$tree/boot/workload"
    cat >"$tree/boot/grub/grub.cfg" <<END
serial
terminal_output serial
set timeout=0
menuentry machtap {
    $1 /boot/gnumach.gz console=com0 noide noahci
    $2 /boot/process process $GRUB_PORTS --halt $WATCH
    $2 /boot/workload workload $GRUB_PORTS vm=20 rpc=20 $WORKLOAD
}
END
    grub-mkrescue -o "$iso" "$tree" >"$WORK/mkrescue" 2>&1 || {
        show "$WORK/mkrescue"
        return 1
    }
    timeout -k 2 90 qemu-system-x86_64 -accel tcg -m 256 -nodefaults \
        -display none -no-reboot -serial "file:$WORK/console" \
        -debugcon "file:$WORK/out" -cdrom "$iso" >"$WORK/qemu" 2>&1
}

# try KERNEL COMMAND MODULE-COMMAND
try() {
    : >"$WORK/out"
    use_kernel "$1"
    make_process "$1"
    boot "$2" "$3"
    matches "$1, $2: the script begins" "$WORK/out" '^begin' ||
        show "$WORK/console" "$WORK/qemu"
    matches "$1, $2: and traces" "$WORK/out" '^many calls'
}

try trixie-amd64-up multiboot module
try sid-amd64-up multiboot2 module2
try forky-486-pae multiboot module
try sid-486-smp multiboot2 module2
tap_done
