# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Finds imports that Package.swift does not declare for their target, and what it declares in vain.

SwiftPM finds any module that some other target happened to build; then a package that uses only one of the targets does
not build. Its own check (`--explicit-target-dependency-import-check`) overlooks what comes in through a dependency.
"""

import json
import pathlib
import subprocess
import sys

import floors

SYSTEM = floors.PLATFORM | floors.FOUNDATION | {"Swift", "Synchronization", "Testing", "XCTest", "RegexBuilder"}


def declared(manifest):
    """{target: (its folder, the modules that it declares)}, from `swift package dump-package`."""
    rows = {}
    for target in manifest["targets"]:
        home = "Tests" if target["type"] == "test" else "Sources"
        names = {value[0] for dependency in target["dependencies"] for kind, value in dependency.items()
                 if kind in ("byName", "product", "target")}
        rows[target["name"]] = (target.get("path") or f"{home}/{target['name']}", names)
    return rows


def check(root, manifest):
    """One message for each undeclared import, and one for each declared and unused dependency of Sources/."""
    messages = []
    for target, (folder, names) in declared(manifest).items():
        used = set()
        for path in sorted((root / folder).rglob("*.swift")):
            for line, module in floors.imports(path.read_text(encoding="utf-8")):
                used.add(module)
                if module not in names | SYSTEM | {target}:
                    where = path.relative_to(root)
                    messages.append(f"{where}:{line}: Package.swift does not declare that {target} needs {module}")
        if folder.startswith("Sources"):
            messages += [f"Package.swift:1: {target} declares {name} and imports it nowhere"
                         for name in sorted(names - used)]
    return messages


def main():
    root = pathlib.Path(__file__).resolve().parents[1]
    dump = subprocess.run(["swift", "package", "dump-package"], cwd=root, capture_output=True, text=True)
    if dump.returncode:
        print(dump.stderr)
        return 1
    messages = check(root, json.loads(dump.stdout))
    print("\n".join(messages))
    return 1 if messages else 0


if __name__ == "__main__":
    sys.exit(main())
