#!/usr/bin/env bash
# ebpf-run: its command line, and programs that clang has compiled from C.
. tests/tap.sh

EBPF_RUN=$BUILD/test/ebpf-run
RETURN_42='b7000000 2a000000 95000000 00000000'
LOAD_R1='79100000 00000000 95000000 00000000'
FOREVER='0500ffff 00000000'

# gives NAME PROGRAM EXPECTED WORDS...: run PROGRAM, which prints EXPECTED.
gives() {
    local name=$1 program=$2 expected=$3
    shift 3
    is "$name" "$(echo "$program" | "$EBPF_RUN" "$@" 2>&1)" "$expected"
}

# refuses NAME PROGRAM PATTERN WORDS...: exit status 1 and a message.
refuses() {
    local name=$1 program=$2 pattern=$3
    shift 3
    echo "$program" | "$EBPF_RUN" "$@" >"$WORK/out" 2>"$WORK/err"
    is "$name: exit status" $? 1
    is "$name: nothing is printed" "$(cat "$WORK/out")" ""
    matches "$name: message" "$WORK/err" "$pattern"
}

gives "a program" "$RETURN_42" 2a
gives "white space is skipped" "${RETURN_42//0/0
}" 2a
gives "memory in r1" "$LOAD_R1" 8877665544332211 "11 22 3344 55667788"
gives "empty memory" "$RETURN_42" 2a ""
gives "verified" "$RETURN_42" "" --verify-only
gives "verified with memory" "$LOAD_R1" "" "0000000000000000" --verify-only

refuses "half a byte" "b70" 'half a byte'
refuses "no hex" "b7zz" "'z' at offset 2"
refuses "half an instruction" "b7000000" 'no whole number'
refuses "no program" "" '1 to 4096 instructions'
refuses "bad memory" "$RETURN_42" 'memory: half a byte' 123
refuses "two memories" "$RETURN_42" 'only one memory' 12 34
refuses "unknown option" "$RETURN_42" 'no option --verify' --verify
refuses "no such instruction" "ff00000000000000 9500000000000000" \
    'insn 0: there is no opcode 0xff'
refuses "wild read" "$LOAD_R1" 'insn 0: a read of 8 bytes'
refuses "read past the end" "$LOAD_R1" 'a read of 8 bytes' 11223344556677
refuses "no end" "$FOREVER" 'still running after'
refuses "verify: no end" "$FOREVER" 'insn 0: a loop .* has no end' \
    --verify-only
refuses "verify: past the end" "$LOAD_R1" 'bytes 0 to 6' --verify-only \
    11223344556677

# Each file says what memory it wants and what comes out.
for source in tests/program/clang/*.c; do
    memory=$(sed -n 's/.*memory: //p' "$source")
    for cpu in v1 v2 v3; do
        name="$(basename "$source") for $cpu"
        clang -target bpf -mcpu=$cpu -O2 -Wall -Wno-unused-const-variable \
            -nostdinc -isystem "$(clang -print-resource-dir)/include" \
            -I. -c "$source" -o "$WORK/program.o" 2>"$WORK/err" ||
            show "$WORK/err"
        # .text is the first section with code; hex of its bytes.
        program=$(readelf -x .text "$WORK/program.o" |
            sed -n 's/^  0x[0-9a-f]* \(.\{35\}\).*/\1/p')
        if pattern=$(grep -o 'refused: .*' "$source"); then
            refuses "$name" "$program" "${pattern#refused: }" --verify-only \
                "$memory"
        else
            gives "$name: verified" "$program" "" --verify-only "$memory"
            gives "$name: result" "$program" \
                "$(sed -n 's/.*result: //p' "$source")" "$memory"
        fi
    done
done
tap_done
