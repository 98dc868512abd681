# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Writes the manual page of a command from what it says about itself: manual.py BINARY [DATE]

The source is `BINARY --experimental-dump-help`, so page and `--help` cannot differ.
"""

import json
import re
import subprocess
import sys

HIDDEN = {"help"}


def escape(text):
    """Text that no line of roff takes for anything else (groff(7), `Escapes`)."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
    return "\n".join("\\&" + line if line.startswith((".", "\\(aq")) else line for line in text.split("\n"))


def flag(argument):
    """`-p`, `--port`: how an option is written, the short names first."""
    names = sorted(argument["names"], key=lambda name: name["kind"] != "short")
    return ", ".join(("-" if name["kind"] == "short" else "--") + name["name"] for name in names)


def title(argument):
    value = f"\\fI{escape(argument['valueName'])}\\fR" if "valueName" in argument else ""
    if argument["kind"] == "positional":
        return value
    written = f"\\fB{escape(flag(argument))}\\fR"
    return f"{written} {value}" if argument["kind"] == "option" and value else written


def shown(arguments):
    """What is to be seen; `--help` and `--version` of each subcommand say nothing new."""
    for argument in arguments:
        names = {name["name"] for name in argument.get("names", [])}
        if argument.get("shouldDisplay", True) and not names & {"help", "version", "h"}:
            yield argument


def options(command):
    for argument in shown(command.get("arguments", [])):
        yield ".TP"
        yield title(argument)
        abstract = argument.get("abstract", "")
        # Where the default is not part of the sentence already.
        if "defaultValue" in argument and "default:" not in abstract:
            abstract += f" (default: {argument['defaultValue']})"
        yield escape(abstract) or "\\&"


def discussion(text):
    """Paragraphs, with examples, which are indented, as they stand."""
    for part in re.split(r"\n\s*\n", text.strip("\n")):
        block = []
        for line in part.split("\n"):
            if line.startswith("  "):
                block.append(line)
                continue
            if block:
                yield from literal(block)
                block = []
            yield escape(line)
        if block:
            yield from literal(block)
        yield ".PP"


def literal(lines):
    yield ".PP"
    yield ".nf"
    yield ".RS 4"
    yield from (escape(line.strip()) for line in lines)
    yield ".RE"
    yield ".fi"
    yield ".PP"


def synopsis(name, command):
    words = [f"\\fB{name}\\fR"]
    if any(argument["kind"] != "positional" for argument in shown(command.get("arguments", []))):
        words.append("[\\fIoptions\\fR]")
    for argument in shown(command.get("arguments", [])):
        if argument["kind"] == "positional":
            optional = argument.get("isOptional")
            words.append(f"[{title(argument)}]" if optional else title(argument))
    return " ".join(words)


def leaves(name, command):
    """(name, command) of each subcommand that does something, in the order of `--help`."""
    children = [child for child in command.get("subcommands", [])
                if child["commandName"] not in HIDDEN and child.get("shouldDisplay", True)]
    for child in children:
        yield from leaves(f"{name} {child['commandName']}", child)
    if not children:
        yield name, command


def page(command, version, date):
    name = command["commandName"]
    lines = [
        '.\\" Made by scripts/manual.py from the help of the command.',
        f'.TH {name.upper()} 1 "{date}" "{name} {version}" "User Commands"',
        ".SH NAME",
        f"{name} \\- {escape(command['abstract'].rstrip('.'))}",
        ".SH SYNOPSIS",
    ]
    every = list(leaves(name, command))
    for title_of, child in every:
        lines += [synopsis(title_of, child), ".br"]
    lines += [".SH DESCRIPTION", *discussion(command.get("discussion", "")), ".SH COMMANDS"]
    for title_of, child in every:
        lines += [f".SS {title_of}", escape(child.get("abstract", "")), ".PP"]
        lines += [*discussion(child["discussion"])] if child.get("discussion") else []
        lines += options(child)
    lines += [
        ".SH FILES", ".TP", "\\fI/etc/hibiki/hibiki.yaml\\fR", "The settings of the service.",
        ".SH EXIT STATUS", escape("0 on success, 64 where the command line or a setting is wrong, and 1 for all else."),
    ]
    return "\n".join(line for line in lines if line) + "\n"


def make(binary, date):
    dump = subprocess.run([binary, "--experimental-dump-help"], capture_output=True, check=True, text=True).stdout
    version = subprocess.run([binary, "--version"], capture_output=True, check=True, text=True).stdout.strip()
    return page(json.loads(dump)["command"], version, date)


if __name__ == "__main__":
    sys.stdout.write(make(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""))
