#!/usr/bin/env bash
# Stacks of hits, names of their addresses, and the profiler.
. tests/tap.sh
. tests/vm/machine.sh

cat >"$WORK/stack.stp" <<'END'
global seen
probe kernel.function("vm_map_enter") {
    if (execname() == "workload" && seen++ == 0) {
        print_backtrace()
        printf("text %s", sprint_backtrace())
        printf("addr %d %s\n", addr() == stack(0), symname(addr()))
        printf("caller %s\n", caller())
        printf("caller_addr %d\n", caller_addr() == stack(1))
        printf("callers %d\n", callers(-1) == backtrace())
        printf("two %d\n", callers(1) == sprintf("0x%x 0x%x", stack(0), stack(1)))
        printf("beyond %d\n", stack(100))
        printf("mode %d\n", user_mode())
        printf("user %d %d\n", uaddr() != 0, uaddr() == ustack(0))
        printf("syms "); print_syms(callers(0))
        printf("data %s\n", symdata(stack(0)))
        printf("none %s %s\n", symname(16), symdata(0))
        printf("where %s %s %s\n", modname(addr()), probemod(), ppfunc())
        for (i = 0; stack(i) != 0; i++)
            printf("line %x %s %s %s\n", stack(i), symfileline(stack(i)),
                   symfile(stack(i)), symline(stack(i)))
        print_backtrace_fileline()
        version = &@var("version")
        printf("variable %s %s\n", symname(version), symdata(version + 1))
    }
}
END

run "$BIN/machtap" "$WORK/stack.stp" -c 'vm=5 rpc=0'
is "a script that asks for stacks runs" "$status" 0 || show "$WORK/err"
ok "and says nothing on standard error" test ! -s "$WORK/err" ||
    show "$WORK/err"
head -n 6 "$WORK/out" | sed 's/^ 0x[0-9a-f]* : //; s/+.*//' >"$WORK/names"
is "a stack reaches from the function to the system call" \
    "$(tr '\n' ' ' <"$WORK/names")" \
    "vm_map_enter vm_allocate _Xvm_allocate ipc_kobject_server mach_msg_trap $SYSCALL " ||
    show "$WORK/out"
matches "a line has address, symbol, offset, size and module" "$WORK/out" \
    "^ $ADDRESS : vm_allocate\+0x[0-9a-f]+/0x[0-9a-f]+ \[kernel\]\$"
matches "sprint_backtrace() gives the same" "$WORK/out" \
    "^text  $ADDRESS : vm_map_enter\+0x0/0x[0-9a-f]+ \[kernel\]\$"
matches "addr() is the probed address" "$WORK/out" '^addr 1 vm_map_enter$'
matches "caller() is name and address" "$WORK/out" \
    "^caller vm_allocate $ADDRESS\$"
matches "caller_addr() is stack(1)" "$WORK/out" '^caller_addr 1$'
matches "callers(-1) is the whole stack" "$WORK/out" '^callers 1$'
matches "callers(1) is the function and its caller" "$WORK/out" '^two 1$'
matches "beyond the stack there is nothing" "$WORK/out" '^beyond 0$'
matches "a kernel function is not hit in user mode" "$WORK/out" '^mode 0$'
matches "the user's address is known" "$WORK/out" '^user 1 1$'
matches "print_syms() prints such lines" "$WORK/out" \
    "^syms  $ADDRESS : vm_map_enter\+0x0/"
matches "symdata() has no address" "$WORK/out" \
    '^data vm_map_enter\+0x0/0x[0-9a-f]+ \[kernel\]$'
matches "its module is the kernel" "$WORK/out" '^where kernel kernel vm_map_enter'
# As addr2line has them, with paths from the top of the sources.
lines_of() {
    addr2line -e "$KERNEL" |
        sed 's/ (discr.*//; s|^\./||; s|[^/]*/\.\./||; s/^.*:?$/?/'
}
tr -d '\r' <"$WORK/out" | sed -n 's/^line //p' >"$WORK/lines"
cut -d' ' -f1 "$WORK/lines" | lines_of >"$WORK/expected"
while read -r address line file number; do
    case $line in
    "0x$address") echo '?' ;;
    "$file:$number") echo "$line" ;;
    *) echo "$file and $number are not $line" ;;
    esac
done <"$WORK/lines" >"$WORK/got"
is "lines of the sources are addr2line's" "$(cat "$WORK/got")" \
    "$(cat "$WORK/expected")"
# The line of a caller is that of its call, not the one it goes on with.
call=$(awk 'NR == 2 { print $1 }' "$WORK/lines")
line=$(printf '0x%x' $((0x$call - 1)) | lines_of)
matches "a backtrace with lines says where each call is" "$WORK/out" \
    "^ 0x$call : vm_allocate\\+0x[0-9a-f]+/0x[0-9a-f]+ at $line \\[kernel\\]"
matches "data has symbols too" "$WORK/out" \
    '^variable version version\+0x1/0x[0-9a-f]+ \[kernel\]'
matches "an address of nothing is its own name" "$WORK/out" '^none 0x10 0x0$'

cat >"$WORK/return.stp" <<'END'
global seen, inside
probe kernel.function("vm_allocate").return {
    if (execname() == "workload" && seen++ == 0) {
        print_backtrace()
        printf("text %s", sprint_backtrace())
    }
}
probe kernel.function("vm_map_enter") {
    if (execname() == "workload" && inside++ == 0)
        printf("inside %s\n", caller())
}
END

run "$BIN/machtap" "$WORK/return.stp" -c 'vm=5 rpc=0'
matches "a backtrace of a return tells the function" "$WORK/out" \
    "^Returning from:  $ADDRESS : vm_allocate\+0x0/"
matches "and its caller" "$WORK/out" \
    "^Returning to  :  $ADDRESS : _Xvm_allocate\+0x"
matches "as text too" "$WORK/out" '^text Returning from: '
matches "one that is waited for is found from within" "$WORK/out" \
    '^inside vm_allocate 0x'

cat >"$WORK/interrupt.stp" <<'END'
global seen, across, user, kernel, both, wrong, off
probe kernel.function("hardclock") {
    if (isinstr(sprint_backtrace(), @1))
        across++
}
probe timer.profile {
    if (user_mode()) {
        user++
        if (backtrace() != "" || uaddr() != addr())
            wrong++
    } else {
        kernel++
        if (stack(0) != addr())
            wrong++
    }
}
probe end {
    printf("across %d\n", across > 0)
    printf("kernel %d user %d wrong %d\n", kernel > 0, user > 0, wrong)
}
END

# The registers are those that were interrupted, when interrupts were on.
cat >>"$WORK/interrupt.stp" <<'END'
probe timer.profile {
    if (u_register(@2) != addr() || user_mode() != ((register("cs") & 3) != 0))
        wrong++
    if (!(register(@3) & 0x200))
        off++
}
probe end { printf("off %d\n", off) }
END
registers="rip rflags"
case ${MACHTAP_KERNEL:-} in
*-486-*) registers="eip eflags" ;;
esac
run "$BIN/machtap" "$WORK/interrupt.stp" -c 'loops=10' " : $SYSCALL+0x" \
    $registers
is "the profiler runs" "$status" 0 || show "$WORK/err"
matches "a stack goes on across an interrupt" "$WORK/out" '^across 1$'
matches "ticks come in the kernel and in user mode, each with its address" \
    "$WORK/out" '^kernel 1 user 1 wrong 0$'
matches "and the registers of what was interrupted" "$WORK/out" '^off 0$'
for kernel in sid-amd64-smp/2 sid-amd64-smp/4; do
    run "$BIN/machtap" --kernel "${kernel%/*}" --smp "${kernel#*/}" -s 4 \
        -c 'spread=1 loops=4' -e '
        global ticks, wrong
        probe timer.profile {
            ticks[cpu()]++
            wrong += register("rip") != addr() ||
                     user_mode() != ((register("cs") & 3) != 0) ||
                     (user_mode() ? register("rsp") < 0 || backtrace() != ""
                                  : register("rsp") >= 0 || stack(0) != addr())
        }
        probe end {
            foreach (number+ in ticks) printf("%d ", number)
            println(wrong)
        }'
    matches "$kernel: and so on each processor" "$WORK/out" \
        "^$(seq -s ' ' 0 $((${kernel#*/} - 1))) 0\$" || show "$WORK/err"
done

# With all functions probed, ticks come in slots and when a hit is over; what
# runs there has a name, too, and the stack goes on behind it.
cat >"$WORK/slots.stp" <<'END'
global ticks, nameless, ours, beyond, hits
probe kernel.function("*") { hits++ }
probe timer.profile {
    if (!user_mode()) {
        ticks++
        for (i = 0; stack(i) != 0; i++)
            nameless += isinstr(symname(stack(i)), "0x")
        if (symname(stack(0)) == "probe_subsystem") {
            ours++
            beyond += stack(1) != 0
        }
    }
}
probe end {
    # A continuation is called by nothing.
    printf("slots %d nameless %d ours %d beyond %d\n", ticks > 50, nameless,
           ours > 0, beyond * 20 >= ours * 19)
}
END
run "$BIN/machtap" "$WORK/slots.stp" -c loops=1 -s 8
matches "each place in slots has a name, and its stack goes on" "$WORK/out" \
    '^slots 1 nameless 0 ours 1 beyond 1'

cat >"$WORK/rate.stp" <<'END'
global all, some, every, first, clock, period, half, user
probe timer.profile.tick { if (all++ >= 10 && all <= 110) first++ }
probe timer.profile.freq.hz(30) { if (all > 10 && all <= 110) some++ }
probe timer.profile.freq.hz(1000) { every++ }
# The same by perf's names; 50 ms are 5 ticks.
probe perf.sw.cpu_clock { clock++ }
probe perf.sw.cpu_clock.sample(50000000) {
    if (all > 10 && all <= 110) period++
}
probe perf.type(1).config(0).hz(50) {
    if (all > 10 && all <= 110) half++
    user += user_mode()
}
probe timer.profile { if (all > 112) exit() }
probe end {
    println("rate ", first, " ", some, " ", every - all)
    println("perf ", clock - all, " ", period, " ", half, " ", user > 0)
}
END
run "$BIN/machtap" "$WORK/rate.stp" -c 'loops=0'
# Ticks while the tracer itself runs are not seen, so it is about that part.
matches "a frequency takes its part of the ticks" "$WORK/out" \
    '^rate 100 (2[0-9]|3[0-9]|40) 0'
matches "and a period does" "$WORK/out" \
    '^perf 0 (1[2-9]|2[0-8]) (3[5-9]|[45][0-9]|6[0-5]) 1'
run "$BIN/machtap" -e 'probe timer.profile.freq.hz(0) { }'
matches "a frequency of nothing is refused" "$WORK/err" \
    'frequency out of range: 1 to 1000'

run "$BIN/machtap" examples/profile.stp -c 'loops=10'
matches "the profiler's example finds idle time" "$WORK/out" \
    '^ *[0-9]+ machine_idle$'
run "$BIN/machtap" examples/flame.stp -c 'loops=10'
matches "folded stacks go from the task's start to the kernel" "$WORK/out" \
    "^workload;_start;task_start;main;.*;mach_msg_trap;${SYSCALL}_\\[k\\];mach_msg_trap_\\[k\\].* [0-9]+\$"
ok "every function of the workload in them has a name" \
    awk '/^workload/ && !/^workload:/ && /;0x/ { print "# " $0; bad = 1 }
         END { exit bad }' "$WORK/out"

run "$BIN/machtap" examples/allocations.stp -c 'vm=100 rpc=0 parallel=0'
mapfile -t places < <(sed -n 's/^ *[0-9]* *100  workload *run at //p' "$WORK/out")
is "two lines of the workload allocate in each round" "${#places[@]}" 2 ||
    show "$WORK/out"
for place in "${places[@]}"; do
    place=${place%$'\r'}
    matches "there, the source calls vm_allocate()" \
        <(sed -n "${place##*:}p" "${place%:*}") 'vm_allocate\('
done

run "$BIN/machtap" -e 'probe timer.profile { println($regs) }'
is "the profiler has no parameters" "$status" 1
matches "and says so" "$WORK/err" 'has no meaning here'
tap_done
