#!/usr/bin/env bash
# Stacks in user mode, of a task that says what its own is (deep.c).
. tests/tap.sh
. tests/vm/machine.sh

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
matches "they have the names of the task's program" "$WORK/out" \
    "^ $(said outer) : outer\\+0x[0-9a-f]+/0x[0-9a-f]+ \\[deep\\].?\$"
matches "a page fault's stack is found" "$WORK/out" \
    "^fault $(said memory) $frames 1"

# Names and lines of each frame are those that addr2line has, in each of two
# programs that have the same functions at other addresses.
cat >"$WORK/names.stp" <<'END'
probe kernel.function("mach_reply_port") {
    if (execname() =~ "^(deep|workload)$") {
        for (i = 0; ustack(i) != 0; i++)
            printf("frame %s %s %x %s %s\n", execname(), umodname(ustack(i)),
                   ustack(i), usymname(ustack(i)),
                   usymfileline(ustack(i) - 1))
        print_ubacktrace_fileline()
        print_ubacktrace_brief()
    }
}
END
workload=$MODULES/workload
for task in workload deep; do
    program=$TASKS/deep
    [ "$task" = deep ] || program=$workload
    run "$BIN/machtap" "$WORK/names.stp" -c "$program" -d "$workload" \
        -d "$TASKS/deep"
    tr -d '\r' <"$WORK/out" | grep "^frame $task $task " >"$WORK/of"
    ok "$task: frames are seen" test "$(wc -l <"$WORK/of")" -ge 4
    cut -d' ' -f5- "$WORK/of" >"$WORK/got"
    while read -r _ _ _ address _; do
        printf '0x%x\n' $((0x$address - 1))
    done <"$WORK/of" | addr2line -a -f -i -p -e "$program" | awk '
        # The function that has the symbol is the one others are expanded in.
        /^0x/ { if (line) print name, line; name = $2; line = $4 }
        /inlined by/ { name = $3 }
        END { print name, line }' >"$WORK/expected"
    is "$task: they are named as addr2line names them" \
        "$(cat "$WORK/got")" "$(cat "$WORK/expected")"
done
matches "lines of the sources are in a backtrace" "$WORK/out" \
    '^ 0x[0-9a-f]+ : outer\+0x[0-9a-f]+/0x[0-9a-f]+ at .*/deep.c:[0-9]+ \[deep\]'
matches "a brief one has names and offsets" "$WORK/out" '^ outer\+0x[0-9a-f]+.?$'

# The program of a task that is no boot module's is named by -d.
cp "$TASKS/deep" "$WORK/renamed"
cat >"$WORK/other.stp" <<'END'
probe kernel.function("mach_reply_port") {
    if (execname() == "deep")
        println("other ", usymname(ustack(2), "renamed"))
}
END
run "$BIN/machtap" "$WORK/other.stp" -c "$TASKS/deep" -d "$WORK/renamed"
matches "-d names a program" "$WORK/out" '^other middle'
run "$BIN/machtap" "$WORK/other.stp" -c "$TASKS/deep"
matches "without it there is only the address" "$WORK/out" '^other 0x(4|804)'
run "$BIN/machtap" "$WORK/other.stp" -c "$TASKS/deep" -d /bin/true
is "-d of what may be loaded anywhere fails" "$status" 1
matches "and says so" "$WORK/err" '^machtap: -d.*position-independent'
tap_done
