#!/usr/bin/env python3
"""Checks every import against Package.swift: `swift package dump-package | check-imports.py`.

The compiler's own check (`--explicit-target-dependency-import-check`) lets a module import what its dependencies depend on,
and what another package has. Here a module imports what its own line in Package.swift names, and nothing else.
"""

import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
# What comes with the toolchain and the system. Where Foundation may stand is check-source.sh's rule.
TOOLCHAIN = {"Swift", "Synchronization", "Glibc", "Musl", "Darwin", "Foundation", "FoundationEssentials", "Testing"}
IMPORT = re.compile(
    r"^\s*(?:@\w+(?:\(\w+\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?"
    r"import\s+(?:(?:typealias|struct|class|enum|protocol|let|var|func)\s+)?(\w+)")


def imports(directory):
    """Every import below a directory: the file, the line and the module."""
    for path in sorted(directory.rglob("*.swift")):
        is_string = False
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            # Inside a long string literal stands somebody else's language.
            is_string ^= line.count('"""') % 2 == 1
            if not is_string and (match := IMPORT.match(line)):
                yield path.relative_to(ROOT), number, match[1]


def main():
    """All targets."""
    failed = False
    for target in json.load(sys.stdin)["targets"]:
        declared = {next(iter(dependency.values()))[0] for dependency in target["dependencies"]}
        default = ("Tests/" if target["type"] == "test" else "Sources/") + target["name"]
        for path, line, module in imports(ROOT / (target.get("path") or default)):
            if module not in declared | TOOLCHAIN:
                failed = True
                print(f"{path}:{line}: {target['name']} imports {module}, which Package.swift does not let it",
                      file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
