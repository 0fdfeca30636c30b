#!/usr/bin/env bash
# The command line: what is wrong there is said, and nothing else is done.
. tests/tap.sh

# refuses NAME PATTERN WORDS...
refuses() {
    local name=$1 pattern=$2
    shift 2
    run "$BIN/machtap" "$@"
    is "$name: exit status" "$status" 1
    matches "$name: message" "$WORK/err" "$pattern"
}

refuses "unknown letter" 'no option -Z' -Z
refuses "unknown name" 'no option --frobnicate' --frobnicate x
refuses "ambiguous name" 'option --m may be --module or --memory' --m 3
refuses "no script" 'no script: give a file'
refuses "two scripts" 'only one script' -e 'probe begin {}' -e 'probe end {}'
refuses "pass out of range" "pass from 1 to 5, not '9'" -p9 -e 'probe begin {}'
refuses "no number" "number from 1 to 1000000, not 'two'" --smp two x.stp
refuses "value missing" 'option -o needs a value: FILE' x.stp -o
refuses "value too many" 'takes no value' --self=1 x.stp
refuses "an option of stap's" 'there is no bulk mode' -b x.stp
refuses "script and pattern" 'no script beside it' -l 'x' -e 'probe begin {}'
refuses "kernel unknown" "no kernel 'nope'.*trixie-amd64-up" \
    --kernel nope -e 'probe begin {}'
refuses "script missing" 'nowhere.stp' nowhere.stp
refuses "compiled script missing" 'no compiled script nowhere' --run nowhere
refuses "limit unknown" 'MAXACTION' -D MAXNONSENSE=3 -e 'probe begin {}'
refuses "folder missing" '-I nowhere' -I nowhere -e 'probe begin {}'

# What stap has, and machtap has not, is refused by its name.
while read -r word; do
    refuses "$word" "option ${word%%[ =]*}: " $word x.stp
done <<'END'
-i
--interactive
-b
-r 6.1
-a arm64
-B CONFIG_X=y
-R folder
-q
--monitor
--monitor=3
--remote host
--dyninst
--bpf
--modinfo a=b
--sign-module
--save-uprobes
--use-server
--use-server=host
--list-servers
--trust-servers
--download-debuginfo=yes
--rlimit-as=1
--sysroot=/x
--sysenv=A=B
--target-namespaces=1
--language-server
END

# What is so anyway is accepted.
run "$BIN/machtap" --host -P --prologue-searching --prologue-searching=never \
    --ldd --all-modules -d kernel --runtime=mach -u \
    -e 'probe begin { println("ran"); exit() }'
is "accepted" "$(cat "$WORK/out" "$WORK/err")" ran
refuses "another runtime" "one of: mach; not 'kernel'" --runtime=kernel x.stp
refuses "no such time to search prologues" 'one of: always never auto' \
    --prologue-searching=maybe x.stp

# ---- the script ------------------------------------------------------------
# prints NAME EXPECTED WORDS...: machtap --host prints that, and nothing else.
prints() {
    local name=$1 expected=$2
    shift 2
    run "$BIN/machtap" --host "$@"
    is "$name" "$(cat "$WORK/out" "$WORK/err")" "$expected"
}
echo 'probe begin { println("file ", $1, " ", @2); exit() }' >"$WORK/file.stp"
prints "a file and its arguments" "file 1 two" "$WORK/file.stp" 1 two
prints "options after the file" "file -1 x" -w "$WORK/file.stp" -- -1 x
prints "-E beside -e" "12" -e 'probe begin { print(1) }' \
    -E 'probe begin { print(2); exit() }'
prints "-E alone" "3" -E 'probe begin { print(3); exit() }'
prints "-G" "5 new" -G n=5 -G s=new -e 'global n = 1, s = "old"
    probe begin { println(n, " ", s); exit() }'
mkdir "$WORK/library"
echo 'function ours:string () { return "ours" }' >"$WORK/library/ours.stp"
prints "-I" ours -I "$WORK/library" -e 'probe begin { println(ours()); exit() }'
prints "-x" 1234 -x 1234 -e 'probe begin { println(target()); exit() }'
prints "-x in hexadecimal" 255 -x 0xff -e 'probe begin { println(target()); exit() }'
refuses "-x of a word" "-x takes a number, not 'me'" -x me x.stp
prints "no -x" 0 -e 'probe begin { println(target()); exit() }'

# ---- versions and privileges -------------------------------------------------
prints "systemtap_v" 5.6 -e 'probe begin {
    println(%( systemtap_v >= "5.6" %? "5.6" %: "older" %)); exit() }'
prints "--compatible" older --compatible 4.0 -e 'probe begin {
    println(%( systemtap_v >= "5.6" %? "5.6" %: "older" %)); exit() }'
prints "--compatible 2.2: no \\x in strings" x41 --compatible=2.2 -e 'probe begin {
    println("\x41"); exit() }'
prints "--compatible 2.3: as now" A --compatible=2.3 -e 'probe begin {
    println("\x41"); exit() }'
run "$BIN/machtap" --host --compatible=2.9 -e 'private global g probe begin { exit() }'
is "--compatible 2.9: private is no keyword" "$status" 1
refuses "a future version" 'cannot be compatible with future version 9.9' \
    --compatible 9.9 x.stp
refuses "no version" "takes a version as 4.9, not 'new'" --compatible new x.stp

for level in stapdev stapsys stapusr; do
    prints "--privilege=$level" "$level" --privilege=$level -e 'probe begin {
        println(%( systemtap_privilege == "stapdev" %? "stapdev" %:
            %( systemtap_privilege == "stapsys" %? "stapsys" %: "stapusr" %) %)); exit() }'
done
prints "no --privilege" stapdev -e 'probe begin {
    println(%( systemtap_privilege == "stapdev" %? "stapdev" %: "other" %)); exit() }'
refuses "an unprivileged probe of the kernel" 'users of --privilege=stapusr may not' \
    --unprivileged -e 'probe kernel.function("vm_allocate") { }'
refuses "guru mode without privilege" 'guru mode, -g, is not for --privilege=stapsys' \
    --privilege=stapsys -g -e 'probe begin { }'
refuses "no such level" 'one of: stapdev stapsys stapusr' --privilege=root x.stp

# ---- examples, the file of options ---------------------------------------------
run "$BIN/machtap" --example
is "examples: status" "$status" 0
is "examples: all, with what they are" \
    "$(awk 'NF > 3 { print $1 ".stp" }' "$WORK/out")" "$(cd examples && ls ./*.stp | cut -c3-)"
run "$BIN/machtap" --example -p1 hello
is "an example: status" "$status" 0
matches "an example: its tree" "$WORK/out" 'vm_map_enter'
refuses "no such example" "no example 'nothing'" --example nothing

mkdir "$WORK/own"
export MACHTAP_DIR=$WORK/own
printf '%s\n' '# a comment' '--host -G "n=1 2"' '' '-E "probe begin { println(n); exit() }"' \
    >"$WORK/own/rc"
run "$BIN/machtap" -e 'global n = ""'
is "options of a file" "$(cat "$WORK/out")" "1 2" || show "$WORK/err"
echo '-G (' >"$WORK/own/rc"
run "$BIN/machtap" -e 'global n'
matches "no options: where" "$WORK/err" "own/rc:1: no shell would split this line"
unset MACHTAP_DIR

run "$BIN/machtap" --help
is "help: exit status" "$status" 0
matches "help: names every option" "$WORK/out" '--no-workload'
# The manual page has them all, and no others.
sed -n 's/^\(-[-a-zA-Z, ]*\).*/\1/p' "$WORK/out" | grep -oE -- '^-[a-zA-Z]( |,)|--[a-z-]+' |
    tr -d ', ' | sort -u >"$WORK/help"
sed -n '/^.Sh OPTIONS/,/^.Sh THE LANGUAGE/s/^.It //p' man/machtap.1 |
    grep -oE '^Fl [a-zA-Z]( |$)|Fl Fl [a-z-]+' |
    sed 's/Fl Fl /--/; s/Fl /-/; s/ //' | grep -v poison-cache | sort -u >"$WORK/manual"
is "help and manual page: the same options" "$(diff "$WORK/help" "$WORK/manual")" ""
run "$BIN/machtap" --version
is "version: exit status" "$status" 0

run "$BIN/machtap" -p1 -e 'probe begin { println($1 + 1) }' -- -7
is "words after --: exit status" "$status" 0
matches "words after -- are arguments" "$WORK/out" '-7'
tap_done
