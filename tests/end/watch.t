#!/usr/bin/env bash
# kernel.data(): who uses a variable of the kernel, and each time that it is
# used.  elapsed_ticks is written by clock_interrupt() alone, which adds 1; also
# while the script itself runs, so that is traced, too.
. tests/tap.sh
. tests/vm/machine.sh

SCRIPT='
global writes, last, gaps, elsewhere, named
probe kernel.data("elapsed_ticks").write {
    value = @var("elapsed_ticks")
    gaps += writes > 0 && value != last + 1
    last = value
    elsewhere += probefunc() != "clock_interrupt" ||
                 symname(addr()) != "clock_interrupt"
    if (!writes++) {
        printf("point %s\nwritten %s\ntype %s %d %d\n", pp(), pn(),
               probe_type(), is_return(), registers_valid())
        printf("where %d\n", register(@3) == addr())
        printf("vars <%s>\n", $$vars)
        print_backtrace()
    }
}
probe kernel.data($1).length($2).write { named++ }
probe end {
    printf("writes %d\ngaps %d\nelsewhere %d\n", writes > 0, gaps, elsewhere)
    printf("by address %d\n", named == writes)
}'

# looks KERNEL [OPTION...]
looks() {
    local kernel=$1 counter=rip address
    shift
    use_kernel "$kernel"
    [ "$WORD" = 8 ] || counter=eip
    address=0x$(symbols_of "$kernel" | awk '$3 == "elapsed_ticks" { print $1 }')
    run timeout -k 5 100 "$BIN/machtap" --kernel "$kernel" --self "$@" \
        -e "$SCRIPT" -c 'rpc=500' \
        "$address" "$WORD" "$counter"
    is "$kernel $*: a script that watches data" "$status" 0 || show "$WORK/err"
    tr -d '\r' <"$WORK/out" | grep -v '^workload' >"$WORK/got"
    is "$kernel $*: what it says of each write" "$(grep -v '^ ' "$WORK/got")" \
        'point kernel.data("elapsed_ticks").write
written kernel.data("elapsed_ticks").write
type kernel.data 0 1
where 1
vars <>
writes 1
gaps 0
elsewhere 0
by address 1'
    matches "$kernel $*: the stack begins there" "$WORK/got" \
        '^ 0x[0-9a-f]* : clock_interrupt[+]0x.*kernel'
    is "$kernel $*: nothing is lost" "$(cat "$WORK/err")" ""
}

symbols_of() {
    local file=$MACHTAP_HOME/kernels/$1
    nm "$file" 2>/dev/null || { zcat "$file" >"$WORK/nm" && nm "$WORK/nm"; }
}

for kernel in $(kernels trixie-amd64-up forky-486-up); do
    looks "$kernel"
done
[ -n "${MACHTAP_KERNEL:-}" ] || looks sid-amd64-smp --smp 2

use_kernel "${MACHTAP_KERNEL:-trixie-amd64-up}"
tap() {
    run timeout -k 5 60 "$BIN/machtap" --kernel "$(basename "$KERNEL")" "$@"
}

# need_ast[0] is set and cleared where threads are switched.
tap examples/writers.stp -c 'rpc=500'
is "who writes a variable" "$status" 0 || show "$WORK/err"
ok "each of the 500 calls and replies switches threads" awk '
    $2 == "thread_block" { blocks += $1 } $2 == "thread_handoff" { hands += $1 }
    END { exit !(blocks >= 500 && hands >= 500) }' "$WORK/out" ||
    show "$WORK/out"

tap -e 'global n, on = 1
    probe kernel.data("elapsed_ticks").rw if (on) { if (++n == 5) on = 0 }
    probe end { println("seen ", n) }' -c 'rpc=500'
is "one whose condition has become false is hit no more" \
    "$(grep -o 'seen .*' "$WORK/out" | tr -d '\r')" "seen 5"

tap -l 'kernel.data("elapsed_ticks").*'
is "listed" "$(cat "$WORK/out")" 'kernel.data("elapsed_ticks").rw
kernel.data("elapsed_ticks").write'
tap --dump-probe-types
is "kinds of points" "$(grep -c '^kernel.data(' "$WORK/out")" 8

# refused OPTION... SCRIPT MESSAGE
refused() {
    local message=${*: -1}
    tap "${@:1:$#-1}"
    is "fails: ${*: -2:1}" "$status" 1
    matches "because $message" "$WORK/err" "$message"
}
refused -p2 -e 'probe kernel.data("elapsed_tickz").rw { println(1) }' \
    "unable to find global 'elapsed_tickz' \\(similar: elapsed_ticks"
refused -p2 -e 'probe kernel.data("elapsed_ticks").length(9).rw { println(1) }' \
    'length out of range'
refused -p2 -e 'probe kernel.data(0xffffffff81000001).length(3).rw { println(1) }' \
    'cannot watch 4 bytes at 0xffffffff81000001: .* must be a multiple'
refused -p2 -e 'probe kernel.data("elapsed_ticks").write { println($x) }' \
    "unable to find local 'x'"
refused -p2 -e 'probe kernel.data("elapsed_ticks").read { println(1) }' \
    'alternatives: write length rw'
refused -e 'probe kernel.data(0x1000).rw { println(1) }' \
    'kernel.data\(0x1000\).rw cannot be attached: .* no memory of the kernel'
many=
for name in tickadj bigadj tickdelta timedelta hz; do
    many+="${many:+, }kernel.data(\"$name\").rw"
done
refused -e "probe $many { println(1) }" \
    'kernel.data\("hz"\).rw cannot be attached: all debug registers are in use'
matches "of which a warning came before" "$WORK/err" \
    'WARNING: the script watches 5 places'
tap_done
