#!/usr/bin/env bash
# Files, lines and symbols of addresses as a script's process finds them, in
# the table that it is given, are those that addr2line, which reads DWARF
# itself, says: of each instruction of kernels and of programs.
. tests/tap.sh

# instructions FILE: the address of each.
instructions() {
    objdump -d --no-show-raw-insn -j .text "$1" |
        sed -n 's/^ *\([0-9a-f]*\):.*/\1/p'
}

# What addr2line said, as the table has it: the whole path, or one from the
# top of the sources; "?" for what is not known.
normal_paths() {
    sed -e 's/ (discriminator [0-9]*)$//' -e 's/^.*:[?0]$/?/' -e 's|^\./||' \
        -e ':again' -e 's|[^/]*/\.\./||' -e 't again' -e 's|/\./|/|g'
}

# lines_agree NAME KIND FILE: the table's answers are left in "all".
lines_agree() {
    instructions "$3" >"$WORK/addresses"
    "$BUILD/test/debuginfo-resolve" "$2" "$3" <"$WORK/addresses" \
        >"$WORK/all" 2>"$WORK/size"
    cut -d' ' -f3 "$WORK/all" >"$WORK/got"
    addr2line -e "$3" <"$WORK/addresses" 2>"$WORK/err" |
        normal_paths >"$WORK/expected"
    ok "$1: lines of $(wc -l <"$WORK/got") instructions are addr2line's" \
        cmp "$WORK/got" "$WORK/expected" ||
        show <(diff "$WORK/got" "$WORK/expected" | head -n 20)
}

for kernel in build/home/kernels/*-amd64-*; do
    name=${kernel##*/}
    lines_agree "$name" kernel "$kernel"
    ok "$name: nearly all instructions have one" \
        test "$(grep -c '^?$' "$WORK/got")" -lt 3000
    ok "$name: in less than 200 KB" \
        test "$(cut -d' ' -f1 "$WORK/size")" -lt 200000
done

for module in build/home/modules/*/workload; do
    name=${module#build/home/modules/}
    lines_agree "$name" program "$module"
    # Where several symbols are at one address any of them will do.
    nm -S "$module" | awk 'NF == 4 && $3 ~ /[tT]/ { print $4, $1, $2 }' \
        >"$WORK/symbols"
    cut -d' ' -f1,2 "$WORK/all" >"$WORK/named"
    run python3 tests/debuginfo/nm_compare.py "$WORK/named" "$WORK/symbols"
    is "$name: each is in the function that nm has" "$status" 0 ||
        show "$WORK/out"
done

run "$BUILD/test/debuginfo-resolve" program /bin/true
is "a program that may be loaded anywhere is refused" "$status" 1
matches "and why is said" "$WORK/err" 'position-independent'
run "$BUILD/test/debuginfo-resolve" program "$0"
is "what is no program is refused" "$status" 1
tap_done
