#!/usr/bin/env bash
# The sources' form: .clang-format holds, manual pages are well formed, and
# scripts have their rights.
. tests/tap.sh

run make -s format-check
is "every C file has the form of .clang-format" "$status" 0 ||
    { grep error: "$WORK/err" >"$WORK/lines"; show "$WORK/lines"; }

for page in man/*.[1-9]; do
    run mandoc -T lint -W warning "$page"
    is "$page is well formed" "$(cat "$WORK/out" "$WORK/err")" ""
done

for script in tests/*/*.t; do
    [ -x "$script" ] || echo "# $script" >>"$WORK/plain"
done
ok "every test can be executed" test ! -e "$WORK/plain" || cat "$WORK/plain"
tap_done
