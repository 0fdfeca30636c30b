#!/usr/bin/env bash
# Places in programs of user mode: which program is meant, what is found in
# it, and what is refused.  Lines are those that grep finds in the sources.
. tests/tap.sh

machtap=$BIN/machtap
program=build/home/modules/x86_64/workload

# lists NAME PATTERN EXPECTED [OPTION...]
lists() {
    run "$machtap" -l "$2" "${@:4}"
    [ "$status" = 0 ] || show "$WORK/err"
    is "$1" "$(cat "$WORK/out")" "$3"
}

# refuses NAME PATTERN POINT [OPTION...]
refuses() {
    run "$machtap" -p3 -e "probe $3 { print(1) }" "${@:4}"
    is "$1: exit status" "$status" 1
    matches "$1" "$WORK/err" "$2"
}

# line FILE TEXT: the number of the line that begins with it.
line() {
    grep -n "^$2" "$1" | head -1 | cut -d: -f1
}

# Programs.
run_line=$(line workload/vm.c 'run(')
run="run@workload/vm.c:$run_line"
lists "a boot module" 'process("workload").function("run@vm.c")' \
    "process(\"workload\").function(\"$run\")"
lists "a path" "process(\"$program\").function(\"run@vm.c\")" \
    "process(\"$program\").function(\"$run\")"
lists "the one of -c where none is named" 'process.function("run@vm.c")' \
    "process(\"workload\").function(\"$run\")"
cp "$program" "$WORK/server"
lists "one of -c that is not ours" 'process.function("run@vm.c")' \
    "process(\"server\").function(\"$run\")" -c "$WORK/server x=1"
lists "a module beside it" 'process("server").function("run@vm.c")' \
    "process(\"server\").function(\"$run\")" --module "$WORK/server"
lists "one of -d" 'process("server").function("run@vm.c")' \
    "process(\"server\").function(\"$run\")" -d "$WORK/server"
run "$machtap" -p3 -e 'probe process("server").function("main") { print(1) }' \
    --module "$WORK/server" --module "$WORK/server"
matches "two modules of one file are two names of its tasks" "$WORK/out" \
    'task_names_0\[\] = \{"server", "server.2", NULL\}'

# Places.
lists "the line of a statement" \
    "process(\"workload\").statement(\"main@main.c:$(line workload/main.c '    loops =')\")" \
    "process(\"workload\").statement(\"main@workload/main.c:$(line workload/main.c '    loops =')\")"
lists "a glob" 'process("workload").function("report@workload/*.c")' \
    "$(for file in parallel ports rpc threads vm waits; do
        echo "process(\"workload\").function(\"report@workload/$file.c:$(line \
            workload/$file.c 'report(')\")"
    done)"
entry=$(nm "$program" | awk '$3 == "main" { print $1 }')
lists "an address" "process(\"workload\").statement(0x$entry)" \
    "process(\"workload\").statement(0x$(sed 's/^0*//' <<<"$entry"))"
lists "the function that an address is in" \
    "process(\"workload\").function(0x$entry)" \
    "process(\"workload\").function(\"main@workload/main.c:$(line \
        workload/main.c 'main(')\")"
run "$machtap" -L 'process("workload").function("check@vm.c")'
matches "-L has parameters with the program's types" "$WORK/out" \
    ' \$words:const uint64_t\* \$operation:uint64_t'

# Each instruction is told to the kernel as the file has it.
run "$machtap" -p3 -e 'probe process("workload").function("main") { print(1) }'
bytes=$(objdump -d "$program" --start-address="0x$entry" | sed -n \
    's/^ *[0-9a-f]*:\t\([0-9a-f ]*\)\t.*/\1/p' | head -1 |
    sed 's/ *$//; s/\([0-9a-f][0-9a-f]\)/0x\1/g; s/ /, /g')
matches "its bytes are those of objdump" "$WORK/out" \
    ".probe = PROBE_USER_INSTRUCTION, .* .text = \{$bytes\}"

# What is read is the task's memory.
run "$machtap" -p3 -e 'probe process("workload").function("check@vm.c") {
    printf("%d %s\n", $words[3], user_string($words)) }'
ok "through a pointer" grep -q 'call read_user$' "$WORK/out"
ok "and nothing of the kernel's" sh -c "! grep -q 'read_kernel' $WORK/out"
run "$machtap" -p3 -e 'probe process("workload").function("parse_option") {
    println($word$) }'
matches "a string that is shown" "$WORK/out" 'call read_user_string'
run "$machtap" -p3 -e 'probe process("workload").function("main") {
    println(task()->name[0], @cast(task(), "struct task", "kernel")->suspend_count)
    }'
ok "but what is the kernel's is read there" grep -q 'call read_kernel$' "$WORK/out"
run "$machtap" -p3 -e 'probe kernel.function("vm_map_enter") {
    println(@cast(1, "struct workload_part", "workload")->name) }'
matches "a type of the program in a probe of the kernel" "$WORK/out" \
    'call read_user$'
run "$machtap" -p2 -e 'probe process("workload").function("run@vm.c") {
    if (@defined($nothing)) print(x.y) else print(@defined($count)) }'
is "@defined decides before anything is refused" "$status" 0

# A program without debugging information has its symbols.
strip --strip-debug -o "$WORK/bare" "$program"
lists "a function that only symbols tell of" \
    "process(\"$WORK/bare\").function(\"main\")" \
    "process(\"$WORK/bare\").function(\"main\")"
refuses "has no variables" "unable to find local 'argc'" \
    "process(\"$WORK/bare\").function(\"main\") { print(\$argc) } probe never"
objcopy --only-keep-debug "$program" "$WORK/apart.debug"
objcopy --strip-debug --add-gnu-debuglink="$WORK/apart.debug" "$program" \
    "$WORK/apart"
run "$machtap" -L "process(\"$WORK/apart\").function(\"main\")"
matches "debugging information in a file of its own" "$WORK/out" ' \$argc:int '

# Marks, as the C library's header writes them.
cat >"$WORK/shop.c" <<'END'
#include <sys/sdt.h>
static long table[4] = {3, 5, 7, 9};
__attribute__((noinline)) int
work(int a, unsigned char b, const char *name, long i)
{
    DTRACE_PROBE4(shop, sold, a, b, name, table[i]);
    DTRACE_PROBE1(shop, closed, -7);
    DTRACE_PROBE(kitchen, empty);
    return a + b;
}
int
main(int argc, char **argv)
{
    return work(argc, (unsigned char)argc, argv[0], argc % 4);
}
END
gcc -static -no-pie -O2 -o "$WORK/shop" "$WORK/shop.c"
shop="process(\"$WORK/shop\")"
lists "marks" "$shop.provider(\"*\").mark(\"*e*\")" \
    "$shop.provider(\"kitchen\").mark(\"empty\")
$shop.provider(\"shop\").mark(\"closed\")"
run "$machtap" -L "$shop.mark(\"sold\")"
is "-L has their arguments" "$(cat "$WORK/out")" \
    "$shop.provider(\"shop\").mark(\"sold\") \$arg1:long \$arg2:long \$arg3:long \$arg4:long"
run "$machtap" -p3 -e "probe $shop.mark(\"sold\") {
    println(\$arg1, \$arg2, user_string(\$arg3), \$arg4) }"
is "which can be read" "$status" 0 || show "$WORK/err"
at=$(readelf -n "$WORK/shop" | grep -A1 'Name: sold' |
    sed -n 's/.*Location: 0x0*\([0-9a-f]*\),.*/\1/p')
matches "where readelf has it" "$WORK/out" "\{.address = 0x${at}u\}"
refuses "a mark that is none" "no mark 'solt' \(similar: sold\)" \
    "$shop.mark(\"solt\")"
refuses "an argument that is none" 'alternatives: \$arg1 \$\$name \$\$provider' \
    "$shop.mark(\"closed\") { print(\$arg2) } probe never"
refuses "a program without marks" "'workload' has no mark 'm'" \
    'process("workload").mark("m")'
cat >"$WORK/asking.c" <<'END'
#define _SDT_HAS_SEMAPHORES 1
#define SDT_USE_VARIADIC
#include <sys/sdt.h>
__extension__ unsigned short shop_sold_semaphore
    __attribute__((unused, section(".probes")));
int
main(void)
{
    STAP_PROBE1(shop, sold, 1);
    return 0;
}
END
gcc -static -no-pie -o "$WORK/asking" "$WORK/asking.c"
refuses "a mark that has to be asked for" 'semaphore.* not supported yet' \
    "process(\"$WORK/asking\").mark(\"sold\")"

# Refusals.
refuses "no such program" "no program 'workloda' \(similar: workload\)" \
    'process("workloda").function("main")'
refuses "no such file" 'there is no program /no/such' \
    'process("/no/such").function("main")'
refuses "nothing that -c could mean" 'that of -c, and there is none' \
    'process.function("main")' --no-workload
refuses "no such function" "'workload' has no function 'mian' \(similar: main\)" \
    'process("workload").function("mian")'
refuses "no such source" "'workload' has no source file 'nvm.c'" \
    'process("workload").function("main@nvm.c")'
refuses "no code for a line" "no code for this line of 'main'" \
    'process("workload").statement("main@main.c:2")'
refuses "an address of nothing" "0x10 is in no function of program 'workload'" \
    'process("workload").statement(0x10)'
trap=$(objdump -d "$program" | awk '/\tsyscall/ { sub(":", "", $1); print $1 }' |
    head -1)
refuses "what cannot run elsewhere" 'cannot be run at another place' \
    "process(\"workload\").statement(0x$trap)"
refuses "the middle of an instruction" 'no instruction begins there' \
    "process(\"workload\").statement($((0x$trap + 1)))"
refuses "a program that is loaded anywhere" 'position-independent' \
    'process("/bin/true").function("main")'
refuses "a program of another machine" 'is for another machine than the kernel' \
    'process("build/home/modules/i386/workload").function("main")'
strip -o "$WORK/stripped" "$program"
refuses "a program without names" 'neither symbols nor debugging' \
    "process(\"$WORK/stripped\").function(\"main\")"
refuses "what is no program" "$0" "process(\"$0\").function(\"main\")"
for returns in 'function("main").return' 'function("main").call.return' \
    'function("main").return.maxactive(1)' 'function(1).return' \
    'function("main").callee("run").return'; do
    refuses "$returns" 'is not supported yet in programs; .*statement' \
        "process(\"workload\").$returns"
done
refuses "a number of a process" 'expected process\("STRING"\)' \
    'process(12).function("main")'
refuses "a type of no module" "no module 'ext2'" \
    'process("workload").function("main") {
        print(@cast(1, "struct task", "ext2")->name) } probe never'
refuses "what is the task's is not written" "it is the task's" \
    'process("workload").function("run@vm.c") { $count = 1 } probe never' -g
tap_done
