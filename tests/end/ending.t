#!/usr/bin/env bash
# How a run ends: exit(), the workload's end, a time, Control-C, a reader that
# leaves.  In each case end probes run and the exit status is right.
. tests/tap.sh

# The workload's rounds go on for ever.
FOREVER='loops=0 rpc=10 vm=10 threads=1 waits=1 ports=10'

run "$BIN/machtap" -c "$FOREVER" -e '
    global n
    probe kernel.function("vm_map_enter") { if (++n == 5) exit() }
    probe end { printf("end after %d\n", n) }'
is "exit(): exit status" "$status" 0 || show "$WORK/err"
matches "exit(): end probes run" "$WORK/out" '^end after 5$'

run "$BIN/machtap" -c 'rpc=5 vm=5 threads=1 waits=1 ports=5' -e '
    global n
    probe kernel.function("vm_map_enter") { n++ }
    probe end { println("end of the workload") }'
is "end of the workload: exit status" "$status" 0 || show "$WORK/err"
matches "end of the workload: end probes run" "$WORK/out" '^end of the workload$'
matches "a global that nothing read is printed" "$WORK/out" '^n=[1-9]'

run "$BIN/machtap" -T 1 -c "$FOREVER" -e '
    probe begin { println("begin") } probe end { println("end") }'
is "-T: exit status" "$status" 0 || show "$WORK/err"
matches "-T: end probes run" "$WORK/out" '^end$'

# Control-C, as soon as the first event is out.  A shell's background commands
# ignore it, hence perl.
mkfifo "$WORK/pipe"
perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' \
    "$BIN/machtap" --timeout 60 -c "$FOREVER" -e '
    global n
    probe kernel.function("vm_map_enter") { if (n++ == 0) println("first") }
    probe end { println("interrupted") }' >"$WORK/pipe" 2>"$WORK/err" &
machtap=$!
{
    read -r first
    kill -INT $machtap
    cat
} <"$WORK/pipe" >"$WORK/out"
wait $machtap
is "Control-C: exit status" $? 0 || show "$WORK/err"
is "output comes as it happens" "$first" first
matches "Control-C: end probes run" "$WORK/out" '^interrupted$'

# A reader that leaves ends the run, not the time limit.
timeout 60 "$BIN/machtap" -c "$FOREVER" -e '
    probe kernel.function("vm_map_enter") { println("line") }' \
    2>"$WORK/err" | head -n 1 >"$WORK/out"
is "a reader that leaves ends the run" "${PIPESTATUS[0]}" 0 || show "$WORK/err"
is "and has what it read" "$(cat "$WORK/out")" line

run "$BIN/machtap" -o "$WORK/file" --no-workload -e '
    probe begin { println("in the file"); exit() }'
is "-o: exit status" "$status" 0
is "-o: nothing on standard output" "$(cat "$WORK/out")" ""
is "-o: the output" "$(cat "$WORK/file")" "in the file"

run "$BIN/machtap" --no-workload -e 'probe begin { x = 0; println(1 / x) }
    probe end { println("end") } probe error { println("error") }'
is "a run-time error: exit status" "$status" 1
matches "a run-time error: its place" "$WORK/err" \
    "^ERROR: division by 0 near operator '/' at <input>:1:32"
matches "a run-time error: error probes run" "$WORK/out" '^error$'
ok "a run-time error: end probes do not" sh -c "! grep -q '^end$' '$WORK/out'"

run "$BIN/machtap" --timeout 2 --no-workload -e 'probe begin { println("on") }'
is "the time limit: exit status" "$status" 1
matches "the time limit: is told" "$WORK/err" 'time limit|2 s'
matches "the time limit: what came is there" "$WORK/out" '^on$'
tap_done
