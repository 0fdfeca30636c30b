#!/bin/bash
# The library of tasks is tested by a task, which prints TAP itself.
. tests/tap.sh
. tests/vm/machine.sh

vm -- "$(task "$TASKS/library")"
cat "$WORK/out" "$WORK/err"
exit "$status"
