#!/bin/bash
# What is said of a script: errors alike, warnings, colors, passes.
. tests/tap.sh
machtap=$BIN/machtap

# Errors alike are told of once, and the others counted.
run "$machtap" --host -e 'probe begin { one() two() three() }'
is "similar errors: status" "$status" 1
is "similar errors: the first" "$(grep -c '^semantic error' "$WORK/err")" 1
is "similar errors: the end" "$(tail -n 3 "$WORK/err")" \
    "Pass 2: analysis failed.  [man error::pass2]
Number of similar error messages suppressed: 2.
Rerun with -v to see them."
for option in -v --semantic-keep-going; do
    run "$machtap" --host $option -e 'probe begin { one() two() three() }'
    is "$option shows them" "$(grep -c '^semantic error' "$WORK/err")" 3
    ok "$option leaves none out" eval '! grep -q suppressed "$WORK/err"'
done
run "$machtap" --host -e 'probe begin { one() } probe nosuch.point { }'
matches "errors that differ: one" "$WORK/err" 'probe point mismatch'
matches "errors that differ: the other" "$WORK/err" 'unresolved function one'
ok "errors that differ are all shown" eval '! grep -q suppressed "$WORK/err"'

# Parse errors, in stap's format, and how many there were of all.
run "$machtap" --host -e 'probe begin { if } probe end { while 1 } global 5'
is "parse errors" "$(cat "$WORK/err")" "parse error: expected '('
	saw: operator '}' at <input>:1:18
     source: probe begin { if } probe end { while 1 } global 5
                              ^
parse error: expected identifier
	saw: number '5' at <input>:1:49
     source: probe begin { if } probe end { while 1 } global 5
                                                             ^
3 parse errors.
Pass 1: parse failed.  [man error::pass1]
Number of similar error messages suppressed: 1.
Rerun with -v to see them."
ok "the pages that are named are there" eval '
    for pass in 1 2 3 4 5; do test -s "man/error::pass$pass.7" || exit 1; done
    test -s man/error::fault.7'

# ---- warnings ------------------------------------------------------------
# warns NAME PATTERN SCRIPT [WORDS]: the script runs, and WORDS of the command
# line come after it.
warns() {
    local name=$1 pattern=$2 script=$3
    shift 3
    run "$machtap" --host -e "$script" "$@"
    is "$name: status" "$status" 0 || show "$WORK/err"
    matches "$name" "$WORK/err" "^WARNING: $pattern"
    run "$machtap" --host -w -e "$script" "$@"
    is "$name: not with -w" "$(cat "$WORK/err")" ""
    run "$machtap" --host -W -e "$script" "$@"
    is "$name: an error with -W" "$status" 1
    matches "$name: which pass" "$WORK/err" "^Pass 2: analysis failed"
}
warns "unused local" "unused local variable 'x': identifier 'x' at <input>:1:1" \
    'probe begin { x = 1; exit() }'
warns "never assigned local" "never-assigned local variable 'xx' .similar: xy" \
    'probe begin { xy = 1; println(xx + xy); exit() }'
warns "never assigned global" "never-assigned global variable 'g'" \
    'global g probe begin { println(g + 1); exit() }'
warns "unused global" "unused global variable 'g'" \
    'global g probe begin { exit() }'
warns "empty probe" "Probe 'end' has been elided: keyword 'probe' at <input>:1:24" \
    'probe begin { exit() } probe end { }'
warns "unused argument" 'unused command line option .2/@2' \
    'probe begin { println($1); exit() }' 1 2
warns "hidden global" "function parameter 'g' hides a global variable" \
    'global g = 1 function f(g) { return g } probe begin { println(f(2) + g); exit() }'
warns "depends on the version" "this depends on the version of the language" \
    'probe begin { %( systemtap_v > "1" %? exit() %) }' --check-version

# With -u nothing is dropped; here nothing ever is.
run "$machtap" --host -u -e 'probe begin { try { y = 1 / x } catch { println("caught") } exit() }'
is "-u: what is not used is computed" "$(cat "$WORK/out")" caught
run "$machtap" --host -e 'probe begin { try { y = 1 / x } catch { println("caught") } exit() }'
is "and without it" "$(cat "$WORK/out")" caught

# ---- colors --------------------------------------------------------------
script='probe begin { nosuch() }'
escape=$(printf '\033')
run "$machtap" --host --color=always -e "$script"
matches "color: the kind of message" "$WORK/err" \
    "^$escape\[01;31msemantic error:$escape\[m unresolved"
matches "color: the token" "$WORK/err" "identifier '$escape\[01mnosuch$escape\[m' at"
matches "color: the line" "$WORK/err" "source: $escape\[00;34mprobe begin"
matches "color: the caret" "$WORK/err" " $escape\[01m\^$escape\[m$"
for word in --color=never --color=auto ''; do
    # shellcheck disable=SC2086
    run "$machtap" --host $word -e "$script"
    ok "no color: '$word'" eval '! grep -q "$escape" "$WORK/err"'
done
run env SYSTEMTAP_COLORS=error=35:caret=36 "$machtap" --host --color -e "$script"
matches "SYSTEMTAP_COLORS: set" "$WORK/err" "^$escape\[35msemantic error"
matches "SYSTEMTAP_COLORS: another" "$WORK/err" "$escape\[36m\^"
run env SYSTEMTAP_COLORS=nonsense "$machtap" --host --color=always -e "$script"
ok "SYSTEMTAP_COLORS: nonsense is none" eval '! grep -q "$escape" "$WORK/err"'
run "$machtap" --host --colour=always -e 'probe begin { warn("w") error("e") }'
matches "color: run-time errors" "$WORK/err" "^$escape\[01;31mERROR:$escape\[m e"
matches "color: warnings" "$WORK/err" "^$escape\[00;33mWARNING:$escape\[m w"
run "$machtap" --color=sometimes -e "$script"
matches "color: no such word" "$WORK/err" "one of: always never auto; not 'sometimes'"

# ---- passes --------------------------------------------------------------
run "$machtap" --host -v -e 'global g function f(x) { return x }
    probe begin { g = f(1); println(g); exit() }'
kb='using [0-9]+virt/[0-9]+res/[0-9]+shr/[0-9]+data kb,'
time='in [0-9]+usr/[0-9]+sys/[0-9]+real ms\.$'
matches "pass 1" "$WORK/err" \
    "^Pass 1: parsed user script and [0-9]+ library scripts $kb $time"
matches "pass 2" "$WORK/err" \
    "^Pass 2: analyzed script: 1 probe, 1 function, 0 embeds, 1 global $kb $time"
matches "pass 3" "$WORK/err" "^Pass 3: translated to C $kb $time"
matches "pass 4" "$WORK/err" "^Pass 4: (using cached|compiled C into) .* $time"
matches "pass 5 begins" "$WORK/err" "^Pass 5: starting run\.$"
matches "pass 5" "$WORK/err" "^Pass 5: run completed $kb $time"
run "$machtap" --host --vp 01 -e 'probe begin { exit() }'
is "--vp 01: only of pass 2" "$(cut -d: -f1 "$WORK/err" | sort -u)" "Pass 2"
run "$machtap" --host --vp 00001 -e 'probe begin { exit() }'
is "--vp 00001: only of pass 5" "$(cut -d: -f1 "$WORK/err" | sort -u)" "Pass 5"
run "$machtap" --vp 12x -e 'probe begin { exit() }'
matches "--vp: no digits" "$WORK/err" "up to 5 digits.*'12x'"

# ---- what -p shows -------------------------------------------------------
run "$machtap" -p1 -e 'probe begin { println(1 + 2) }'
matches "-p1: the tree" "$WORK/out" '^probe begin'
run "$machtap" --host -p2 -e 'global g, a probe begin { g = 1; a["x"] = g; s = "t"; println(s) }'
matches "-p2: a global's type" "$WORK/out" '^g:long'
matches "-p2: an array's" "$WORK/out" '^a:long \[string\]'
matches "-p2: a local's" "$WORK/out" 's:string'
run "$machtap" -p3 -e 'probe kernel.function("vm_map_enter") { println($size) }'
matches "-p3: the C" "$WORK/out" 'const struct rt_program rt_program'
matches "-p3: the program" "$WORK/out" 'Program 0: [0-9]+ instructions'
run "$machtap" --host -p4 -e 'probe begin { println("x") exit() }'
ok "-p4: a file" test -x "$(cat "$WORK/out")"
tap_done
