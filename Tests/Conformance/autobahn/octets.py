# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Finds the string literals of the Python 2 source that stand for octets on the wire; makes bytes literals of them."""

import ast

from lib2to3 import pygram, pytree
from lib2to3.pgen2 import driver, token

WIRE_NAMES = {"payload", "ping_payload", "PAYLOAD", "PAYLOAD1", "PAYLOAD2", "PAYLOAD3",
              "fragments", "pings", "msg"}
WIRE_NAMES_BY_FILE = {"case6_x_x.py": {"s", "k", "zz", "vss"}}
WIRE_KEYWORDS = {"payload", "reasonUtf8"}
EVENTS = {"message", "ping", "pong"}


def node_name(node):
    return pytree.type_repr(node.type) if node.type >= 256 else token.tok_name[node.type]


def last_name(node):
    """The name assigned to: x, or x in self.x; None for anything else."""
    names = [leaf for leaf in node.leaves()]
    if len(names) in (1, 3) and names[-1].type == token.NAME:
        return names[-1].value
    return None


def literal_text(leaf):
    return ast.literal_eval(leaf.value) if leaf.type == token.STRING else None


def is_wire_literal(leaf, filename):
    """Does this string literal stand for octets that go over the wire?"""
    if leaf.value[0] in "uU":
        return False                      # Python 2 text: stays text
    # "..." as an argument of .encode() or .decode() names an encoding
    if leaf.parent is not None and node_name(leaf.parent) == "trailer":
        before = leaf.parent.prev_sibling
        if before is not None and str(before).strip() in (".encode", ".decode"):
            return False
    child, node = leaf, leaf.parent
    while node is not None:
        kind = node_name(node)
        if kind == "argument" and node.children[1].type == token.EQUAL:
            return node.children[0].value in WIRE_KEYWORDS
        if kind == "testlist_gexp":       # the inside of a tuple
            first = node.children[0]
            if first is not child:
                if first.type == token.STRING:
                    return literal_text(first) in EVENTS
                if filename == "case6_x_x.py" and str(first).strip() in ("True", "False"):
                    return True           # (valid?, octets)
            elif first.type == token.STRING and literal_text(first) in EVENTS:
                return False
        if kind == "power" and node.children[0] is leaf:
            return str(node).lstrip().startswith(("''.join(", '"".join('))
        if filename == "case6_x_x.py":
            if kind == "for_stmt" and str(node.children[1]).strip() in ("z1", "z2", "z3"):
                return child is node.children[3]
            if kind == "comparison" and str(node.children[0]).strip() in ("z1", "z2", "zz"):
                return True
            if kind == "power" and str(node).strip().startswith("validator.validate("):
                return True
        if kind == "expr_stmt":
            target = node.children[0]
            if child is target:
                return False
            name = last_name(target)
            return name in WIRE_NAMES or name in WIRE_NAMES_BY_FILE.get(filename, ())
        if kind in ("simple_stmt", "suite", "file_input"):
            return False
        child, node = node, node.parent
    return False


def bytes_literal(source):
    """A Python 2 str literal (of a UTF-8 source file) as a bytes literal."""
    out = []
    for ch in source:
        out.append(ch if ord(ch) < 128 else "".join("\\x%02x" % b for b in ch.encode("utf8")))
    return "b" + "".join(out)


def bytes_pass(source, filename):
    if not source.endswith("\n"):
        source += "\n"
    grammar = driver.Driver(pygram.python_grammar, convert=pytree.convert)
    tree = grammar.parse_string(source)
    changed = 0
    for leaf in list(tree.leaves()):
        if leaf.type == token.STRING and is_wire_literal(leaf, filename):
            leaf.value = bytes_literal(leaf.value)
            leaf.changed()
            changed += 1
    return str(tree), changed
