# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Operations on plain text, written for these tests alone.

A number above zero keeps so many units, one below zero deletes them, a string is inserted. Python counts characters and the
server UTF-16 units, so tests write only characters that are one of both.
"""


def build(parts):
    """In the form in which two operations that do the same are equal."""
    built = []
    for part in parts:
        if part in (0, ""):
            continue
        late = built.pop() if isinstance(part, str) and built and is_deletion(built[-1]) else None
        if built and kind(built[-1]) == kind(part):
            built[-1] += part
        else:
            built.append(part)
        if late is not None:
            built.append(late)
    return built


def kind(part):
    return "insert" if isinstance(part, str) else "retain" if part > 0 else "delete"


def is_deletion(part):
    return kind(part) == "delete"


def apply(text, operation):
    result, index = [], 0
    for part in operation:
        if isinstance(part, str):
            result.append(part)
        else:
            if part > 0:
                result.append(text[index:index + part])
            index += abs(part)
    if index != len(text):
        raise ValueError(f"{operation} is not for {len(text)} characters")
    return "".join(result)


class Parts:
    """An operation that is taken apart from its start."""

    def __init__(self, operation):
        self.rest = list(operation)

    @property
    def kind(self):
        return kind(self.rest[0]) if self.rest else None

    @property
    def length(self):
        return len(self.rest[0]) if self.kind == "insert" else abs(self.rest[0])

    def take(self, length=None):
        part = self.rest.pop(0)
        size = len(part) if isinstance(part, str) else abs(part)
        if length is None or length == size:
            return part
        first, rest = (part[:length], part[length:]) if isinstance(part, str) else (
            (length, part - length) if part > 0 else (-length, part + length))
        self.rest.insert(0, rest)
        return first


def compose(one, two):
    """One operation that does what the two do, one behind the other."""
    first, second, result = Parts(one), Parts(two), []
    while first.rest or second.rest:
        if first.kind == "delete":
            result.append(first.take())
        elif second.kind == "insert":
            result.append(second.take())
        else:
            length = min(first.length, second.length)
            made, then = first.take(length), second.take(length)
            if kind(then) == "retain":
                result.append(made)
            elif kind(made) == "retain":
                result.append(then)
    return build(result)


def transform(one, two):
    """Both as they have to be behind the other; of two insertions at one place that of `one` goes left."""
    first, second, ours, theirs = Parts(one), Parts(two), [], []
    while first.rest or second.rest:
        if first.kind == "insert":
            theirs.append(first.length)
            ours.append(first.take())
        elif second.kind == "insert":
            ours.append(second.length)
            theirs.append(second.take())
        else:
            length = min(first.length, second.length)
            mine, other = first.take(length), second.take(length)
            if kind(mine) == kind(other) == "retain":
                ours.append(length)
                theirs.append(length)
            elif kind(other) == "retain":
                ours.append(mine)
            elif kind(mine) == "retain":
                theirs.append(other)
    return build(ours), build(theirs)
