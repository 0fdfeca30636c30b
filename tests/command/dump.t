#!/bin/bash
# Lists of what scripts can use.
. tests/tap.sh
machtap=$BIN/machtap

run "$machtap" --dump-functions
is "functions: status" "$status" 0
matches "a function of the language" "$WORK/out" '^substr:string \(string, long, long\)$'
matches "a function of the library" "$WORK/out" '^htonl:long \(x:long\)$'
matches "one without value" "$WORK/out" '^exit \(\)$'
ok "nothing private" eval '! grep -q "^_" "$WORK/out"'
ok "sorted" env LC_ALL=C sort -c "$WORK/out"

run "$machtap" -v --dump-functions
ok "each is documented" eval '! grep -vP "\t.*\w" "$WORK/out"'

run "$machtap" --dump-probe-types
matches "kinds of probe points" "$WORK/out" '^timer\.ms\(number\)\.randomize\(number\)$'
mkdir "$WORK/library"
echo 'probe one.two("x") = begin, end { }' >"$WORK/library/one.stp"
run "$machtap" -I "$WORK/library" --dump-probe-aliases
matches "aliases" "$WORK/out" '^one\.two\("x"\) = begin, end$'
tap_done
