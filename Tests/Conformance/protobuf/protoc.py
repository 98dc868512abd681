# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Frames of Proto/hibiki.proto by protoc itself, which writes and reads them by the definition alone."""

import pathlib
import re
import subprocess

PROTO = pathlib.Path(__file__).resolve().parents[3] / "Proto"
SIMPLE = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}


class Name(str):
    """The name of a value of an enumeration, which stands without quotes."""


def run(mode, data):
    command = ["protoc", f"--proto_path={PROTO}", f"--{mode}=hibiki.v1.WebSocketFrame", "hibiki.proto"]
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True).stdout


def encode(**fields):
    return run("encode", "".join(lines(fields)).encode())


def decode(frame):
    """The fields that are there: strings, numbers, booleans, dictionaries for messages; lists for what comes more than once."""
    rows = iter(run("decode", frame).decode("utf-8").splitlines())
    return message(rows)


def lines(fields):
    for name, value in fields.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                yield f"{name} {{\n{''.join(lines(one))}}}\n"
            else:
                yield f"{name}: {scalar(one)}\n"


def scalar(value):
    if isinstance(value, Name):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return '"' + "".join(f"\\{byte:03o}" for byte in value.encode()) + '"'


def message(rows):
    fields = {}
    for row in rows:
        row = row.strip()
        if row == "}":
            break
        nested = re.fullmatch(r"(\w+) \{", row)
        name, value = (nested.group(1), message(rows)) if nested else row.split(": ", 1)
        if not nested:
            value = parsed(value)
        if name in fields:
            fields[name] = fields[name] if isinstance(fields[name], list) else [fields[name]]
            fields[name].append(value)
        else:
            fields[name] = value
    return fields


def parsed(text):
    if text.startswith('"'):
        return re.sub(rb"\\([0-7]{3}|.)", unescaped, text[1:-1].encode()).decode()
    if text in ("true", "false"):
        return text == "true"
    return int(text) if re.fullmatch(r"-?\d+", text) else Name(text)


def unescaped(match):
    code = match.group(1)
    return bytes([int(code, 8)]) if len(code) == 3 else SIMPLE.get(code, code)
