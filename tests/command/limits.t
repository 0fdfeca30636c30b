#!/bin/bash
# Limits of -D: errors and skipped events, actions, nesting, memory, overload.
. tests/tap.sh
machtap=$BIN/machtap

# ---- MAXERRORS and what it counts ------------------------------------------
errors='probe begin { error("one") } probe begin(1) { error("two") }
    probe begin(2) { println("third"); exit() }
    probe end { println("end") } probe error { println("error") }'
run "$machtap" --host -e "$errors"
is "one error ends the script: status" "$status" 1
is "one error: error probes" "$(cat "$WORK/out")" error
run "$machtap" --host -D MAXERRORS=1 -e "$errors"
is "the second ends it" "$(cat "$WORK/out")" error
run "$machtap" --host -DMAXERRORS=2 -e "$errors"
is "two may be: status" "$status" 0
is "two may be: all runs" "$(tr '\n' ' ' <"$WORK/out")" "third end "
matches "two may be: they are counted" "$WORK/err" \
    '^WARNING: Number of errors: 2, skipped probes: 0$'
run "$machtap" --host --suppress-handler-errors -e "$errors"
is "suppressed: all runs" "$(tr '\n' ' ' <"$WORK/out")" "third end "
ok "suppressed: no message" eval '! grep -q ERROR "$WORK/err"'

# ---- MAXACTION, --suppress-time-limits --------------------------------------
loop='probe begin { for (i = 0; i < 1000; i++) n += i; println(n); exit() }'
run "$machtap" --host -D MAXACTION_INTERRUPTIBLE=100 -e "$loop"
matches "MAXACTION_INTERRUPTIBLE" "$WORK/err" '^ERROR: MAXACTION exceeded near '
run "$machtap" --host -g --suppress-time-limits -D MAXACTION_INTERRUPTIBLE=100 \
    -e "$loop"
is "--suppress-time-limits" "$(cat "$WORK/out")" 499500
run "$machtap" --host --suppress-time-limits -e "$loop"
matches "--suppress-time-limits without -g" "$WORK/err" 'needs guru mode, -g'

# ---- MAXNESTING, MAXSTRINGLEN, MAXMAPENTRIES, STP_MAXMEMORY -------------------
deep='function f(x) { return x ? f(x - 1) + 1 : 0 } probe begin { println(f(20)); exit() }'
run "$machtap" --host -D MAXNESTING=30 -e "$deep"
is "MAXNESTING: deep enough" "$(cat "$WORK/out")" 20
run "$machtap" --host -D MAXNESTING=10 -e "$deep"
matches "MAXNESTING: too deep" "$WORK/err" '^ERROR: MAXNESTING exceeded near '
run "$machtap" --host -D MAXSTRINGLEN=16 -e 'probe begin {
    s = "0123456789"; println(strlen(s . s)); exit() }'
is "MAXSTRINGLEN" "$(cat "$WORK/out")" 15
run "$machtap" --host -D MAXMAPENTRIES=2 -e 'global a probe begin {
    a[1] = a[2] = a[3] = 1; exit() }'
matches "MAXMAPENTRIES" "$WORK/err" \
    '^ERROR: Array overflow, check MAXMAPENTRIES near '
run "$machtap" --host -D STP_MAXMEMORY=100000 -e 'global a[100000] probe begin {
    a[1] = 1; println("fits"); exit() }'
is "STP_MAXMEMORY: enough" "$(head -n 1 "$WORK/out")" fits
run "$machtap" --host -D STP_MAXMEMORY=2000 -e 'global a[100000] probe begin {
    a[1] = 1; exit() }'
is "STP_MAXMEMORY: status" "$status" 1
matches "STP_MAXMEMORY: too little" "$WORK/err" "^ERROR: no memory for array 'a'"

# ---- names without effect, and of embedded C --------------------------------
for name in MAXTRYLOCK=10 TRYLOCKDELAY=1 INTERRUPTIBLE=0 MINSTACKSPACE=1 \
    MAPHASHBIAS=1 KRETACTIVE=10 MAXUPROBES=5 STAP_CALLEE_MATCHALL STP_NO_OVERLOAD \
    STP_PROCFS_BUFSIZE=10 STP_EXECTRACE; do
    run "$machtap" --host -D "$name" -e 'probe begin { println("ran"); exit() }'
    is "$name: the script runs" "$(cat "$WORK/out")" ran
    matches "$name: said" "$WORK/err" "^WARNING: -D ${name%=*} has no effect: "
done
run "$machtap" --host -w -D MAXTRYLOCK=10 -e 'probe begin { exit() }'
is "not with -w" "$(cat "$WORK/err")" ""
run "$machtap" --host -W -D MAXTRYLOCK=10 -e 'probe begin { exit() }'
is "an error with -W" "$status" 1
run "$machtap" --host -D FACTOR=3 -e 'probe begin { exit() }'
matches "other names without -g" "$WORK/err" 'there is no such limit; there are MAXSTRINGLEN, '
run "$machtap" --host -g -D FACTOR=3 -D ONE -e '
    function f:long () %{ STAP_RETVALUE = FACTOR * 100 + ONE; %}
    probe begin { println(f()); exit() }'
is "and for embedded C" "$(cat "$WORK/out")" 301 || show "$WORK/err"
run "$machtap" --host -D MAXACTION=0 -e 'probe begin { exit() }'
matches "out of range" "$WORK/err" 'MAXACTION takes a number from 1 to '

# ---- MAXSKIPPED ---------------------------------------------------------------
# The handler of the first hit takes so long that the ring of the smallest
# size overflows with the others, each with a whole string.
burst='global seen
    probe kernel.function("ipc_*"), kernel.function("mach_msg*"),
        kernel.function("vm_*") {
        if (!seen++) for (i = 0; i < 40000000; i++) spent += i
    }
    probe end { println("end") } probe error { println("error") }'
slow="-s 1 -g --suppress-time-limits"
# shellcheck disable=SC2086
run "$machtap" $slow -D MAXSKIPPED=100 -c 'rpc=6000 vm=300' -e "$burst"
is "too many lost: status" "$status" 1 || show "$WORK/out" "$WORK/err"
matches "too many lost: error probes" "$WORK/out" '^error$'
matches "too many lost: said" "$WORK/err" \
    '^ERROR: Skipped too many probes, check MAXSKIPPED or try again with -t for more details\.$'
matches "too many lost: how many" "$WORK/err" \
    '^WARNING: Number of errors: 0, skipped probes: [1-9][0-9]+$'
# shellcheck disable=SC2086
run "$machtap" $slow -c 'rpc=6000 vm=300' -e "$burst"
is "MAXSKIPPED not set: they may be lost" "$status" 0 || show "$WORK/err"
matches "MAXSKIPPED not set: end probes" "$WORK/out" '^end$'
matches "MAXSKIPPED not set: told of all the same" "$WORK/err" 'WARNING: [0-9]+ events lost'

# ---- overload -------------------------------------------------------------------
busy='probe kernel.function("*") { n++ } global n
    probe end { println("end") } probe error { println("error") }'
run "$machtap" -D STP_OVERLOAD_THRESHOLD=1000 -D STP_OVERLOAD_INTERVAL=20000000 \
    -c loops=0 -T 60 -e "$busy"
is "overload: status" "$status" 1
matches "overload: said" "$WORK/err" \
    '^ERROR: probe overhead \([0-9]+ ns\) exceeded threshold \(1000 ns in each 20000000 ns\) in last [0-9]+ ns$'
matches "overload: error probes" "$WORK/out" '^error$'
run "$machtap" -g --suppress-time-limits -D STP_OVERLOAD_THRESHOLD=1000 \
    -D STP_OVERLOAD_INTERVAL=20000000 -c 'vm=3' -e "$busy"
is "--suppress-time-limits: no overload" "$status" 0 || show "$WORK/err"
tap_done
