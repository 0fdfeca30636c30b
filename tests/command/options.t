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

run "$BIN/machtap" --help
is "help: exit status" "$status" 0
matches "help: names every option" "$WORK/out" '--no-workload'
run "$BIN/machtap" --version
is "version: exit status" "$status" 0

run "$BIN/machtap" -p1 -e 'probe begin { println($1 + 1) }' -- -7
is "words after --: exit status" "$status" 0
matches "words after -- are arguments" "$WORK/out" '-7'
tap_done
