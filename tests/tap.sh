# Shell functions for tests that print TAP; sourced by tests/*/*.t, which run
# in the root folder of the sources.
#
# MACHTAP_BUILD is where the programs under test are (build/asan in make
# check); a test run by hand takes build.

BUILD=${MACHTAP_BUILD:-build}
BIN=$BUILD/bin
export MACHTAP_HOME=${MACHTAP_HOME:-$PWD/build/home}
export MACHTAP_CACHE=${MACHTAP_CACHE:-$PWD/build/test/cache}
WORK=$(mktemp -d)
# Not what the user has in a file of options.
export MACHTAP_DIR=$WORK/none
trap 'rm -rf "$WORK"' EXIT
tap_count=0
tap_failed=0

# ok NAME COMMAND...: a test that passes when COMMAND succeeds.
ok() {
    local name=$1
    shift
    tap_count=$((tap_count + 1))
    if "$@"; then
        echo "ok $tap_count - $name"
    else
        tap_failed=$((tap_failed + 1))
        echo "not ok $tap_count - $name"
        return 1
    fi
}

# show FILE...: files as comments, after a failure.
show() {
    local file
    for file in "$@"; do
        echo "# --- $(basename "$file")"
        head -n 40 "$file" | tr -d '\r' | sed 's/^/# /'
    done
}

# is NAME GOT EXPECTED
is() {
    ok "$1" test "$2" = "$3" && return
    echo "#      got: $2"
    echo "# expected: $3"
    return 1
}

# run COMMAND...: its output in $WORK/out and $WORK/err, its exit status in
# $status.
run() {
    "$@" >"$WORK/out" 2>"$WORK/err" </dev/null
    status=$?
}

# matches NAME FILE PATTERN: some line of FILE matches the extended pattern.
matches() {
    ok "$1" grep -Eq -- "$3" "$2" && return
    echo "# no line matches: $3"
    show "$2"
    return 1
}

tap_done() {
    echo "1..$tap_count"
    [ "$tap_failed" = 0 ]
    exit
}
