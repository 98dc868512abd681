# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Every check that needs no build: format, floors, declared imports, headers and words, articles, generated code, scripts.

The last line is `N passed, N failed`.
"""

import ast
import sys

import stages
import words

SHELLS = {"sh": ["sh", "-n"], "bash": ["bash", "-n"]}


def shell_of(path):
    """`sh` or `bash`, from the first line of a script; None for any other file."""
    with (stages.ROOT / path).open("rb") as file:
        first = file.readline(64).decode(errors="replace")
    if not first.startswith("#!"):
        return None
    return next((shell for shell in ("bash", "sh") if first.split()[-1].endswith(shell)), None)


def compile_python(paths):
    """Reads every Python file as its compiler does, and leaves nothing on the disk."""
    status = 0
    for path in paths:
        try:
            ast.parse((stages.ROOT / path).read_text(encoding="utf-8"), str(path))
        except SyntaxError as error:
            print(f"{path}:{error.lineno}: {error.msg}")
            status = 1
    return status


def checks():
    files = words.files(stages.ROOT)
    swift = [str(path) for path in files if path.suffix == ".swift" and not words.GENERATED.search(path.name)]
    python = [sys.executable, "-B"]
    yield stages.Stage("format", ["swift", "format", "lint", "--strict", "--parallel", *swift])
    yield stages.Stage("floors", [*python, "scripts/floors.py"])
    yield stages.Stage("declared imports", [*python, "scripts/dependencies.py"])
    yield stages.Stage("headers and words", [*python, "scripts/words.py"])
    yield stages.Stage("articles", [*python, "scripts/articles.py"])
    yield stages.Stage("protocol buffers", [*python, "scripts/protobuf.py", "--check"])
    yield stages.Stage("python", [*python, "scripts/lint.py", "--python",
                                  *(str(path) for path in files if path.suffix == ".py")])
    for shell, command in SHELLS.items():
        scripts = [str(path) for path in files if shell_of(path) == shell]
        loop = f'for script in "$@"; do {" ".join(command)} "$script" || exit 1; done'
        yield stages.Stage(shell, ["sh", "-c", loop, "lint", *scripts])
    yield stages.Stage("the checks themselves",
                       [*python, "-m", "unittest", "discover", "-s", "scripts/tests", "-p", "test_*.py"])


def main():
    if sys.argv[1:2] == ["--python"]:
        return compile_python(sys.argv[2:])
    every = list(checks())
    for stage in every:
        stage.quiet = True
    closing, status = stages.summary(stages.run(every, heading=False))
    print(closing)
    return status


if __name__ == "__main__":
    sys.exit(main())
