"""Runs the reader over every fixture, over sound chains with every bit turned and at every length, and over chains of
its own making with holes in them.

Prints what disagrees, and some figures. Exits with 1 if anything disagrees.
"""

import collections
import contextlib
import io
import json
import pathlib
import sys
import tempfile

import chain_reader

FIXTURES = pathlib.Path(__file__).resolve().parent.parent
failures = []


def expect(what, found, expected):
    """Notes a disagreement."""
    if found != expected:
        failures.append(f"{what}: found {found}, expected {expected}")


def vectors(folder):
    """The names and contents of the vectors in a folder."""
    for path in sorted((FIXTURES / "vectors" / folder).glob("*.json")):
        yield f"{folder}/{path.stem}", json.loads(path.read_text())


def check_cbor():
    """Single items: accepted, or refused for the expected reason at the expected place."""
    count = 0
    for count, (name, vector) in enumerate(vectors("cbor"), 1):
        try:
            chain_reader.decode(bytes.fromhex(vector["hex"]))
            found = "accepted", None, None
        except chain_reader.Refused as refused:
            found = "refused", refused.code, refused.offset
        expect(name, found, (vector["expect"], vector.get("code"), vector.get("offset")))
    return count


def check_records():
    """Single records: exactly the expected rules and warnings."""
    count = 0
    for count, (name, vector) in enumerate(vectors("records"), 1):
        record, problems = chain_reader.parse(bytes.fromhex(vector["hex"]))
        warnings = []
        if record is not None:
            problems = list(chain_reader.inner_problems(record))
            warnings = [warning.rule for warning in chain_reader.inner_warnings(record)]
        expect(name, [problem.rule for problem in problems], vector["rules"])
        expect(name + " (warnings)", warnings, vector["warnings"])
        expect(name + " (expectation)", vector["expect"], "refused" if vector["rules"] else "accepted")
    return count


def run(*arguments):
    """What the command line prints, as a value, and its exit status."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        status = chain_reader.main([str(argument) for argument in arguments])
    text = output.getvalue()
    return json.loads(text) if text.startswith("{") else None, status


def check_chains():
    """Chain directories: verdict, exit status, prefix, place, rules and warnings."""
    count = 0
    for count, path in enumerate(sorted((FIXTURES / "chains").glob("*/expect.json")), 1):
        expected = json.loads(path.read_text())
        name = f"chains/{path.parent.name}"
        report, status = run("verify", path.parent)
        expect(name + " (exit)", status, expected["exit"])
        for key in ("verdict", "records", "bytes", "chain_id", "head_index", "head_hash"):
            expect(f"{name} ({key})", report[key], expected[key])
        errors = [finding for finding in report["findings"] if finding["severity"] == "error"]
        warnings = [finding for finding in report["findings"] if finding["severity"] == "warning"]
        expect(name + " (rules)", sorted(finding["rule"] for finding in errors), sorted(expected["rules"]))
        expect(name + " (warnings)", [{"rule": finding["rule"], "index": finding["index"]} for finding in warnings],
               expected["warnings"])
        if "index" in expected:
            places = {(finding["index"], finding["offset"]) for finding in errors if finding["rule"] != "state"}
            expect(name + " (place)", places, {(expected["index"], expected["offset"])})
    return count


def frame_ends(data):
    """Where the frames of a sound chain end."""
    end = 0
    while end < len(data):
        end += 4 + int.from_bytes(data[end:end + 4], "big")
        yield end


def verified(file, data):
    """The verification of these bytes, with a file to put them in."""
    file.seek(0)
    file.write(data)
    file.truncate()
    file.flush()
    return chain_reader.Verification(file)


def check_flips(name, file, data, first=0):
    """Every bit of a sound chain turned, one at a time, from record `first` on. Each is noticed at the right record,
    and only in the last record can it pass for a crash. Returns how many there were of each outcome."""
    ends = list(frame_ends(data))
    outcomes = collections.Counter()
    for bit in range(8 * [0, *ends][first], 8 * len(data)):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        damaged = sum(end <= bit // 8 for end in ends)
        verification = verified(file, flipped)
        last = "last record" if damaged == len(ends) - 1 else "other record"
        outcomes[f"{verification.verdict}, {last}"] += 1
        expect(f"{name}, bit {bit} (verdict)", verification.verdict in ("invalid", "torn"), True)
        expect(f"{name}, bit {bit} (record)", verification.chain.count, damaged)
        expect(f"{name}, bit {bit} (torn)", verification.verdict == "torn" and damaged < len(ends) - 1, False)
    return dict(outcomes)


def check_all_flips(file):
    """The chains that bits are turned in: a rich one, one with zeros like holes, the same up to those zeros, and one
    whose lengths stand across borders."""
    for name in ("good", "zeros-in-content", "lengths-across-borders"):
        print(f"every bit turned, {name}:", check_flips(name, file, chain_data(name)))
    data = chain_data("zeros-in-content")
    data = data[:list(frame_ends(data))[1]]
    outcomes = check_flips("zeros at the end", file, data, 1)
    print("every bit turned, zeros at the end:", outcomes)
    expect("zeros at the end (some pass for a crash)", outcomes.get("torn, last record", 0) > 0, True)


def chain_data(name):
    """The chain.bin of a fixture."""
    return (FIXTURES / "chains" / name / "chain.bin").read_bytes()


def check_lengths(file, data):
    """The good chain cut at every length. Returns how many there were of each outcome."""
    ends = [0, *frame_ends(data)]
    outcomes = collections.Counter()
    for length in range(len(data) + 1):
        verification = verified(file, data[:length])
        outcomes[verification.verdict] += 1
        verdict = "invalid" if length == 0 else "valid" if length in ends else "torn"
        expect(f"length {length}", (verification.verdict, verification.chain.count),
               (verdict, sum(0 < end <= length for end in ends)))
    return outcomes


def witnesses(chain):
    """The witness of a common write in each of a chain's records."""
    data = (chain / "chain.bin").read_bytes()
    ends = [0, *frame_ends(data)]
    records = [chain_reader.parse(data[begin + 4:end])[0] for begin, end in zip(ends, ends[1:])]
    return [record.witnesses.get(4) for record in records]


def check_holes(directory, file):
    """Writes of one and of several records. A hole in the last write is a torn tail, whichever blocks it takes; a hole
    in the write before is damage. Returns how many there were of each outcome."""
    chain, seed = directory / "holes", "33" * 32
    outcomes = collections.Counter()
    for arguments in (["--count", 2], ["--count", 5, "--batch"], ["--count", 1, "--batch"], ["--count", 2, "--batch"]):
        expect(f"append {arguments}",
               run("append", chain, "--seed", seed, "--content", "x" * 300, *arguments)[1], 0)
    expect("common writes", witnesses(chain), [None, None, 2, 2, 2, 2, 2, None, 8, 8])
    data = (chain / "chain.bin").read_bytes()
    ends = [0, *frame_ends(data)]
    for begin, end, length in ((ends[2], ends[7], ends[7]), (ends[2], ends[7], ends[8]), (ends[2], ends[7], ends[10]),
                               (ends[7], ends[8], ends[8]), (ends[8], ends[10], ends[10])):
        borders = [begin, *range(begin // 512 * 512 + 512, end, 512), end]
        blocks = list(zip(borders, borders[1:]))
        for missing in range(1, 1 << len(blocks)):
            holed = bytearray(data[:length])
            for number, (start, stop) in enumerate(blocks):
                if missing >> number & 1:
                    holed[start:stop] = bytes(stop - start)
            verdict = "torn" if end == length else "invalid"
            outcomes[verdict] += 1
            # Where the first block is only the zero bytes that a length begins with, nothing is missing.
            expected = "valid" if holed == data[:length] else verdict
            expect(f"hole {missing:b} of {begin} to {end} in {length}", verified(file, holed).verdict, expected)
    return dict(outcomes)


def check_writer(directory):
    """Chains of the reader's own making, and what it refuses to write."""
    chain, seeds = directory / "new" / "chain", ["11" * 32, "22" * 32]
    expect("nothing there", run("verify", chain)[1], 66)
    expect("append", run("append", chain, "--seed", seeds[0], "--count", 3, "--genesis", "Test")[1], 0)
    expect("stranger", run("append", chain, "--seed", seeds[1], "--count", 1)[1], 65)
    expect("rotate", run("rotate", chain, "--seed", seeds[0], "--new-seed", seeds[1])[1], 0)
    expect("rotate back", run("rotate", chain, "--seed", seeds[1], "--new-seed", seeds[0])[1], 65)
    with open(chain / "chain.bin", "ab") as file:
        file.write(b"\0\0\1")
    expect("torn", run("verify", chain)[1], 2)
    (chain / "state.cbor").write_bytes(b"")
    expect("append behind", run("append", chain, "--seed", seeds[1], "--count", 2, "--content", "Grüße")[1], 0)
    expect("files", [path.name.split("-")[0] for path in sorted(chain.iterdir())], ["chain.bin", "chain.bin.torn"])
    report, status = run("verify", chain, "--json")
    expect("written", (status, report["records"], report["findings"]), (0, 6, []))
    expect("bare file", run("verify", chain / "chain.bin"), (report, 0))
    (chain / "state.cbor").write_bytes((FIXTURES / "chains" / "with-state" / "state.cbor").read_bytes())
    expect("append beside a foreign state", run("append", chain, "--seed", seeds[1], "--count", 1)[1], 3)
    (chain / "state.cbor").unlink()
    expect("second genesis", run("append", chain, "--seed", seeds[1], "--count", 1, "--genesis", "Late")[1], 65)


def main():
    """Runs everything."""
    print(f"{check_cbor()} CBOR vectors, {check_records()} record vectors, {check_chains()} chains")
    with tempfile.TemporaryDirectory() as directory, tempfile.TemporaryFile() as file:
        check_all_flips(file)
        print("cut at every length:", dict(check_lengths(file, chain_data("good"))))
        check_writer(pathlib.Path(directory))
        print("holes in writes:", check_holes(pathlib.Path(directory), file))
    for failure in failures:
        print(failure)
    print("everything agrees" if not failures else f"{len(failures)} disagreements")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
