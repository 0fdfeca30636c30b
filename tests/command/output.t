#!/bin/bash
# Where the output goes: -o, -S, -F.
. tests/tap.sh
machtap=$BIN/machtap

run "$machtap" --host -o "$WORK/%Y-%%-out" -e 'probe begin { println("x") exit() }'
ok "-o takes a name for strftime" test -s "$WORK/$(date +%Y)-%-out" ||
    show "$WORK/err"

# Lines of 1024 bytes, five thousand: almost 5 MiB, in files of 2 MiB.
lines='probe begin {
    text = "0123456789abcdef" text = text . text . text . text
    text = text . text . text . text
    for (i = 0; i < 5000; i++) printf("%08d%s%s%s%s\n", i,
        substr(text, 0, 255), text, text, substr(text, 0, 248))
    exit() }'
run "$machtap" --host -o "$WORK/all" -e "$lines"
is "-o: bytes" "$(stat -c %s "$WORK/all")" 5120000
run "$machtap" --host -S 2 -o "$WORK/part" -e "$lines"
is "-S: files" "$(cd "$WORK" && echo part.*)" "part.0 part.1 part.2"
# 2048 lines of 1 KiB make 2 MiB.
is "-S: sizes" "$(stat -c %s "$WORK"/part.* | tr '\n' ' ')" \
    "2097152 2097152 925696 "
ok "-S: together they are all" eval 'cat "$WORK"/part.* | cmp - "$WORK/all"'
run "$machtap" --host -S 1,2 -o "$WORK/last" -e "$lines"
is "-S N: the newest are kept" "$(cd "$WORK" && echo last.*)" "last.3 last.4"
ok "-S N: with the end" eval '
    tail -c 905216 "$WORK/all" | cmp - <(tail -c 905216 "$WORK/last.4")'

run "$machtap" -S 1 -e 'probe begin { exit() }'
matches "-S alone" "$WORK/err" '-S needs -o'
run "$machtap" -S 0 -o "$WORK/x" -e 'probe begin { exit() }'
matches "-S of nothing" "$WORK/err" '-S takes a number from 1'
run "$machtap" -S 1,x -o "$WORK/x" -e 'probe begin { exit() }'
matches "-S of no number of files" "$WORK/err" "number of files of -S.*'x'"
run "$machtap" -F -e 'probe begin { exit() }'
matches "-F alone" "$WORK/err" '-F needs -o: probes end with the process'

# In the background: the process is told, and ends by a signal in good order.
run "$machtap" --host -F -o "$WORK/back" -e 'probe begin { println("on") warn("w") }
    probe end { println("over") }'
is "-F: status" "$status" 0
process=$(cat "$WORK/out")
ok "-F: prints a process number" eval '[[ $process =~ ^[0-9]+$ ]]'
for _ in $(seq 100); do
    grep -q WARNING "$WORK/back" && break
    sleep 0.1
done
kill -TERM "$process"
for _ in $(seq 100); do
    grep -q over "$WORK/back" && break
    sleep 0.1
done
is "-F: its output, with messages" "$(tr '\n' ' ' <"$WORK/back")" \
    "on WARNING: w over "

# SIGUSR2: the next file.
"$machtap" --host -o "$WORK/switch" -e 'probe input.line { print(line) }' \
    < <(echo first; for _ in $(seq 200); do
            [ -e "$WORK/go" ] && break; sleep 0.1; done; echo second) \
    2>"$WORK/err" &
process=$!
for _ in $(seq 100); do
    grep -q first "$WORK/switch" 2>/dev/null && break
    sleep 0.1
done
kill -USR2 "$process"
touch "$WORK/go"
for _ in $(seq 100); do
    grep -q second "$WORK/switch.1" 2>/dev/null && break
    sleep 0.1
done
kill -TERM "$process"
wait "$process"
is "SIGUSR2: status" $? 0
is "SIGUSR2: the files" "$(cat "$WORK/switch") $(cat "$WORK/switch.1")" \
    "first second"
tap_done
