#!/usr/bin/env bash
# Callees are probed when it is the caller named that calls them: each caller's
# hits together are those of the function, and each is told apart as the stack
# tells it.
. tests/tap.sh

WORKLOAD='calls=1 rpc=20 vm=20 threads=20 waits=5 ports=10'

cat >"$WORK/callees.stp" <<'END'
global all, by, by_return, deep, deeper, label

probe kernel.function("vm_map_enter") { all[symname(caller_addr())]++ }
probe kernel.function("vm_allocate").callee("vm_map_enter"),
      kernel.function("vm_map").callee("vm_map_enter").call {
    by[symname(caller_addr())]++
}
probe kernel.function("vm_allocate").callee("vm_map_enter").return,
      kernel.function("vm_map").callee("vm_map_enter@vm/vm_map.c").return {
    by_return[symname(addr())] += $return == 0
}
# Two levels down, and only from there.
probe kernel.function("_Xvm_allocate").callees(2) {
    if (probefunc() == "vm_map_enter") deep++
}
probe kernel.function("_Xvm_map").callees(3) {
    if (probefunc() == "vm_map_enter") deeper++
}
probe kernel.function("thread_invoke").label("after_old*") { label = addr() }
probe end {
    foreach (name in all)
        printf("%s=%d %d %d\n", name, all[name], by[name], by_return[name])
    printf("deep=%d\ndeeper=%d\n", deep, deeper)
    printf("label=0x%x\n", label)
}
END
run "$BIN/machtap" --kernel "${MACHTAP_KERNEL:-trixie-amd64-up}" \
    "$WORK/callees.stp" -c "$WORKLOAD"
is "the run ends well" "$status" 0 || show "$WORK/out" "$WORK/err"
ok "without a warning" test ! -s "$WORK/err" || show "$WORK/err"

call() {
    sed -n 's/^workload: calls //p' "$WORK/out" | tr -d '\r' | tr ' ' '\n' |
        sed -n "s/^$1=//p"
}
seen() {
    sed -n "s/^$1=//p" "$WORK/out"
}
n=$(call vm_allocate)
is "calls by vm_allocate: all, as callee, and as its return" \
    "$(seen vm_allocate)" "$n $n $n"
read -r all callee returned < <(seen vm_map)
is "calls by vm_map, as callee" "$callee" "$all"
is "and their returns" "$returned" "$all"
is "two levels down" "$(seen deep)" "$n"
is "three levels down" "$(seen deeper)" "$all"
is "a label is where gdb finds it" "$(seen label)" \
    "$(gdb -nx -batch -ex 'info line thread_invoke:after_old_thread' \
        "$MACHTAP_HOME/kernels/${MACHTAP_KERNEL:-trixie-amd64-up}" |
        sed -n 's/.* address \(0x[0-9a-f]*\) .*/\1/p')"
tap_done
