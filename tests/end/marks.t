#!/usr/bin/env bash
# Marks in a task's program (marks.c): what they are told with arrives.
. tests/tap.sh
. tests/vm/machine.sh

cat >"$WORK/marks.stp" <<'END'
global n, bytes, left
probe process.mark("sold") {
    n[user_string($arg3)]++
    bytes += $arg2
    left += $arg4
    printf("%d %s %s %d\n", $arg1, $$name, $$provider, $arg5)
}
probe process.provider("sh?p").mark("clo*") {
    printf("sum %d %s %s\n", $arg1, pp(), probefunc())
}
probe end {
    foreach (what+ in n)
        printf("%s %d\n", what, n[what])
    printf("bytes %d left %d\n", bytes, left)
}
END

run "$BIN/machtap" "$WORK/marks.stp" -c "$TASKS/marks"
is "the run ends well" "$status" 0 || show "$WORK/err" "$WORK/out"
is "nothing is lost, nothing warned of" "$(cat "$WORK/err")" ""
is "signed numbers, names, a constant" \
    "$(grep ' sold ' "$WORK/out" | paste -sd,)" \
    "0 sold shop -12,-1 sold shop -12,-2 sold shop -12,-3 sold shop -12,-4 sold shop -12,-5 sold shop -12,-6 sold shop -12,-7 sold shop -12,-8 sold shop -12"
is "strings by a pointer" "$(grep -E '^(bread|milk|salt) ' "$WORK/out" |
    paste -sd,)" "bread 3,milk 3,salt 3"
# 250 to 255, and 0 to 2; three times -5, 7 and 300.
matches "bytes, and numbers in memory" "$WORK/out" '^bytes 1518 left 906$'
matches "a glob for the names" "$WORK/out" \
    '^sum 36 process\("marks"\).provider\("shop"\).mark\("closed"\) main$'

run "$BIN/machtap" -L 'process.mark("*")' -c "$TASKS/marks"
is "a list" "$(cat "$WORK/out")" \
    'process("marks").provider("shop").mark("closed") $arg1:long
process("marks").provider("shop").mark("sold") $arg1:long $arg2:long $arg3:long $arg4:long $arg5:long'
tap_done
