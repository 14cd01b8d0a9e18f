"""Writes the fixtures: `python generate.py OUT`, or compares them with what is here: `python generate.py --check`.

Everything is made from fixed seeds and times, so that every run gives the same bytes.
"""

import json
import pathlib
import sys

import vectors_cbor
import vectors_chains
import vectors_records

HERE = pathlib.Path(__file__).resolve().parent


def pretty(value):
    """JSON as it stands in the files."""
    return (json.dumps(value, indent=2) + "\n").encode()


def fixtures():
    """Every file's contents by its path below the output directory."""
    files = {}
    for name, vector in vectors_cbor.all_vectors().items():
        files[f"vectors/cbor/{name}.json"] = pretty(vector)
    for name, vector in vectors_records.VECTORS.items():
        files[f"vectors/records/{name}.json"] = pretty(vector)
    for name, (contents, expect) in vectors_chains.CHAINS.items():
        for file, data in contents.items():
            files[f"chains/{name}/{file}"] = data
        files[f"chains/{name}/expect.json"] = pretty(expect)
    return files


def check(files):
    """Prints how this folder differs from the files; returns how often."""
    present = {path.relative_to(HERE).as_posix()
               for folder in ("vectors", "chains") for path in (HERE / folder).rglob("*") if path.is_file()}
    problems = [f"extra: {path}" for path in present - files.keys()]
    problems += [f"missing: {path}" for path in files.keys() - present]
    problems += [f"different: {path}" for path in present & files.keys() if (HERE / path).read_bytes() != files[path]]
    for problem in sorted(problems):
        print(problem)
    return len(problems)


def write(files, out):
    """Writes the files below a directory."""
    for path, data in files.items():
        target = out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def main(arguments):
    """The command line."""
    if len(arguments) != 1:
        print("usage: generate.py OUT | --check", file=sys.stderr)
        return 64
    files = fixtures()
    if arguments[0] == "--check":
        return 1 if check(files) else 0
    write(files, pathlib.Path(arguments[0]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
