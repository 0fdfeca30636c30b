#!/usr/bin/env bash
# What functions say of a task and a thread by their address is what the event
# and the workload say of them.
. tests/tap.sh

cat >"$WORK/objects.stp" <<'END'
# Told at the end, when the workload is silent.
global lines
function say(line) { lines[++told] = line }
global told
probe end { foreach (n+ in lines) print(lines[n]) }

global seen, switches, wrong, named, running, last, sent, threads, waits, fault
probe kernel.function("vm_map_enter") {
    if (execname() != "workload" || seen++)
        next
    say(sprintf("same %d %s %d\n", task_current() == task(),
           task_execname(task()), thread_task(thread()) == task()))
    # The thread runs, for nothing, and neither is stopped.
    say(sprintf("state %s %d %d\n", thread_state_names(thread_state(thread())),
           thread_wait_event(thread()), task_stop_count(task())))
    say(sprintf("map %d\n", task_map(task()) == @cast(task(), "task")->map))
    # Time is counted in ticks of 10 ms.
    say(sprintf("ticks %d %d %d %d\n", task_utime() % 10000000,
           task_stime() % 10000000, task_utime() == task_utime(thread()),
           task_stime() == task_stime(thread())))
    say(sprintf("time %s\n", task_time_string()))
    say(sprintf("memory %d %d %d\n", proc_mem_size() ==
           @cast(task(), "task")->map->size / 4096,
           proc_mem_rss() > 0 && proc_mem_rss() <= proc_mem_size(),
           proc_mem_rss(task()) == proc_mem_rss()))
    say(sprintf("priority %d %d\n", thread_priority(thread()) ==
           @cast(thread(), "thread")->sched_pri, task_priority(task()) ==
           @cast(task(), "task")->priority))
}
# Whoever gives the processor away has the name of the task that did.
probe scheduler.switch {
    switches++
    if (task_execname(from_task) != execname())
        wrong++
    if (task_execname(to_task) == "workload")
        named++
}
# A thread that blocks in mach_msg_receive has a continuation, which has a name.
probe scheduler.handoff {
    if (symname(thread_continuation(from_thread)) == "mach_msg_continue")
        waits++
}
probe kernel.function("mach_msg_trap") {
    if (execname() != "workload")
        next
    if (last)
        running += task_messages_sent(task()) >= last
    last = task_messages_sent(task())
    sent = task_messages_received(task())
    fault = task_faults(task())
    if (task_thread_count(task()) > threads)
        threads = task_thread_count(task())
}
# Memory is asked for by a message to the task's own port, with a right to it
# and one to the reply.
global asked, told_so
probe rpc.request {
    if (execname() != "workload" || name != "vm_allocate")
        next
    asked++
    told_so += isinstr(msg_header(&$request->ikm_header),
        sprintf("vm_allocate: move-send,move-send-once, %d bytes, to %p, reply to 0x",
            size, @cast(task(), "task")->itk_self))
}
# The peer is named as the Hurd names a process; others are known by the task.
global numbered, unnumbered
probe mach_trap.* {
    if (execname() == "workload(42)")
        numbered += pid() == 42 ? 1 : 1000000
    else
        unnumbered += pid() != task()
}
probe end(-1) {
    say(sprintf("pids %d %d\n", numbered > 0 && numbered < 1000000,
        unnumbered))
    say(sprintf("messages %d %d\n", asked > 0, told_so == asked))
    say(sprintf("switches %d wrong %d named %d\n", switches > 0, wrong,
        named > 0))
    say(sprintf("waits %d\n", waits > 0))
    say(sprintf("grows %d %d %d %d\n", running > 0, last > 0, sent > 0,
        fault > 0))
    say(sprintf("threads %d\n", threads > 1))
}
END

run "$BIN/machtap" "$WORK/objects.stp" \
    -c 'vm=200 rpc=20 threads=5 waits=0 ports=0 parallel=0'
is "a script that asks for tasks and threads runs" "$status" 0 ||
    show "$WORK/err"
tr -d '\r' <"$WORK/out" | grep -v '^workload' >"$WORK/got"
cat >"$WORK/wanted" <<'END'
same 1 workload 1
state run 0 0
map 1
ticks 0 0 1 1
memory 1 1 1
priority 1 1
pids 1 0
messages 1 1
switches 1 wrong 0 named 1
waits 1
grows 1 1 1 1
threads 1
END
grep -v '^time' "$WORK/got" >"$WORK/values"
ok "and gets what they are" diff "$WORK/wanted" "$WORK/values" ||
    show "$WORK/values"
matches "time is minutes and seconds" "$WORK/got" \
    '^time usr: 0m[0-9]+\.[0-9]{2}0s, sys: 0m[0-9]+\.[0-9]{2}0s$'
tap_done
