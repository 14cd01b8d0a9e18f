"""A second implementation of the chain format, written from docs/format.md alone.

    python chain_reader.py verify PATH [--json]
    python chain_reader.py append DIR --seed HEX64 --count N [--content TEXT] [--genesis NAME] [--batch]
    python chain_reader.py rotate DIR --seed HEX64 --new-seed HEX64

`verify` reads a chain directory or a bare chain.bin, checks every record and every signature, and prints one JSON
object. It exits with 0 (valid), 1 (invalid), 2 (torn), 3 (rollback), 66 (no such file) or 64 (wrong usage).
"""

import argparse
import collections
import contextlib
import fcntl
import hashlib
import json
import os
import re
import stat
import struct
import sys
import time

import cbor2
from nacl import bindings, exceptions

LIMIT = 1_048_576  # bytes in a record
LONGEST_TAIL = LIMIT + 4  # a torn tail is shorter than this
BLOCK = 512
RECORD_START = b"\xab\x00\x01\x01\x50"  # a map of 11 pairs, version 1, the head of record_id
SAME_WRITE = 4  # the entropy witness that names the first record of a write
DEPTH = 16
STATE_LIMIT = 4 * 1_048_576
ROTATIONS = 65_535
INT64 = range(-2**63, 2**63)
RESERVED = "attestation-chain/"
GENESIS = "attestation-chain/genesis-v1"
ROTATION = "soosef/key-rotation-v1"
PROOF_DOMAIN = b"attestation-chain/key-rotation-proof-v1\x00"
EXIT = {"valid": 0, "invalid": 1, "torn": 2, "rollback": 3}
EXIT_USAGE, EXIT_REFUSED, EXIT_NO_FILE = 64, 65, 66


def sha256(data):
    """SHA-256, as bytes."""
    return hashlib.sha256(data).digest()


# ---------------------------------------------------------------------------------------------------------------------
# The encoding profile
#
# cbor2 accepts much that the profile refuses, so a walker of our own goes over the bytes first. What it accepts is
# shown to cbor2 as a second opinion.


class Refused(Exception):
    """Bytes that are not one deterministically encoded item; where the offending item begins, and why."""

    def __init__(self, code, offset):
        super().__init__(f"{code} at byte {offset}")
        self.code = code
        self.offset = offset


Tag = collections.namedtuple("Tag", "number content")


class Walker:
    """Reads items from bytes and refuses what the profile does not allow."""

    def __init__(self, data, start=0):
        self.data = data
        self.at = start
        self.tags = 0

    def head(self):
        """One item's head: where it begins, its major type, its additional information and its argument."""
        start = self.at
        if start == len(self.data):
            raise Refused("needs-more-bytes", start)
        major, info = self.data[start] >> 5, self.data[start] & 31
        self.at = start + 1
        if info < 24:
            return start, major, info, info
        if info == 31 and major in (2, 3, 4, 5, 7):
            raise Refused("indefinite-length", start)
        if info > 27:
            raise Refused("malformed", start)
        size = 1 << info - 24
        argument = self.data[self.at:self.at + size]
        if len(argument) < size:
            raise Refused("needs-more-bytes", start)
        self.at += size
        argument = int.from_bytes(argument, "big")
        if major != 7 and argument < (24 if size == 1 else 1 << 4 * size):
            raise Refused("non-shortest-head", start)
        return start, major, info, argument

    def item(self, depth=0):
        """One whole item, with `depth` items around it."""
        return self.body(depth, *self.head())

    def body(self, depth, start, major, info, argument):
        """What follows a head."""
        if major == 0:
            return argument
        if major == 1:
            return -1 - argument
        if major in (2, 3):
            return self.string(start, major, argument)
        if major == 7:
            return self.simple_or_float(start, info, argument)
        if depth == DEPTH:
            raise Refused("too-deep", start)
        if major == 6:
            return self.tagged(depth, start, argument)
        # Every item takes a byte at least: a count beyond what is there is never used for anything.
        if argument * (major - 3) > len(self.data) - self.at:
            raise Refused("needs-more-bytes", start)
        if major == 4:
            return [self.item(depth + 1) for _ in range(argument)]
        return self.pairs(depth, argument)

    def string(self, start, major, length):
        """The bytes or the text behind a head."""
        if length > len(self.data) - self.at:
            raise Refused("needs-more-bytes", start)
        content = self.data[self.at:self.at + length]
        self.at += length
        if major == 2:
            return content
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            raise Refused("invalid-utf8", start) from None

    def simple_or_float(self, start, info, argument):
        """false, true, null or a float in its shortest form."""
        if info < 25:
            if info in (20, 21, 22):
                return {20: False, 21: True, 22: None}[info]
            raise Refused("unsupported-simple", start)
        encoded = self.data[start:self.at]
        value = struct.unpack({25: ">e", 26: ">f", 27: ">d"}[info], encoded[1:])[0]
        if encoded != shortest_float(value):
            raise Refused("non-shortest-float", start)
        return value

    def tagged(self, depth, start, number):
        """A tag's content. Bignums come back as integers."""
        self.tags += 1
        content = self.item(depth + 1)
        if number not in (2, 3):
            return Tag(number, content)
        if not isinstance(content, bytes) or len(content) < 9 or content[0] == 0:
            raise Refused("non-shortest-bignum", start)
        value = int.from_bytes(content, "big")
        return value if number == 2 else -1 - value

    def pairs(self, depth, count):
        """The pairs of a map, whose keys must ascend bytewise and be of one kind."""
        result = {}
        kind, previous = None, b""
        for _ in range(count):
            head = self.head()
            start, major = head[0], head[1]
            if major not in (0, 3) or kind not in (None, major):
                raise Refused("unsupported-key", start)
            key = self.body(depth + 1, *head)
            encoded = self.data[start:self.at]
            if encoded == previous:
                raise Refused("duplicate-key", start)
            if encoded < previous:
                raise Refused("unsorted-keys", start)
            kind, previous = major, encoded
            result[key] = self.item(depth + 1)
        return result


def shortest_float(value):
    """The only encoding of a float that the profile allows."""
    if value != value:
        return b"\xf9\x7e\x00"
    for initial, layout in ((b"\xf9", ">e"), (b"\xfa", ">f")):
        try:
            packed = struct.pack(layout, value)
        except OverflowError:
            continue
        if struct.unpack(layout, packed)[0] == value:
            return initial + packed
    return b"\xfb" + struct.pack(">d", value)


def decode(data):
    """The value of exactly one item, or Refused."""
    walker = Walker(data)
    value = walker.item()
    if walker.at < len(data):
        raise Refused("trailing-bytes", walker.at)
    # cbor2 turns many tags into objects that it does not write in the same way, so it is asked about the rest only.
    if not walker.tags and not same_to_cbor2(data):
        raise Refused("cbor2-disagrees", 0)
    return value


def same_to_cbor2(data):
    """Whether cbor2 reads the bytes and writes the same ones in its canonical form."""
    try:
        return cbor2.dumps(cbor2.loads(data), canonical=True) == data
    except Exception:  # whatever a library says about hostile bytes, it is not agreement
        return False


def encode(value):
    """The deterministic encoding of a value: cbor2's canonical form, checked by our own walker."""
    data = cbor2.dumps(value, canonical=True)
    decode(data)
    return data


# ---------------------------------------------------------------------------------------------------------------------
# One record

Problem = collections.namedtuple("Problem", "rule message")
Record = collections.namedtuple(
    "Record",
    "record_id index prev_hash content_hash content_type metadata claimed_ts witnesses signer signature signed hash")


def is_uint(value, limit=2**64):
    """Whether a value is an unsigned integer below the limit. True and False are none."""
    return type(value) is int and 0 <= value < limit


def is_bytes(value, size):
    """Whether a value is a byte string of this size."""
    return isinstance(value, bytes) and len(value) == size


def has_text_keys(value):
    """Whether a value is a map with text keys. An empty map has no other keys."""
    return isinstance(value, dict) and all(isinstance(key, str) for key in value)


FIELDS = (
    ("version", is_uint),
    ("record_id", lambda value: is_bytes(value, 16)),
    ("chain_index", lambda value: is_uint(value, 2**63)),
    ("prev_hash", lambda value: is_bytes(value, 32)),
    ("content_hash", lambda value: is_bytes(value, 32)),
    ("content_type", lambda value: isinstance(value, str) and 1 <= len(value.encode()) <= 255),
    ("metadata", has_text_keys),
    ("claimed_ts", lambda value: type(value) is int and value in INT64),
    ("entropy_witnesses", lambda value: isinstance(value, dict)),
    ("signer_pubkey", lambda value: is_bytes(value, 32)),
    ("signature", lambda value: is_bytes(value, 64)),
)


def parse(data):
    """The record in these bytes, or None, and what is wrong with its frame, its encoding or its shape."""
    if not 1 <= len(data) <= LIMIT:
        return None, [Problem("frame", f"a record of {len(data)} bytes")]
    try:
        fields = decode(data)
    except Refused as refused:
        problems = [Problem("encoding", str(refused))]
        if refused.code in ("needs-more-bytes", "trailing-bytes"):
            problems.insert(0, Problem("frame", "the item does not end where the frame does"))
        return None, problems
    if not isinstance(fields, dict):
        return None, [Problem("record", "not a map")]
    if is_uint(fields.get(0)) and fields[0] != 1:
        return None, [Problem("version", f"version {fields[0]}")]
    if list(fields) != list(range(len(FIELDS))):
        return None, [Problem("record", "not the pairs 0 to 10")]
    wrong = [name for (name, fits), value in zip(FIELDS, fields.values()) if not fits(value)]
    if wrong:
        return None, [Problem("record", "wrong type, size or range: " + ", ".join(wrong))]
    # The encoding is the only one there is, so the last 67 bytes are pair 10 and the first is the map's head.
    signed = b"\xaa" + data[1:-67]
    return Record(*(fields[key] for key in range(1, 11)), signed, sha256(signed)), []


def signature_holds(public, signature, message):
    """Ed25519 as libsodium checks it."""
    try:
        bindings.crypto_sign_open(signature + message, public)
    except exceptions.BadSignatureError:
        return False
    return True


def inner_problems(record):
    """The rules that a record breaks by itself."""
    content = record.metadata.get("content")
    if isinstance(content, bytes) and sha256(content) != record.content_hash:
        yield Problem("content", "the content does not hash to content_hash")
    if not signature_holds(record.signer, record.signature, record.signed):
        yield Problem("signature", "the signature is not the signer's")


def inner_warnings(record):
    """What is odd about a record but not wrong."""
    if record.record_id[6] >> 4 != 7 or record.record_id[8] >> 6 != 2:
        yield Problem("record-id", "record_id is not a UUIDv7")
    if record.content_type.startswith(RESERVED) and record.content_type != GENESIS:
        yield Problem("unknown-type", "an unknown reserved type")


# ---------------------------------------------------------------------------------------------------------------------
# The chain


class Chain:
    """What the sound records so far amount to."""

    def __init__(self):
        self.count = 0
        self.end = 0
        self.chain_id = None
        self.head_hash = bytes(32)
        self.current_key = None
        self.keys = set()
        self.signers = []
        self.first_ts = None
        self.demands_proof = False

    def judge(self, data):
        """The record in these bytes, or None, the rules it breaks as the next record, and the warnings."""
        record, problems = parse(data)
        if record is None:
            return None, problems, []
        warnings = list(inner_warnings(record))
        problems = [*self.place_problems(record), *inner_problems(record)]
        if record.content_type == GENESIS and not (self.count == 0 and genesis_content(record) is not None):
            problems.append(Problem("genesis", "not at index 0, or without the content that the type requires"))
        if record.content_type == ROTATION:
            for problem, is_error in self.rotation_problems(record):
                (problems if is_error else warnings).append(problem)
        return record, problems, warnings

    def place_problems(self, record):
        """The rules about a record's place in the chain and its signer."""
        if record.index != self.count:
            yield Problem("index", f"chain_index is {record.index} at position {self.count}")
        if record.prev_hash != self.head_hash:
            yield Problem("link", "prev_hash is not the hash of the record before")
        if self.count == 0:
            if not is_sound_point(record.signer):
                yield Problem("genesis-key", "the first key is not a point of the prime-order subgroup")
        elif record.signer != self.current_key:
            yield Problem("signer", "the signer is not the current key")

    def rotation_problems(self, record):
        """The rules about a rotation, each with whether it is an error."""
        new_key = rotation_key(record)
        if new_key is None or not is_sound_point(new_key):
            yield Problem("rotation-key", "new_pubkey is not 64 lower-case digits of a sound point"), True
        if new_key is not None:
            current = self.current_key or record.signer
            if new_key == current or new_key in self.keys:
                yield Problem("rotation-reuse", "the chain has had the new key before"), True
            if record.content_hash != sha256(new_key):
                yield Problem("rotation-content", "content_hash is not that of the new key"), True
            message = PROOF_DOMAIN + record.prev_hash + current + new_key
            if "new_key_proof" in record.metadata:
                proof = record.metadata["new_key_proof"]
                if not (is_bytes(proof, 64) and signature_holds(new_key, proof, message)):
                    yield Problem("rotation-proof", "the proof is not the new key's"), True
            else:
                yield Problem("rotation-proof", "a rotation without proof"), self.demands_proof
        if len(self.keys) >= ROTATIONS:
            yield Problem("rotation-limit", "more rotations than a chain may have"), True

    def accept(self, record, size):
        """Takes a record that breaks no rule. `size` counts its frame's bytes."""
        if self.count == 0:
            self.chain_id = record.hash
            self.current_key = record.signer
            self.signers.append([0, record.signer])
            self.first_ts = record.claimed_ts
            if record.content_type == GENESIS:
                self.demands_proof = "rotation_proof" in genesis_content(record)
        if record.content_type == ROTATION:
            self.keys.add(self.current_key)
            self.current_key = rotation_key(record)
            self.signers.append([self.count + 1, self.current_key])
        self.head_hash = record.hash
        self.count += 1
        self.end += size


def is_sound_point(key):
    """Whether a key is canonical, on the curve, in the prime-order subgroup, and not the identity."""
    return bindings.crypto_core_ed25519_is_valid_point(key)


def genesis_content(record):
    """The map that a genesis record carries, or None if it carries none or a wrong one."""
    content = record.metadata.get("content")
    if not isinstance(content, bytes):
        return None
    try:
        entries = decode(content)
    except Refused:
        return None
    if not has_text_keys(entries):
        return None
    if not isinstance(entries.get("name", ""), str) or entries.get("rotation_proof", "required") != "required":
        return None
    return entries


def rotation_key(record):
    """The 32 bytes of new_pubkey, or None."""
    digits = record.metadata.get("new_pubkey")
    if isinstance(digits, str) and re.fullmatch("[0-9a-f]{64}", digits):
        return bytes.fromhex(digits)
    return None


# ---------------------------------------------------------------------------------------------------------------------
# The end of the file


def is_torn(tail, start, index):
    """Whether the bytes behind the longest verified prefix, which ends at `start` and has `index` records, are what a
    crash leaves."""
    if len(tail) >= LONGEST_TAIL:
        return False
    if len(tail) < 4:
        return True
    length = int.from_bytes(tail[:4], "big")
    stops = 1 <= length <= LIMIT and len(tail) < 4 + length and only_needs_more(tail[4:])
    if not stops and not has_telling_hole(tail, start, length):
        return False
    return not holds_later_write(tail, index)


def only_needs_more(data):
    """Whether the first thing wrong with an item is that the bytes run out."""
    try:
        Walker(data).item()
    except Refused as refused:
        return refused.code == "needs-more-bytes"
    return False


def has_telling_hole(tail, start, length):
    """Whether a block that never reached the disk may explain the tail."""
    first = BLOCK - start % BLOCK
    borders = [0, *range(first, len(tail), BLOCK), len(tail)]
    holes = [begin for begin, end in zip(borders, borders[1:]) if not any(tail[begin:end])]
    if not holes:
        return False
    first_is_hole = holes[0] == 0
    if first_is_hole and (first >= 4 or hole_spoils_length(tail, first)):
        return True
    return any(
        begin < 4 + length or first_is_hole or not 1 <= length <= LIMIT
        for begin in holes if begin > 0)


def hole_spoils_length(tail, missing):
    """Whether behind the length, of which the first bytes are in a hole, stands an item whose size is another than the
    length says, but only in the bytes of the hole."""
    walker = Walker(tail, 4)
    try:
        walker.item()
    except Refused:
        return False
    size = (walker.at - 4).to_bytes(4, "big")
    return size != tail[:4] and size[missing:] == tail[missing:4]


def holds_later_write(tail, index):
    """Whether a record stands in the tail that no crash can have left there: a sound one at its beginning, or one,
    wherever it stands, that was written after the one with this index was durable."""
    at = tail.find(RECORD_START, 4)
    while at >= 0:
        length = int.from_bytes(tail[at - 4:at], "big")
        if 1 <= length <= LIMIT and at + length <= len(tail) and is_later(tail[at:at + length], index, at == 4):
            return True
        at = tail.find(RECORD_START, at + 1)
    return False


def is_later(data, index, is_first):
    """Whether these bytes are a record, soundly signed, that stands first or is of a write that began behind the record
    with this index."""
    record, _ = parse(data)
    if record is None:
        return False
    if not is_first:
        first = record.witnesses.get(SAME_WRITE)
        if record.index <= index or is_uint(first) and first <= index:
            return False
    return signature_holds(record.signer, record.signature, record.signed)


# ---------------------------------------------------------------------------------------------------------------------
# The checkpoint

State = collections.namedtuple(
    "State", "chain_id head_index head_hash created_at last_append_at head_offset byte_length signers rotation_proof")


def read_state(path):
    """The checkpoint, or None, and why it is ignored if there is one that makes no sense."""
    try:
        with open(path, "rb") as file:
            data = file.read(STATE_LIMIT + 1)
    except FileNotFoundError:
        return None, None
    except OSError as error:
        return None, f"state.cbor cannot be read: {error.strerror}"
    try:
        entries = decode(data) if len(data) <= STATE_LIMIT else None
    except Refused as refused:
        return None, f"state.cbor is not deterministically encoded: {refused}"
    return parse_state(entries)


def parse_state(entries):
    """The checkpoint in this value, or None, and why not. The keys that older stores do not write may be missing."""
    if not has_text_keys(entries):
        return None, "state.cbor is not a map with text keys, or too large"
    head_index = entries.get("head_index")
    times = [entries.get(name) for name in ("created_at", "last_append_at")]
    if not (
        is_bytes(entries.get("chain_id"), 32) and is_bytes(entries.get("head_hash"), 32) and is_uint(head_index, 2**63)
        and is_uint(entries.get("record_count")) and entries["record_count"] == head_index + 1
        and all(type(value) is int and value in INT64 for value in times)
    ):
        return None, "state.cbor does not say what the head is"
    if not (
        is_uint(entries.get("head_offset", 0)) and is_uint(entries.get("byte_length", 0))
        and isinstance(entries.get("rotation_proof", False), bool)
        and ("signers" not in entries or are_signers(entries["signers"]))
    ):
        return None, "state.cbor has entries of the wrong type, or signers out of order"
    return State(*(entries.get(name) for name in State._fields)), None


def are_signers(value):
    """Whether a value is an array of pairs of an index and a key, of which at least one and in ascending order."""
    return isinstance(value, list) and value != [] and all(
        isinstance(pair, list) and len(pair) == 2 and is_uint(pair[0]) and is_bytes(pair[1], 32) for pair in value
    ) and all(before[0] < pair[0] for before, pair in zip(value, value[1:]))


# ---------------------------------------------------------------------------------------------------------------------
# Verifying


class Verification:
    """One pass over an open chain.bin, and what came of it."""

    def __init__(self, file, state=None):
        self.file = file
        self.state = state
        self.size = os.fstat(file.fileno()).st_size
        self.chain = Chain()
        self.findings = []
        self.at_state = None
        self.verdict = "valid"
        if self.size == 0 and state is None:
            self.fail([Problem("empty", "the file has no bytes")])
        while self.verdict == "valid" and self.chain.end < self.size:
            self.step()
        if state is not None:
            self.compare_state()

    def find(self, problem, severity, index, offset):
        """Notes a finding."""
        self.findings.append({
            "rule": problem.rule, "severity": severity, "index": index, "offset": offset, "message": problem.message,
        })

    def fail(self, problems):
        """The chain stops being valid at the next record."""
        self.verdict = "invalid"
        for problem in problems:
            self.find(problem, "error", self.chain.count, self.chain.end)

    def step(self):
        """Reads, judges and takes the next record."""
        data, problems = self.next_frame()
        warnings = []
        if not problems:
            record, problems, warnings = self.chain.judge(data)
        if problems and self.tail_is_torn():
            self.verdict = "torn"
            self.find(Problem("torn", "the file ends in a torn tail"), "warning", self.chain.count, self.chain.end)
            return
        for warning in warnings:
            self.find(warning, "warning", self.chain.count, self.chain.end)
        if problems:
            self.fail(problems)
            return
        begin = self.chain.end
        self.chain.accept(record, 4 + len(data))
        if self.state is not None and record.index == self.state.head_index:
            self.at_state = State(
                self.chain.chain_id, record.index, record.hash, self.chain.first_ts, record.claimed_ts, begin,
                self.chain.end, list(self.chain.signers), self.chain.demands_proof)

    def next_frame(self):
        """The next record's bytes, or why there are none."""
        self.file.seek(self.chain.end)
        prefix = self.file.read(min(4, self.size - self.chain.end))
        if len(prefix) < 4:
            return None, [Problem("frame", "the file ends inside a length")]
        length = int.from_bytes(prefix, "big")
        if not 1 <= length <= LIMIT:
            return None, [Problem("frame", f"a length of {length}")]
        data = self.file.read(min(length, self.size - self.chain.end - 4))
        if len(data) < length:
            return None, [Problem("frame", f"the file ends after {len(data)} of a record's {length} bytes")]
        return data, []

    def tail(self):
        """The bytes behind the longest verified prefix, at most as many as a torn tail can have, and one more."""
        self.file.seek(self.chain.end)
        return self.file.read(min(LONGEST_TAIL, self.size - self.chain.end))

    def tail_is_torn(self):
        """Whether what follows was left by a crash. Bytes that a checkpoint calls durable, and that are there, were
        not."""
        if self.state is not None and self.chain.end < (self.state.byte_length or 0) <= self.size:
            return False
        return is_torn(self.tail(), self.chain.end, self.chain.count)

    def compare_state(self):
        """Holds the checkpoint against the sound records."""
        state, found = self.state, self.at_state
        if self.chain.count and state.chain_id != self.chain.chain_id:
            self.roll_back("the checkpoint is of another chain")
        elif (state.byte_length or 0) > self.size:
            self.roll_back("the file is shorter than the checkpoint says")
        elif found is None:
            # Behind the first record that breaks a rule, nobody knows what is there.
            if self.verdict != "invalid":
                self.roll_back(f"the checkpoint's head is record {state.head_index}, which is not there")
        elif state.head_hash != found.head_hash:
            self.roll_back("another record stands where the checkpoint has its head")
        else:
            wrong = [name for name, claim in state._asdict().items() if claim not in (None, getattr(found, name))]
            if wrong:
                self.warn_state("state.cbor is right about its head but is ignored: wrong are " + ", ".join(wrong))

    def roll_back(self, message):
        """The chain is not the one that the checkpoint saw."""
        if self.verdict != "invalid":
            self.verdict = "rollback"
        self.find(Problem("state", message), "error", None, None)

    def warn_state(self, message):
        """The checkpoint cannot be used."""
        self.find(Problem("state", message), "warning", None, None)

    def report(self):
        """The result as it is printed."""
        chain = self.chain
        return {
            "verdict": self.verdict,
            "records": chain.count,
            "bytes": chain.end,
            "chain_id": chain.chain_id.hex() if chain.count else None,
            "head_index": chain.count - 1 if chain.count else None,
            "head_hash": chain.head_hash.hex() if chain.count else None,
            "findings": self.findings,
        }


def verify(path):
    """Verifies a chain directory or a bare chain.bin."""
    state, complaint = None, None
    if os.path.isdir(path):
        # The checkpoint first: while somebody appends, the chain then is at least as long as the checkpoint says.
        state, complaint = read_state(os.path.join(path, "state.cbor"))
        path = os.path.join(path, "chain.bin")
    # Without O_NONBLOCK, opening a named pipe would wait for its other end.
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise FileNotFoundError(f"{path} is not a regular file")
        verification = Verification(file, state)
    if complaint:
        verification.warn_state(complaint)
    return verification


# ---------------------------------------------------------------------------------------------------------------------
# Writing


class CannotWrite(Exception):
    """Why nothing is written, and the exit status that says so."""

    def __init__(self, message, status=EXIT_REFUSED):
        super().__init__(message)
        self.status = status


class Signer:
    """A key pair from a seed."""

    def __init__(self, seed):
        self.public, self.secret = bindings.crypto_sign_seed_keypair(seed)

    def sign(self, message):
        """The 64 bytes of a signature."""
        return bindings.crypto_sign(message, self.secret)[:64]


def sync_directory(path):
    """Makes the entries of a directory durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def locked(directory):
    """chain.bin, created if need be, open for reading and writing and locked."""
    os.makedirs(directory, exist_ok=True)
    path = os.path.join(directory, "chain.bin")
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        with open(descriptor, "r+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            with contextlib.suppress(FileNotFoundError):
                if os.path.samestat(os.stat(path), os.fstat(file.fileno())):
                    yield file
                    return


class Writer:
    """Appends records to a locked chain."""

    def __init__(self, directory, file, signer):
        self.directory = directory
        self.file = file
        self.signer = signer
        self.pending = b""  # frames that the next write takes to the disk
        self.first_of_write = None  # the index of the first of them, when they are to be several
        state, _ = read_state(os.path.join(directory, "state.cbor"))
        self.chain = Chain()
        if os.fstat(file.fileno()).st_size or state is not None:
            verification = Verification(file, state)
            if verification.verdict not in ("valid", "torn"):
                raise CannotWrite(json.dumps(verification.report()), EXIT[verification.verdict])
            self.chain = verification.chain
            if verification.verdict == "torn":
                self.cut(verification.tail())
        if self.chain.count and self.chain.current_key != signer.public:
            raise CannotWrite("the seed is not that of the key that may sign next")

    def cut(self, tail):
        """Keeps a copy of a torn tail beside the chain and cuts it off."""
        name = f"chain.bin.torn-{self.chain.end}-{sha256(tail).hex()[:16]}"
        with open(os.path.join(self.directory, name), "wb") as copy:
            copy.write(tail)
            copy.flush()
            os.fsync(copy.fileno())
        sync_directory(self.directory)
        self.file.truncate(self.chain.end)
        os.fsync(self.file.fileno())

    def put(self, content_type, metadata, content_hash):
        """Appends one record to what the next write takes to the disk."""
        now = time.time_ns()
        fields = {
            0: 1,
            1: uuid7(now),
            2: self.chain.count,
            3: self.chain.head_hash,
            4: content_hash,
            5: content_type,
            6: metadata,
            7: now // 1000,
            8: self.witnesses(),
            9: self.signer.public,
        }
        data = encode({**fields, 10: self.signer.sign(encode(fields))})
        record, problems, _ = self.chain.judge(data)
        if problems:
            raise CannotWrite("the record would break a rule: " + "; ".join(problem.message for problem in problems))
        self.chain.accept(record, 4 + len(data))
        self.pending += len(data).to_bytes(4, "big") + data
        if self.first_of_write is not None and len(self.pending) >= LONGEST_TAIL:
            raise CannotWrite("a write of more bytes than a torn tail may have")

    def flush(self):
        """Writes what is pending and makes it durable."""
        self.file.seek(self.chain.end - len(self.pending))
        rest = memoryview(self.pending)
        while rest:
            rest = rest[self.file.write(rest):]
        os.fsync(self.file.fileno())
        self.pending = b""

    def witnesses(self):
        """Circumstantial evidence, as far as this system has any."""
        status = os.fstat(self.file.fileno())
        numbers = (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)
        found = {1: sha256(b"".join((number % 2**64).to_bytes(8, "big") for number in numbers))[:16]}
        if hasattr(time, "CLOCK_BOOTTIME"):
            found[0] = time.clock_gettime(time.CLOCK_BOOTTIME)
        with contextlib.suppress(OSError, ValueError):
            found[2] = int(read_line("/proc/sys/kernel/random/entropy_avail"))
        with contextlib.suppress(OSError, ValueError):
            found[3] = read_line("/proc/sys/kernel/random/boot_id")
        if self.first_of_write is not None:
            found[SAME_WRITE] = self.first_of_write
        return found

    def finish(self):
        """Makes the records durable and throws the checkpoint away, which covers less than there is now."""
        if self.pending:
            self.flush()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(os.path.join(self.directory, "state.cbor"))
        sync_directory(self.directory)
        sync_directory(os.path.dirname(os.path.abspath(self.directory)))
        return {
            "records": self.chain.count,
            "chain_id": self.chain.chain_id.hex(),
            "head_index": self.chain.count - 1,
            "head_hash": self.chain.head_hash.hex(),
        }


def read_line(path):
    """A small file's text without its line feed."""
    with open(path, encoding="utf-8") as file:
        return file.read().strip()


def uuid7(nanoseconds):
    """A UUIDv7: 48 bits of milliseconds, and chance."""
    value = bytearray((nanoseconds // 1_000_000).to_bytes(6, "big") + os.urandom(10))
    value[6] = 0x70 | value[6] & 0x0F
    value[8] = 0x80 | value[8] & 0x3F
    return bytes(value)


def append(directory, seed, count, content, genesis, batch):
    """Appends `count` records, the genesis record included: one write for each, or with `batch` one for all."""
    with locked(directory) as file:
        writer = Writer(directory, file, Signer(seed))
        if genesis is not None and writer.chain.count:
            raise CannotWrite("a genesis record can only be the first")
        if batch and count > 1:
            writer.first_of_write = writer.chain.count
        for _ in range(count):
            if genesis is not None and not writer.chain.count:
                entries = encode({"name": genesis, "rotation_proof": "required"})
                writer.put(GENESIS, {"content": entries}, sha256(entries))
            else:
                attested = f"record {writer.chain.count}" if content is None else content
                carried = {} if content is None else {"content": attested.encode()}
                writer.put("text/plain", carried, sha256(attested.encode()))
            if not batch:
                writer.flush()
        return writer.finish()


def rotate(directory, seed, new_seed):
    """Appends a rotation with proof."""
    new = Signer(new_seed)
    with locked(directory) as file:
        writer = Writer(directory, file, Signer(seed))
        if not writer.chain.count:
            raise CannotWrite("a chain without records has no key to rotate")
        message = PROOF_DOMAIN + writer.chain.head_hash + writer.signer.public + new.public
        metadata = {"new_pubkey": new.public.hex(), "new_key_proof": new.sign(message)}
        writer.put(ROTATION, metadata, sha256(new.public))
        return writer.finish()


# ---------------------------------------------------------------------------------------------------------------------
# The command line


class Parser(argparse.ArgumentParser):
    """A parser whose exit status for wrong usage is not one of the verdicts'."""

    def error(self, message):
        self.exit(EXIT_USAGE, f"{self.prog}: {message}\n")


def seed_argument(text):
    """The 32 bytes of a seed."""
    if not re.fullmatch("[0-9a-fA-F]{64}", text):
        raise argparse.ArgumentTypeError("a seed is 64 hexadecimal digits")
    return bytes.fromhex(text)


def count_argument(text):
    """A number of records."""
    if not re.fullmatch("[1-9][0-9]{0,8}", text):
        raise argparse.ArgumentTypeError("a count is a positive number")
    return int(text)


def text_argument(text):
    """Text that can be written as UTF-8; what the shell passes need not be."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError("not UTF-8") from None
    return text


def parse_arguments(arguments):
    """The command line's arguments."""
    parser = Parser(prog="chain_reader.py", description="Verifies and writes chains of signed records.")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=Parser)
    verifying = commands.add_parser("verify", help="check a chain directory or a chain.bin")
    verifying.add_argument("path")
    verifying.add_argument("--json", action="store_true", help="print the JSON object on one line")
    appending = commands.add_parser("append", help="append records, to a new chain if there is none")
    appending.add_argument("directory")
    appending.add_argument("--seed", type=seed_argument, required=True)
    appending.add_argument("--count", type=count_argument, required=True)
    appending.add_argument("--content", type=text_argument, help="text that every record carries")
    appending.add_argument("--genesis", metavar="NAME", type=text_argument,
                           help="begin with a genesis record, which --count includes")
    appending.add_argument("--batch", action="store_true", help="take all records to the disk with one write")
    rotating = commands.add_parser("rotate", help="append a key rotation")
    rotating.add_argument("directory")
    rotating.add_argument("--seed", type=seed_argument, required=True)
    rotating.add_argument("--new-seed", type=seed_argument, required=True)
    return parser.parse_args(arguments)


def main(arguments):
    """Runs one command and returns the exit status."""
    options = parse_arguments(arguments)
    try:
        if options.command == "verify":
            verification = verify(options.path)
            print(json.dumps(verification.report(), indent=None if options.json else 2))
            return EXIT[verification.verdict]
        if options.command == "append":
            report = append(options.directory, options.seed, options.count, options.content, options.genesis,
                            options.batch)
        else:
            report = rotate(options.directory, options.seed, options.new_seed)
        print(json.dumps(report))
        return 0
    except OSError as error:
        print(f"chain_reader.py: {error}", file=sys.stderr)
        return EXIT_NO_FILE
    except CannotWrite as refusal:
        print(f"chain_reader.py: {refusal}", file=sys.stderr)
        return refusal.status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
