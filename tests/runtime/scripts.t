#!/bin/bash
# Scripts run on the host: scripts/NAME.stp must print NAME.out, and NAME.err
# (or nothing) to standard error.  In its comments a script may name options
# of stp-host and the exit status, 0 if it does not.
. tests/tap.sh

for script in tests/runtime/scripts/*.stp; do
    name=$(basename "$script" .stp)
    options=$(sed -n 's/^# options: //p' "$script")
    expected=$(sed -n 's/^# status: //p' "$script")
    # shellcheck disable=SC2086
    run "$BUILD/test/stp-host" $options "$script"
    errors=${script%.stp}.err
    [ -e "$errors" ] || errors=/dev/null
    # Warnings of the translation are tested elsewhere.
    sed -i '/^WARNING: never \|^WARNING: .*: identifier/,/\^$/d' "$WORK/err"
    ok "$name" eval 'diff -u "${script%.stp}.out" "$WORK/out" >"$WORK/diff" &&
        diff -u "$errors" "$WORK/err" >>"$WORK/diff" &&
        [ "$status" = "${expected:-0}" ]' || {
        echo "# status $status"
        show "$WORK/diff" "$WORK/err"
    }
done
tap_done
