"""
gdb -batch -x gdb_values.py KERNEL: a script that reads every number in some
structures of the kernel twice: by the name of the member, and from the
address, size and sign that gdb knows of it.
"""

import gdb

# A pointer to each structure, as a script says it at a hit of task_create.
STRUCTS = [
    ("task", "task()"),
    ("thread", "thread()"),
    ("vm_map", "$parent_task->map"),
    ("vm_map_entry", "$parent_task->map->hdr->links->next"),
    ("pmap", "$parent_task->map->pmap"),
    ("ipc_space", "$parent_task->itk_space"),
    ("ipc_port", "$parent_task->itk_self"),
    ("processor_set", "$parent_task->processor_set"),
    ("kmem_cache", "&@var(\"task_cache@kern/task.c\")"),
]

# Values that a handler reads from memory, at most.
VALUES_MAX = 160

NUMBERS = (gdb.TYPE_CODE_INT, gdb.TYPE_CODE_PTR, gdb.TYPE_CODE_ENUM,
           gdb.TYPE_CODE_BOOL, gdb.TYPE_CODE_CHAR)


def leaves(kind, path, bit):
    """(path, first bit, bits, signed, whether a bit field) of each number."""
    for field in kind.fields():
        if not hasattr(field, "bitpos"):
            continue
        of = field.type.strip_typedefs()
        at = bit + field.bitpos
        name = path + [field.name] if field.name else path
        if field.bitsize:
            yield name, at, field.bitsize, of.is_signed, True
            continue
        index = []
        while of.code == gdb.TYPE_CODE_ARRAY:
            low, high = of.range()
            of = of.target().strip_typedefs()
            if high < low or high > 1000:
                break
            index.append(high)
            at += high * of.sizeof * 8
        name = name + index
        if of.code in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION):
            yield from leaves(of, name, at)
        elif of.code in NUMBERS and of.sizeof in (1, 2, 4, 8):
            signed = (of.code != gdb.TYPE_CODE_PTR and of.is_signed)
            yield name, at, of.sizeof * 8, signed, False


def text_of(path):
    return "".join("[%d]" % part if isinstance(part, int) else "->" + part
                   for part in path)


def from_memory(pointer, at, bits, signed, is_field):
    """The same number by gdb's account of it."""
    if not is_field:
        size, shift = bits // 8, 0
        address = at // 8
    else:
        size, address = 4, at // 32 * 4
        shift = at - address * 8
        if shift + bits > 32:
            size = 8
    value = "@kderef(%d, %s + %d)" % (size, pointer, address)
    if shift:
        value = "(%s >> %d)" % (value, shift)
    if signed and bits < 64:
        return "((%s << %d) >> %d)" % (value, 64 - bits, 64 - bits)
    if is_field:
        return "(%s & %d)" % (value, (1 << bits) - 1)
    return value


def main():
    checks = []
    for name, pointer in STRUCTS:
        kind = gdb.lookup_type("struct " + name)
        for path, at, bits, signed, is_field in leaves(kind, [], 0):
            text = text_of(path)
            ours = "@cast(p, \"struct %s\")%s" % (name, text)
            checks.append((pointer, name + text, ours,
                           from_memory("p", at, bits, signed, is_field)))
    print("global alike, different")
    print("function check(what, ours, theirs) {\n"
          "    if (ours == theirs) alike++\n"
          "    else { different++; printf(\"%s: %d, not %d\\n\", what, ours,"
          " theirs) }\n}")
    while checks:
        pointer = checks[0][0]
        print("probe kernel.function(\"task_create\") {\n    p = " + pointer)
        room = VALUES_MAX // 2
        while checks and room and checks[0][0] == pointer:
            _, what, ours, theirs = checks.pop(0)
            print("    check(\"%s\", %s, %s)" % (what, ours, theirs))
            room -= 1
        print("}")
    print("probe end { printf(\"script: alike=%d different=%d\\n\", alike,"
          " different) }")


main()
