# Scripts of one section of the language, run on the host: tests/scripts/
# SECTION/NAME.stp must print NAME.out, and NAME.err (or nothing) to standard
# error.  In its comments a script may name options of stp-host, its own
# arguments, and the exit status, 0 if it does not.  UPDATE=1 writes what comes
# out now: read the difference before you keep it.
. tests/tap.sh
export TZ=UTC

section=tests/scripts/$(basename "$0" .t)
for script in "$section"/*.stp; do
    name=$(basename "$script" .stp)
    options=$(sed -n 's/^# options: //p' "$script")
    arguments=$(sed -n 's/^# arguments: //p' "$script")
    expected=$(sed -n 's/^# status: //p' "$script")
    # shellcheck disable=SC2086
    eval "run \"$BUILD/test/stp-host\" $options $script $arguments"
    output=${script%.stp}.out
    errors=${script%.stp}.err
    if [ -n "${UPDATE:-}" ]; then
        cp "$WORK/out" "$output"
        rm -f "$errors"
        [ ! -s "$WORK/err" ] || cp "$WORK/err" "$errors"
    fi
    [ -e "$errors" ] || errors=/dev/null
    diff -u "$output" "$WORK/out" >"$WORK/diff" 2>&1
    diff -u "$errors" "$WORK/err" >>"$WORK/diff" 2>&1
    # shellcheck disable=SC2154
    [ "$status" = "${expected:-0}" ] || echo "status $status" >>"$WORK/diff"
    ok "$name" test ! -s "$WORK/diff" || show "$WORK/diff"
done
tap_done
