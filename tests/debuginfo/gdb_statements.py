"""
gdb -batch -x gdb_statements.py KERNEL: where each line of the sources has its
statements; a line each,

    FUNCTION@FILE:LINE ADDRESS [first]

Lines are those of readelf, functions of gdb: two readers of DWARF that are not
ours, and gdb by itself forgets rows where the file changes.  The function is
the innermost that the source has there, which may be expanded in another; the
lowest of the addresses that a line has in one expansion of it is the first.  A
file has no folder.
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
    places = []
    for path, line, address in rows():
        where = function_at(address)
        if where is None or line == 0:
            continue
        key = (where, path, line)
        places.append((key, address))
        lowest[key] = min(address, lowest.get(key, address))
    for key, address in places:
        (name, _, _), path, line = key
        print("%s@%s:%d 0x%x%s" % (name, path, line, address,
                                   " first" if address == lowest[key] else ""))


main()
