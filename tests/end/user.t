#!/usr/bin/env bash
# Places in the code of tasks: as many hits as the workload says that it did,
# with the arguments that it did it with, and its results are right all the
# same, which it checks itself.
. tests/tap.sh
. tests/end/figures.sh

program=build/home/modules/x86_64/workload

# line FILE TEXT: the number of the line that begins with it.
line() {
    grep -n "^$2" "$1" | head -1 | cut -d: -f1
}

joined=$(line workload/threads.c '    ended += count')

cat >"$WORK/user.stp" <<END
global n, wrong, first, counts
probe process("workload").function("main") {
    n["main"]++
    n["words"] += \$argc
    first = user_string(\$argv[1])
}
# What each part was asked for.
probe process("workload").function("run@workload/*.c") {
    counts[pp()] += \$count
    n["parts"]++
}
# Memory of the task by a pointer has the values that it computes.  Where it has
# not been touched since the kernel copied it lazily it is not in memory.
probe process("workload").function("check@vm.c") {
    n["checks"]++
    n["operations"] += \$operation
    n["changed"] += \$changed
    if (\$changed) {
        wrong += \$words[1] != (\$operation << 32 | 1) * 0x9e3779b97f4a7c15
        wrong += user_uint64(\$words + 8) != \$words[1]
    } else try { println(\$words[1]) } catch (why) {
        n["faults"] += isinstr(why, "read fault")
    }
    wrong += probefunc() != "check" || probemod() != "workload"
    wrong += probe_type() != "process.function.entry" || is_return()
    wrong += !user_mode() || backtrace() != "" || execname() != "workload"
    wrong += usymname(uaddr()) != "check" || usymname(ustack(1)) != "run"
    wrong += uaddr() != addr() || usymname(addr()) != "check"
    wrong += \$\$parms != sprintf("words=%#x operation=%#x changed=%#x",
                                \$words, \$operation, \$changed)
    wrong += @defined(\$nothing)
}
# A second handler of one place.
probe process.function("check@vm.c") { n["checks again"]++ }
probe process("workload").function("check@vm.c") if (0) { n["never"]++ }
probe process("workload").function("check@vm.c") if (wrong >= 0) {
    n["checks on condition"]++
}
# By the type of what a pointer without one leads to.
probe process("workload").function("add_up") {
    n["sums"]++
    n["firsts"] += @cast(\$argument, "struct sum")->first
    n["firsts again"] += @cast(\$argument, "struct sum", "workload")->first
}
# A line: how many threads had ended before those that were waited for.
probe process("workload").statement("run_together@threads.c:$joined") {
    n["times together"]++
    n["before"] += \$ended
}
probe end {
    foreach (what in n)
        printf("script: %s %d\n", what, n[what])
    foreach (point+ in counts)
        printf("script: %s %d\n", substr(point, 43, strpos(point, ".c:") - 43),
               counts[point])
    printf("script: wrong %d\nfirst %s\n", wrong, first)
}
END

# counts KERNEL PROCESSORS
counts() {
    local at="$1, $2 processors"

    traced "$1" "$2" -s 4 "$WORK/user.stp"
    is "$at: the run ends well" "$status" 0 || show "$WORK/err" "$WORK/out"
    is "$at: nothing is lost, nothing warned of" "$(cat "$WORK/err")" ""
    is "$at: main" "$(counted main)" 1
    is "$at: its arguments" "$(counted words) $(grep ^first "$WORK/out")" \
        "7 first rpc=100"
    is "$at: parts" "$(counted parts)" 6
    for part in rpc=100 vm=20 threads=9 waits=3 ports=15 parallel=20; do
        is "$at: what part ${part%=*} was asked for" \
            "$(counted "${part%=*}")" "${part#*=}"
    done
    # Each operation is checked twice, once with a change of 1.
    local operations
    operations=$(figure operations)
    is "$at: calls of a function" "$(counted checks)" $((2 * operations))
    is "$at: with the numbers from 0 on" "$(counted operations)" \
        $((operations * (operations - 1)))
    is "$at: half of them changed" "$(counted changed)" "$operations"
    is "$at: what is not in memory is not read" "$(counted faults)" \
        "$operations"
    is "$at: a second handler" "$(counted 'checks again')" $((2 * operations))
    is "$at: a condition that holds" "$(counted 'checks on condition')" \
        $((2 * operations))
    is "$at: and one that does not" "$(counted never)" ""
    local ended
    ended=$(figure ended)
    is "$at: a function of threads" "$(counted sums)" "$ended"
    is "$at: their data" "$(counted firsts) $(counted 'firsts again')" \
        "$((ended * (ended - 1) / 2)) $((ended * (ended - 1) / 2))"
    local times=$(((ended + 3) / 4))
    is "$at: a line, and a variable of the file" \
        "$(counted 'times together') $(counted before)" \
        "$times $((4 * times * (times - 1) / 2))"
    is "$at: nothing is wrong" "$(counted wrong)" 0
}

# All functions, in the task that the workload forks, too, which inherits the
# probes.
cat >"$WORK/all.stp" <<'END'
global n
probe process("workload").function("*").call { n[execname(), probefunc()]++ }
probe end {
    foreach ([task, name] in n)
        printf("script: %s %s %d\n", task, name, n[task, name])
}
END

# everything KERNEL PROCESSORS
everything() {
    local at="$1, $2 processors, all functions"

    traced "$1" "$2" -s 16 "$WORK/all.stp"
    is "$at: the run ends well" "$status" 0 || show "$WORK/err" "$WORK/out"
    is "$at: nothing is lost, nothing warned of" "$(cat "$WORK/err")" ""
    is "$at: main" "$(counted 'workload main')" 1
    is "$at: sums" "$(counted 'workload add_up')" "$(figure ended)"
    is "$at: what calls the kernel" "$(counted 'workload vm_copy')" \
        "$(figure operations)"
    # A request for each round trip and one that ends the second task, a message
    # for each port, and one in each round of those in parallel.
    local requests=$(($(figure round_trips) + 1))
    is "$at: messages" "$(counted 'workload workload_message_make')" \
        $((requests + $(figure made) + $(figure rounds)))
    is "$at: answers of the second task" \
        "$(counted 'workload(42) workload_message_make')" "$requests"
}

on_kernels counts everything

# The example: who calls whom.
run timeout -k 5 60 "$BIN/machtap" --timeout 50 examples/functions.stp -s 4 \
    -c 'rpc=0 vm=20 threads=0 waits=0 ports=0 parallel=0'
is "functions.stp: status" "$status" 0 || show "$WORK/err"
matches "functions.stp finds callers" "$WORK/out" '^ +40  run +check$'
matches "of stubs too" "$WORK/out" '^ +20  run +vm_copy$'

# A program that is not what the task runs: one byte of a function differs.
mkdir "$WORK/other"
cp "$program" "$WORK/other/workload"
entry=0x$(nm "$program" | awk '$3 == "main" { print $1 }')
text=$(readelf -SW "$program" | sed -n 's/^ *\[ *[0-9]*\] .text *PROGBITS *//p')
read -r base offset _ <<<"$text"
printf '\x90' | dd of="$WORK/other/workload" bs=1 conv=notrunc status=none \
    seek=$((entry - 0x$base + 0x$offset))
run timeout -k 5 60 "$BIN/machtap" --timeout 50 -c 'rpc=10' \
    -e "probe process(\"$WORK/other/workload\").function(\"main\") { println(1) }"
is "another program: the script runs" "$status" 0
is "nothing is probed" "$(grep -c '^1$' "$WORK/out")" 0
matches "and it is said" "$WORK/err" \
    "WARNING: task 'workload' was not probed: .* other bytes .*other/workload"

# One that no task runs.
cp "$program" "$WORK/other/server"
run timeout -k 5 60 "$BIN/machtap" --timeout 50 -c 'rpc=10' \
    -e "probe process(\"$WORK/other/server\").function(\"main\") { println(1) }"
is "a program that nobody runs is no error" "$status $(cat "$WORK/err")" "0 "
tap_done
