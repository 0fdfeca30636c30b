"""Compares what debuginfo-dump says of a kernel with what gdb says.

    gdb_compare.py scopes KERNEL DUMP     at the entry of each function
    gdb_compare.py middles KERNEL DUMP    in its middle: what is in registers
    gdb_compare.py structs KERNEL DUMP-PROGRAM STRUCT...

Prints how many were compared; differences, and exit status 1 if there are.
"""

import re
import subprocess
import sys
import tempfile

# Registers by DWARF's numbers: amd64's and i386's.
REGISTERS = {
    8: ("rax rdx rcx rbx rsi rdi rbp rsp "
        "r8 r9 r10 r11 r12 r13 r14 r15").split(),
    4: "eax ecx edx ebx esp ebp esi edi".split(),
}


def word_size(kernel):
    """Byte 4 of an ELF file is its class."""
    with open(kernel, "rb") as image:
        return 8 if image.read(5)[4] == 2 else 4


# Whether another function, or a part of the same one, is expanded there.
IS_EXPANDED = '''
def is_expanded(address):
    block = gdb.block_for_pc(address)
    functions = 0
    while block:
        functions += block.function is not None
        block = block.superblock
    return functions > 1
'''


def gdb(kernel, commands):
    """What gdb says to them; a command that it fails in says less."""
    with tempfile.NamedTemporaryFile("w", suffix=".py") as script:
        script.write(IS_EXPANDED)
        script.write("for command in %r:\n"
                     "    try:\n"
                     "        gdb.execute(command)\n"
                     "    except gdb.error:\n"
                     "        pass\n" % commands)
        script.flush()
        return subprocess.run(["gdb", "-batch", "-nx", "-x", script.name,
                               kernel], capture_output=True, text=True,
                              check=False).stdout


def read_dump(path):
    """[(address, size, name, [(parameter, size, location)])]"""
    functions = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("F "):
                words = line.split()
                functions.append((int(words[1], 16), int(words[2]), words[5],
                                  []))
            else:
                head, found, location = line.rstrip("\n").partition(" : ")
                name, size = head.split()[1:3]
                functions[-1][3].append((name, int(size),
                                         location if found else None))
    return functions


def place_of(text, address, at_entry):
    """How gdb describes a variable at ADDRESS: "$rdi", "fbreg 8", or None.

    When a function is entered, an entry of no length that comes first holds:
    the next one is of statements that the compiler did at once.
    """
    ranges = re.findall(r"Range 0x([0-9a-f]+)-0x([0-9a-f]+): (.*?)(?=\n  Range|"
                        r"\Z)", text, re.S)
    for start, end, place in ranges:
        first, end = int(start, 16), int(end, 16)
        if first <= address < end or (at_entry and first == address):
            text = place
            break
    else:
        if ranges:
            return None
    pieces = re.findall(r"(?:a variable in \$(\w+) |an empty )"
                        r"\[?(\d+)-byte piece", text)
    if pieces and "DW_OP" not in text:
        return " ".join(piece[1] + piece[0] for piece in pieces)
    register = re.search(r"a variable in \$(\w+)", text)
    if register:
        return register.group(1)
    frame = re.search(r"DW_OP_fbreg (-?\d+)\s*\Z", text)
    if frame is None:
        frame = re.search(r"DW_OP_fbreg (-?\d+)\s*, length", text)
    return "fbreg " + frame.group(1) if frame else "other"


def our_place(location, word, at_entry):
    """The same of our steps, or None if gdb has no word for it."""
    register = re.fullmatch(r"r(\d+) value", location)
    if register:
        return REGISTERS[word][int(register.group(1))]
    if re.fullmatch(r"pieces(?: \[\d+(?: r\d+ value| absent)\])+", location):
        return " ".join("%d%s" % (int(bits) // 8,
                                  REGISTERS[word][int(number)] if number
                                  else "")
                        for bits, number in
                        re.findall(r"\[(\d+) (?:r(\d+))?", location))
    if not at_entry:
        return None
    # The frame begins above the return address; a sum of 32 bits is cut.
    pattern = (r"r7 (8) \+(?: (-?\d+) \+)? memory" if word == 8 else
               r"r4 (-?\d+) \+ u32()? memory")
    memory = re.fullmatch(pattern, location)
    if memory:
        first, second = memory.groups()
        return "fbreg %d" % (int(first) - word + int(second or 0))
    return None


def read_scopes(kernel, functions):
    """{address: [{variable: description}]}, where "" says whether something is
    expanded there: gdb shows no more of a function than what an inlined one
    leaves, so it is asked at both ends."""
    commands = []
    for address, size, _, _ in functions:
        for at in address, address + size - 1:
            commands += ["echo @@%x\\n" % address,
                         "python print(is_expanded(0x%x))" % at,
                         "info scope *0x%x" % at]
    scopes = {}
    for part in gdb(kernel, commands).split("@@")[1:]:
        head, _, body = part.partition("\n")
        symbols = {"": body.partition("\n")[0]}
        for text in re.split(r"^Symbol ", body, flags=re.M)[1:]:
            name, _, rest = text.partition(" is ")
            symbols.setdefault(name, rest)
        scopes.setdefault(int(head, 16), []).append(symbols)
    return scopes


def compare_scopes(kernel, dump, at_entry):
    functions = read_dump(dump)
    scopes = read_scopes(kernel, functions)
    word = word_size(kernel)
    same = different = pieces = 0
    for address, _, name, parameters in functions:
        # Of what is expanded gdb shows the variables alone.
        if not at_entry and scopes[address][0][""] != "False":
            continue
        for parameter, size, location in parameters:
            place = our_place(location, word, at_entry) if location else None
            texts = [scope[parameter] for scope in scopes[address]
                     if parameter in scope]
            # Of another length, or without a place, is an inlined function's
            # variable of that name.
            theirs = [place_of(text, address, at_entry) for text in texts
                      if "length %d." % size in text]
            theirs = [at for at in theirs if at]
            if place is None or not theirs:
                continue
            if place in theirs:
                same += 1
                pieces += " " in place and "fbreg" not in place
            else:
                different += 1
                print("# %s(%s): %s, gdb says %s" % (name, parameter, place,
                                                     theirs))
    print("%d parameters alike, %d different" % (same, different))
    print("%d in pieces alike" % pieces)
    return different == 0


def compare_structs(kernel, program, names):
    same = different = 0
    for struct in names:
        text = gdb(kernel, ["ptype /o struct " + struct])
        theirs = {}
        for line in text.splitlines():
            # /* offset: bit | size */    type name:bits;
            member = re.match(r"/\*\s*(\d+)(?::\s*(\d+))?\s*\|\s*(\d+) \*/"
                              r"    (?! )[^{}]*?\**(?:\(\*)?(\w+)"
                              r"(?:\[[^;]*|\)\([^;]*| : (\d+))?;$", line)
            if member:
                offset, bit, _, name, bits = member.groups()
                theirs[name] = (int(offset) * 8 + int(bit or 0),
                                int(bits or 0))
        run = subprocess.run([program, kernel, struct] + list(theirs),
                             capture_output=True, text=True, check=False)
        for line in run.stdout.splitlines():
            _, name, offset, bit, bits, _ = line.split()
            ours = (int(offset) * 8 + int(bit), int(bits))
            if ours == theirs.pop(name):
                same += 1
            else:
                different += 1
                print("# struct %s: %s differs: %s" % (struct, name, ours))
        for name in theirs:
            different += 1
            print("# struct %s: %s not found: %s" % (struct, name,
                                                     run.stderr.strip()))
    print("%d members alike, %d different" % (same, different))
    return different == 0


def main():
    if sys.argv[1] in ("scopes", "middles"):
        return compare_scopes(sys.argv[2], sys.argv[3],
                              sys.argv[1] == "scopes")
    return compare_structs(sys.argv[2], sys.argv[3], sys.argv[4:])


sys.exit(0 if main() else 1)
