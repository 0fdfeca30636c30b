#!/usr/bin/env bash
# What is kept of a kernel's debugging information: lists are the same with it
# and without, a damaged one is made anew, another kernel at the same place is
# noticed, and several machtaps may begin at a time.
. tests/tap.sh

kernels=$PWD/build/home/kernels
export MACHTAP_CACHE=$WORK/cache
everything='kernel.function("*"), kernel.function("*").inline,
    kernel.statement("*@vm/*.c:*")'

# list FILE [KERNEL]: all that is known of functions.
list() {
    "$BIN/machtap" --kernel "${2:-$WORK/kernel}" -L "$everything" >"$1" \
        2>"$WORK/err"
}

kept() {
    echo "$MACHTAP_CACHE/functions"/*/functions
}

# How many times an index was kept, by its number in the file system.
number() {
    stat -c '%i %y' "$(kept)"
}

cp "$kernels/trixie-amd64-up" "$WORK/kernel"
ok "a kernel is read" list "$WORK/first"
ok "much is known of it" test "$(wc -l <"$WORK/first")" -gt 5000
ok "what is known of its functions is kept" test -s "$(kept)"
first=$(number)
list "$WORK/second"
ok "read again, it is the same" cmp "$WORK/first" "$WORK/second"
is "and nothing was written anew" "$(number)" "$first"
"$BIN/machtap" --no-cache --kernel "$WORK/kernel" -L "$everything" \
    >"$WORK/uncached" 2>"$WORK/err"
ok "without a cache it is the same" cmp "$WORK/first" "$WORK/uncached"

size=$(stat -c %s "$(kept)")
damage() {
    case $1 in
    "cut short") truncate -s $((size / 2)) "$(kept)" ;;
    empty) : >"$(kept)" ;;
    "a byte changed") printf '\377' |
        dd of="$(kept)" bs=1 seek=$((size / 3)) conv=notrunc 2>"$WORK/err" ;;
    longer) echo more >>"$(kept)" ;;
    esac
}
for damage in "cut short" empty "a byte changed" longer; do
    damage "$damage"
    list "$WORK/again"
    ok "$damage: it is not believed" cmp "$WORK/first" "$WORK/again"
    is "$damage: and replaced" "$(stat -c %s "$(kept)")" "$size"
done

cp "$kernels/sid-amd64-up" "$WORK/kernel"
list "$WORK/other"
list "$WORK/direct" "$kernels/sid-amd64-up"
ok "another kernel at the same place is another one" \
    cmp "$WORK/other" "$WORK/direct"
ok "which differs from the first" eval '! cmp -s "$WORK/first" "$WORK/other"'

rm -rf "$MACHTAP_CACHE"
for i in 1 2 3 4; do
    list "$WORK/parallel$i" &
done
wait
for i in 1 2 3 4; do
    ok "begun at the same time, number $i is right" \
        cmp "$WORK/parallel$i" "$WORK/other"
done
is "one index is left" "$(ls "$MACHTAP_CACHE/functions" | wc -l)" 1

# The table of lines is kept, too: the process that -p4 compiles holds it.
script='probe kernel.function("vm_map_enter") { println(symfileline(addr())) }'
compiled() {
    "$BIN/machtap" --kernel "$WORK/kernel" -p4 -e "$script" 2>"$WORK/err"
}
process=$(compiled)
table=$(echo "$MACHTAP_CACHE"/objects/*/object)
cp "$table" "$WORK/table"
ok "the lines of a kernel are kept" test -s "$table"
is "and found again" "$(compiled)" "$process"
truncate -s 1000 "$table"
is "a damaged table is made anew" "$(compiled)" "$process"
ok "as it was" cmp "$WORK/table" "$MACHTAP_CACHE"/objects/*/object
tap_done
