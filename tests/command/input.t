#!/bin/bash
# Standard input: input.char and input.line, here and in a machine.
. tests/tap.sh
machtap=$BIN/machtap

# feed TEXT WORDS...: run machtap with that input.
feed() {
    local text=$1
    shift
    printf "$text" >"$WORK/in"
    "$machtap" "$@" <"$WORK/in" >"$WORK/out" 2>"$WORK/err"
    status=$?
}

feed 'ab\ncd' --host -e 'global n
    probe input.char { printf("<%s>", text_str(char)); if (++n == 5) exit() }'
is "bytes" "$(cat "$WORK/out")" '<a><b><\n><c><d>'

# The last line has no newline: the end of input ends it.
feed 'one\n\ntwo' --host -e 'global n
    probe input.line { printf("<%s>", text_str(line)); if (++n == 3) exit() }'
is "lines" "$(cat "$WORK/out")" '<one\n><\n><two>'

feed '123456789\nx\n' --host -D MAXSTRINGLEN=16 -e 'global n
    probe input.line { printf("%d ", strlen(line)); if (++n == 2) exit() }'
is "a line that fits" "$(cat "$WORK/out")" '10 2 '
feed '12345678901234567890\nx\n' --host -D MAXSTRINGLEN=16 -e 'global n
    probe input.line { printf("%d ", strlen(line)); if (++n == 2) exit() }'
is "a line too long is cut" "$(cat "$WORK/out")" '15 2 '

# Both kinds, and two of one: each is told, in the order of the script.
feed 'x\n' --host -e 'probe input.line { printf("L") }
    probe input.char { printf("c") } probe input.char { printf("d") }
    probe input.line { exit() }'
is "several probes" "$(cat "$WORK/out")" 'cdLcd'

feed '' --host -T 1 -e 'probe input.char { println("no") }
    probe end { println("end") }'
is "no input is none" "$(cat "$WORK/out")" end

# The script's own text may come from there as well.
echo 'probe begin { println("from input"); exit() }' >"$WORK/script"
"$machtap" - <"$WORK/script" >"$WORK/out" 2>"$WORK/err"
is "a script from standard input" "$(cat "$WORK/out")" "from input"

# In a machine the bytes come through the channel; more than it holds at once.
{ for i in $(seq 400); do echo "line $i"; done; echo stop; } >"$WORK/in"
"$machtap" -c loops=0 --timeout 60 -e 'global n
    probe input.line {
        if (line == "stop\n") exit() else if (line == sprintf("line %d\n", ++n)) hits++
    }
    global hits
    probe end { println(hits) }' <"$WORK/in" >"$WORK/out" 2>"$WORK/err"
is "in a machine: every line, in order" "$(grep -x 400 "$WORK/out")" 400 ||
    show "$WORK/out" "$WORK/err"
tap_done
