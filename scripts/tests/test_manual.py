# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The manual page says what the help says, and nothing in it is taken for a request of roff."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import manual  # noqa: E402


def option(name, **more):
    return {"kind": "option", "names": [{"kind": "long", "name": name}], "valueName": name, "shouldDisplay": True, **more}


COMMAND = {
    "commandName": "thing", "abstract": "Does things.", "discussion": "Do one:\n  thing run\n.not a request\n'nor this",
    "subcommands": [
        {"commandName": "run", "abstract": "Run.", "arguments": [
            option("port", abstract="Port. (default: 80)", defaultValue="80"), option("event", defaultValue="message"),
            option("secret", shouldDisplay=False), option("help"),
            {"kind": "positional", "valueName": "topic", "shouldDisplay": True, "isOptional": True},
            {"kind": "flag", "names": [{"kind": "long", "name": "loud"}, {"kind": "short", "name": "l"}]},
        ]},
        {"commandName": "old", "shouldDisplay": False},
        {"commandName": "help"},
        {"commandName": "group", "subcommands": [{"commandName": "deep", "abstract": "Deeper."}]},
    ],
}


class Manual(unittest.TestCase):
    def setUp(self):
        self.lines = manual.page(COMMAND, "1.0", "2026-01-01").splitlines()

    def test_each_command_that_is_shown_has_its_line_of_synopsis(self):
        start = self.lines.index(".SH SYNOPSIS")
        synopsis = [line for line in self.lines[start + 1:self.lines.index(".SH DESCRIPTION")] if line != ".br"]
        self.assertEqual(synopsis, [
            "\\fBthing run\\fR [\\fIoptions\\fR] [\\fItopic\\fR]", "\\fBthing group deep\\fR"])

    def test_each_option_that_is_shown_stands_there_once(self):
        titles = [self.lines[index + 1] for index, line in enumerate(self.lines) if line == ".TP"]
        self.assertEqual(titles[:4], [
            "\\fB\\-\\-port\\fR \\fIport\\fR", "\\fB\\-\\-event\\fR \\fIevent\\fR", "\\fItopic\\fR",
            "\\fB\\-l, \\-\\-loud\\fR"])

    def test_a_default_is_said_where_the_words_do_not_say_it(self):
        text = "\n".join(self.lines)
        self.assertEqual(text.count("(default: 80)"), 1)
        self.assertIn("(default: message)", text)

    def test_no_line_of_text_is_a_request(self):
        self.assertIn("\\&.not a request", self.lines)
        self.assertIn("\\&\\(aqnor this", self.lines)

    def test_an_example_stands_as_it_is(self):
        index = self.lines.index("thing run")
        self.assertEqual(self.lines[index - 2:index], [".nf", ".RS 4"])


if __name__ == "__main__":
    unittest.main()
