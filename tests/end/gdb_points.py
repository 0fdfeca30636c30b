"""
What gdb, with a hand on the machine, says of the kernel's variables at a point
is what a script reads there.

gdb -batch -x gdb_points.py KERNEL, with WHAT in the environment:

  script  from the points in $POINTS, "ADDRESS LISTING" a line, of which LISTING
          is machtap's -L, a script that prints values at the first hit of each
          by the workload, and in $PATHS which
  watch   connect to $GDB, let the machine run, and print the same values when
          it comes there and the point is armed

A value is a line "POINT EXPRESSION=HEX"; of what cannot be read, "=fault".
"""

import json
import os

import gdb

TASK = "workload"     # whose hits count
KERNEL_START = 1 << 63
DEEP = 2              # pointers that are followed
MEMBERS = 110         # values by way of one variable, at most
PROBE_VALUES = 60     # in one probe

NUMBERS = (gdb.TYPE_CODE_INT, gdb.TYPE_CODE_PTR, gdb.TYPE_CODE_ENUM,
           gdb.TYPE_CODE_BOOL, gdb.TYPE_CODE_CHAR)
WHOLES = (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION)

# Members that a clock interrupt may change between gdb's stop at a point and
# the probe there: it makes threads ready to run.
ASYNCHRONOUS = {"runq"}

GLOBALS = ["default_pset", "kernel_map", "kernel_task", "machine_info",
           "realhost", "ipc_kernel_map", "vm_page_queue_free_lock"]


def walk(of, path, depth, found):
    """Breadth first: the paths of numbers below a value of type OF."""
    queue = [(of, path, depth)]
    while queue and len(found) < MEMBERS:
        of, path, depth = queue.pop(0)
        of = of.strip_typedefs()
        if of.code in WHOLES:
            for field in of.fields():
                if hasattr(field, "bitpos") and field.name not in ASYNCHRONOUS:
                    more = path + [field.name] if field.name else path
                    if field.name is None:
                        more = path + [None]
                    queue.append((field.type, more, depth))
        elif of.code == gdb.TYPE_CODE_ARRAY:
            low, high = of.range()
            if 0 <= low <= high <= 1000:
                for index in sorted({low, (low + high) // 2, high}):
                    queue.append((of.target(), path + [index], depth))
        elif of.code in NUMBERS and of.sizeof in (1, 2, 4, 8):
            found.append(path)
            target = of.target().strip_typedefs() \
                if of.code == gdb.TYPE_CODE_PTR else None
            if target is not None and target.code in WHOLES and depth > 0 \
                    and target.fields():
                queue.append((target, path + ["*"], depth - 1))


def text_of(path):
    """As a script writes it: -> for all that C has . and -> and * for."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += "[%d]" % part
        elif part not in ("*", None):
            text += "->" + part
    return text


def number(value):
    """64 bits of it, extended as its type says."""
    of = value.type.strip_typedefs()
    bits = int(value)
    if of.code == gdb.TYPE_CODE_PTR:
        bits &= (1 << 64) - 1
    return "%x" % (bits & ((1 << 64) - 1))


class Fault(Exception):
    pass


def unnamed(value, name):
    """The member of an unnamed struct or union that has NAME below it."""
    for field in value.type.strip_typedefs().fields():
        if field.name is None:
            for inner in field.type.strip_typedefs().fields():
                if inner.name == name:
                    return value[field]
    raise Fault()


def follow(value, path):
    for place, part in enumerate(path):
        if part == "*":
            if int(value) & KERNEL_START == 0:
                raise Fault()
            value = value.dereference()
        elif part is None:
            value = unnamed(value, path[place + 1])
        else:
            value = value[part]
    return value


def read(name, path):
    """"?" is what gdb has no name or place for here."""
    try:
        value = begin_of(name)
        if value.is_optimized_out:
            return "?"
        return number(follow(value, path))
    except (gdb.MemoryError, Fault):
        return "fault"
    except (gdb.error, ValueError):
        return "?"


# ---- the script ------------------------------------------------------------

def variables(line):
    """Names that a listing of -L has, but those of functions' names."""
    for word in line.split():
        if word.startswith("$") and ":" in word:
            name = word[1:word.index(":")]
            if name not in ("return", "__FUNCTION__", "__func__"):
                yield name


def type_at(address, name):
    block = gdb.block_for_pc(address)
    while block is not None and not block.is_global:
        for symbol in block:
            if symbol.name == name:
                return symbol.type
        block = block.superblock
    return None


def points():
    for at, line in enumerate(open(os.environ["POINTS"])):
        address, listing = line.rstrip("\n").split(" ", 1)
        end = listing.index('")') + 2
        yield at, int(address, 16), listing[:end], listing


def values_at(address, entry, listing):
    """(name in a script, what it begins with, path) of each value."""
    for name in variables(listing):
        of = type_at(address, name)
        if of is None:
            continue
        found = []
        walk(of, [], DEEP if entry else 0, found)
        for path in found:
            yield "$" + name + text_of(path), name, path
    if not entry:
        return
    for name in GLOBALS:
        symbol = gdb.lookup_global_symbol(name)
        if symbol is None:
            continue
        found = []
        walk(symbol.type, [], 1, found)
        for path in found:
            yield "@var(\"%s\")%s" % (name, text_of(path)), "::" + name, path


def write_probe(point, at, values):
    flag = "done%d" % at
    print("probe %s {\n    if (execname() != \"%s\" || %s[%d]++) next"
          % (point, TASK, "done", at))
    for expression, _, _ in values:
        print("    try { printf(\"%d %s=%%x\\n\", %s) } catch {"
              " printf(\"%d %s=fault\\n\") }"
              % (at // 100, expression.replace('"', ""), expression, at // 100,
                 expression.replace('"', "")))
    print("}")
    return flag


def write_script():
    paths = {}
    print("global done")
    for at, address, point, listing in points():
        values = list(values_at(address, "function(" in point, listing))
        paths[str(at)] = {"address": address,
                          "values": [[e, n, p] for e, n, p in values]}
        for part in range(0, len(values), PROBE_VALUES):
            write_probe(point, at * 100 + part // PROBE_VALUES,
                        values[part:part + PROBE_VALUES])
    with open(os.environ["PATHS"], "w") as file:
        json.dump(paths, file)


# ---- watching --------------------------------------------------------------

def task_name():
    thread = gdb.parse_and_eval("percpu_array[0].active_thread")
    return thread["task"]["name"].string("latin-1") if int(thread) else ""


def begin_of(name):
    if name.startswith("::"):
        return gdb.parse_and_eval(name[2:])
    return gdb.selected_frame().read_var(name)


def is_armed(address):
    byte = int(gdb.parse_and_eval("*(unsigned char *)0x%x" % address))
    return byte != original(address)


def address_of(text):
    return int(gdb.parse_and_eval("(long)" + text)) & ((1 << 64) - 1)


def break_at(address):
    return gdb.Breakpoint("*0x%x" % address, gdb.BP_HARDWARE_BREAKPOINT)


def watch():
    with open(os.environ["PATHS"]) as file:
        paths = json.load(file)
    points = {}
    for at, point in paths.items():
        points.setdefault(point["address"], []).append(at)
    gdb.execute("target remote " + os.environ["GDB"])
    # The workload goes on when all probes are armed.
    resume = break_at(address_of("&task_resume"))
    gdb.execute("continue")
    while not all(is_armed(address) for address in points):
        gdb.execute("continue")
    resume.delete()
    breaks = {address: break_at(address) for address in points}
    end = address_of("&host_reboot")
    break_at(end)
    while points:
        gdb.execute("continue")
        address = address_of("$pc")
        if address == end:
            break
        if address not in points or task_name() != TASK:
            continue
        for at in points.pop(address):
            for expression, name, path in paths[at]["values"]:
                print("VALUE %s %s=%s" % (at, expression.replace('"', ""),
                                          read(name, path)))
        breaks.pop(address).delete()
    gdb.execute("delete")
    gdb.execute("detach")


def original(address):
    """What the file has there, which nobody has patched."""
    for section in SECTIONS:
        if section[0] <= address < section[0] + section[1]:
            with open(gdb.objfiles()[0].filename, "rb") as file:
                file.seek(section[2] + address - section[0])
                return file.read(1)[0]
    return None


def sections():
    """(address, size, place in the file) of what is loaded, by readelf."""
    import subprocess
    lines = subprocess.run(["readelf", "-lW", gdb.objfiles()[0].filename],
                           capture_output=True, text=True).stdout.splitlines()
    for line in lines:
        words = line.split()
        if words[:1] == ["LOAD"]:
            yield int(words[2], 16), int(words[4], 16), int(words[1], 16)


SECTIONS = list(sections())
if os.environ["WHAT"] == "script":
    write_script()
else:
    watch()
