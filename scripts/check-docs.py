#!/usr/bin/env python3
"""Checks the docs against the repository. Prints every breach with its place; exits with 1 if there is one.

- Every relative link in a Markdown file leads to a file, and its anchor to a heading.
- The drawing in docs/architecture.md names the targets of Package.swift, all of them and no others.
- Every `make` command in the docs is a target, and the README begins with the two that a newcomer needs.
- The changelog has a section for what is not released yet.
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
problems = []


def breach(path, line, message):
    """Notes a breach."""
    problems.append(f"{path.relative_to(ROOT)}:{line}: {message}")


def markdown_files():
    """Every Markdown file that is, or is about to be, in the repository."""
    listing = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", "*.md"],
                             cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return sorted(path for path in (ROOT / name for name in listing.splitlines()) if path.is_file())


def lines(path):
    """The lines of a file: number, text, and whether they are code."""
    fenced = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
            continue
        yield number, line, fenced or line.startswith(("    ", "\t"))


def anchors(path):
    """The anchors that the headings of a file make, spelled as on the common hosting sites."""
    found = set()
    for _, line, is_code in lines(path):
        heading = re.match(r"#+ +(.*)", line)
        if heading and not is_code:
            text = re.sub(r"[^\w\- ]", "", heading[1].strip().lower())
            found.add(text.replace(" ", "-"))
    return found


def check_links(path):
    """Relative links and their anchors."""
    for number, line, is_code in lines(path):
        if is_code:
            continue
        for target in re.findall(r"\]\(<?([^)>\s]+)", re.sub(r"`[^`]*`", "", line)):
            if re.match(r"[a-z][a-z0-9+.-]*:", target):
                continue
            name, _, anchor = target.partition("#")
            file = (path.parent / name).resolve() if name else path
            if not file.exists():
                breach(path, number, f"leads nowhere: {target}")
            elif anchor and file.suffix == ".md" and anchor not in anchors(file):
                breach(path, number, f"no such heading: {target}")


def make_targets():
    """The targets of the Makefile."""
    return set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def check_make(path, targets):
    """`make` commands in code."""
    for number, line, is_code in lines(path):
        for code in [line] if is_code else re.findall(r"`([^`]*)`", line):
            for target in re.findall(r"\bmake ([a-z][a-z-]*)", code):
                if target not in targets:
                    breach(path, number, f"not a target of the Makefile: make {target}")


def check_readme(targets):
    """The two commands, before the first section."""
    path = ROOT / "README.md"
    if not path.is_file():
        breach(path, 1, "missing")
        return
    top = re.split(r"^## ", path.read_text(encoding="utf-8"), maxsplit=1, flags=re.MULTILINE)[0]
    for target in ("demo", "test"):
        if not re.search(rf"\bmake {target}\b", top) or target not in targets:
            breach(path, 1, f"'make {target}' must stand before the first section, and be a target")


def check_drawing():
    """The drawing of the modules: the first fenced block of the page."""
    path = ROOT / "docs" / "architecture.md"
    if not path.is_file():
        breach(path, 1, "missing")
        return
    manifest = (ROOT / "Package.swift").read_text(encoding="utf-8")
    targets = set(re.findall(r'\.(?:target|executableTarget|systemLibrary)\(\s*name:\s*"(\w+)"', manifest))
    # What only tests use is not drawn.
    targets = {name for name in targets if (ROOT / "Sources" / name).is_dir()}
    block = re.search(r"^```[^\n]*\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    if not block:
        breach(path, 1, "has no fenced block with the drawing of the modules")
        return
    words = set(re.findall(r"\w+", block[1]))
    # What is spelled like one of our modules: ChainRecord, DeterministicCBOR, CSodium, CCBOR.
    modules = {word for word in words if re.fullmatch(r"[A-Z][a-z]+[A-Z]\w*|C[A-Z][a-z]\w*|CC[A-Z]+", word)}
    for name in sorted(targets - words):
        breach(path, 1, f"the drawing lacks the target {name}")
    for name in sorted(modules - targets):
        breach(path, 1, f"the drawing names {name}, which is not a target of Package.swift")


def check_changelog():
    """The section for what comes next."""
    path = ROOT / "CHANGELOG.md"
    if not path.is_file() or not re.search(r"^## \[?Unreleased\]?", path.read_text(encoding="utf-8"), re.MULTILINE):
        breach(path, 1, "has no section 'Unreleased'")


def main():
    """All checks."""
    targets = make_targets()
    for path in markdown_files():
        check_links(path)
        check_make(path, targets)
    check_readme(targets)
    check_drawing()
    check_changelog()
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
