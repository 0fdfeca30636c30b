#!/usr/bin/env bash
# Stacks in user mode, of a task that says what its own is (deep.c).
. tests/tap.sh

TASKS=build/test/modules/x86_64

# What the task said of NAME.
said() {
    tr -d '\r' <"$WORK/out" | sed -n "s/^deep: $1=//p"
}

cat >"$WORK/user.stp" <<'END'
probe kernel.function("mach_reply_port") {
    if (execname() == "deep") {
        printf("call 0x%x 0x%x\n", ustack(2), ustack(3))
        printf("same %d %d\n", uaddr() == ustack(0),
               ubacktrace() == ucallers(-1))
        print_ubacktrace()
    }
}
probe trap.user {
    if (execname() == "deep" && type == 14)
        printf("fault 0x%x 0x%x 0x%x %d\n", address, ustack(1), ustack(2),
               pc == uaddr())
}
END

run "$BIN/machtap" "$WORK/user.stp" -c "$TASKS/deep"
is "the task runs" "$status" 0 || show "$WORK/out" "$WORK/err"
frames="$(said middle) $(said outer)"
ok "it says where its functions go on" test ${#frames} -gt 8
matches "a system call's stack is found, its stub being without a frame" \
    "$WORK/out" "^call $frames"
matches "its first address is where the thread is" "$WORK/out" '^same 1 1'
matches "addresses of user mode have no names" "$WORK/out" \
    "^ $(said outer).?\$"
matches "a page fault's stack is found" "$WORK/out" \
    "^fault $(said memory) $frames 1"
tap_done
