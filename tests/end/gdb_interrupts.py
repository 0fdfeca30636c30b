"""
Let the clock interrupt the kernel where a trap has not yet saved a register.

gdb -batch -x gdb_interrupts.py KERNEL, with the machine's socket in $GDB: each
page fault of user mode is stopped at its first instruction, and the machine is
made to look as if the clock's interrupt came there: its frame on the stack,
interrupts off, and on in the interrupt's entry.  For each of them is printed

  FAULT PC CALLER

where user mode was, and where the function there returns to, by the frame
pointer that the processor has.
"""

import os

import gdb

FAULTS = 200
USER = 3
INTERRUPTS = 0x200


def register(name):
    said = gdb.execute("print/x $" + name, to_string=True)
    return int(said.split("=")[1], 16)


def word(address):
    value = gdb.parse_and_eval("*(unsigned long *) %d" % address)
    return int(value) & (1 << 64) - 1


def interrupt():
    """As the processor does; entry 0 is the clock's."""
    names = ("rip", "cs", "eflags", "rsp", "ss")
    frame = [register(name) for name in names]
    entry = word(int(gdb.parse_and_eval("(unsigned long) &int_entry_table")))
    stack = (register("rsp") & ~15) - 8 * len(frame)
    for number, value in enumerate(frame):
        gdb.execute("set *(unsigned long *) %d = %d"
                    % (stack + 8 * number, value))
    gdb.execute("set $rsp = %d" % stack)
    gdb.execute("set $eflags = %d" % (register("eflags") & ~INTERRUPTS))
    gdb.execute("set $rip = %d" % entry)


def watch():
    done = 0
    while done < FAULTS:
        gdb.execute("continue", to_string=True)
        stack = register("rsp")
        # Behind the error code and the address; and interrupts may be off in
        # a probe's own path.
        if word(stack + 16) & USER != USER or \
                not register("eflags") & INTERRUPTS:
            continue
        try:
            print("FAULT %x %x" % (word(stack + 8), word(register("rbp") + 8)))
        except gdb.MemoryError:
            continue
        interrupt()
        gdb.execute("continue", to_string=True)  # it comes back to the stop
        done += 1


gdb.execute("set pagination off")
gdb.execute("set confirm off")
gdb.execute("set architecture i386:x86-64")
gdb.execute("target remote " + os.environ["GDB"])
gdb.execute("hbreak *(unsigned long) &t_page_fault")
try:
    watch()
    gdb.execute("delete")
    gdb.execute("detach")
except gdb.error:
    pass  # the machine is off
