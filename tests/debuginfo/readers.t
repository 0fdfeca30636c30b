#!/usr/bin/env bash
# What is read from DWARF is what gdb and readelf, which have readers of their
# own, read:
# parameters at the entry of every function, members of structs.
. tests/tap.sh

STRUCTS="task thread vm_map vm_map_entry vm_object vm_page ipc_port ipc_space
         ipc_entry processor kmem_cache device mach_msg_header pmap"

for kernel in build/home/kernels/{*-amd64-up,forky-486-up}; do
    name=${kernel##*/}
    run "$BUILD/test/debuginfo-dump" "$kernel"
    is "$name: functions are listed" "$status" 0
    mv "$WORK/out" "$WORK/dump"
    ok "$name: all but few parameters have a place at the entry" \
        awk '/^P/ { n++ } /^P.* ! / { bad++ }
             END { print "# " n " parameters, " bad " without a place"
                   exit !(n > 3000 && bad < n / 50) }' "$WORK/dump"
    run python3 tests/debuginfo/gdb_compare.py scopes "$kernel" "$WORK/dump"
    is "$name: parameters are where gdb finds them" "$status" 0
    show "$WORK/out"
    matches "$name: and that is thousands" "$WORK/out" '^[3-9][0-9]{3} '
    "$BUILD/test/debuginfo-dump" "$kernel" middle >"$WORK/dump"
    run python3 tests/debuginfo/gdb_compare.py middles "$kernel" "$WORK/dump"
    is "$name: so are variables in the middle of functions" "$status" 0
    show "$WORK/out"
    matches "$name: some of them in pieces" "$WORK/out" '^[3-9] in pieces'
    # shellcheck disable=SC2086
    run python3 tests/debuginfo/gdb_compare.py structs "$kernel" \
        "$BUILD/test/debuginfo-dump" $STRUCTS
    is "$name: members are where gdb finds them" "$status" 0
    show "$WORK/out"
done

# For each function with code and inlined instances: its address and how many,
# by readelf, which has a reader of its own.
inlined() {
    readelf --debug-dump=info "$1" 2>"$WORK/err" | awk '
        /DW_TAG_/ {
            tag = $0; sub(/.*\(/, "", tag); sub(/\).*/, "", tag)
            match($0, /<[0-9a-f]+>: Abb/)
            at = substr($0, RSTART + 1, RLENGTH - 7)
        }
        /DW_AT_abstract_origin/ {
            to = $NF; gsub(/[<>]|0x/, "", to)
            if (tag == "DW_TAG_inlined_subroutine") count[to]++
            else if (tag == "DW_TAG_subprogram") origin[at] = to
        }
        /DW_AT_low_pc/ && tag == "DW_TAG_subprogram" {
            low = $NF; sub(/0x/, "", low); address[at] = low
        }
        END {
            for (at in address) {
                to = at in origin ? origin[at] : at
                if (count[to] > 0) print address[at], count[to]
            }
        }' | sort
}

kernel=build/home/kernels/trixie-amd64-up
"$BUILD/test/debuginfo-dump" "$kernel" >"$WORK/dump"
inlined "$kernel" >"$WORK/expected"
awk '/^F/ && $8 > 0 { print $2, $8 }' "$WORK/dump" | sort >"$WORK/got"
# What was split off a function shares its instances.
nm "$kernel" | awk '/\.(part|cold)/ { print $1 }' >"$WORK/parts"
grep -v -F -f "$WORK/parts" "$WORK/expected" >"$WORK/whole"
ok "inlined instances are those readelf finds" \
    cmp "$WORK/got" "$WORK/whole" || show "$WORK/got"
ok "and they are many" test "$(wc -l <"$WORK/got")" -gt 200

refuses() {
    run "$BUILD/test/debuginfo-dump" "$2"
    is "$1: refused" "$status" 1
    matches "$1: with the reason" "$WORK/err" "$3"
}

strip -o "$WORK/stripped" "$kernel"
strip --strip-debug -o "$WORK/undebugged" "$kernel"
gzip -c "$kernel" >"$WORK/packed.gz"
head -c 100000 "$kernel" >"$WORK/short"
refuses "a stripped kernel" "$WORK/stripped" 'no symbol table.*-dbg packages'
refuses "a kernel without DWARF" "$WORK/undebugged" 'debugging information'
refuses "a kernel cut off" "$WORK/short" 'no symbol table'
refuses "a text" "$0" 'no ELF file'
refuses "a program" /bin/true 'no executable|no symbol table'
refuses "an absent file" "$WORK/absent" 'No such file'
run "$BUILD/test/debuginfo-dump" "$WORK/packed.gz"
ok "a gzipped kernel is read as well" cmp "$WORK/out" "$WORK/dump"
tap_done
