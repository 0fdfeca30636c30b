#!/usr/bin/env bash
# Probe points by line of the source: for every line of a kernel, where other
# readers of DWARF say that its statements are; and the forms in which scripts
# ask for lines.
. tests/tap.sh

KERNEL=build/home/kernels/trixie-amd64-up

# statements PATTERN...: FUNCTION@FILE:LINE ADDRESS of each place, without
# folders and without what the compiler added to a function's name.
suffix=
statements() {
    for pattern; do
        "$BUILD/test/translate-script" "$kernel" plan \
            "probe kernel.statement($pattern)$suffix { print(1) }" 2>>"$WORK/err"
    done | sed -E -n \
        -e 's/^statement kernel.statement\("(.*)"\).* at (0x.*)/\1 \2/' \
        -e 's/(\.(part|constprop|isra|cold)(\.[0-9]+)?)+@/@/' \
        -e 's|@.*/|@|p' | LC_ALL=C sort -u
}

for name in trixie-amd64-up sid-amd64-smp; do
    kernel=build/home/kernels/$name
    gdb -nx -batch -x tests/debuginfo/gdb_statements.py "$kernel" 2>"$WORK/err" |
        LC_ALL=C sort -u >"$WORK/rows"
    grep ' first$' "$WORK/rows" | sed 's/ first$//' >"$WORK/first"
    sed 's/ first$//' "$WORK/rows" | LC_ALL=C sort -u >"$WORK/known"
    # A script has at most 8192 probes.
    statements '"[A-Z_ab]*@*:*"' '"[c-e]*@*:*"' '"[f-h]*@*:*"' '"i*@*:*"' \
        '"[j-l]*@*:*"' '"[m-o]*@*:*"' '"[p-r]*@*:*"' '"[s-u]*@*:*"' \
        '"[v-z]*@*:*"' >"$WORK/got"
    count=$(wc -l <"$WORK/got")
    ok "$name: there are tens of thousands, $count" test "$count" -gt 30000
    LC_ALL=C comm -23 "$WORK/got" "$WORK/known" >"$WORK/wrong"
    is "$name: each is a statement of its line and function" \
        "$(head -n 5 "$WORK/wrong")" ""
    LC_ALL=C comm -13 "$WORK/got" "$WORK/first" >"$WORK/missing"
    is "$name: the first of each line in each expansion is there" \
        "$(head -n 5 "$WORK/missing")" ""
    # Two expansions that gdb takes for one are ours to tell apart.
    ok "$name: and no others" \
        test "$(LC_ALL=C comm -23 "$WORK/got" "$WORK/first" | wc -l)" -lt 20
done

# What lines of vm_map_enter have statements, by readelf and gdb.
kernel=$KERNEL
gdb -nx -batch -x tests/debuginfo/gdb_statements.py "$kernel" 2>"$WORK/err" |
    sed -n 's/^vm_map_enter@vm_map.c:\([0-9]*\) .* first$/\1/p' |
    sort -n -u >"$WORK/lines"
declared=$(gdb -nx -batch -ex 'python print(gdb.lookup_global_symbol(
    "vm_map_enter").line)' "$kernel" 2>"$WORK/err")
mapfile -t line <"$WORK/lines"

# asks NAME PATTERN EXPECTED...: lines of vm_map_enter.
asks() {
    local name=$1 pattern=$2
    shift 2
    is "$name" "$(statements "$pattern" | sed -n 's/.*:\([0-9]*\) .*/\1/p' |
        sort -n -u | tr '\n' ' ')" "$(printf '%s ' "$@")"
}

asks "a line" "\"vm_map_enter@vm/vm_map.c:${line[4]}\"" "${line[4]}"
asks "lines" "\"vm_map_enter@vm_map.c:${line[9]},${line[3]}\"" \
    "${line[3]}" "${line[9]}"
asks "a range" "\"vm_map_enter@vm_map.c:${line[3]}-${line[12]}\"" \
    "${line[@]:3:10}"
asks "a range and a line" \
    "\"vm_map_enter@vm_map.c:${line[1]},${line[3]}-${line[5]}\"" \
    "${line[1]}" "${line[@]:3:3}"
asks "all lines of a function" '"vm_map_enter@vm_map.c:*"' "${line[@]}"
asks "a line from the declaration" \
    "\"vm_map_enter@vm_map.c+$((line[7] - declared))\"" "${line[7]}"
asks "lines from the declaration" \
    "\"vm_map_enter@vm_map.c:+$((line[2] - declared)),$((line[7] - declared))\"" \
    "${line[2]}" "${line[7]}"
asks "any function that has the line" "\"*@vm/vm_map.c:${line[8]}\"" "${line[8]}"
asks "a wildcard for the file" "\"vm_map_e*@vm/*_map.c:${line[8]}\"" "${line[8]}"

# Between two lines that are apart: the function's first gap of four or more.
for ((i = 0; line[i] < declared || line[i + 1] - line[i] < 4; i++)); do :; done
low=${line[i]} high=${line[i + 1]}
suffix=.nearest
asks "the nearest line is before" "\"vm_map_enter@vm_map.c:$((low + 1))\"" \
    "$low"
asks "the nearest line is behind" "\"vm_map_enter@vm_map.c:$((high - 1))\"" \
    "$high"
asks "before the declaration, it is the first" '"vm_map_enter@vm_map.c:1"' \
    "${line[0]}"
asks "counted from the declaration" \
    "\"vm_map_enter@vm_map.c+$((low + 1 - declared))\"" "$low"
asks "for each of several lines" \
    "\"vm_map_enter@vm_map.c:$((high - 1)),${line[20]}\"" "$high" "${line[20]}"
asks "for the ends of a range" \
    "\"vm_map_enter@vm_map.c:$((low + 1))-$((high - 1))\"" "$low" "$high"
suffix=

# asks_function NAME ARGUMENT: it is vm_map_enter.
address=0x$(nm "$kernel" | awk '$3 == "vm_map_enter" { print $1 }')
asks_function() {
    is "$1" "$("$BUILD/test/translate-script" "$kernel" plan \
        "probe kernel.function($2).call { print(1) }" 2>"$WORK/err" |
        sed -n 's/^function .* at //p')" "$address"
}

asks_function "a function by its line" "\"*@vm_map.c:${line[8]}\""
asks_function "a function by the line of its declaration" \
    "\"*@vm/vm_map.c:$declared\""
asks_function "a function by an address in it" "$((address + 100))"
tap_done
