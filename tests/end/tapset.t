#!/usr/bin/env bash
# The vantage points of tapset/: what they count is what the workload did.
. tests/tap.sh
. tests/vm/machine.sh

# The script's figure NAME.
counted() {
    sed -n "s/^$1=\([0-9]*\)$/\1/p" "$WORK/out"
}

cat >"$WORK/counts.stp" <<'END'
global calls, threads, ended, created, switches, same, faults, pages, sends
global replies, failed, odd, made, begun, ids
global traps, numbers, ticks, wakeups, blocks, allocated
global served, seen
global wanted, resolved, misplaced, clocks, profiled, astray

function is_workload:long() { return execname() == "workload" }

probe rpc.request { if (is_workload()) calls[name]++ }
probe rpc.reply {
    if (is_workload()) {
        replies[name]++
        failed += result != 0
        odd += elapsed <= 0 || replied == isinstr("task_set_name message 70", name)
    }
}
probe mach_rpc.* { if (is_workload()) served[name]++ }
probe kernel.trace("vm:allocate") { if (is_workload()) seen++ }
probe thread.created { if (is_workload()) made += thread != 0 && !result }
probe task.created { begun += task != 0 && parent == task() && !result }
probe thread.create { if (is_workload()) threads++ }
probe thread.terminate { if (is_workload()) ended++ }
probe task.create { created++ }
probe vm.allocate { if (is_workload()) allocated++ }
probe vm.fault {
    if (is_workload()) {
        faults++
        if (wanted[thread()] == address + 1)
            resolved++
        delete wanted[thread()]
    }
}
probe vm.fault.page {
    if (is_workload() && object) pages++
    misplaced += (offset & 4095) != 0
}
probe trap.user {
    if (is_workload() && type == 14) {
        traps++
        wanted[thread()] = (address & ~4095) + 1
    }
}
probe ipc.send { sends++; ids[id]++ }
probe mach_trap.* { numbers[name, number]++ }
probe interrupt.clock { ticks += line == 0 && pc != 0; clocks[cpu()]++ }
probe timer.profile {
    profiled++
    if (user_mode())
        astray += backtrace() != "" || uaddr() != addr()
    else
        astray += stack(0) != addr() || symname(addr()) == ""
}
probe scheduler.wakeup { wakeups += thread != 0 && task != 0 }
probe scheduler.block { blocks++ }
probe scheduler.switch {
    switches++
    same += from_thread != thread() || from_task != task() || !to_thread ||
            !to_task
}
probe end {
    foreach (name in calls)
        printf("rpc %s=%d\n", name, calls[name])
    printf("threads=%d\nended=%d\ncreated=%d\n", threads, ended, created)
    printf("switches=%d\nwrong=%d\nfaults=%d\n", switches, same, faults)
    printf("pages=%d\ntraps=%d\nsends=%d\n", pages, traps, sends)
    printf("ticks=%d\nwakeups=%d\nblocks=%d\n", ticks, wakeups, blocks)
    printf("allocated=%d\nmade=%d\nbegun=%d\n", allocated, made, begun)
    printf("failed=%d\nodd=%d\nsent=%d\n", failed, odd, ids[2021])
    printf("resolved=%d\nmisplaced=%d\n", resolved, misplaced)
    printf("profiled=%d\nlost=%d\n", profiled, astray)
    foreach (number+ in clocks)
        printf("cpu %d %d\n", number, clocks[number] > 0)
    printf("seen=%d\n", seen)
    foreach (name in served)
        printf("served %s=%d\n", name, served[name])
    foreach (name in replies)
        printf("reply %s=%d\n", name, replies[name])
    foreach ([name, number] in numbers)
        printf("trap %s=%d\n", name, number)
}
END

# Mach's own names of system calls and their numbers.
sed -n 's/^.*kernel_trap(\([a-z_]*\),\(-[0-9]*\),.*/\1=\2/p' \
    build/deps/mach/x86_64/include/mach/syscall_sw.h |
    sed 's/^syscall_//; s/_trap=/=/' | sort >"$WORK/numbers"

call() {
    sed -n "s/^$1=//p" "$WORK/expected"
}

# counts KERNEL PROCESSORS [SPREAD]: on several processors the workload spreads,
# for which it gets a list of them in memory that the kernel allocates, and the
# first of them cannot be moved.
counts() {
    local spread=$((${3:-0}))
    echo "# $1, $2 processors"
    run "$BIN/machtap" --kernel "$1" --smp "$2" "$WORK/counts.stp" -s 8 \
        -c "${3:+spread=1} calls=1 rpc=300 vm=40 threads=20 waits=3 ports=50"
    is "a script with many vantage points runs" "$status" 0 || show "$WORK/err"
    ok "without a warning" test ! -s "$WORK/err" || show "$WORK/err"

    sed -n 's/^workload: calls //p' "$WORK/out" | tr -d '\r' | tr ' ' '\n' |
        sort >"$WORK/expected"
    sed -n 's/^rpc //p' "$WORK/out" | tr -d '\r' | grep -v '^message ' |
        sort >"$WORK/got"
    ok "each message to the kernel is counted under its name" \
        diff "$WORK/expected" "$WORK/got" ||
        diff "$WORK/expected" "$WORK/got" | sed 's/^/# /'

    sed -n 's/^served //p' "$WORK/out" | tr -d '\r' | sort >"$WORK/got"
    ok "and by the function that serves it" diff "$WORK/expected" "$WORK/got" ||
        diff "$WORK/expected" "$WORK/got" | sed 's/^/# /'

    sed -n 's/^reply //p' "$WORK/out" | tr -d '\r' | grep -v '^message ' |
        sort >"$WORK/got"
    ok "and its reply too" diff "$WORK/expected" "$WORK/got" ||
        diff "$WORK/expected" "$WORK/got" | sed 's/^/# /'
    is "after some time, but for those that want no reply" "$(counted odd)" 0

    # The workload makes sure that ports that it destroyed are gone.
    is "failures are those that the workload wants" "$(counted failed)" \
        $(($(call mach_port_type) + spread))
    is "thread.create sees each thread" "$(counted threads)" "$(call thread_create)"
    ok "thread.terminate sees each end" \
        test "$(counted ended)" -ge "$(call thread_terminate)"
    is "task.create sees each task" "$(counted created)" "$(call task_create)"
    is "thread.created has the new thread" "$(counted made)" \
        "$(call thread_create)"
    is "task.created has the new task" "$(counted begun)" "$(call task_create)"
    is "vm.allocate sees each call" "$(counted allocated)" \
        $(($(call vm_allocate) + spread))
    is "as a tracepoint too" "$(counted seen)" "$(counted allocated)"
    pages=$(sed -n 's/^workload: vm .*pages=\([0-9]*\).*/\1/p' "$WORK/out")
    ok "there is a page fault for each page that the workload touches" \
        test "$(counted traps)" -ge "$pages"
    ok "and each is resolved" test "$(counted faults)" -ge "$(counted traps)"
    ok "by looking for a page of an object" test "$(counted pages)" -ge "$pages"
    sent=$(sed -n 's/^workload: kernel .*messages=\([0-9]*\).*/\1/p' "$WORK/out")
    passed=$(sed -n 's/^workload: rpc .*messages=\([0-9]*\).*/\1/p' "$WORK/out")
    ok "ipc.send sees messages to the kernel and among tasks" \
        test "$(counted sends)" -ge $((sent + passed - 1))
    ok "with their numbers" test "$(counted sent)" -ge "$(call vm_allocate)"
    ok "scheduler.switch sees each round trip go forth and back" \
        test "$(counted switches)" -ge "$passed"
    is "each time from the thread that runs" "$(counted wrong)" 0
    ok "threads block and are woken" \
        test "$(counted blocks)" -gt 0 -a "$(counted wakeups)" -gt 0
    is "each user's page fault is resolved where it was" "$(counted resolved)" \
        "$(counted traps)"
    is "pages are looked for at their offset" "$(counted misplaced)" 0
    sed -n 's/^trap //p' "$WORK/out" | tr -d '\r' | sort >"$WORK/got"
    ok "system calls have the names and numbers of Mach's header" \
        test -s "$WORK/got" -a -z "$(comm -13 "$WORK/numbers" "$WORK/got")"
    matches "the one for messages among them" "$WORK/got" '^mach_msg=-25'
    ok "the clock ticks" test "$(counted ticks)" -gt 0
    is "and the profiler with it" "$(counted profiled)" "$(counted ticks)"
    is "on each processor" "$(sed -n 's/^cpu //p' "$WORK/out" | tr '\n' ' ')" \
        "$(seq -f '%g 1' 0 $(($2 - 1)) | tr '\n' ' ')"
    is "with address and stack of what was interrupted" "$(counted lost)" 0
}

case ${MACHTAP_KERNEL:-} in
"")
    counts trixie-amd64-up 1
    counts sid-amd64-smp 2 1
    ;;
*-smp)
    counts "$MACHTAP_KERNEL" 2 1
    counts "$MACHTAP_KERNEL" 4 1
    ;;
*)
    counts "$MACHTAP_KERNEL" 1
    ;;
esac

cat >"$WORK/names.stp" <<'END'
probe begin {
    println(rpc_name(2021), " ", rpc_name(7), " ", trap_name(14), " ",
            trap_name(15), " ", exception_name(1), " ", exception_name(9))
    exit()
}
END
run "$BIN/machtap" --no-workload "$WORK/names.stp"
matches "names of numbers" "$WORK/out" \
    '^vm_allocate message 7 page fault trap 15 EXC_BAD_ACCESS exception 9'

cat >"$WORK/exception.stp" <<'END'
probe trap.user {
    if (execname() == "behave" && address == 16)
        printf("%s, code %d\n", trap_name(type), code)
}
probe exception.raise {
    printf("%s code %d at %d in %s\n", exception_name(type), code, subcode,
           execname())
}
END
run "$BIN/machtap" "$WORK/exception.stp" \
    -c "$TASKS/behave fault"
matches "a trap of a task has type and code" "$WORK/out" '^page fault, code 4'
is "and raises one exception" "$(grep -c '^EXC_' "$WORK/out")" 1
matches "with its type, code and address" "$WORK/out" \
    '^EXC_BAD_ACCESS code 1 at 16 in behave'

# Interrupts by line: the task has the keyboard's controller make some.
run "$BIN/machtap" --kernel trixie-amd64-up \
    -e 'global n probe interrupt.keyboard { n[line]++ }
        probe end { printf("seen=%d\n", n[1]) }' \
    -c 'build/test/modules/x86_64/behave keyboard'
is "interrupt.keyboard sees each key" "$(counted seen)" "$(counted keys)" ||
    show "$WORK/out" "$WORK/err"

for kernel in trixie-amd64-up sid-amd64-up forky-486-up sid-486-smp; do
    for point in 'scheduler.*' 'thread.*' 'task.*' 'trap.*' 'exception.*' \
        'vm.*' 'vm.fault.page' 'ipc.*' 'rpc.*' 'mach_trap.*' 'interrupt.*'; do
        run "$BIN/machtap" --kernel "$kernel" -p2 -u -e "probe $point { }"
        [ "$status" = 0 ] || break
    done
    is "all are there on $kernel" "$status" 0 || show "$WORK/err"
done


# Listings: aliases by their names, with what they set before what $ gives.
run "$BIN/machtap" -l 'vm.*'
is "aliases are listed by their names" "$(cat "$WORK/out")" \
    "$(printf '%s\n' vm.allocate vm.deallocate vm.fault)"
run "$BIN/machtap" -L 'vm.allocate.return'
matches "-L has what an alias sets, with types, then the function's own" \
    "$WORK/out" \
    '^vm.allocate.return map:long size:long anywhere:long \$return:kern_return_t \$map:vm_map_t '
run "$BIN/machtap" --dump-probe-aliases
sed 's/ = .*//' "$WORK/out" | sort -u >"$WORK/aliases"
run "$BIN/machtap" -l '**'
is "** lists everything that takes no argument" "$status" 0
grep -vxF -f "$WORK/aliases" "$WORK/out" >"$WORK/others"
is "all of it are aliases, occasions, tasks' events and the profiler" \
    "$(tr '\n' ' ' <"$WORK/others")" \
    "begin end error never oneshot perf.sw.cpu_clock process.begin process.end process.syscall process.syscall.return process.thread.begin process.thread.end timer.profile timer.profile.tick "
run "$BIN/machtap" -e 'probe vm.all* { println(pn()); exit() }'
matches "pn() is the alias that a wildcard meant" "$WORK/out" '^vm.allocate.?$'
run "$BIN/machtap" -l 'nosuch.*'
is "nothing listed is a failure" "$status" 1
tap_done
