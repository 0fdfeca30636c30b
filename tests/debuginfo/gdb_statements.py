"""
gdb -batch -x gdb_statements.py KERNEL: where each line of the sources has its
statements; a line each,

    FUNCTION@FILE:LINE ADDRESS

Lines are those of readelf, functions of gdb: two readers of DWARF that are not
ours, and gdb by itself forgets rows where the file changes.  The function is
the innermost that the source has there, which may be expanded in another; of
the addresses that a line has in one expansion of it, the lowest.  A file has
no folder.
"""

import re
import subprocess

import gdb


def function_at(pc):
    """Name and extent of the innermost function at pc, expanded or not."""
    block = gdb.block_for_pc(pc)
    while block is not None and block.function is None:
        block = block.superblock
    return None if block is None else (block.function.name, block.start,
                                       block.end)


def rows():
    """(file, line, address) of each statement."""
    text = subprocess.run(
        ["readelf", "-W", "--debug-dump=decodedline", gdb.objfiles()[0].filename],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    for line in text.stdout.decode().split("\n"):
        row = re.match(r"(\S+) +(\d+) +0x([0-9a-f]+).* x$", line)
        if row:
            yield row.group(1), int(row.group(2)), int(row.group(3), 16)


def main():
    lowest = {}
    for path, line, address in rows():
        where = function_at(address)
        if where is None or line == 0:
            continue
        key = (where, path, line)
        if address < lowest.get(key, 1 << 64):
            lowest[key] = address
    for ((name, _, _), path, line), address in lowest.items():
        print("%s@%s:%d 0x%x" % (name, path, line, address))


main()
