#!/usr/bin/python3
"""Random expressions, by the generated C and by a few lines of Python.

What is compared is the order of evaluation and 64-bit arithmetic: longs,
assignments inside of expressions, elements of arrays, functions that store
to globals, short circuits, and errors.
"""

import os
import random
import subprocess
import sys
import tempfile

COUNT = 400
BUILD = os.environ.get("MACHTAP_BUILD", "build")
FIRST, LAST = -(1 << 63), (1 << 63) - 1


class ZeroDivision(Exception):
    pass


def wrap(value):
    return (value - FIRST) % (1 << 64) + FIRST


def quotient(left, right):
    if right == 0:
        raise ZeroDivision
    result = abs(left) // abs(right)
    return wrap(result if (left < 0) == (right < 0) else -result)


OPERATORS = {
    "+": lambda a, b: wrap(a + b),
    "-": lambda a, b: wrap(a - b),
    "*": lambda a, b: wrap(a * b),
    "/": quotient,
    "%": lambda a, b: wrap(a - quotient(a, b) * b),
    "&": lambda a, b: a & b,
    "|": lambda a, b: a | b,
    "^": lambda a, b: a ^ b,
    "<<": lambda a, b: wrap(a << (b & 63)),
    ">>": lambda a, b: a >> (b & 63),
    "<": lambda a, b: int(a < b),
    ">": lambda a, b: int(a > b),
    "<=": lambda a, b: int(a <= b),
    ">=": lambda a, b: int(a >= b),
    "==": lambda a, b: int(a == b),
    "!=": lambda a, b: int(a != b),
}
ASSIGN = ["+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>"]
UNARY = {
    "-": lambda a: wrap(-a),
    "!": lambda a: int(a == 0),
    "~": lambda a: ~a,
}


class Machine:
    """Variables: x, y locals; g, h globals; a the array."""

    def __init__(self):
        self.scalars = {"x": 3, "y": -7, "g": 100, "h": 0}
        self.array = {1: 5}


# An expression is (text, function of a machine).


def number():
    value = random.choice(
        [0, 1, 2, 3, 7, 63, 65, 255, 4096, LAST, random.randrange(LAST)])
    return str(value), lambda m: value


def scalar():
    name = random.choice("xygh")
    return name, lambda m: m.scalars[name]


def binary(depth):
    operator = random.choice(list(OPERATORS))
    left, right = expression(depth - 1), expression(depth - 1)

    def run(machine):
        one = left[1](machine)
        return OPERATORS[operator](one, right[1](machine))
    return f"({left[0]} {operator} {right[0]})", run


def unary(depth):
    operator = random.choice(list(UNARY))
    operand = expression(depth - 1)
    return (f"({operator} {operand[0]})",
            lambda m: UNARY[operator](operand[1](m)))


def logical(depth):
    left, right = expression(depth - 1), expression(depth - 1)
    if random.random() < 0.5:
        return (f"({left[0]} && {right[0]})",
                lambda m: int(left[1](m) != 0 and right[1](m) != 0))
    return (f"({left[0]} || {right[0]})",
            lambda m: int(left[1](m) != 0 or right[1](m) != 0))


def ternary(depth):
    condition, yes, no = (expression(depth - 1) for _ in range(3))
    return (f"({condition[0]} ? {yes[0]} : {no[0]})",
            lambda m: yes[1](m) if condition[1](m) else no[1](m))


def assign(depth):
    name = random.choice("xygh")
    value = expression(depth - 1)
    operator = random.choice([""] * 4 + ASSIGN)

    def run(machine):
        result = value[1](machine)
        if operator:
            result = OPERATORS[operator](machine.scalars[name], result)
        machine.scalars[name] = result
        return result
    return f"({name} {operator}= {value[0]})", run


def key(depth):
    inner = expression(min(depth - 1, 1))
    return f"({inner[0]} & 3)", lambda m: inner[1](m) & 3


def element(depth):
    index = key(depth)
    return f"a[{index[0]}]", lambda m: m.array.get(index[1](m), 0)


def member(depth):
    index = key(depth)
    return f"({index[0]} in a)", lambda m: int(index[1](m) in m.array)


def assign_element(depth):
    index, value = key(depth), expression(depth - 1)
    operator = random.choice([""] * 4 + ASSIGN)

    def run(machine):
        at = index[1](machine)
        result = value[1](machine)
        if operator:
            result = OPERATORS[operator](machine.array.get(at, 0), result)
        machine.array[at] = result
        return result
    return f"(a[{index[0]}] {operator}= {value[0]})", run


def increment(depth):
    by = random.choice([1, -1])
    before = random.random() < 0.5
    sign = "++" if by > 0 else "--"
    index = key(depth) if random.random() < 0.5 else None
    name = f"a[{index[0]}]" if index else random.choice("xygh")

    def run(machine):
        where = machine.array if index else machine.scalars
        at = index[1](machine) if index else name
        old = where.get(at, 0)
        where[at] = wrap(old + by)
        return where[at] if before else old
    return (f"({sign}{name})" if before else f"({name}{sign})"), run


def call(depth):
    """function store(v, w) { g += v; h = w; return g ^ w }"""
    one, other = expression(depth - 1), expression(depth - 1)

    def run(machine):
        v = one[1](machine)
        w = other[1](machine)
        machine.scalars["g"] = wrap(machine.scalars["g"] + v)
        machine.scalars["h"] = w
        return machine.scalars["g"] ^ w
    return f"store({one[0]}, {other[0]})", run


INNER = [binary, binary, binary, unary, logical, ternary, assign, element,
         member, assign_element, increment, call]


def expression(depth):
    if depth <= 0:
        return random.choice([number, scalar])()
    return random.choice(INNER)(depth)


def state(machine):
    elements = " ".join(f"{k}:{machine.array[k]}"
                        for k in sorted(machine.array))
    return " ".join(str(machine.scalars[n]) for n in "xygh") + " " + elements


def main():
    random.seed(20)
    script = ["global g, h, a",
              "function store(v, w) { g += v; h = w; return g ^ w }",
              "function show() { foreach (k+ in a) print(k, \":\", a[k], \" \")"
              " println() }".replace("println()", "print(\"\\n\")")]
    expected = []
    for i in range(COUNT):
        text, run = expression(random.randrange(1, 6))
        machine = Machine()
        try:
            result = str(run(machine))
        except ZeroDivision:
            result = "error"
        expected.append(f"{i} {result} {state(machine)}".strip())
        script.append(
            f"probe begin({i}) {{ x = 3; y = -7; g = 100; h = 0; delete a; "
            f"a[1] = 5\n"
            f"  try {{ r = {text}; printf(\"{i} %d\", r) }} "
            f"catch {{ print(\"{i} error\") }}\n"
            f"  printf(\" %d %d %d %d \", x, y, g, h); show() }}")
    script.append(f"probe begin({COUNT}) {{ exit() }}")

    with tempfile.NamedTemporaryFile("w", suffix=".stp") as file:
        file.write("\n".join(script))
        file.flush()
        result = subprocess.run([f"{BUILD}/test/stp-host", file.name],
                                stdout=subprocess.PIPE, text=True)
    got = [line.strip() for line in result.stdout.splitlines()]
    good = got == expected and result.returncode == 0
    print(f"{'ok' if good else 'not ok'} 1 - {COUNT} random expressions")
    if not good:
        print(f"# status {result.returncode}, {len(got)} lines")
        for i, (one, other) in enumerate(zip(got, expected)):
            if one != other:
                print(f"# expected: {other}\n#      got: {one}")
                print("# in: " + script[i + 3].replace("\n", "\n# "))
                break
    print("1..1")
    return 0 if good else 1


sys.exit(main())
