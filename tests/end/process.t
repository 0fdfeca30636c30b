#!/usr/bin/env bash
# process.begin and its kin tell of each task and thread once, of those that are
# there before the script as well, and of each system call and its end: as many
# as the workload says that there were.
. tests/tap.sh
. tests/end/figures.sh

# The task `workload' makes a second one, (workload), and then names it
# workload(42); the kernel's own is called gnumach.  So the first and the third
# of these names are "workload".
cat >"$WORK/process.stp" <<'END'
global tasks, threads, calls, returns, results, wrong, pids, traps
probe process.begin { tasks["begin", execname()]++ }
probe process.end { tasks["end", execname()]++ }
probe process("/some/where/workload").begin { tasks["named", execname()]++ }
probe process("w?rkl*d").begin { tasks["glob", execname()]++ }
probe process("workload").end { tasks["named end", execname()]++ }
probe process("(workload)").end { tasks["renamed", execname()]++ }
probe process(42).begin, process(42).end { pids += pid() == 42 ? 1 : 100 }
probe process("work").begin, process("load").begin, process(4).begin {
    wrong++
}
probe process("workload").thread.begin { threads["begin", execname()]++ }
probe process("workload").thread.end { threads["end", execname()]++ }
probe process.thread.begin, process.thread.end {
    wrong += thread() == 0 || thread()->task != task()
}
probe process.begin, process.end {
    wrong += thread() != 0 || kernel_string(task()->name) != execname()
}
probe process("workload").syscall {
    calls[execname(), $syscall]++
    wrong += (@uregister(0) & 0xffffffff) != ($syscall & 0xffffffff)
    %( arch == "x86_64" %?
    wrong += @uregister(5) != $arg1 || @uregister(4) != $arg2 ||
        @uregister(1) != $arg3 || @uregister(10) != $arg4 ||
        @uregister(8) != $arg5 || @uregister(9) != $arg6
    %)
}
probe process("workload").syscall.return {
    returns[execname(), $syscall]++
    results[$return]++
    wrong += $return != returnval()
}
# The same by another way.
probe kernel.function("mach_msg_trap") { traps[execname()]++ }
probe mach_trap.mach_msg {
    wrong += $syscall != -25 || $arg1 != $msg || $$name != "mach_msg"
}
probe end {
    foreach ([what, name] in tasks)
        printf("script: %s %s %d\n", what, name, tasks[what, name])
    foreach ([what, name] in threads)
        printf("script: thread %s %s %d\n", what, name, threads[what, name])
    foreach ([name, number] in calls)
        printf("script: call %d %s %d\n", number, name, calls[name, number])
    foreach ([name, number] in returns)
        printf("script: return %d %s %d\n", number, name,
            returns[name, number])
    printf("script: pids %d\nscript: wrong %d\n", pids, wrong)
    printf("script: traps %d\n", traps["workload"])
    printf("script: timed out %d\n", results[0x10004003])
}
END

# lines PATTERN: those of the script that match, in order.
lines() {
    sed -n "s/^script: \($1\)$/\1/p" "$WORK/out" | sort | paste -sd,
}

# counts KERNEL PROCESSORS
counts() {
    local at="$1, $2 processors"

    traced "$1" "$2" -s 4 "$WORK/process.stp"
    is "$at: the run ends well" "$status" 0 || show "$WORK/err" "$WORK/out"
    is "$at: nothing is lost, nothing warned of" "$(cat "$WORK/err")" ""

    # -c means the workload's task where nothing is named.
    is "$at: its task begins and ends once" \
        "$(lines '\(begin\|end\) .*')" "begin workload 1,end workload 1"
    is "$at: a name means what is called so, or will be" \
        "$(lines 'named .*')" \
        "named end workload 1,named end workload(42) 1,named workload 1,named workload(42) 1"
    is "$at: a glob also means the name at the beginning" \
        "$(lines 'glob .*')" "glob workload 1,glob workload(42) 1"
    is "$at: another name ends what had the first" \
        "$(lines 'renamed .*')" "renamed (workload) 1"
    is "$at: the number of a process" "$(counted pids)" 2
    is "$at: nothing is told of others" "$(counted wrong)" 0

    # One for the task itself, and four in parallel.
    local threads=$(($(figure ended) + 4))
    is "$at: threads that begin" "$(counted 'thread begin workload')" \
        $((threads + 1))
    is "$at: each ends" "$(counted 'thread end workload')" $((threads + 1))
    is "$at: those of the second task" \
        "$(lines 'thread .*(42) .*')" \
        "thread begin workload(42) 1,thread end workload(42) 1"

    # Messages to the kernel, but one that this sends to itself; to the second
    # task, which is told to end by one more; in `ports' out and in; at the end
    # of each thread one from it, and the wait for that; the wait for the second
    # task's end.
    local messages=$(($(figure own) - 1 + $(figure round_trips) + 1 + \
        2 * $(figure made) + $(figure timed_out) + $(figure rounds) + \
        2 * threads + 1))
    is "$at: system calls that end" "$(counted 'return -25 workload')" \
        "$messages" || show "$WORK/out"
    is "$at: of which these wait in vain" "$(counted 'timed out')" \
        "$(figure timed_out)"
    is "$at: system calls" "$(counted 'call -25 workload')" \
        "$(counted traps)"
    # Each thread has a port for replies, but what ends it does not return.
    is "$at: a port for each thread" "$(counted 'call -26 workload')" \
        $((threads + 1))
    is "$at: all come back" "$(counted 'return -26 workload')" $((threads + 1))
    # Request and answer, and a message by which it ends itself.
    is "$at: the second task's calls" \
        "$(lines 'call -2[5-8] workload(42) .*')" \
        "call -25 workload(42) $((2 * ($(figure round_trips) + 1) + 1)),call -26 workload(42) 1,call -28 workload(42) 1"
}

on_kernels counts

# Without -c all tasks are meant, of which the first is the kernel's; the
# script's own only with --self.
all='global name probe process.begin, process.end { name[pp(), execname()]++ }
    probe end { foreach ([what, which+] in name) println(what, " ", which) }'
run timeout -k 5 120 "$BIN/machtap" --timeout 100 -e "$all"
is "all tasks: exit status" "$status" 0 || show "$WORK/err"
is "all tasks" "$(grep ^process "$WORK/out" | sort | paste -sd,)" \
    "process.begin (workload),process.begin gnumach,process.begin workload,process.end workload,process.end workload(42)"
run timeout -k 5 120 "$BIN/machtap" --timeout 100 --self -e "$all"
is "all tasks, the script's own too" "$(grep -c ^process "$WORK/out")" 6 ||
    show "$WORK/out" "$WORK/err"

# The example: nine threads, and the first.
run timeout -k 5 120 "$BIN/machtap" --timeout 100 examples/calls.stp \
    -c 'rpc=50 threads=5'
matches "calls.stp tells of the task's life" "$WORK/out" \
    '^workload +ends after [0-9]+ ms, threads: 10$'
matches "and of its calls" "$WORK/out" '^workload +call -26: +10 times'
tap_done
