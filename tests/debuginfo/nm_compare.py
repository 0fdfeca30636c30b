#!/usr/bin/env python3
"""nm_compare.py NAMED SYMBOLS: whether each address of NAMED, lines of an
address and the name it was given, is in a function of SYMBOLS, lines of nm -S
without their kind, that has this name.  What is in none is not looked at."""

import bisect
import sys


def main():
    symbols = []
    for line in open(sys.argv[2]):
        name, start, size = line.split()
        symbols.append((int(start, 16), int(size, 16), name))
    symbols.sort()
    starts = [start for start, _, _ in symbols]
    checked = wrong = 0
    for line in open(sys.argv[1]):
        address, name = line.split()
        address = int(address, 16)
        last = bisect.bisect_right(starts, address) - 1
        names = {candidate for start, size, candidate in
                 symbols[max(0, last - 8):last + 1]
                 if start == starts[last] and address - start < size}
        if not names:
            continue
        checked += 1
        if name not in names:
            wrong += 1
            print("# %x is called %s, not %s" % (address, name, names))
    print("%d addresses, %d wrong" % (checked, wrong))
    return wrong > 0 or checked < 5000


sys.exit(main())
