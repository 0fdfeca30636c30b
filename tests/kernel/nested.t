#!/bin/bash
# Hits within a hit, which are missed: a debugger of the machine stops it
# where a hit is handled, has it call a function that is probed, as the handler
# of a non-maskable interrupt would, and lets it go on as it was.

. tests/tap.sh
. tests/vm/machine.sh
. tests/kernel/debugged.sh

cat >"$WORK/script.py" <<'END'
import gdb
import os

NAMES = ["rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "rip"]
NAMES += ["r%d" % n for n in range(8, 16)]

function = int(os.environ["INNER"], 16)

def call(function):
    """Call memcmp of something with itself, and be back where we are."""
    saved = {n: int(gdb.parse_and_eval("(unsigned long)$" + n)) for n in NAMES}
    stack = saved["rsp"] - 1024
    stack -= stack % 16 + 8
    gdb.selected_inferior().write_memory(
        stack, saved["rip"].to_bytes(8, "little"))
    for name, value in (("rsp", stack), ("rdi", function), ("rsi", function),
                        ("rdx", 8), ("rip", function)):
        gdb.execute("set $%s = %d" % (name, value))
    gdb.execute("continue")
    for name, value in saved.items():
        gdb.execute("set $%s = %d" % (name, value))

gdb.execute("continue")
gdb.execute("delete")
gdb.execute("hbreak *0x" + os.environ["OUTER"])
for hit in range(4):
    gdb.execute("continue")
    call(function)
gdb.execute("delete")
gdb.execute("continue")
END

for kernel in $(kernels trixie-amd64-up sid-amd64-up); do
    [ "${kernel%-amd64-up}" != "$kernel" ] || continue
    use_linked "$kernel" || continue
    symbols "$kernel"
    INNER=$(address memcmp) OUTER=$(address hit_jump) \
        debugged "$kernel" nested swtch "$WORK/script.py" -m 64
done
tap_done
