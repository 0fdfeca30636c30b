#!/usr/bin/env bash
# Returns, statements, expansions and what is read at them: counts are those
# of the workload, and values agree with each other.
. tests/tap.sh
. tests/end/figures.sh
. tests/vm/machine.sh

WORKLOAD='calls=1 rpc=20 vm=20 threads=20 waits=5 ports=10'

address=$(nm "$KERNEL" | awk '$3 == "vm_map_enter" { print "0x" $1 }')
cat >"$WORK/points.stp" <<END
global n, sizes, different, failed, unequal, past, nested

function see(what) { n[what]++ }

probe kernel.function("vm_map_enter") { see("entry"); sizes["entry"] += \$size }
probe kernel.function("vm_map_enter").return {
    see("return")
    sizes["return"] += \$size
    sizes["saved"] += @entry(\$size)
    if (\$return != 0) failed++
    if (\$return != returnval()) different++
    if (\$size != @entry(\$size + 1) - 1) unequal++
    if (gettimeofday_ns() <= @entry(gettimeofday_ns())) past++
    if (@entry(ktime_get_ns()) >= ktime_get_ns()) past++
}
probe kernel.function("vm_map_enter").call.return { see("call") }
probe kernel.function("vm_map_enter").return.maxactive(4) { see("maxactive") }
probe kernel.statement($address).absolute { see("address") }
probe kernel.statement("vm_map_enter@vm/vm_map.c") { see("start") }
probe kprobe.function("vm_map_enter") { see("kprobe") }
probe kprobe.function("vm_map_enter").return { see("kprobe return") }
probe kprobe.statement($address).absolute { see("kprobe address") }
probe kernel.function("vm_map_create").inline { see("map") }
probe kernel.function("_Xvm_copy") { see("copy") }
probe kernel.function("vm_map_setup") { see("setup") }
probe kernel.function("vm_map_entry_reset_wired").inline { see("wired") }
probe kernel.function("thread_create").return {
    see("thread")
    if (\$parent_task != @entry(\$parent_task)) unequal++
    if (@cast(@kderef($WORD, \$child_thread), "struct thread")->task != \$parent_task)
        nested++
}
probe end {
    foreach (what in n) printf("script: %s=%d\n", what, n[what])
    printf("script: sizes=%d\n",
           sizes["entry"] == sizes["return"] && sizes["saved"] == sizes["entry"])
    printf("script: wrong=%d %d %d %d %d\n", failed, different, unequal, past,
           nested)
}
END

run "$BIN/machtap" "$WORK/points.stp" -c "$WORKLOAD"
is "the run ends well" "$status" 0 || show "$WORK/out" "$WORK/err"
ok "nothing was lost" test ! -s "$WORK/err" || show "$WORK/err"
entries=$(counted entry)
ok "the function was called" test "${entries:-0}" -gt 20
for what in return call maxactive address start kprobe 'kprobe return' \
    'kprobe address'; do
    is "$what: as often as the entry" "$(counted "$what")" "$entries"
done
is "an expansion: as often as the workload did it" "$(counted map)" \
    "$(figure task_create)"
is "a name stands for an entry and not its parts" "$(counted copy)" "$(figure vm_copy)"
is "another expansion" "$(counted wired)" "$(figure vm_copy)"
is "and for all expansions" "$(counted setup)" "$(figure task_create)"
is "threads created" "$(counted thread)" "$(figure thread_create)"
is "parameters at the return are those of the entry" "$(counted sizes)" 1
is "values agree" "$(counted wrong)" '0 0 0 0 0' || show "$WORK/out"

# A statement for each line of a function: what runs in one call of it.
cat >"$WORK/lines.stp" <<'END'
global lines, order
probe kernel.statement("task_create@kern/task.c:*") {
    lines++
    if (order <= 0)
        order = $parent_task != 0 && $inherit_memory == 1
}
probe kernel.statement("task_create@task.c:84").nearest { lines += 1000 }
probe end { printf("script: lines=%d order=%d\n", lines / 1000, order) }
END
run "$BIN/machtap" "$WORK/lines.stp" -c "$WORKLOAD"
is "lines: the run ends well" "$status" 0 || show "$WORK/out" "$WORK/err"
matches "the lines of a function, and their variables" "$WORK/out" \
    "^script: lines=$(figure task_create) order=1\$"

# Data by name.
cat >"$WORK/data.stp" <<'END'
global bad

function task_map:long(t) { return @cast(t, "task")->map }
function map_size(m:long) { return @cast(m, "vm_map")->size }
function size_of(t) { m = task_map(t); return map_size(m) }
function name_of:string(t) { return kernel_string(@cast(t, "task")->name) }

# Copied into each probe that calls them: $ is that probe's.
function inherits() {
    if (!@defined($nothing) && @defined($inherit_memory)) return $inherit_memory
    return -1
}
function word(a) { value = kernel_pointer(a); return value }
function sum(n) { if (n == 0) return 0; return $inherit_memory + sum(n - 1) }
function own_map() { t = $parent_task; return t->map }
function kind() { if (!is_return()) next; return "return" }
function kind() { return "entry" }

function check(what, holds) { if (!holds) { bad++; println("bad: ", what) } }

probe kernel.function("task_create") {
    task = $parent_task
    check("@cast", @cast(task, "task")->map == $parent_task->map)
    check("a typedef", @cast(task, "task_t")->map == $parent_task->map)
    check("& of a member", &$parent_task->map == task + (&@cast(0, "task")->map))
    check("@kderef", @kderef($1, &$parent_task->map) == $parent_task->map)
    check("@kderef of 4", @kderef(4, &$parent_task->map) ==
          ($parent_task->map & 0xffffffff))
    check("kernel_long", kernel_long(&$parent_task->map->size) ==
          $parent_task->map->size)
    check("its sign", kernel_long(&$parent_task->map) ==
          ($parent_task->map << (64 - 8 * $1)) >> (64 - 8 * $1))
    check("kernel_pointer", kernel_pointer(&$parent_task->map) ==
          $parent_task->map)
    check("kernel_int", kernel_int(&$parent_task->ref_count) ==
          $parent_task->ref_count)
    check("arguments", pointer_arg(1) == $parent_task && int_arg(2) == 1)
%( arch == "i386" %?
    check("registers", kernel_pointer(u_register("esp") + 4) == $parent_task &&
          register("esp") == (u_register("esp") << 32) >> 32)
    check("addr", addr() == register("eip"))
%:
    check("registers", register("rdi") == $parent_task &&
          register("edi") == ($parent_task << 32) >> 32 &&
          u_register("edi") == ($parent_task & 0xffffffff))
    check("addr", addr() == register("rip"))
%)
    check("a name", kernel_string($parent_task->name) == execname() &&
          kernel_string(&$parent_task->name[4]) == substr(execname(), 4, 64))
    check("of limited length", kernel_string_n($parent_task->name, 4) ==
          substr(execname(), 0, 4))
    check("a default", kernel_string(16, "none") == "none")
    i = 2
    check("a computed index", $parent_task->name[i] ==
          stringat(execname(), 2) &&
          $parent_task->name[$inherit_memory + i] == stringat(execname(), 3))
    check("functions", task_map(task) == $parent_task->map &&
          size_of($parent_task) == $parent_task->map->size &&
          name_of(task()) == execname())
    check("copied functions", inherits() == 1 && sum(5) == 5 &&
          kind() == "entry" &&
          word(&$parent_task->map) == $parent_task->map &&
          word(&$parent_task->itk_space) == $parent_task->itk_space)
    check("macros of types", @cast_sizeof("task") > @offsetof("task", map) &&
          @cast_module_sizeof("kernel", "struct task") == @cast_sizeof("task") &&
          &@container_of(&$parent_task->map, "task", map) == $parent_task &&
          @container_of(&task->map, "task", map)->map == $parent_task->map &&
          &@module_container_of(&task->map, "kernel", "task", map) == task &&
          @type_defined("task") && !@module_type_defined("kernel", "none") &&
          @type_member_defined("task", map) &&
          !@module_type_member_defined("kernel", "task", none) &&
          @choose_defined($nothing, 7) == 7)
    map = task->map
    check("types that numbers keep", task->map == $parent_task->map &&
          map->size == $parent_task->map->size &&
          &task->map == &$parent_task->map && task()->map == map &&
          own_map() == map && kernel_string(&task->name[4]) ==
          substr(execname(), 4, 64))
    check("@var", @var("kernel_task") == @var("kernel_task@kern/task.c") &&
          @cast(@var("kernel_task"), "task")->map == @var("kernel_map"))
    check("@const", @const("EXEC_ELF") == 1)
    check("@defined", @defined(@cast(task, "task")->map) &&
          !@defined(@cast(task, "task")->nothing) && !@defined($nothing))
}
probe kernel.function("task_create").return {
    check("functions of another probe", kind() == "return" && inherits() == 1)
    check("is_return", is_return() && probe_type() == "kernel.function.return")
    printf("%s|%s\n", $$parms, $$return)
    printf("%s\n", $parent_task$)
}
function dump(p) { printf("%.3m|%-8.2M|%*.*m\n", p, p, 6, 4, p); return 1 }
probe kernel.function("task_create") {
    name = &$parent_task->name
    printf("memory %.8m %m %.4M %d %.12M ", name, name, name, 5, name)
    s = sprintf("%.2m", name)
    print(s, strlen(s), " ")
    dump(name)
}
probe error { println("bad: an error") }
probe end { printf("script: bad=%d\n", bad) }
END
run "$BIN/machtap" "$WORK/data.stp" -c "$WORKLOAD" "$WORD"
is "data: the run ends well" "$status" 0 || show "$WORK/out" "$WORK/err"
matches "%m and %M" "$WORK/out" "^memory workload w 776f726b 5 \
776f726b6c6f616400000000 wo2 wor[|]776f    [|]  work\$"
is "data is what it is" "$(counted bad)" 0 || show "$WORK/out" "$WORK/err"
matches '$$parms and $$return' "$WORK/out" \
    '^parent_task=0x[cf][0-9a-f]* inherit_memory=0x1 child_task=0x[cf][0-9a-f]*\|return=0x0'
matches 'a struct whole' "$WORK/out" \
    '^\{\.lock=\{\.\.\.\}, \.ref_count=[0-9]+,.* \.map=0x[cf][0-9a-f]+, '

# A bad pointer is an error of the script, told with its place.
run "$BIN/machtap" -e 'probe kernel.function("task_create") {
    println(@cast(16, "task")->map) } probe error { println("ended") }' \
    -c "$WORKLOAD"
is "a bad pointer: exit status" "$status" 1
matches "a bad pointer is told" "$WORK/err" 'read fault'
run "$BIN/machtap" -e 'probe kernel.function("task_create") {
    printf("%s\n", @cast(16, "task")$) }' -c "$WORKLOAD"
matches "and pretty-printing shows it" "$WORK/out" '^ERROR$'
tap_done
