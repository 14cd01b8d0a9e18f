"""Chains, whole and broken.

Each function makes one directory; its docstring is the description. The expectation is written down by hand: the
verdict, how many records are sound, the rules that the next one breaks, and the warnings.
"""

from builder import (
    GENESIS, ROTATION, Chain, Key, MixedOrderKey, Raw, SmallOrderKey, Tag, encode, frame, seal, sha256,
)

A, B, C, STRANGER = Key("A"), Key("B"), Key("C"), Key("stranger")
LIMIT = 1_048_576
EXIT = {"valid": 0, "invalid": 1, "torn": 2, "rollback": 3}
CHAINS = {}


def chain(make):
    """Registers the function below; underscores in its name become hyphens."""
    data, expect, state = make()
    files = {"chain.bin": data}
    if state is not None:
        files["state.cbor"] = state if isinstance(state, bytes) else encode(state)
    CHAINS[make.__name__.replace("_", "-")] = files, {"description": " ".join(make.__doc__.split()), **expect}
    return make


def outcome(made, verdict, sound=None, rules=(), warnings=(), data=None, state=None):
    """What the registered functions return. `made` is a chain whose first `sound` records are so; `data` is chain.bin
    when it is not simply that chain."""
    sound = len(made.frames) if sound is None else sound
    expect = {
        "verdict": verdict,
        "exit": EXIT[verdict],
        "records": sound,
        "bytes": made.offset(sound),
        "chain_id": made.hashes[0].hex() if sound else None,
        "head_index": sound - 1 if sound else None,
        "head_hash": made.hashes[sound - 1].hex() if sound else None,
    }
    if verdict == "invalid":
        expect["index"] = sound
        expect["offset"] = made.offset(sound)
    expect["rules"] = list(rules)
    expect["warnings"] = [{"rule": rule, "index": index} for rule, index in warnings]
    return made.data if data is None else data, expect, state


def valid(made, *warnings, state=None):
    """Every record is sound."""
    return outcome(made, "valid", warnings=warnings, state=state)


def invalid(made, sound, *rules, warnings=(), data=None, state=None):
    """The record behind the first `sound` ones breaks these rules."""
    return outcome(made, "invalid", sound, rules, warnings, data, state)


def torn(made, tail, warnings=(), state=None):
    """A sound chain with a torn tail behind it."""
    return outcome(made, "torn", None, (), [*warnings, ("torn", len(made.frames))], made.data + tail, state)


def rollback(made, state, tail=None):
    """A sound chain that the checkpoint does not belong to, or such a chain with a torn tail behind it."""
    if tail is None:
        return outcome(made, "rollback", None, ("state",), (), None, state)
    return outcome(made, "rollback", None, ("state",), [("torn", len(made.frames))], made.data + tail, state)


def plain(label, count, key=A):
    """A chain of ordinary records without a genesis record."""
    made = Chain(label)
    for _ in range(count):
        made.add(key)
    return made


def started(label, count=1, policy=True):
    """A chain of a genesis record and ordinary ones."""
    made = Chain(label).genesis(A, policy, name="Example chain")
    for _ in range(count):
        made.add(A)
    return made


def padded(made, position, **other):
    """Appends a record with so much in its metadata that the next frame begins at this place within 512 bytes."""
    for size in range(30, 600):
        named = {"metadata": {"pad": b"p" * size}, **other}
        if (len(made.data) + 4 + len(made.signed(A, **named)) + 67) % 512 == position:
            return made.add(A, **named)
    raise ValueError("no padding fits")


def zeroed(made):
    """chain.bin with zeros between the first two borders of 512 bytes behind the beginning of record 2."""
    start = (made.offset(2) // 512 + 1) * 512
    return made.data[:start] + bytes(512) + made.data[start + 512:]


def with_prefix(made, index, length, tail=b""):
    """chain.bin with another length before one record."""
    at = made.offset(index)
    return made.data[:at] + length.to_bytes(4, "big") + made.data[at + 4:] + tail


# --- sound chains


@chain
def good():
    """Eight records: a genesis record that demands proof of rotations, plain ones, rich metadata, content inside the
    record, witnesses, and a rotation."""
    made = Chain("good").genesis(A, name="Example")
    made.inline(A, b"Hello, chain.\n", metadata={"filename": "hello.txt"})
    made.add(A, "image/jpeg", {
        "filename": "IMG_0001.jpg", "camera": {"maker": "Example", "iso": 400, "exposure": 0.004, "flash": False},
        "position": [52.5162746, 13.3777041, None], "keywords": ["tor", "Überblick", "夜"], "thumbnail": sha256(b"t"),
        "taken": Tag(0, "2025-12-31T23:59:30Z"), "size": 3_145_728, "altitude": -1.5, "serial": 2**64 + 1,
    })
    made.add(A, entropy_witnesses={0: 12345.678, 1: sha256(b"stat")[:16], 2: 256, 3: "3c8b1e0a-7f2d-4c55-9a1e-2f6d"})
    made.add(A, "text/plain", {"note": "claimed to be older than the record before"}, claimed_ts=-1)
    made.rotate(A, B)
    made.add(B, "application/pdf", {"pages": 12})
    made.inline(B, b"", "application/octet-stream")
    return valid(made)


@chain
def good_no_genesis():
    """A chain as the older store writes it: it begins with an ordinary record, and its rotation has no proof."""
    made = plain("good-no-genesis", 2)
    made.rotate(A, B, {"new_key_proof": None})
    made.add(B)
    return valid(made, ("rotation-proof", 2))


@chain
def rotated():
    """Three keys, both rotations with proof."""
    made = started("rotated")
    made.rotate(A, B).add(B).rotate(B, C).add(C)
    return valid(made)


@chain
def rotated_at_once():
    """A rotation right behind another, and one as the first record."""
    return valid(Chain("rotated-at-once").add(
        A, ROTATION, {"new_pubkey": B.public.hex()}, B.public).rotate(B, C).add(C), ("rotation-proof", 0))


@chain
def rotated_last():
    """The last record is a rotation."""
    return valid(started("rotated-last").rotate(A, B))


@chain
def single_genesis():
    """A genesis record and nothing else."""
    return valid(started("single-genesis", 0))


@chain
def genesis_empty():
    """A genesis record whose content is an empty map: no name, no policy."""
    return valid(Chain("genesis-empty").genesis(A, False).rotate(A, B, {"new_key_proof": None}),
                 ("rotation-proof", 1))


@chain
def genesis_unknown_keys():
    """A genesis record whose content has keys that version 1 does not know."""
    return valid(Chain("genesis-unknown-keys").genesis(A, name="", future={"a": [1, 2]}, contact="nobody").add(A))


@chain
def unknown_type():
    """A type that version 1 does not know, behind the reserved prefix: a warning."""
    return valid(started("unknown-type").add(A, "attestation-chain/checkpoint-v9").add(A), ("unknown-type", 2))


@chain
def unknown_type_combining():
    """The reserved prefix with a combining mark behind it. Types are compared byte by byte: a warning."""
    return valid(started("unknown-type-combining").add(A, "attestation-chain/\u0301odd"), ("unknown-type", 2))


@chain
def record_id_version_4():
    """Two records whose ids are not UUIDv7: warnings."""
    odd = bytes.fromhex("0199f0a1b2c34d5e8f60718293a4b5c6")
    return valid(started("record-id-version-4").add(A, record_id=odd).add(A).add(A, record_id=odd),
                 ("record-id", 2), ("record-id", 4))


@chain
def type_kelvin():
    """Metadata keys that are canonically equivalent but different bytes: K and the kelvin sign, é composed and
    decomposed. They are different keys. A type with the kelvin sign is an ordinary type."""
    made = started("type-kelvin")
    made.add(A, metadata={"K": 1, "\u212a": 2, "\u00e9": 3, "e\u0301": 4})
    made.add(A, "text/\u212a")
    return valid(made)


@chain
def claimed_ts_extremes():
    """Claimed times at both ends of their range, in any order."""
    return valid(started("claimed-ts-extremes").add(A, claimed_ts=2**63 - 1).add(A, claimed_ts=-2**63))


@chain
def zeros_in_content():
    """Content with more than 512 zero bytes at a border of 512 bytes, and a record whose length stands across one.
    Nothing is wrong with either."""
    made = started("zeros-in-content", 0).inline(A, bytes(1200), "application/octet-stream")
    return valid(padded(made, 510).add(A))


@chain
def lengths_across_borders():
    """Records whose lengths stand across a border of 512 bytes, with three, two and one byte before it, which are zero.
    Nothing is wrong with any of them."""
    made = started("lengths-across-borders", 0)
    for position in (509, 510, 511):
        padded(made, position).add(A)
    return valid(made.add(A))


@chain
def one_write():
    """Three records that went to the disk with one write, and one behind them that was written alone."""
    made = started("one-write")
    for _ in range(3):
        made.add(A, entropy_witnesses={4: 2})
    return valid(made.add(A))


# --- checkpoints


@chain
def with_state():
    """A checkpoint of the whole chain, behind a rotation."""
    made = started("with-state").rotate(A, B).add(B)
    return valid(made, state=made.state())


@chain
def state_behind():
    """A checkpoint that covers only the first three of five records."""
    made = started("state-behind", 4)
    return valid(made, state=made.state(2))


@chain
def state_on_rotation():
    """A checkpoint whose head is a rotation, with records of the new key behind it."""
    made = started("state-on-rotation").rotate(A, B).add(B)
    return valid(made, state=made.state(2))


@chain
def state_old_keys():
    """A checkpoint with the six keys of the older store."""
    made = started("state-old-keys", 3)
    return valid(made, state=made.old_state())


@chain
def state_old_keys_ahead():
    """A checkpoint with the six old keys that claims more records than there are: the chain was cut."""
    whole = started("state-old-keys-ahead", 4)
    return rollback(started("state-old-keys-ahead", 2), whole.old_state())


@chain
def state_ahead():
    """A checkpoint of six records, and a chain that was cut to four."""
    return rollback(started("state-ahead", 3), started("state-ahead", 5).state())


@chain
def state_fork():
    """A checkpoint of another continuation of the same beginning: another record stands at head_index."""
    fork = started("state-fork").add(A, metadata={"fork": True}).add(A)
    return rollback(started("state-fork", 4), fork.state())


@chain
def state_foreign():
    """A checkpoint of another chain."""
    return rollback(started("state-foreign", 2), started("another chain", 2).state())


@chain
def state_foreign_ahead():
    """A checkpoint of another and longer chain."""
    return rollback(started("state-foreign-ahead", 2), started("another chain", 5).state())


@chain
def state_garbage():
    """A checkpoint that is not CBOR: ignored with a warning."""
    return valid(started("state-garbage", 2), ("state", None), state=b"This is not a checkpoint.\n")


@chain
def state_empty():
    """A checkpoint without bytes: ignored with a warning."""
    return valid(started("state-empty", 2), ("state", None), state=b"")


@chain
def state_not_deterministic():
    """A checkpoint with an integer that is not in its shortest form: ignored with a warning."""
    made = started("state-not-deterministic", 2)
    return valid(made, ("state", None), state=made.state(record_count=Raw(b"\x18\x03")))


@chain
def state_wrong_types():
    """A checkpoint with text for a hash: ignored with a warning."""
    made = started("state-wrong-types", 2)
    return valid(made, ("state", None), state=made.state(head_hash=made.hashes[-1].hex()))


@chain
def state_missing_key():
    """A checkpoint without head_hash: ignored with a warning."""
    made = started("state-missing-key", 2)
    state = made.state()
    del state["head_hash"]
    return valid(made, ("state", None), state=state)


@chain
def state_wrong_count():
    """A checkpoint whose record_count is not head_index + 1: ignored with a warning."""
    made = started("state-wrong-count", 2)
    return valid(made, ("state", None), state=made.state(record_count=7))


@chain
def state_wrong_offset():
    """A checkpoint with the right hashes and a head_offset where no frame begins: not good, ignored with a warning."""
    made = started("state-wrong-offset", 2)
    return valid(made, ("state", None), state=made.state(head_offset=made.offset(2) - 1))


@chain
def state_wrong_signer():
    """A checkpoint with the right hashes that names a stranger as the key that may sign next: not good, ignored with a
    warning."""
    made = started("state-wrong-signer", 2)
    return valid(made, ("state", None), state=made.state(signers=[[0, A.public], [3, STRANGER.public]]))


@chain
def state_wrong_earlier_signer():
    """A checkpoint with the right head and next key, and with a stranger for the key before: ignored with a warning."""
    made = started("state-wrong-earlier-signer").rotate(A, B).rotate(B, C).add(C)
    signers = [[0, A.public], [3, STRANGER.public], [4, C.public]]
    return valid(made, ("state", None), state=made.state(signers=signers))


@chain
def state_signers_disordered():
    """A checkpoint whose keys do not ascend: it contradicts itself and is ignored with a warning, although it claims
    more records than there are."""
    whole = started("state-signers-disordered").rotate(A, B).add(B).add(B)
    state = whole.state()
    state["signers"].reverse()
    return valid(started("state-signers-disordered").rotate(A, B).add(B), ("state", None), state=state)


@chain
def state_wrong_time():
    """A checkpoint with the right head and a last_append_at that is not the head's: ignored with a warning."""
    made = started("state-wrong-time", 2)
    return valid(made, ("state", None), state=made.state(last_append_at=made.stamps[1]))


@chain
def state_wrong_policy():
    """A checkpoint with the right head that says that no proof is demanded: ignored with a warning."""
    made = started("state-wrong-policy", 2)
    return valid(made, ("state", None), state=made.state(rotation_proof=False))


@chain
def state_some_keys():
    """A checkpoint with the six old keys and byte_length, all of them right."""
    made = started("state-some-keys", 2)
    return valid(made, state={**made.old_state(), "byte_length": len(made.data)})


@chain
def state_some_keys_wrong():
    """A checkpoint with the six old keys and a head_offset that is wrong: ignored with a warning."""
    made = started("state-some-keys-wrong", 2)
    return valid(made, ("state", None), state={**made.old_state(), "head_offset": made.offset(1)})


@chain
def state_length_beyond():
    """A checkpoint with the right head and a byte_length beyond the file."""
    made = started("state-length-beyond", 2)
    return rollback(made, made.state(byte_length=len(made.data) + 1))


@chain
def state_foreign_and_invalid():
    """A checkpoint of another chain beside a chain with a turned bit: invalid comes before rolled back."""
    made = started("state-foreign-and-invalid", 3)
    made.frames[2] = made.frames[2][:-1] + bytes([made.frames[2][-1] ^ 0x01])
    return invalid(made, 2, "signature", "state", state=started("another chain", 2).state())


@chain
def state_wrong_signer_stranger():
    """A stranger's record, and a checkpoint of what is before it that names the stranger as the key that may sign
    next. A reader that trusts the checkpoint takes the record."""
    made = started("state-wrong-signer-stranger", 2)
    state = made.state(signers=[[0, A.public], [3, STRANGER.public]])
    return invalid(made.add(STRANGER), 3, "signer", warnings=[("state", None)], state=state)


# --- torn tails


def next_frame(made, **named):
    """The frame of one more record, not appended."""
    return frame(seal(made.signed(A, **named), A))


@chain
def torn_length_1():
    """One byte behind the last record."""
    made = started("torn-length-1")
    return torn(made, next_frame(made)[:1])


@chain
def torn_length_2():
    """Two bytes behind the last record."""
    made = started("torn-length-2")
    return torn(made, next_frame(made)[:2])


@chain
def torn_length_3():
    """Three bytes behind the last record, which need not even look like a length."""
    return torn(started("torn-length-3"), b"\xff\xff\xff")


@chain
def torn_length_only():
    """A length and no record."""
    made = started("torn-length-only")
    return torn(made, next_frame(made)[:4])


@chain
def torn_record():
    """Half a record behind the last whole one."""
    made = started("torn-record", 2)
    return torn(made, next_frame(made)[:150])


@chain
def torn_record_last_byte():
    """A record without its last byte."""
    made = started("torn-record-last-byte", 2)
    return torn(made, next_frame(made)[:-1])


@chain
def torn_in_character():
    """A record that ends inside a character of UTF-8."""
    made = started("torn-in-character")
    tail = next_frame(made, metadata={"note": "日本語"})
    return torn(made, tail[:tail.index("日本語".encode()) + 4])


@chain
def torn_text_not_utf8():
    """A text that announces more bytes than there are, and whose bytes are no UTF-8. Head by head, the first thing
    wrong is that the bytes run out."""
    made = started("torn-text-not-utf8")
    tail = next_frame(made, metadata={"note": "n" * 100})
    return torn(made, tail[:tail.index(b"n" * 100)] + b"\xff" * 40)


@chain
def torn_first_record():
    """A file with part of its first record and nothing else."""
    return torn(Chain("torn-first-record"), started("torn-first-record", 0).data[:100])


@chain
def torn_one_byte_file():
    """A file of one byte."""
    return torn(Chain("torn-one-byte-file"), b"\0")


@chain
def torn_zero_tail():
    """700 zero bytes behind the last record, as a file that grew without its blocks."""
    return torn(started("torn-zero-tail", 2), bytes(700))


@chain
def torn_zero_tail_short():
    """Four zero bytes behind the last record, with no border of 512 bytes between them."""
    return torn(padded(started("torn-zero-tail-short", 0), 100), bytes(4))


@chain
def torn_zero_tail_across():
    """Two zero bytes before a border of 512 bytes and 40 behind it: the first piece is short, the second counts because
    the first is a hole too."""
    return torn(padded(started("torn-zero-tail-across", 0), 510), bytes(42))


@chain
def torn_hole():
    """A whole frame in which one block of 512 bytes is zero."""
    made = padded(started("torn-hole", 0), 300)
    tail = next_frame(made, metadata={"big": b"\x55" * 1200})
    start = 512 - 300
    return torn(made, tail[:start] + bytes(512) + tail[start + 512:])


@chain
def torn_hole_at_end():
    """A whole frame whose end, from a border of 512 bytes on, is zero."""
    made = padded(started("torn-hole-at-end", 0), 300)
    tail = next_frame(made, metadata={"big": b"\x55" * 200})
    start = 512 - 300
    return torn(made, tail[:start] + bytes(len(tail) - start))


@chain
def torn_hole_first():
    """The first piece behind the last record is zero, the rest of the frame has come."""
    made = padded(started("torn-hole-first", 0), 300)
    tail = next_frame(made, metadata={"big": b"\x55" * 400})
    start = 512 - 300
    return torn(made, bytes(start) + tail[start:])


def written(label, first, last, alone=0):
    """A chain whose records `first` (1 or 2) to `last` went to the disk with one write, with some behind them that were
    written alone. Record 2 begins at 300 within 512 bytes and has more than a thousand bytes."""
    several = {"entropy_witnesses": {4: first}}
    made = padded(started(label, 0), 300, **(several if first == 1 else {}))
    made.add(A, metadata={"big": b"\x55" * 800}, **several)
    for _ in range(last - 2):
        made.add(A, **several)
    for _ in range(alone):
        made.add(A)
    return made


def torn_inside(made, data):
    """A chain whose first two records are sound, with a torn tail that has records of its own."""
    return outcome(made, "torn", 2, (), [("torn", 2)], data)


@chain
def torn_hole_second_frame():
    """Two frames of one write behind the last sound record: the first has a hole, the second is whole."""
    made = written("torn-hole-second-frame", 2, 3)
    return torn_inside(made, zeroed(made))


@chain
def torn_hole_in_write():
    """A write of four records: the first is sound, the second has a hole, and the two behind it are sound."""
    made = written("torn-hole-in-write", 1, 4)
    return torn_inside(made, zeroed(made))


@chain
def torn_hole_later_unsound():
    """A record with a hole, and behind it one of a later write with a turned bit in its signature: not a record that
    says anything."""
    made = written("torn-hole-later-unsound", 2, 2, 1)
    made.frames[3] = made.frames[3][:-1] + bytes([made.frames[3][-1] ^ 0x01])
    return torn_inside(made, zeroed(made))


@chain
def torn_hole_quotes_records():
    """A record with a hole whose metadata quotes the record before it and one with its own index of another chain:
    neither index is above its own, so they are not of a later write."""
    made = padded(started("torn-hole-quotes-records", 0), 300)
    quoted = made.frames[1] + started("another chain", 2).frames[2]
    made.add(A, metadata={"big": b"\x55" * 800, "quoted": quoted})
    return torn_inside(made, zeroed(made))


@chain
def tail_hole_in_write_later_alone():
    """Like torn-hole-in-write, with a record behind it that was written alone, thus later: damage."""
    made = written("tail-hole-in-write-later-alone", 1, 4, 1)
    return invalid(made, 2, "signature", data=zeroed(made))


@chain
def tail_hole_in_write_later_write():
    """A record with a hole, the rest of its write, and two records of a later write, which began behind it: damage."""
    made = written("tail-hole-in-write-later-write", 2, 3)
    for _ in range(2):
        made.add(A, entropy_witnesses={4: 4})
    return invalid(made, 2, "signature", data=zeroed(made))


@chain
def tail_hole_first_later_alone():
    """The first piece behind the last sound record is zero, and with it the length. The record behind, written alone,
    is found all the same: damage."""
    made = written("tail-hole-first-later-alone", 2, 2, 1)
    end = made.offset(2)
    return invalid(made, 2, "frame", data=made.data[:end] + bytes(212) + made.data[end + 212:])


@chain
def tail_hole_later_new_key():
    """A rotation with a hole, and a record behind it by the new key, which nothing sound has named: damage."""
    made = padded(started("tail-hole-later-new-key", 0), 300)
    made.rotate(A, B, {"note": b"\x55" * 700}).add(B)
    return invalid(made, 2, "signature", data=zeroed(made))


@chain
def tail_hole_record_removed():
    """The record before the last one was taken out, and the last one has 1,200 zero bytes of content. It stands behind
    the verified prefix, and its index says that it is of a later write: damage."""
    made = started("tail-hole-record-removed", 2).inline(A, bytes(1200), "application/octet-stream")
    del made.frames[2]
    return invalid(made, 2, "index", "link")


def flipped_zeros(label, behind):
    """A chain whose record 2 carries 1,200 zero bytes and has a turned bit in its metadata, with records behind it."""
    made = started(label).inline(A, bytes(1200), "application/octet-stream", {"note": "seventeen"})
    for _ in range(behind):
        made.add(A)
    made.frames[2] = made.frames[2].replace(b"seventeen", b"sevenueen")
    return made


@chain
def tail_zeros_bit_flip():
    """A turned bit in a record with 1,200 zero bytes of content, and three later records behind it: damage, although
    the content looks like a hole."""
    return invalid(flipped_zeros("tail-zeros-bit-flip", 3), 2, "signature")


@chain
def torn_zeros_bit_flip_last():
    """A turned bit in the last record, which carries 1,200 zero bytes: torn by rule 3. That is the documented residual
    of the rule: in the last write, content that looks like a hole cannot be told from one."""
    made = flipped_zeros("torn-zeros-bit-flip-last", 0)
    return torn_inside(made, made.data)


def flipped_at(position, behind):
    """A chain whose record 2 begins at this place within 512 bytes and has a turned bit in its signature."""
    made = padded(started(f"flipped-at-{position}-{behind}", 0), position).add(A)
    for _ in range(behind):
        made.add(A)
    made.frames[2] = made.frames[2][:-1] + bytes([made.frames[2][-1] ^ 0x01])
    return made


@chain
def signature_bit_at_509():
    """A turned bit in a signature. Three bytes of the record's length stand before a border of 512 bytes and are zero,
    as they ought to be; sound records behind it."""
    return invalid(flipped_at(509, 2), 2, "signature")


@chain
def signature_bit_at_510():
    """A turned bit in a signature. Two bytes of the record's length stand before a border of 512 bytes and are zero, as
    they ought to be; sound records behind it."""
    return invalid(flipped_at(510, 2), 2, "signature")


@chain
def signature_bit_at_511():
    """A turned bit in a signature. One byte of the record's length stands before a border of 512 bytes and is zero, as
    it ought to be; sound records behind it."""
    return invalid(flipped_at(511, 2), 2, "signature")


@chain
def signature_bit_last_at_510():
    """Like signature-bit-at-510, in the last record. The length that is there is the record's size, so the zero bytes
    explain nothing: damage."""
    return invalid(flipped_at(510, 0), 2, "signature")


@chain
def torn_prefix_hole():
    """Three bytes of the length lie before a border of 512 bytes and are zero; the last one and the record have come.
    The record's size differs from the length that is there, but only in the zero bytes."""
    made = padded(started("torn-prefix-hole", 0), 509)
    tail = next_frame(made, metadata={"note": "x" * 60})
    return torn(made, bytes(3) + tail[3:])


@chain
def tail_prefix_hole_disagrees():
    """Like torn-prefix-hole, but the record's size differs from the length in the byte behind the hole too: damage."""
    made = padded(started("tail-prefix-hole-disagrees", 0), 509)
    tail = next_frame(made, metadata={"note": "x" * 60})
    return invalid(made, 2, "frame", "encoding", data=made.data + bytes(3) + bytes([tail[3] + 1]) + tail[4:])


@chain
def tail_prefix_hole_later_alone():
    """Like torn-prefix-hole, with a record behind it that was written alone: damage."""
    made = padded(started("tail-prefix-hole-later-alone", 0), 509).add(A, metadata={"note": "x" * 60}).add(A)
    end = made.offset(2)
    return invalid(made, 2, "frame", "encoding", data=made.data[:end] + bytes(3) + made.data[end + 3:])


@chain
def tail_hole_behind_frame():
    """A whole frame with a wrong signature, and 512 zero bytes behind it: the hole explains nothing, it is damage."""
    made = padded(started("tail-hole-behind-frame", 0), 100)
    tail = bytearray(next_frame(made))
    tail[-1] ^= 1
    return invalid(made, 2, "signature", data=made.data + bytes(tail) + bytes(700))


@chain
def tail_damaged_not_torn():
    """Part of a record behind the last whole one, with a byte in it that breaks the encoding: damage."""
    made = padded(started("tail-damaged-not-torn", 0), 100)
    tail = next_frame(made)[:200]
    return invalid(made, 2, "frame", data=made.data + tail.replace(b"\x02\x02\x03\x58\x20", b"\x02\xff\x03\x58\x20"))


@chain
def tail_complete_item():
    """A length that says more than follows, and a whole record: no more bytes are needed, it is damage."""
    made = started("tail-complete-item")
    tail = next_frame(made)
    return invalid(made, 2, "frame", data=made.data + (len(tail) + 96).to_bytes(4, "big") + tail[4:])


@chain
def torn_state_behind():
    """A torn tail behind what the checkpoint covers: an append that was interrupted."""
    made = started("torn-state-behind", 2)
    return torn(made, next_frame(made)[:150], state=made.state())


@chain
def torn_but_state_covers():
    """Half a record at the end, and a checkpoint whose byte_length is the end of the whole one, beyond the file: the
    chain was cut."""
    whole = started("torn-but-state-covers", 3)
    tail = whole.frames[3][:-150]
    return rollback(started("torn-but-state-covers", 2), whole.state(), tail)


@chain
def torn_state_within():
    """Part of a record at the end, and a checkpoint that says that so many bytes were durable: damage. A part of a
    longer record has taken the place of a whole one."""
    made = started("torn-state-within", 2)
    tail = next_frame(made, metadata={"note": "n" * 300})[:-100]
    return invalid(made, 3, "frame", data=made.data + tail, state=started("torn-state-within", 3).state())


@chain
def torn_state_foreign():
    """A torn tail, and a checkpoint of another and shorter chain: rolled back comes before torn."""
    made = started("torn-state-foreign", 2)
    return rollback(made, started("another chain", 0).state(), next_frame(made)[:150])


@chain
def torn_state_old_keys_ahead():
    """A torn tail, and a checkpoint with the six old keys whose head is the record that the tail begins."""
    made = started("torn-state-old-keys-ahead", 2)
    return rollback(made, started("torn-state-old-keys-ahead", 3).old_state(), next_frame(made)[:150])


@chain
def torn_state_old_keys_behind():
    """A torn tail behind the head of a checkpoint with the six old keys."""
    made = started("torn-state-old-keys-behind", 2)
    return torn(made, next_frame(made)[:150], state=made.old_state())


@chain
def torn_first_record_state():
    """A file with part of its first record, and a checkpoint of the whole chain."""
    whole = started("torn-first-record-state", 1)
    return rollback(Chain("torn-first-record-state"), whole.state(), whole.data[:100])


@chain
def torn_hole_but_state_covers():
    """A record with a hole, of which the checkpoint says that it was durable: damage."""
    made = padded(started("torn-hole-but-state-covers", 0), 300)
    made.add(A, metadata={"big": b"\x55" * 1200})
    start = made.offset(2) + 512 - 300
    data = made.data[:start] + bytes(512) + made.data[start + 512:]
    return invalid(made, 2, "signature", data=data, state=made.state())


@chain
def torn_zero_tail_but_state_covers():
    """The last record is zero, and the checkpoint says that it was durable: damage."""
    made = started("torn-zero-tail-but-state-covers", 3)
    data = made.data[:made.offset(3)] + bytes(len(made.frames[3]))
    return invalid(made, 3, "frame", data=data, state=made.state())


# --- links, places and signers


@chain
def broken_link():
    """A record with a prev_hash of its own, rightly signed."""
    return invalid(started("broken-link").add(A, prev_hash=sha256(b"another record")).add(A), 2, "link")


@chain
def link_to_itself_before_last():
    """A record that names the record before the one before it."""
    made = started("link-to-itself-before-last", 2)
    return invalid(made.add(A, prev_hash=made.hashes[1]), 3, "link")


@chain
def first_link_not_zero():
    """A first record with a prev_hash that is not zero."""
    return invalid(Chain("first-link-not-zero").add(A, prev_hash=sha256(b"the record before")).add(A), 0, "link")


@chain
def first_index_not_zero():
    """A first record with index 1."""
    return invalid(Chain("first-index-not-zero").add(A, chain_index=1), 0, "index")


@chain
def wrong_index():
    """A record with an index of its own, rightly signed."""
    return invalid(started("wrong-index").add(A, chain_index=5).add(A), 2, "index")


@chain
def record_removed():
    """A record was taken out of the middle."""
    made = started("record-removed", 4)
    del made.frames[2]
    return invalid(made, 2, "index", "link")


@chain
def first_record_removed():
    """The first record was taken out."""
    made = plain("first-record-removed", 3)
    del made.frames[0]
    return invalid(made, 0, "index", "link")


@chain
def records_swapped():
    """Two neighbours have changed places."""
    made = started("records-swapped", 4)
    made.frames[2:4] = made.frames[3], made.frames[2]
    return invalid(made, 2, "index", "link")


@chain
def record_doubled():
    """A record stands twice."""
    made = started("record-doubled", 3)
    made.frames.insert(2, made.frames[1])
    return invalid(made, 2, "index", "link")


@chain
def foreign_record_spliced():
    """A record with the right index and key, from another chain."""
    made = started("foreign-record-spliced", 4)
    made.frames[3] = started("another chain", 4).frames[3]
    return invalid(made, 3, "link")


@chain
def stranger_key():
    """A record signed by a key that never belonged to the chain."""
    return invalid(started("stranger-key", 2).add(STRANGER).add(A), 3, "signer")


@chain
def stranger_under_own_name():
    """A record that names the current key and is signed by another."""
    made = started("stranger-under-own-name", 2)
    return invalid(made.put(seal(made.signed(A), STRANGER)), 3, "signature")


@chain
def old_key_after_rotation():
    """The old key signs after its rotation."""
    return invalid(started("old-key-after-rotation").rotate(A, B).add(A), 3, "signer")


# --- rotations


@chain
def rotation_by_stranger():
    """A rotation signed by a key that is not the current one, with a proof made for that key."""
    return invalid(started("rotation-by-stranger").rotate(STRANGER, B).add(B), 2, "signer", "rotation-proof")


@chain
def rotation_by_stranger_proof_for_current():
    """A rotation signed by a key that is not the current one, with a proof made for the current key."""
    made = started("rotation-by-stranger-proof-for-current")
    made.rotate(STRANGER, B, {"new_key_proof": made.proof(A, B)})
    return invalid(made.add(B), 2, "signer")


@chain
def broken_rotation_changes_nothing():
    """A rotation with a wrong link; it is where the chain stops being valid, whoever signs behind it."""
    made = started("broken-rotation-changes-nothing")
    return invalid(made.rotate(A, B, prev_hash=bytes(32)).add(B), 2, "link", "rotation-proof")


@chain
def key_reused():
    """A rotation back to a key that the chain has had."""
    return invalid(started("key-reused").rotate(A, B).rotate(B, A).add(A), 3, "rotation-reuse")


@chain
def rotate_to_same_key():
    """A rotation to the current key."""
    return invalid(started("rotate-to-same-key").rotate(A, A), 2, "rotation-reuse")


@chain
def rotation_missing_key():
    """A rotation without new_pubkey."""
    return invalid(started("rotation-missing-key").rotate(A, B, {"new_pubkey": None}), 2, "rotation-key")


@chain
def rotation_bad_hex():
    """A new_pubkey in upper case."""
    return invalid(started("rotation-bad-hex").rotate(A, B, {"new_pubkey": B.public.hex().upper()}), 2, "rotation-key")


@chain
def rotation_hex_prefix():
    """A new_pubkey with 0x before it."""
    return invalid(started("rotation-hex-prefix").rotate(A, B, {"new_pubkey": "0x" + B.public.hex()}), 2,
                   "rotation-key")


@chain
def rotation_hex_short():
    """A new_pubkey of 62 digits."""
    return invalid(started("rotation-hex-short").rotate(A, B, {"new_pubkey": B.public.hex()[:62]}), 2, "rotation-key")


@chain
def rotation_hex_space():
    """A new_pubkey with a line feed behind its 64 digits."""
    return invalid(started("rotation-hex-space").rotate(A, B, {"new_pubkey": B.public.hex() + "\n"}), 2,
                   "rotation-key")


@chain
def rotation_hex_fullwidth():
    """A new_pubkey of 64 characters whose digits 0 to 9 are fullwidth ones."""
    digits = B.public.hex().translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)})
    return invalid(started("rotation-hex-fullwidth").rotate(A, B, {"new_pubkey": digits}), 2, "rotation-key")


@chain
def rotation_key_bytes():
    """A new_pubkey that is a byte string."""
    return invalid(started("rotation-key-bytes").rotate(A, B, {"new_pubkey": B.public}), 2, "rotation-key")


@chain
def rotation_small_order_key():
    """A rotation to the identity, with a proof for which the equation holds."""
    return invalid(started("rotation-small-order-key").rotate(A, SmallOrderKey()), 2, "rotation-key", "rotation-proof")


@chain
def rotation_mixed_order_2_key():
    """A rotation to a key with a part of order 2, with a proof that verifies. Older releases of libsodium take such a
    key for a valid point."""
    return invalid(started("rotation-mixed-order-2-key").rotate(A, MixedOrderKey("B", 2)), 2, "rotation-key")


@chain
def rotation_mixed_order_key():
    """A rotation to a key with a part of order 8, with a proof that verifies."""
    return invalid(started("rotation-mixed-order-key").rotate(A, MixedOrderKey("B", 8)), 2, "rotation-key")


@chain
def rotation_key_not_on_curve():
    """A rotation to 32 bytes that are no point."""
    return invalid(started("rotation-key-not-on-curve").rotate(A, SmallOrderKey((2).to_bytes(32, "little"))), 2,
                   "rotation-key", "rotation-proof")


@chain
def rotation_missing_proof_with_policy():
    """A rotation without proof in a chain whose genesis record demands one."""
    return invalid(started("rotation-missing-proof-with-policy").rotate(A, B, {"new_key_proof": None}), 2,
                   "rotation-proof")


@chain
def rotation_wrong_proof():
    """A proof by another key than the new one."""
    made = started("rotation-wrong-proof")
    proof = C.sign(b"attestation-chain/key-rotation-proof-v1\0" + made.hashes[-1] + A.public + B.public)
    return invalid(made.rotate(A, B, {"new_key_proof": proof}), 2, "rotation-proof")


@chain
def rotation_wrong_proof_without_policy():
    """A wrong proof in a chain that demands none: still an error."""
    made = plain("rotation-wrong-proof-without-policy", 2)
    return invalid(made.rotate(A, B, {"new_key_proof": bytes(64)}), 2, "rotation-proof")


@chain
def rotation_proof_replayed():
    """The proof of another place in the chain."""
    made = started("rotation-proof-replayed")
    proof = made.proof(A, B)
    return invalid(made.add(A).rotate(A, B, {"new_key_proof": proof}), 3, "rotation-proof")


@chain
def rotation_proof_short():
    """A proof of 63 bytes."""
    made = plain("rotation-proof-short", 2)
    return invalid(made.rotate(A, B, {"new_key_proof": made.proof(A, B)[:63]}), 2, "rotation-proof")


@chain
def rotation_proof_text():
    """A proof in hexadecimal text."""
    made = plain("rotation-proof-text", 2)
    return invalid(made.rotate(A, B, {"new_key_proof": made.proof(A, B).hex()}), 2, "rotation-proof")


@chain
def rotation_wrong_content_hash():
    """A content_hash that is not the new key's."""
    return invalid(started("rotation-wrong-content-hash").rotate(A, B, content_hash=sha256(A.public)), 2,
                   "rotation-content")


@chain
def rotation_content_hash_of_hex():
    """A content_hash over the new key's hexadecimal digits."""
    return invalid(started("rotation-content-hash-of-hex").rotate(
        A, B, content_hash=sha256(B.public.hex().encode())), 2, "rotation-content")


# --- first records


def started_by(key, label):
    """A chain with one genesis record, by this key."""
    return Chain(label).genesis(key, name="Example chain")


@chain
def genesis_small_order_key():
    """A first record signed by the identity, for which the equation holds."""
    return invalid(started_by(SmallOrderKey(), "genesis-small-order-key"), 0, "genesis-key", "signature")


@chain
def genesis_mixed_order_2_key():
    """A first record by a key with a part of order 2, with a signature that verifies. Older releases of libsodium take
    such a key for a valid point."""
    return invalid(started_by(MixedOrderKey("A", 2), "genesis-mixed-order-2-key"), 0, "genesis-key")


@chain
def genesis_mixed_order_4_key():
    """A first record by a key with a part of order 4, with a signature that verifies."""
    return invalid(started_by(MixedOrderKey("A", 4), "genesis-mixed-order-4-key"), 0, "genesis-key")


@chain
def genesis_mixed_order_key():
    """A first record by a key with a part of order 8, with a signature that verifies."""
    return invalid(started_by(MixedOrderKey("A", 8), "genesis-mixed-order-key"), 0, "genesis-key")


@chain
def plain_mixed_order_key():
    """A first record that is not a genesis record, by a key with a part of order 8."""
    return invalid(plain("plain-mixed-order-key", 1, MixedOrderKey("A", 8)), 0, "genesis-key")


@chain
def genesis_late():
    """A genesis record above index 0."""
    made = plain("genesis-late", 1)
    return invalid(made.genesis(A, name="Too late").add(A), 1, "genesis")


@chain
def genesis_twice():
    """A second genesis record."""
    return invalid(started("genesis-twice", 0).genesis(A, False), 1, "genesis")


def genesis_with(label, content):
    """A chain whose genesis record has these bytes as content."""
    return Chain(label).inline(A, content, GENESIS).add(A)


@chain
def genesis_no_content():
    """A genesis record without content."""
    return invalid(Chain("genesis-no-content").add(A, GENESIS).add(A), 0, "genesis")


@chain
def genesis_content_text():
    """A genesis record whose content is text."""
    return invalid(Chain("genesis-content-text").add(A, GENESIS, {"content": "name: Example"}).add(A), 0, "genesis")


@chain
def genesis_bad_content():
    """A genesis record whose content is not CBOR."""
    return invalid(genesis_with("genesis-bad-content", b"name: Example\n"), 0, "genesis")


@chain
def genesis_content_array():
    """A genesis record whose content is an array."""
    return invalid(genesis_with("genesis-content-array", encode(["name", "Example"])), 0, "genesis")


@chain
def genesis_content_unsigned_keys():
    """A genesis record whose content has unsigned keys."""
    return invalid(genesis_with("genesis-content-unsigned-keys", encode({0: "Example"})), 0, "genesis")


@chain
def genesis_content_not_deterministic():
    """A genesis record whose content is a map of indefinite length."""
    return invalid(genesis_with("genesis-content-not-deterministic", b"\xbf\x64name\x67Example\xff"), 0, "genesis")


@chain
def genesis_content_trailing():
    """A genesis record whose content has a byte behind the map."""
    return invalid(genesis_with("genesis-content-trailing", encode({"name": "Example"}) + b"\0"), 0, "genesis")


@chain
def genesis_name_bytes():
    """A genesis record whose name is a byte string."""
    return invalid(genesis_with("genesis-name-bytes", encode({"name": b"Example"})), 0, "genesis")


@chain
def genesis_policy_unknown():
    """A genesis record whose rotation_proof is neither missing nor required."""
    return invalid(genesis_with("genesis-policy-unknown", encode({"rotation_proof": "optional"})), 0, "genesis")


@chain
def genesis_policy_true():
    """A genesis record whose rotation_proof is true."""
    return invalid(genesis_with("genesis-policy-true", encode({"rotation_proof": True})), 0, "genesis")


@chain
def genesis_content_hash():
    """A genesis record whose content does not hash to content_hash."""
    content = encode({"name": "Example"})
    return invalid(Chain("genesis-content-hash").inline(A, content, GENESIS, content_hash=bytes(32)), 0, "content")


# --- content, signatures and encodings inside a chain


@chain
def bad_content_hash():
    """Content in a record that does not hash to content_hash."""
    return invalid(started("bad-content-hash").inline(A, b"content", content_hash=sha256(b"other")).add(A), 2,
                   "content")


@chain
def signature_bit():
    """A bit of a signature in the middle is turned."""
    made = started("signature-bit", 4)
    made.frames[2] = made.frames[2][:-1] + bytes([made.frames[2][-1] ^ 0x01])
    return invalid(made, 2, "signature")


@chain
def bit_flip_in_metadata():
    """A letter in the metadata of a record in the middle is another."""
    made = started("bit-flip-in-metadata").add(A, metadata={"note": "seventeen"}).add(A)
    made.frames[2] = made.frames[2].replace(b"seventeen", b"sevenueen")
    return invalid(made, 2, "signature")


@chain
def version_2_record():
    """A record of version 2 in the middle."""
    return invalid(started("version-2-record").add(A, version=2).add(A), 2, "version")


@chain
def record_not_a_map():
    """A frame with an array in it."""
    made = started("record-not-a-map", 3)
    made.frames[2] = frame(encode([1, 2, 3]))
    return invalid(made, 2, "record")


@chain
def non_shortest_integer():
    """An index in more bytes than it needs, signed like that."""
    made = started("non-shortest-integer")
    signed = made.signed(A).replace(b"\x02\x02\x03\x58\x20", b"\x02\x18\x02\x03\x58\x20")
    return invalid(made.put(seal(signed, A)), 2, "encoding")


@chain
def unsorted_keys():
    """Metadata whose keys are not in order, signed like that."""
    made = started("unsorted-keys")
    signed = made.signed(A, metadata={"a": 1, "b": 2}).replace(b"\x61a\x01\x61b\x02", b"\x61b\x02\x61a\x01")
    return invalid(made.put(seal(signed, A)), 2, "encoding")


@chain
def duplicate_key():
    """Metadata with a key twice, signed like that."""
    made = started("duplicate-key")
    signed = made.signed(A, metadata={"a": 1, "b": 2}).replace(b"\x61a\x01\x61b\x02", b"\x61a\x01\x61a\x02")
    return invalid(made.put(seal(signed, A)), 2, "encoding")


@chain
def depth_bomb():
    """Metadata with a thousand arrays around each other, signed like that."""
    made = started("depth-bomb")
    return invalid(made.add(A, metadata={"bomb": Raw(b"\x81" * 1000 + b"\x00")}), 2, "encoding")


# --- frames


@chain
def trailing_bytes_in_frame():
    """A frame with a byte behind its record, and a length that counts it."""
    made = started("trailing-bytes-in-frame", 3)
    made.frames[2] = frame(made.frames[2][4:] + b"\0")
    return invalid(made, 2, "frame", "encoding")


@chain
def two_records_in_frame():
    """Two records in one frame."""
    made = started("two-records-in-frame", 3)
    made.frames[2:] = [frame(made.frames[2][4:] + made.frames[3][4:])]
    return invalid(made, 2, "frame", "encoding")


@chain
def length_bomb():
    """A length of FFFFFFFF in the middle."""
    made = started("length-bomb", 4)
    return invalid(made, 2, "frame", data=with_prefix(made, 2, 0xFFFF_FFFF))


@chain
def length_bomb_at_end():
    """A length of FFFFFFFF and nothing behind it."""
    made = started("length-bomb-at-end", 2)
    return invalid(made, 3, "frame", data=made.data + b"\xff" * 4)


@chain
def length_bomb_limit():
    """A length of one more than the limit in the middle."""
    made = started("length-bomb-limit", 4)
    return invalid(made, 2, "frame", data=with_prefix(made, 2, LIMIT + 1))


@chain
def length_bomb_limit_at_end():
    """A length of one more than the limit and nothing behind it."""
    made = started("length-bomb-limit-at-end", 2)
    return invalid(made, 3, "frame", data=made.data + (LIMIT + 1).to_bytes(4, "big"))


@chain
def length_bomb_within_limit():
    """A length of exactly the limit before a record in the middle: the file ends sooner, but the bytes that are there
    are more than one record."""
    made = started("length-bomb-within-limit", 4)
    return invalid(made, 2, "frame", data=with_prefix(made, 2, LIMIT))


@chain
def torn_limit_at_end():
    """A length of exactly the limit and nothing behind it: that could become a record."""
    return torn(started("torn-limit-at-end", 2), LIMIT.to_bytes(4, "big"))


@chain
def length_zero():
    """A length of zero in the middle, where no border of 512 bytes is near."""
    made = padded(started("length-zero", 0), 100).add(A).add(A)
    return invalid(made, 2, "frame", data=with_prefix(made, 2, 0))


@chain
def length_too_long():
    """A length of one too much in the middle."""
    made = started("length-too-long", 4)
    return invalid(made, 2, "frame", "encoding", data=with_prefix(made, 2, len(made.frames[2]) - 3))


@chain
def length_too_short():
    """A length of one too little in the middle."""
    made = started("length-too-short", 4)
    return invalid(made, 2, "frame", "encoding", data=with_prefix(made, 2, len(made.frames[2]) - 5))


@chain
def length_too_long_at_end():
    """A length of one too much before the last record."""
    made = started("length-too-long-at-end", 2)
    return invalid(made, 2, "frame", data=with_prefix(made, 2, len(made.frames[2]) - 3))


@chain
def length_too_short_at_end():
    """A length of one too little before the last record."""
    made = started("length-too-short-at-end", 2)
    return invalid(made, 2, "frame", "encoding", data=with_prefix(made, 2, len(made.frames[2]) - 5))


@chain
def empty():
    """A file without bytes."""
    return invalid(Chain("empty"), 0, "empty")


@chain
def empty_with_state():
    """A file without bytes, and a checkpoint of two records."""
    return rollback(Chain("empty-with-state"), started("empty-with-state").state())


@chain
def empty_with_garbage_state():
    """A file without bytes, and a checkpoint that cannot be used."""
    return invalid(Chain("empty-with-garbage-state"), 0, "empty", warnings=[("state", None)], state=b"no checkpoint\n")


@chain
def garbage():
    """A text file."""
    return invalid(Chain("garbage"), 0, "frame", data=b"This is not a chain, it only has its name.\n" * 3)


@chain
def garbage_behind():
    """A sound chain with text behind it."""
    made = started("garbage-behind", 2)
    return invalid(made, 3, "frame", data=made.data + b"appended by something else\n")
