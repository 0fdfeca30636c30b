#!/bin/bash
# Compiled scripts: the cache, -m, --run, and globals that are set then.
. tests/tap.sh
machtap=$BIN/machtap
export MACHTAP_CACHE=$WORK/cache

script='global n = 3, s = "old", a
    probe begin { a[1] = n; printf("%d %s %d\n", n, s, a[1]); exit() }'
run "$machtap" --host -e "$script"
is "compiled" "$(cat "$WORK/out")" "3 old 3"

# On a hit nothing at all is compiled: there is no compiler, and no other
# program that could be one.
mkdir "$WORK/empty"
run env PATH="$WORK/empty" "$machtap" --host -v -e "$script"
is "from the cache, without a compiler" "$(cat "$WORK/out")" "3 old 3" ||
    show "$WORK/err"
matches "from the cache: said" "$WORK/err" "^Pass 4: using cached $WORK/cache/"
run env PATH="$WORK/empty" "$machtap" --host -e 'probe begin { exit() }'
is "another script needs one" "$status" 1
matches "another script: which pass" "$WORK/err" \
    '^Pass 4: compilation failed\.  \[man error::pass4\]$'
run env PATH="$WORK/empty" "$machtap" --host --no-cache -e "$script"
is "--no-cache compiles" "$status" 1
run "$machtap" --host --poison-cache -v -e "$script"
matches "--poison-cache compiles" "$WORK/err" '^Pass 4: compiled C into "'
run env PATH="$WORK/empty" "$machtap" --host -e "$script"
is "and it is cached again" "$status" 0

before=$(find "$WORK/cache" | sort)
run "$machtap" --host --disable-cache -e 'probe begin { println("alone"); exit() }'
is "--disable-cache" "$(cat "$WORK/out")" alone
is "--disable-cache leaves nothing" "$(find "$WORK/cache" | sort)" "$before"
ok "--disable-cache: nor elsewhere" eval '
    ! compgen -G "${TMPDIR:-/tmp}/machtap-??????/scripts"'
run "$machtap" --disable-cache -p4 -e 'probe begin { exit() }'
matches "--disable-cache -p4" "$WORK/err" 'with --disable-cache, name it: -m'

# The cache's limit: what was not used for longest goes first.
run "$machtap" --host -p4 -e 'probe begin { println("first"); exit() }'
first=$(cat "$WORK/out")
run "$machtap" --host -p4 -e 'probe begin { println("last"); exit() }'
last=$(cat "$WORK/out")
touch -d '2001-01-01' "$(dirname "$first")"
run "$machtap" --clean-cache
is "--clean-cache: status" "$status" 0
is "--clean-cache: the limit is written" "$(cat "$WORK/cache/cache_mb_limit")" 256
ok "--clean-cache: all is small enough" test -e "$first"
# So much that the two together are too large, and one is not.
dd if=/dev/zero of="$(dirname "$last")/more" bs=1k count=600 2>/dev/null
dd if=/dev/zero of="$(dirname "$first")/more" bs=1k count=600 2>/dev/null
touch -d '2001-01-01' "$(dirname "$first")"
find "$WORK/cache/scripts" -mindepth 1 -maxdepth 1 ! -path "$(dirname "$first")" \
    ! -path "$(dirname "$last")" -exec rm -r {} +
rm -rf "$WORK/cache/kernels"
echo 1 >"$WORK/cache/cache_mb_limit"
run "$machtap" --clean-cache
ok "--clean-cache: the oldest is gone" test ! -e "$first"
ok "--clean-cache: the newest is there" test -e "$last"
echo many >"$WORK/cache/cache_mb_limit"
run "$machtap" --clean-cache
matches "--clean-cache: no number" "$WORK/err" 'cache_mb_limit holds no number of MiB'

# -k: where things are.
rm "$WORK/cache/cache_mb_limit"
run "$machtap" --host -k -e "$script"
kept=$(sed -n 's/^Kept \(.*\) and .*/\1/p' "$WORK/err")
ok "-k: the process" test -x "$kept"
matches "-k: its C" "$kept.c" 'rt_program'

# -m: by a name of one's own.
cd "$WORK" || exit 1
machtap=$OLDPWD/$machtap
case $BIN in /*) machtap=$BIN/machtap ;; esac
run "$machtap" --host -p4 -m mine -e "$script"
is "-m: what -p4 prints" "$(cat out)" mine
run "$machtap" --run mine
is "--run" "$(cat out)" "3 old 3"
run "$machtap" --run mine n=0x10 s=new
is "--run with globals" "$(cat out)" "16 new 16"
run "$machtap" --run mine -G n=7
is "--run with -G" "$(cat out)" "7 old 7"
run "$machtap" --run mine -D MAXERRORS=3
matches "--run with what is compiled in" err 'come too late'
run "$machtap" --run mine n=x
is "no number: status" "$status" 1
matches "no number" err 'n=x: the global is a number'
run "$machtap" --run mine nosuch=1
matches "no such global" err 'nosuch=1: there is no such global'
run "$machtap" --run mine a=1
matches "an array" err 'an array or statistics cannot be set'

# The same on a kernel, where the words pass through the boot script.
run "$machtap" -m traced -p4 -e 'global want = 0
    probe kernel.function("vm_map_enter") { if (want) println("wanted ", want); exit() }'
is "-m of a script with probes" "$status" 0
run "$machtap" --run traced want=5
is "--run with globals in a machine" "$(grep wanted out)" "wanted 5" || show err
run "$machtap" --run traced 'want=5 6'
matches "blanks cannot be handed there" err 'cannot be handed to a machine'
tap_done
