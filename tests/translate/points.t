#!/usr/bin/env bash
# Probe points and context variables: what a script's points stand for, what
# is refused, and in which words.
. tests/tap.sh

KERNEL=build/home/kernels/trixie-amd64-up

# plans NAME PATTERN SCRIPT: a line of the plan matches.
plans() {
    run "$BUILD/test/translate-script" "$KERNEL" plan "$3"
    [ "$status" = 0 ] || show "$WORK/err"
    matches "$1" "$WORK/out" "$2"
}

# refuses NAME PATTERN SCRIPT: it is not translated, and PATTERN is said.
refuses() {
    run "$BUILD/test/translate-script" "$KERNEL" plan "$3"
    is "$1: exit status" "$status" 1
    matches "$1" "$WORK/err" "$2"
}

# lists NAME OPTION PATTERN EXPECTED
lists() {
    run "$BUILD/test/translate-script" "$KERNEL" "$2" "$3"
    is "$1" "$(cat "$WORK/out")" "$4"
}

# at FUNCTION [BODY]: a probe of it.
at() {
    echo "probe kernel.function(\"$1\") { print(${2:-1}) }"
}

# Occasions and timers.
plans "begin" '^begin begin \[\] handler 0 priority 0 ' 'probe begin { print(1) }'
plans "begin with a priority" '^begin begin\(-5\) .* priority -5 ' \
    'probe begin(-5) { print(1) }'
plans "end" '^end end\(7\) .* priority 7 ' 'probe end(7) { print(1) }'
plans "error" '^error error ' 'probe error { print(1) }'
plans "never" '^never never ' 'probe never { print(1) }'
plans "oneshot is a begin" '^begin oneshot ' 'probe oneshot { print(1) }'
plans "timer.s" 'interval 3000000000 random 0$' 'probe timer.s(3) { print(1) }'
plans "timer.msec" 'interval 200000000 ' 'probe timer.msec(200) { print(1) }'
plans "timer.us" 'interval 1000 ' 'probe timer.us(1) { print(1) }'
plans "timer.ns" 'interval 77 ' 'probe timer.ns(77) { print(1) }'
plans "timer.hz" 'interval 20000000 ' 'probe timer.hz(50) { print(1) }'
plans "timers at random" 'timer.ms\(100\).randomize\(20\) .* random 20000000$' \
    'probe timer.ms(100).randomize(20) { print(1) }'
plans "a wildcard for a component" '^timer timer.hz\(100\) ' \
    'probe timer.h*(100) { print(1) }'

# Functions.
plans "a function has file and line" \
    'kernel.function\("vm_map_enter@vm/vm_map.c:[0-9]+"\) \[vm_map_enter\]' \
    "$(at vm_map_enter)"
plans "and is found by them" '^1 points, 1 of the kernel' \
    "$(at "vm_map_enter@vm_map.c")"
plans ".call is kept in the name" '"\)\.call \[vm_map_enter\]' \
    'probe kernel.function("vm_map_enter").call { print(1) }'
plans "all functions share a handler and a program" \
    '^1[0-9]{3} points, 1[0-9]{3} of the kernel, 1 handlers, 1 programs' \
    "$(at '*' 'probefunc()')"
plans "those of a file" '\[vm_map_create\]' "$(at '*@vm/vm_map.c')"
plans "those of a folder" '\[task_create\]' "$(at '*@kern/*.c')"
plans "places of a variable in the same register share, too" \
    '^[1-9][0-9] points, [0-9]+ of the kernel, 1 handlers, 1 programs' \
    "$(at 'mach_port_*' '$space')"
plans "points of the kernel come first" '^3 points, 1 of the kernel, 3' \
    'probe begin { print(1) } probe kernel.function("vm_map_enter") { print(1) }
     probe end { print(1) }'
plans "an optional point may be missing" '^1 points, 0 of the kernel' \
    'probe kernel.function("no_such_function") ?, begin { print(1) }'
plans "a sufficient point ends the list" '^1 points, 1 of the kernel' \
    'probe kernel.function("vm_map_enter") !, begin { print(1) }'
plans "braces" '^2 points, 2 of the kernel' \
    'probe kernel.{function("vm_map_enter"), function("task_create")} {
        print(1) }'

# What the program records.
plans "parameters" '^handler 0: 16 bytes, \$size at 0 size 8, \$map at 8 size 8$' \
    "$(at vm_map_enter '$size, $map, $size')"
plans "parameters on the stack may fail" '\$inheritance at 8 size 8 may fail' \
    "$(at vm_map_enter '$inheritance')"
plans "members" '\$map->size at 8 size 8 may fail' \
    "$(at vm_map_enter '$map->size')"
plans "the task's name is as long as the kernel has it" \
    '^handler 0: 32 bytes, execname\(\) at 0 size 32$' \
    "$(at vm_map_enter 'execname()')"
plans "what a called function needs is recorded" \
    'tid\(\) at 0 size 8, task\(\) at 8 size 8$' \
    'function a() { return tid() + b() } function b() { return task() + cpu() }
     probe kernel.function("vm_map_enter") { print(a()) }'
plans "time and processor come with the record" \
    '^1 points, 1 of the kernel, 1 handlers, 1 programs' \
    "$(at vm_map_enter 'gettimeofday_ns() + cpu()')"
plans "@defined decides before anything is refused" '^1 points' \
    "$(at vm_map_enter '@defined($nosuch) ? $nosuch : 0')"

# Listings.
lists "-l begin" -l 'begin, end(3)' "$(printf 'begin\nend(3)')"
run "$BUILD/test/translate-script" "$KERNEL" -l 'kernel.function("vm_map_ent*")'
is "-l of functions, sorted" "$(sed 's/.*("\(.*\)@vm.*/\1/' "$WORK/out")" \
    "$(nm "$KERNEL" | awk '$2 ~ /[tT]/ && $3 ~ /^vm_map_ent/ { print $3 }' | sort)"
matches "with file and line" "$WORK/out" \
    '^kernel.function\("vm_map_enter@vm/vm_map.c:[0-9]+"\)$'
point=$(sed -n 1p "$WORK/out")
lists "what is listed can be asked for" -l "$point" "$point"
run "$BUILD/test/translate-script" "$KERNEL" -L 'kernel.function("task_create")'
matches "-L has parameters with types" "$WORK/out" \
    ' \$parent_task:task_t .*\$child_task:task_t\*$'
run "$BUILD/test/translate-script" "$KERNEL" -l 'kernel.function("nosuch*")'
is "-l of nothing fails" "$status" 1
lists "-l of a wildcard for a component" -l 'timer.pro*' 'timer.profile'
lists "-l of wildcards that cross dots" -l 'timer.**' \
    "$(printf 'timer.profile\ntimer.profile.tick')"
lists "-l of all occasions" -l '*' "$(printf '%s\n' begin end error never oneshot)"
lists "-L of the profiler, whose function's variables mean nothing" \
    -L 'timer.profile.freq.hz(9)' 'timer.profile.freq.hz(9)'
lists "-l of several" -l 'never, timer.s(1), begin' \
    "$(printf 'begin\nnever\ntimer.s(1)')"
run "$BUILD/test/translate-script" "$KERNEL" -L \
    'kernel.function("task_create").return'
matches "-L of a return has its value, then what was there at the entry" \
    "$WORK/out" ' \$return:kern_return_t \$parent_task:task_t '
run "$BUILD/test/translate-script" "$KERNEL" -L 'kernel.function("*")'
is "-L has a line for each function" "$(wc -l <"$WORK/out")" \
    "$("$BUILD/test/translate-script" "$KERNEL" -l 'kernel.function("*")' | wc -l)"

# Callees and labels.
name() {
    sed 's/@[^"]*//g' "$WORK/out"
}
run "$BUILD/test/translate-script" "$KERNEL" -l \
    'kernel.function("vm_allocate").callee("vm_map_enter")'
is "-l of a callee" "$(name)" \
    'kernel.function("vm_allocate").callee("vm_map_enter")'
run "$BUILD/test/translate-script" "$KERNEL" -l \
    'kernel.function("vm_allocate").callees'
is "-l of all callees: it has one" "$(name)" \
    'kernel.function("vm_allocate").callee("vm_map_enter")'
run "$BUILD/test/translate-script" "$KERNEL" -l \
    'kernel.function("vm_allocate").callees(2)'
matches "and two levels" "$WORK/out" 'callee\("_?vm_map_entry_create@'
run "$BUILD/test/translate-script" "$KERNEL" -l \
    'kernel.function("vm_map_enter").label("B*")'
is "-l of a label" "$(name)" 'kernel.function("vm_map_enter").label("BailOut")'

callee() {
    echo "probe kernel.function(\"$1\").$2 { print(1) }"
}
refuses "a callee that is none" \
    "'vm_allocate' has no call of a function 'vm_map_entr' \(similar: vm_map_enter" \
    "$(callee vm_allocate 'callee("vm_map_entr")')"
refuses "a caller that is none" "no function 'vm_allocat'" \
    "$(callee vm_allocat callees)"
refuses "a depth of nothing" 'depth out of range: 1 to 8' \
    "$(callee vm_allocate 'callees(0)')"
refuses "a depth that leads to too many calls" 'ask for fewer levels' \
    "$(callee mach_msg_trap 'callees(5)')"
refuses "a label that is none" "'vm_map_enter' has no label 'nolabel'" \
    "$(callee vm_map_enter 'label("nolabel")')"

# Refusals of points.
refuses "a function that is not there" \
    "no function 'vm_map_entr' \(similar: vm_map_enter" "$(at vm_map_entr)"
refuses "a function in another file" \
    "'vm_map_enter' is declared at vm/vm_map.c:[0-9]+" \
    "$(at vm_map_enter@kern/task.c)"
refuses "a glob that matches nothing" "no function 'x\*' in kern/task.c" \
    "$(at 'x*@kern/task.c')"
refuses "a file that is not there" \
    "no source file 'kern/tasks.c' \(similar: kern/task.c" \
    "$(at 'task_create@kern/tasks.c')"
inline=$(readelf --debug-dump=info "$KERNEL" 2>/dev/null | awk '
    /DW_TAG_subprogram/ { name = "" }
    /DW_AT_name/ { name = $NF }
    /DW_AT_inline/ && /inlined/ { print name }' | sort -u |
    comm -23 - <(nm "$KERNEL" | awk '{ print $3 }' | sort -u) | tail -n 1)
refuses "the return of a function that is nowhere but inlined" \
    "'$inline' is expanded in place wherever it is called" \
    "probe kernel.function(\"$inline\").return { print(1) }"
refuses "lines that are none" 'after the file there can be' \
    "$(at 'vm_map_enter@vm_map.c:x')"
refuses "lines of another function" \
    "'vm_map_enter', declared at vm/vm_map.c:[0-9]+, has no code for this line" \
    "$(at 'vm_map_enter@vm_map.c:5')"
refuses "lines of no function" "no function of vm/vm_map.c has code for this" \
    "$(at '*@vm/vm_map.c:1')"
static=$(nm "$KERNEL" | awk '$2 == "t" && $3 ~ /^vm_[a-z_]*$/ { print $3; exit }')
refuses "a static function as an exported one" "'$static' is static" \
    "probe kernel.function(\"$static\").exported { print(1) }"
refuses "an address of no function" '0x10 is in no function of the kernel' \
    'probe kernel.function(16) { print(1) }'
refuses "an empty function name" 'expected "FUNCTION"' "$(at '@vm_map.c')"
refuses "a variable that has no value yet" \
    'has a value at 0x[0-9a-f]+, which is of vm/vm_map.c:[0-9]+' \
    'probe kernel.function("vm_map_enter") { println($entry) }'
place=$(sed -n 's/.*has a value at \(0x[0-9a-f]*\),.*/\1/p' "$WORK/err" | head -1)
plans "and has one where the message says" '\$entry at 0 size' \
    "probe kernel.statement($place) { println(\$entry) }"
# Tasks: what happens to them; tasks.t has places in their code.
lists "what can happen to a task" -l 'process("x").**' 'process("x").begin
process("x").end
process("x").syscall
process("x").syscall.return
process("x").thread.begin
process("x").thread.end'
lists "what a system call is told of by" -L 'process(5).syscall.*' \
    'process(5).syscall.return $syscall:long $return:long'
lists "what it has" -L 'process.syscall' \
    'process.syscall $syscall:long $arg1:long $arg2:long $arg3:long $arg4:long $arg5:long $arg6:long'
for place in 'library("l").function("f")' 'plt("f")' 'plt'; do
    refuses "process(\"x\").$place" \
        'shared libraries, .* not probed yet; process\("PATH"\).function' \
        "probe process(\"x\").$place { print(1) }"
done
refuses "a task's data" 'watches memory of tasks.*; vm.fault tells' \
    'probe process.data(4096).write { print(1) }'
refuses "a task of no name" 'the name of a task is missing' \
    'probe process("/bin/").begin { print(1) }'
refuses "a name that is too long" \
    '"[a-z]{32}" can be no task.s name: the kernel keeps 31 bytes of one' \
    'probe process("abcdefghijklmnopabcdefghijklmnop").begin { print(1) }'
refuses "what happens to no task" \
    'mismatch \(similar: begin\) \(alternatives: begin end thread syscall function statement mark provider\)' \
    'probe process("x").bogin { print(1) }'
refuses "arguments when it returns" "alternatives: \\\$syscall \\\$return" \
    'probe process.syscall.return { println($arg1) }'
refuses "a seventh argument" 'alternatives: .syscall .arg1' \
    'probe process.syscall { println($arg7) }'
refuses "a variable of the kernel where a task begins" \
    'nothing can be read here by name; @cast\(task\(\), "task"\)' \
    'probe process.begin { println($task) }'
refuses "the argument of a function there" 'long_arg\(\) has no meaning here' \
    'probe process.begin { println(long_arg(1)) }'
refuses "the stack of a task that does not run" \
    'print_ubacktrace\(\) has no meaning here' \
    'probe process.begin { print_ubacktrace() }'
refuses "the name of no tracepoint" "is of tracepoints" \
    'probe kernel.function("vm_fault") { println($$name) }'
refuses "the provider of a mark" 'is of marks compiled into programs' \
    'probe kernel.function("vm_fault") { println($$provider) }'
refuses "a counter of the processor" 'GNU Mach has no driver of' \
    'probe perf.hw.cpu_cycles { print(1) }'
refuses "what only Linux counts" 'but for perf.sw.cpu_clock' \
    'probe perf.sw.page_faults { print(1) }'
refuses "another of its types" 'only type 1 \(software\), config 0' \
    'probe perf.type(0).config(0) { print(1) }'
refuses "counters of one process" 'is of the counters of one process' \
    'probe perf.sw.cpu_clock.process("x") { print(1) }'
refuses "a period of nothing" 'period out of range' \
    'probe perf.sw.cpu_clock.sample(0) { print(1) }'
refuses "files of /proc" 'which GNU Mach has none of; input.line' \
    'probe procfs("x").read { print(1) }'
refuses "programs in Java" 'programs in this language' \
    'probe java("x") { print(1) }'
refuses "data that is only read" 'alternatives: write length rw' \
    'probe kernel.data(1).read { print(1) }'
refuses "data of no length" 'length out of range' \
    'probe kernel.data(1).length(0).rw { print(1) }'
refuses "a tracepoint of no name" 'no such tracepoint.*scheduler, task' \
    'probe kernel.trace("vm:nothing") { print(1) }'
refuses "a tracepoint of no system" 'no such tracepoint' \
    'probe kernel.tracepoint("linux:fault") { print(1) }'
refuses "a tracepoint that is a number" 'takes the name of a tracepoint' \
    'probe kernel.trace(1) { print(1) }'
refuses "markers" 'which GNU Mach has none of' 'probe kernel.mark("x") { print(1) }'
refuses "system calls of Linux" "Mach's system calls are mach_trap.NAME" \
    'probe syscall.open { print(1) }'
refuses "and those without debugging information" 'mach_trap.NAME' \
    'probe nd_syscall.open { print(1) }'
refuses "modules" 'GNU Mach has none of' \
    'probe module("x").function("y") { print(1) }'
refuses "what is of Linux" 'is of Linux' 'probe netfilter.ip { print(1) }'
refuses "a misspelled family" 'mismatch \(similar: begin\)' 'probe begn { print(1) }'
refuses "a misspelled component" '\(similar: function\)' \
    'probe kernel.functon("x") { print(1) }'
refuses "an unknown timer" 'alternatives: s sec ms msec us usec ns nsec' \
    'probe timer.weeks(1) { print(1) }'
refuses "a point that ends early" 'ends too early' 'probe kernel { print(1) }'
refuses "an argument missing" 'expected timer.ms\(NUMBER\)' \
    'probe timer.ms { print(1) }'
refuses "an argument of another kind" 'expected kernel.function\("STRING"\).inline' \
    'probe kernel.function(5).inline { print(1) }'
refuses "an interval of nothing" 'interval out of range' \
    'probe timer.ms(0) { print(1) }'
refuses "an interval beyond 64 bits" 'interval out of range' \
    'probe timer.s(9223372036854775807) { print(1) }'
refuses "more chance than interval" 'randomize out of range' \
    'probe timer.ms(10).randomize(11) { print(1) }'

# Refusals of variables, with what there is instead.
refuses "a variable that is not there" \
    "unable to find local 'sze' .*alternatives:.* \\\$size " \
    "$(at vm_map_enter '$sze')"
refuses "a variable outside kernel probes" 'has no meaning here' \
    'probe begin { print($size) }'
refuses "a member that is not there" \
    "unable to find member 'sze' .*alternatives:.* size" \
    "$(at vm_map_enter '$map->sze')"
refuses "a member of a number" "'vm_size_t' has no members" \
    "$(at vm_map_enter '$size->x')"
refuses "a struct as a whole" 'is not a number|not a number: name a member' \
    "$(at vm_map_enter '$map->hdr')"
refuses "the address of a register" 'has no address' "$(at vm_map_enter '&$size')"
refuses "an index that only the process knows" \
    "'n' has to be known at the hit.* it is a global variable" \
    'global n probe kernel.function("vm_map_enter") { n++
         print($address[n]) }'
plans "a local that is set twice is known whenever it is used" \
    '\$address\[i\] at' \
    "$(at vm_map_enter '$address[i]) i = 1; i = 2; print(i')"
plans "one that is set later is 0" '\$address\[i\] at' \
    "$(at vm_map_enter '$address[i]) i = 1; print(i')"
refuses "a local that only the process knows" \
    "'i' has to be known at the hit.* 'strlen\(.*' is not known at the hit" \
    "$(at vm_map_enter '$address[i]) i = strlen(pp()); print(i')"
refuses "a key of an array" "'i' has to be known at the hit.* in a foreach" \
    'global a probe kernel.function("vm_map_enter") { a[1] = 1
         foreach (i in a) print($address[i]) }'
refuses "what is set if only the process knows what" \
    "'i' has to be known at the hit.* only the process knows this condition" \
    'global a probe kernel.function("vm_map_enter") { if (a[1]++) i = 4
         print($address[i]) }'
refuses "what is set in a loop that the process leaves when it likes" \
    "'i' has to be known at the hit.* only the process knows whether this is d" \
    'global a probe kernel.function("vm_map_enter") {
         for (i = 0; i < 5; i++) { print($address[i]); if (a[i]++) break }
         print($address[i]) }'
refuses "what is not set if the process goes on" \
    "'i' has to be known at the hit.* only the process knows whether this is d" \
    'global a probe kernel.function("vm_map_enter") {
         while (i < 5) { if (a[i]++) continue; i++; print($address[i]) } }'
refuses "what is set where an error may come" \
    "'i' has to be known at the hit.* an error may leave this" \
    'probe kernel.function("vm_map_enter") {
         try { i = 1; print($address[i]); i = 2 } catch { print(1) }
         print($address[i]) }'
plans "but all of these if it is set again" '\$address\[i\] at' \
    'global a probe kernel.function("vm_map_enter") {
         if (a[1]++) i = 4
         i = 5; print($address[i])
         for (i = 0; i < 5; i++) { print($address[i]); if (a[i]++) break }
         i = 6; print($address[i]) }'
refuses "a function that walks and calls itself" \
    "a function that calls itself and reads what varies" \
    'function f:long (n) { for (e = n; e; e = @cast(e, "task")->map) x = f(e)
         return x }
     probe kernel.function("vm_map_enter") { print(f(task())) }'
refuses "an argument that only the process knows" \
    "has to be known at the hit.* 'strlen" \
    'function f(n) { for (e = n; e; e = @cast(e, "task")->map) x++
         return x }
     probe kernel.function("vm_map_enter") { print(f(strlen(pp()))) }'
refuses "writing in a function" "writing to the kernel in a function|need mach" \
    'function f(n) { $size = n return n }
     probe kernel.function("vm_map_enter") { print(f(task())) }'
refuses "what is read at the entry by a local of the return" \
    'what is read when the function is entered' \
    'probe kernel.function("vm_map_enter").return {
         for (i = 0; i < 5; i++) print($address[i]) }'
refuses '$return at the entry' 'only in .return probes' \
    "$(at vm_map_enter '$return')"
refuses '$return of nothing' "'vm_map_deallocate' returns no value" \
    'probe kernel.function("vm_map_deallocate").return { print($return) }'
refuses '@entry at the entry' 'only in .return' \
    "$(at vm_map_enter '@entry($size)')"
refuses 'a global that is not there' "unable to find global 'x' in y.c" \
    "$(at vm_map_enter '@var("x@y.c")')"
refuses 'a module' "no module 'ext2'" "$(at vm_map_enter '@var("x", "ext2")')"
refuses 'a type that is not there' "no type 'struct nosuch'" \
    "$(at vm_map_enter '@cast($map, "struct nosuch")->x')"
refuses 'a register of another machine' 'no register "x0"' \
    "$(at vm_map_enter 'register("x0")')"
refuses 'the enumerators of a struct' "'struct task' is no enum" \
    "$(at vm_map_enter '@enumname($size, "struct task")')"
refuses 'a constant that is not there' "no enumerator 'NOSUCH'" \
    "$(at vm_map_enter '@const("NOSUCH")')"
refuses 'reading 3 bytes' '1, 2, 4 or 8 bytes' \
    "$(at vm_map_enter '@kderef(3, $map)')"
refuses 'the number of an argument amid a function' 'only at the entry' \
    'probe kernel.statement("vm_map_enter@vm_map.c:*") { print(int_arg(1)) }'
refuses 'memory without a hit' 'has no meaning here' \
    'probe begin { print(kernel_string(0)) }'

run "$BUILD/test/translate-script" /bin/true plan "$(at x)"
matches "a kernel of no use is refused" "$WORK/err" 'the kernel must be one'
tap_done
