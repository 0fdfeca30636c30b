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
           ulong_arg(1) == $map, long_arg(1) == $map, longlong_arg(1) == $map,
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
    printf("valid %d %d %s\n", registers_valid(), is_return(), probe_type())
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
    -c 'vm=5 rpc=0 threads=0 waits=0 ports=0 parallel=0'
is "a script that reads arguments by number runs" "$status" 0 ||
    show "$WORK/err"
tr -d '\r' <"$WORK/out" | grep -v '^workload' >"$WORK/got"
cat >"$WORK/wanted" <<'END'
map 1 1 1 1 1 1
size 1 1 1 1 1
anywhere 1
halves 1 1 1
where 1 1 1
valid 1 0 kernel.function.entry
returns 1 1 kernel.function.return
text 0 0x0 0
name KERN_SUCCESS
END
ok "and they are what the variables are" diff "$WORK/wanted" "$WORK/got" ||
    show "$WORK/got"
tap_done
