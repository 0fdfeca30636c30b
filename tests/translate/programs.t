#!/usr/bin/env bash
# Programs: those for every parameter of every function pass the verifier, and
# what they record is what was in registers and memory.
. tests/tap.sh

script() {
    "$BUILD/test/translate-script" "$@" 2>"$WORK/err" ||
        show "$WORK/err"
}

# A probe of each place that -L lists, which prints all variables listed.
probes() {
    awk '{
        printf "probe %s { print(1", $1
        for (i = 2; i <= NF; i++)
            if ($i ~ /^\$/) {
                split($i, part, ":")
                printf ") print(@defined(%s) ? %s : 0", part[1], part[1]
            }
        print ") }"
    }'
}

for kernel in build/home/kernels/{*-amd64-up,sid-486-smp}; do
    name=${kernel##*/}
    script "$kernel" -L 'kernel.function("*")' | probes >"$WORK/all.stp"
    script "$kernel" plan - <"$WORK/all.stp" >"$WORK/plan"
    matches "$name: each function is a point" "$WORK/plan" '^1[67][0-9]{2} points'
    # A handler says what it records: "handler 5: 16 bytes, $a at ..., ...".
    ok "$name: nearly all parameters are recorded" \
        awk '/^handler/ { n += NF > 3 ? split($0, parts, ", ") - 1 : 0 }
             END { print "# " n " values"; exit !(n > 2000) }' "$WORK/plan"
    script "$kernel" verify - <"$WORK/all.stp" >"$WORK/out"
    matches "$name: the verifier takes all programs" "$WORK/out" \
        '^[1-9][0-9]+ programs, 0 refused$'
done

kernel=build/home/kernels/trixie-amd64-up

# records NAME FUNCTION VALUES EXPECTED: the words of the record.
records() {
    script "$kernel" run \
        "probe kernel.function(\"$2\") { println($3) }" \
        >"$WORK/out"
    is "$1" "$(cat "$WORK/out")" "$4"
}

# The registers and the memory of run_programs.h; a record that can lack values
# begins with a word that says which.
records "a register" vm_map_enter '$size' '1716151413121110'
records "32 bits of one, signed" vm_map_enter '$anywhere' 'ffffffff83828180'
records "32 bits of one, unsigned" mach_port_deallocate '$name' '43424140'
records "the stack above the return address" vm_map_enter '$offset' \
    '0 fedcba9876543201'
records "32 bits of it, signed" vm_map_enter '$inheritance' '0 76543205'
records "a struct in two registers" host_adjust_time64 \
    '$new_adjustment->nanoseconds, $new_adjustment->seconds' \
    '1716151413121110 4746454443424140'
records "32 bits of the second" host_adjust_time \
    '$new_adjustment->microseconds' '13121110'
records "nothing" vm_map_enter '"x"' '0'
records "task, thread and name" vm_map_enter 'task(), thread(), execname()' \
    '7a 7b 74736f68 0 0 0'

offset() {
    "$BUILD/test/debuginfo-dump" "$kernel" "$@" | awk '{ print $3 }'
}

# $map is register 5, which points to word 32.
word=$((32 + $(offset vm_map size) / 8))
records "a member" vm_map_enter '$map->size' \
    "$(printf '0 fedcba98765432%02x' $word)"
script "$kernel" run \
    'probe kernel.function("vm_map_enter") { println($map, &$map->size) }' \
        >"$WORK/out"
read -r map size <"$WORK/out"
is "the address of a member" $((16#$size - 16#$map)) "$(offset vm_map size)"
records "a wild pointer" vm_map_enter '$object->ref_count' '1 0'
records "a wild pointer beside what can be read" vm_map_enter \
    '$object->ref_count, $offset' '1 0 fedcba9876543201'
records "an element" vm_map_enter '$address[0]' '1 0'

# $thread of thread_terminate is register 5; its bit fields are in a word
# "fedcba98765432NN", read from bit 16 * 3 on and so on.
read -r _ _ at bit bits _ < <("$BUILD/test/debuginfo-dump" "$kernel" thread active)
value=$((0xfedcba9876543200 | 32 + at / 8))
value=$((value >> (at % 8 * 8 + bit) & ((1 << bits) - 1)))
records "a bit field" thread_terminate '$thread->active' \
    "$(printf '0 %x' $value)"
# i386 has its parameters on the stack: from word 0's upper half on, each of 4
# bytes, and one of 8 in two of these.
kernel=build/home/kernels/sid-486-smp
records "i386: the first parameter" vm_map_enter '$map' '0 fedcba98'
records "i386: the fourth" vm_map_enter '$mask' '0 76543202'
records "i386: one with a sign" vm_map_enter '$anywhere' '0 fffffffffedcba98'
records "i386: a struct of two numbers of 64 bits" host_set_time64 \
    '$new_time->seconds, $new_time->nanoseconds' \
    '0 fedcba9876543201 fedcba9876543202'
records "i386: a number of 64 bits behind five words" vm_allocate_contiguous \
    '$pmin' '0 fedcba9876543203'
records "i386: a bad pointer" vm_map_enter '$map->size' '1 0'
records "i386: registers" vm_map_enter \
    'u_register("eax"), u_register("ecx"), u_register("edi")' \
    '3020100 13121110 73727170'
records "i386: arguments by number" vm_map_enter \
    'int_arg(1), uint_arg(1), uint_arg(2), longlong_arg(2), pointer_arg(4)' \
    '0 fffffffffedcba98 fedcba98 76543201 fedcba9876543201 76543202'
# Register 5, ebp, points to word 32.
word=$((32 + $(offset vm_map size) / 8))
half=$(($(offset vm_map size) % 8))
records "i386: a member" vm_map_enter \
    '@cast(u_register("ebp"), "struct vm_map")->size' \
    "0 $( ((half)) && echo fedcba98 || printf '765432%02x' $word)"
records "i386: a word of memory has 4 bytes" vm_map_enter \
    'kernel_pointer(u_register("ebp")), kernel_long(u_register("ebp") + 4)' \
    '0 76543220 fffffffffedcba98'

# The result is in eax, its upper half in edx; with PAE addresses have 64 bits.
kernel=build/home/kernels/forky-486-pae
script "$kernel" run 'probe kernel.function("pmap_extract").return {
    println($return, returnval()) }' >"$WORK/out"
is "i386: a result of 64 bits" "$(cat "$WORK/out")" '2322212003020100 3020100'
kernel=build/home/kernels/sid-486-smp
script "$kernel" run 'probe kernel.function("vm_allocate").return {
    println($return) }' >"$WORK/out"
is "i386: and one of 32" "$(cat "$WORK/out")" '3020100'

# Variables of 64 bits that are in a pair of registers.
"$BUILD/test/debuginfo-dump" "$kernel" middle |
    sed -n 's/^F \([0-9a-f]*\) .*/at=\1/p
            s/^P \([a-z_]*\) 8 .* : pieces \[32 r\([0-9]\) value\] \[32 r\([0-9]\) value\]$/\1 \2 \3/p' |
    awk '/^at=/ { at = substr($0, 4); next } { print at, $0 }' >"$WORK/pairs"
ok "i386: some variables are in two registers" test -s "$WORK/pairs"
while read -r at name low high; do
    script "$kernel" run \
        "probe kernel.statement(0x$at).absolute { println(\$$name) }" \
        >"$WORK/out"
    # Where another function is expanded the names are its own.
    grep -q 'expanded in another function' "$WORK/err" && continue
    is "i386: $name at $at is put together" "$(cat "$WORK/out")" \
        "$(printf '%x' $((0x${high}3${high}2${high}1${high}0${low}3${low}2${low}1${low}0)))"
done <"$WORK/pairs"
tap_done
