#!/bin/bash
# Scripts that need no kernel run on this machine, as an ordinary process.
. tests/tap.sh
machtap=$BIN/machtap

run "$machtap" -e 'probe begin { println("begin"); exit() }
    probe end { println("end") }'
is "by itself: status" "$status" 0
is "by itself: output" "$(tr '\n' ' ' <"$WORK/out")" "begin end "

run "$machtap" --host -e 'probe timer.ms(5) { if (++n == 3) exit() else println("on") }
    global n probe end { println(n) }'
is "timers" "$(tr '\n' ' ' <"$WORK/out")" "on on 3 "

run "$machtap" --host -e 'probe begin { x = 0; println(1 / x) }
    probe error { println("in error") } probe end { println("in end") }'
is "run-time error: status" "$status" 1
is "run-time error: output" "$(cat "$WORK/out")" "in error"
matches "run-time error: message" "$WORK/err" \
    "^ERROR: division by 0 near operator '/' at <input>:1:"
matches "run-time error: pass" "$WORK/err" '^Pass 5: run failed'

run "$machtap" --host -o "$WORK/file" -e 'probe begin { println("there"); exit() }'
is "-o" "$(cat "$WORK/file")" there
run "$machtap" --host -o "$WORK/no/file" -e 'probe begin { exit() }'
is "-o in no folder: status" "$status" 1
matches "-o in no folder: message" "$WORK/err" 'cannot write .*/no/file'

run "$machtap" --host -T 1 -e 'probe end { println("over") }'
is "-T" "$(cat "$WORK/out")" over

# Control-C: to the whole group, as a terminal does it.
perl -e 'setpgrp; $SIG{INT} = "DEFAULT"; exec @ARGV' "$machtap" --host -e '
    probe begin { println("on") } probe end { println("over") }' \
    >"$WORK/out" 2>"$WORK/err" &
process=$!
for _ in $(seq 100); do
    grep -q on "$WORK/out" && break
    sleep 0.1
done
kill -INT -- "-$process"
wait "$process"
is "Control-C: status" $? 0
is "Control-C: output" "$(tr '\n' ' ' <"$WORK/out")" "on over "

run "$machtap" --host -e 'probe kernel.function("vm_allocate") { }'
is "kernel with --host: status" "$status" 1
matches "kernel with --host: message" "$WORK/err" \
    'this needs a kernel, and --host runs scripts without one'
run "$machtap" --host --smp 2 -e 'probe begin { }'
is "machine with --host: status" "$status" 1
matches "machine with --host: message" "$WORK/err" '--host boots no machine'

run "$machtap" --host -e 'global g probe begin { g = 1; println("before")
    system("echo from $0"); exit() }' --no-global-var-display
is "system(), no globals" "$(tr '\n' ' ' <"$WORK/out")" "before from sh "
run "$machtap" --host --suppress-handler-errors -e 'probe begin { error("x") }
    probe begin(1) { println("on"); exit() } probe end { println("end") }'
is "suppressed errors: status" "$status" 0
is "suppressed errors: output" "$(tr '\n' ' ' <"$WORK/out")" "on end "
is "suppressed errors: messages" "$(cat "$WORK/err")" \
    "WARNING: Number of errors: 1, skipped probes: 0"

file=$("$machtap" -p4 -e 'probe begin { println("saved"); exit() }')
run "$machtap" --run "$file"
is "a process of before" "$(cat "$WORK/out")" saved

run "$machtap" -v -e 'probe begin { println("saved"); exit() }'
matches "found in the cache" "$WORK/err" 'Pass 4: using cached '
tap_done
