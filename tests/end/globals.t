#!/usr/bin/env bash
# Variables of the kernel by @var: each is where nm and gdb say, whatever file
# defines it; of static ones that several files have, the one that is meant.
. tests/tap.sh

kernels=build/home/kernels

# addresses KERNEL NAME...: a script that prints where each is, as "name hex".
addresses() {
    local kernel=$1 i=0
    shift
    {
        for name; do
            # What one handler takes of a hit is limited.
            ((i++ % 50)) || echo '}
probe kernel.function("vm_map_enter") {'
            echo "    printf(\"var $name %x\\n\", &@var(\"$name\"))"
        done
        echo '}
probe kernel.function("vm_map_enter") { exit() }'
    } | sed 1d >"$WORK/globals.stp"
    run "$BIN/machtap" --kernel "$kernel" "$WORK/globals.stp" -c 'vm=1 rpc=1'
    tr -d '\r' <"$WORK/out" | sed -n 's/^var //p' | LC_ALL=C sort -u
}

kernel=$kernels/trixie-amd64-up
# Of data that C defines; assembler's has no debugging information.
gdb -nx -batch -ex 'info variables -q -n' "$kernel" 2>"$WORK/err" |
    sed -E -n 's/^[0-9]+:.*[ *]([A-Za-z_][A-Za-z0-9_]*)(\[[0-9]*\])*;$/\1/p' |
    LC_ALL=C sort | uniq -u >"$WORK/known"
nm "$kernel" | awk '$2 ~ /[BDR]/ { print $3, $1 }' | LC_ALL=C sort |
    LC_ALL=C join - "$WORK/known" | sed 's/ 0*/ /' >"$WORK/expected"
ok "there are hundreds" test "$(wc -l <"$WORK/expected")" -gt 250
mapfile -t names < <(cut -d' ' -f1 "$WORK/expected")
addresses "$kernel" "${names[@]}" >"$WORK/got"
ok "all are where nm says, all $(wc -l <"$WORK/got")" \
    cmp "$WORK/got" "$WORK/expected" ||
    show <(diff "$WORK/got" "$WORK/expected" | head -n 10) "$WORK/err"

# Drivers of the 32-bit kernels have statics of one name.
kernel=$kernels/forky-486-pae
run "$BIN/machtap" --kernel "$kernel" -p3 -e \
    'probe kernel.function("vm_map_enter") { println(&@var("ports")) }'
is "one that several files have is refused without a file" "$status" 1
matches "and they are told" "$WORK/err" \
    'several static variables .ports.: say which .*/ahci.c, .*/aha152x.c, .*/fdomain.c'
files=(ahci.c aha152x.c fdomain.c)
for file in "${files[@]}"; do
    gdb -nx -batch -ex "print &'$file'::ports" "$kernel" 2>"$WORK/err" |
        sed -n "s/.* 0x\([0-9a-f]*\) <ports>.*/ports@$file \1/p"
done | LC_ALL=C sort >"$WORK/expected"
is "gdb finds each" "$(wc -l <"$WORK/expected")" 3
addresses "$kernel" "${files[@]/#/ports@}" >"$WORK/got"
ok "with the file, each is the right one" cmp "$WORK/got" "$WORK/expected" ||
    show "$WORK/got" "$WORK/err"

# Without a file it is the probe's own file that counts, then what is not
# static; a file that only declares a variable will do, too.
driver=$("$BIN/machtap" --kernel "$kernel" -l \
    'kernel.function("*@block/ahci.c")' | sed -n '1s/.*("\(.*\)@.*/\1/p')
address=$(sed -n 's/^ports@ahci.c //p' "$WORK/expected")
run "$BIN/machtap" --kernel "$kernel" -p3 -e \
    "probe kernel.function(\"$driver\") { println(&@var(\"ports\")) }"
matches "a probe's own file comes first" "$WORK/out" "0x${address}000008b4"
run "$BIN/machtap" --kernel "$kernel" -p3 -e \
    'probe kernel.function("vm_map_enter") { println(&@var("kernel_map@task.c")) }'
is "a declaration is followed" "$status" 0
run "$BIN/machtap" -p3 -e \
    'probe kernel.function("vm_map_enter") { println(@var("kernel_mapp")) }'
matches "a name like it is offered" "$WORK/err" \
    "unable to find global 'kernel_mapp' \(similar: kernel_map,"
run "$BIN/machtap" -p3 -e \
    'probe kernel.function("vm_map_enter") { println(@var("version@vm/*.c")) }'
matches "where it is instead is said" "$WORK/err" \
    "unable to find global 'version' in vm/\*.c; it is in .*version.c"
tap_done
