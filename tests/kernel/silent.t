#!/bin/bash
# One CPU stands still, as if it took no interrupts any more: a debugger of
# the machine holds it while the other one runs the test.

. tests/tap.sh
. tests/vm/machine.sh
. tests/kernel/debugged.sh

cat >"$WORK/script" <<'END'
continue
set scheduler-locking on
continue
set scheduler-locking off
delete
continue
END

for kernel in $(kernels sid-amd64-smp); do
    [ "${kernel%-amd64-smp}" != "$kernel" ] || continue
    use_linked "$kernel" || continue
    debugged "$kernel" silent swtch "$WORK/script" -smp 2 -m 256
done
tap_done
