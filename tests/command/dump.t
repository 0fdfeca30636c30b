#!/bin/bash
# Lists of what scripts can use.
. tests/tap.sh
machtap=$BIN/machtap

run "$machtap" --dump-functions
is "functions: status" "$status" 0
matches "a function of the language" "$WORK/out" '^substr:string \(string:string, start:long, length:long\)$'
matches "a function of the library" "$WORK/out" '^htonl:long \(x:long\)$'
matches "one without value" "$WORK/out" '^exit \(\)$'
ok "nothing private" eval '! grep -q "^_" "$WORK/out"'
ok "sorted" env LC_ALL=C sort -c "$WORK/out"

run "$machtap" -v --dump-functions
ok "each is documented" eval '! grep -vP "\t.*\w" "$WORK/out"'

"$machtap" --dump-functions | sed 's/[: ].*//' | sort -u >"$WORK/functions"
# Some are called as C functions.
cat tests/scripts/*/*.stp tests/end/*/*.stp tests/{command,end}/*.t \
    tests/runtime/*_test.c |
    grep -o '[A-Za-z_0-9]*(' | sed 's/^rt_//; s/($//' | sort -u >"$WORK/called"
comm -23 "$WORK/functions" "$WORK/called" >"$WORK/untested"
ok "each is called by a test" test ! -s "$WORK/untested" ||
    show "$WORK/untested"

# The comments that say so are those that manual pages are made of.
library=$MACHTAP_HOME/tapset
run "$BIN/pages" "$WORK/man" "$library"/*.stp "$library"/*.stpm
is "manual pages are made of them" "$status" 0 || show "$WORK/err"
for page in function::tokenize probe::scheduler.switch macro::prints2; do
    ok "$page has a page" test -s "$WORK/man/$page.3machtap"
done
matches "a page has both forms of a function" \
    "$WORK/man/function::tokenize.3machtap" \
    '^.Li "tokenize:string \(string:string, delimiters:string\)"$'
matches "and names its arguments" "$WORK/man/function::tokenize.3machtap" \
    '^.It Va "delimiters"$'
ok "all are in machtap-functions(7)" eval '"$machtap" --dump-functions |
    sed "s/^/.It Li \"/; s/$/\"/" |
    grep -vxFf "$WORK/man/machtap-functions.7" >"$WORK/absent"
    test ! -s "$WORK/absent"' || show "$WORK/absent"
ok "all aliases are in machtap-probes(7)" eval '"$machtap" --dump-probe-aliases |
    sed "s/ = .*//; s/^/.It Li \"/; s/$/\"/" |
    grep -vxFf "$WORK/man/machtap-probes.7" >"$WORK/absent"
    test ! -s "$WORK/absent"' || show "$WORK/absent"
run "$machtap" -v --dump-probe-aliases
matches "aliases are documented" "$WORK/out" \
    '^vm.fault = kernel.function\("vm_fault"\)	a page fault is resolved'
ok "each of them" eval '! grep -vP "\t.*\w" "$WORK/out"'
mkdir "$WORK/wrong"
printf '/*\n * W.\n */\n\n/**\n * sfunction f - x\n *\n * @b: y\n */\nfunction f(a) { return a }\n' >"$WORK/wrong/w.stp"
run "$BIN/pages" "$WORK/man" "$WORK/wrong/w.stp"
is "what is not there cannot be documented" "$status" 1
matches "which is said" "$WORK/err" \
    '^pages: function f with 1 parameters of these names is documented, but there is none$'

printf '/*\n * W.\n */\n\n/**\n * probe a - x\n *\n * @b: y\n */\nprobe a = begin { c = 1 }\n' >"$WORK/wrong/w.stp"
run "$BIN/pages" "$WORK/man" "$WORK/wrong/w.stp"
matches "a variable that an alias does not give neither" "$WORK/err" \
    '^pages: probe a with 1 parameters of these names is documented'

run "$machtap" --dump-probe-types
matches "kinds of probe points" "$WORK/out" '^timer\.ms\(number\)\.randomize\(number\)$'
run "$machtap" --privilege=stapusr --dump-probe-types
matches "without privilege: timers" "$WORK/out" '^timer\.ms\(number\)$'
ok "without privilege: no kernel" eval '! grep -q "^k\|profile" "$WORK/out"'
mkdir "$WORK/library"
echo 'probe one.two = begin, end { }' >"$WORK/library/one.stp"
run "$machtap" -I "$WORK/library" --dump-probe-aliases
matches "aliases" "$WORK/out" '^one\.two = begin, end$'
tap_done
