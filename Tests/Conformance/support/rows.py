# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Tables as tests: each row is a test of its own, whose name is the row's sentence."""

import unittest


def rows(table):
    """Makes one test of each row: the key is its name, the value its arguments (a tuple) or its only argument."""

    def mark(method):
        method.rows = table
        return method

    return mark


class TableCase(unittest.TestCase):
    """A test case whose methods may be marked with `rows`; names with spaces are shown as they are."""

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        for name, method in list(vars(cls).items()):
            table = getattr(method, "rows", None)
            if table is None:
                continue
            delattr(cls, name)
            for sentence, arguments in table.items():
                if hasattr(cls, f"test {sentence}"):
                    raise ValueError(f"two rows are called {sentence!r}")
                setattr(cls, f"test {sentence}", bind(method, arguments))

    def shortDescription(self):
        name = self._testMethodName[5:]
        return name if " " in name else name.replace("_", " ")


def bind(method, arguments):
    values = arguments if isinstance(arguments, tuple) else (arguments,)
    return lambda self: method(self, *values)
