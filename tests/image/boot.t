#!/bin/bash
# The command itself, with the real subsystem: images link in time, stay small
# and boot, by qemu -kernel and by GRUB.

. tests/tap.sh

kernel=$BIN/machtap-kernel
trixie=build/home/kernels/trixie-amd64-up
sid=build/home/kernels/sid-amd64-up

# Run a machine until it says PATTERN, is done, or 30 seconds have passed.
# usage: boot PATTERN QEMU-OPTION...
boot() {
    local pattern=$1 pid
    shift
    : >"$WORK/console"
    timeout 30 qemu-system-x86_64 -accel tcg -m 64 -nodefaults -display none \
        -no-reboot -serial "file:$WORK/console" "$@" </dev/null \
        >"$WORK/qemu" 2>&1 &
    pid=$!
    while kill -0 $pid 2>/dev/null; do
        grep -q "$pattern" "$WORK/console" && break
        sleep 0.1
    done
    kill $pid 2>/dev/null
    wait $pid 2>/dev/null
    grep -q "$pattern" "$WORK/console"
}

# A kernel without boot modules gets this far: memory, devices and threads
# are set up, and the first thread looks for a module.
up='No bootstrap code loaded with the kernel'

# grub_iso FILE COMMAND: an ISO that boots by a command of GRUB's.
grub_iso() {
    rm -rf "$WORK/iso"
    mkdir -p "$WORK/iso/boot/grub"
    gzip -1c "$1" >"$WORK/iso/boot/image.gz"
    printf '%s /boot/image.gz console=com0\nboot\n' "$2" \
        >"$WORK/iso/boot/grub/grub.cfg"
    grub-mkrescue -o "$WORK/boot.iso" "$WORK/iso" >"$WORK/mkrescue" 2>&1
}

run "$kernel" --help
is "--help succeeds" "$status" 0
matches "and tells of link" "$WORK/out" '^Usage: machtap-kernel link'
run "$kernel" --version
is "--version succeeds" "$status" 0
run "$kernel"
is "no command is an error of usage" "$status" 2
run "$kernel" link "$sid"
is "so is no output" "$status" 2
matches "and says what is missing" "$WORK/err" 'wants the file to write: -o'
run "$kernel" link "$sid" -o "$WORK/x" --container=zip
is "so is an unknown container" "$status" 2
run "$kernel" frobnicate
is "so is an unknown command" "$status" 2
run "$kernel" link Makefile -o "$WORK/x"
is "a file that is no kernel fails" "$status" 1
matches "with the reason" "$WORK/err" '^machtap-kernel: Makefile: not an ELF'
ok "and leaves no output" test ! -e "$WORK/x"
run "$kernel" info "$sid"
is "info of a kernel that is not linked fails" "$status" 1

for name in trixie sid; do
    run "$kernel" link -v "${!name}" -o "$WORK/$name"
    is "$name links" "$status" 0 || show "$WORK/err"
    matches "-v says what is done" "$WORK/err" 's  (compiled|had the objects)'
    run "$kernel" info "$WORK/$name"
    is "info reads it" "$status" 0
    matches "and names the kernel" "$WORK/out" '^kernel +GNU Mach 1\.8\+git'
    matches "and lists patches" "$WORK/out" '^patches +[34]$'

    strip --strip-debug -o "$WORK/stripped" "${!name}"
    grown=$(($(stat -c %s "$WORK/$name") - $(stat -c %s "$WORK/stripped")))
    ok "it grew by less than 2 MB ($grown bytes)" test $grown -lt 2097152
done

run "$kernel" link "$sid" -o "$WORK/locked/x"
is "an output that cannot be written fails" "$status" 1

for name in trixie sid; do
    "$kernel" link "${!name}" -o "$WORK/$name.elf32" --container=elf32
    ok "$name boots by qemu -kernel" boot "$up" \
        -kernel "$WORK/$name.elf32" -append console=com0 ||
        show "$WORK/console" "$WORK/qemu"
    grub_iso "$WORK/$name" multiboot
    ok "$name boots by GRUB, multiboot 1" boot "$up" -cdrom "$WORK/boot.iso" ||
        show "$WORK/console" "$WORK/qemu"
done

grub_iso "$WORK/sid" multiboot2
ok "sid boots by GRUB, multiboot 2" boot "$up" -cdrom "$WORK/boot.iso" ||
    show "$WORK/console" "$WORK/qemu"
# GRUB hands the section headers over, and KDB names addresses by them.
ok "its debugger has the symbols" boot 'bootstrap_create(' \
    -cdrom "$WORK/boot.iso" || show "$WORK/console"

tap_done
