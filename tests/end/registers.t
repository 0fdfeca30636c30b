#!/usr/bin/env bash
# Arguments and registers by number and name are what debugging information
# says of the same hit.
. tests/tap.sh

cat >"$WORK/registers.stp" <<'END'
global seen, returned
# vm_allocate(map, &address, size, anywhere)
probe kernel.function("vm_allocate") {
    if (execname() != "workload" || seen++)
        next
    printf("map %d %d %d %d %d %d\n", pointer_arg(1) == $map,
           ulong_arg(1) == $map, long_arg(1) == $map,
           longlong_arg(1) == $map && ulonglong_arg(1) == $map,
           u64_arg(1) == $map, s64_arg(1) == $map)
    printf("size %d %d %d %d %d\n", ulong_arg(3) == $size,
           int_arg(3) == $size, uint_arg(3) == $size, s32_arg(3) == $size,
           u32_arg(3) == $size)
    printf("anywhere %d\n", int_arg(4) == $anywhere)
    # The low half of an address of the kernel is negative as an int.
    printf("halves %d %d %d\n", uint_arg(1) == ($map & 0xffffffff),
           u32_arg(1) == uint_arg(1), (int_arg(1) & 0xffffffff) == uint_arg(1))
    printf("where %d %d %d\n", register("rip") == addr(),
           u_register("rdi") == pointer_arg(1),
           (register("edi") & 0xffffffff) == u_register("edi"))
    print_regs()
    printf("same RSP: %016x\nsame RDI: %016x\nsame R15: %016x\n",
           register("rsp"), register("rdi"), register("r15"))
    printf("stack %d %d\n",
           stack_used() == 4096 - (register("rsp") & 4095),
           stack_used() + stack_unused() == stack_size())
    printf("load %d\n", get_loadavg_index(0) >= 0 &&
                         get_loadavg_index(2) < 100)
    printf("loads %s\n", sprint_loadavg())
    try { get_loadavg_index(3) } catch (e) { printf("index %s\n", e) }
    printf("valid %d %d %s\n", registers_valid(), is_return(), probe_type())
}
global labels
probe kernel.function("vm_map_enter").label("*") {
    if (execname() == "workload" && !labels[pnlabel()]++)
        printf("label %s\n", pnlabel())
}
probe kernel.function("vm_allocate").return {
    if (execname() != "workload" || returned++)
        next
    printf("returns %d %d %s\n", returnval() == $return,
           registers_valid() && is_return(), probe_type())
    printf("text %s %s %s\n", returnstr(1), returnstr(2), returnstr(3))
    printf("name %s\n", mach_error_string($return))
}
END

run "$BIN/machtap" --kernel trixie-amd64-up "$WORK/registers.stp" \
    -c 'vm=500 rpc=0 threads=0 waits=0 ports=0 parallel=0'
is "a script that reads arguments by number runs" "$status" 0 ||
    show "$WORK/err"
tr -d '\r' <"$WORK/out" | grep -v '^workload' >"$WORK/got"
cat >"$WORK/wanted" <<'END'
map 1 1 1 1 1 1
size 1 1 1 1 1
anywhere 1
halves 1 1 1
where 1 1 1
stack 1 1
load 1
index there is no load average 3
valid 1 0 kernel.function.entry
returns 1 1 kernel.function.return
text 0 0x0 00
name KERN_SUCCESS
END
grep -v '^[RE]\|^same\|^loads\|^label' "$WORK/got" >"$WORK/values"
ok "and they are what the variables are" diff "$WORK/wanted" "$WORK/values" ||
    show "$WORK/values"
is "print_regs() prints 17 of them and the flags" \
    "$(grep '^R' "$WORK/got" | grep -o '[RE][A-Z0-9]*: [0-9a-f]*' | wc -l)" 18
sed -n 's/^same //p' "$WORK/got" >"$WORK/same"
is "with the values that register() gives" \
    "$(grep '^R' "$WORK/got" | grep -cof "$WORK/same")" 3
is "a label has its name" "$(grep '^label' "$WORK/got")" "label BailOut"
matches "loads have two digits after the point" "$WORK/got" \
    '^loads [0-9]+\.[0-9]{2} [0-9]+\.[0-9]{2} [0-9]+\.[0-9]{2}$'

cat >"$WORK/narrow.stp" <<'END'
global seen
probe kernel.function("vm_allocate") {
    if (execname() != "workload" || seen++)
        next
    print_regs()
    printf("same ESP: %08x\nsame EBP: %08x\n", u_register("esp"),
           u_register("ebp"))
    printf("room %d %d\n", stack_unused() == (u_register("esp") & 4095),
           stack_used())
    printf("size %d %d %d\n", ulong_arg(3) == $size, uint_arg(3) == $size,
           pointer_arg(1) == $map)
}
probe kernel.function("vm_allocate").return {
    if (execname() == "workload" && seen++ == 1)
        printf("returns %s %d\n", returnstr(2), returnval() == $return)
}
END
run "$BIN/machtap" --kernel forky-486-up "$WORK/narrow.stp" \
    -c 'vm=500 rpc=0 threads=0 waits=0 ports=0 parallel=0'
tr -d '\r' <"$WORK/out" | grep -v '^workload' >"$WORK/got"
is "a 32-bit kernel has nine of them and the flags" \
    "$(grep '^E' "$WORK/got" | grep -o 'E[A-Z]*: [0-9a-f]*' | wc -l)" 10 ||
    show "$WORK/err"
sed -n 's/^same //p' "$WORK/got" >"$WORK/same"
is "with their values too" \
    "$(grep '^E' "$WORK/got" | grep -cof "$WORK/same")" 2
ok "its stack is a page" \
    eval 'awk "/^room/ { if (\$2 == 1 && \$3 > 0 && \$3 <= 4096) good = 1 }
        END { exit !good }" "$WORK/got"'
is "arguments are on the stack, results in a register" \
    "$(grep '^size\|^returns' "$WORK/got" | tr '\n' ' ')" \
    "size 1 1 1 returns 0x0 1 "
tap_done
