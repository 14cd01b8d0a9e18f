"""Single records, judged without the chain they would stand in.

Each function makes one record; its docstring is the vector's description. `accepted` and `refused` say what a verifier
finds, with the rules' names from docs/format.md.
"""

from builder import (
    FIRST_TS, IDENTITY, ORDER, Chain, Key, MixedOrderKey, Raw, SmallOrderKey, Tag, challenge, encode, encode_point,
    head, seal, sha256, uuid7,
)

KEY = Key("A")
OTHER = Key("B")
VECTORS = {}


def vector(expect, rules, warnings):
    """Registers the function below as a vector; underscores in its name become hyphens."""
    def register(make):
        VECTORS[make.__name__.replace("_", "-")] = {
            "description": " ".join(make.__doc__.split()),
            "expect": expect,
            "rules": list(rules),
            "warnings": list(warnings),
            "hex": make().hex(),
        }
        return make
    return register


def accepted(*warnings):
    """The record is sound, but for these warnings."""
    return vector("accepted", (), warnings)


def refused(*rules):
    """The record breaks these rules."""
    return vector("refused", rules, ())


def fields(key=KEY, **other):
    """Fields 0 to 9 of an ordinary record in the middle of some chain."""
    chain = Chain("single record")
    return chain.fields(key, **{"chain_index": 7, "prev_hash": sha256(b"the record before"), **other})


def record(key=KEY, **other):
    """An ordinary record with some fields replaced, signed as it is."""
    return seal(encode(fields(key, **other)), key)


def reshaped(remove=(), extra=None, signature=None):
    """A record without some pairs, with others added, or with another signature field."""
    entries = {number: value for number, value in fields().items() if number not in remove}
    entries[10] = KEY.sign(encode(entries)) if signature is None else signature
    entries.update(extra or {})
    return encode({number: value for number, value in entries.items() if number not in remove})


def edited(old, new):
    """An ordinary record in whose signed bytes something has been replaced before signing."""
    signed = encode(fields(metadata={"note": "x"}))
    if signed.count(old) != 1:
        raise ValueError("the bytes to replace must occur once")
    return seal(signed.replace(old, new), KEY)


# --- sound records


@accepted()
def minimal():
    """An ordinary record with empty metadata and no witnesses."""
    return record()


@accepted()
def first_of_a_chain():
    """A record with index 0 and a prev_hash of zeros."""
    return record(chain_index=0, prev_hash=bytes(32))


@accepted()
def rich_metadata():
    """Metadata with every type of value the profile allows, nested."""
    return record(metadata={
        "text": "Grüße, 世界 🌍", "empty": "", "bytes": bytes(range(32)), "no bytes": b"", "zero": 0, "minus one": -1,
        "largest": 2**64 - 1, "lowest": -2**64, "bignum": 2**64, "negative bignum": -2**64 - 1, "true": True,
        "false": False, "null": None, "list": [1, [2, [3, []]], {}], "unsigned keys": {0: "a", 24: "b", 256: "c"},
        "map": {"a": {"b": {"c": None}}},
    })


@accepted()
def floats():
    """Metadata with floats of every width, the infinities and NaN."""
    return record(metadata={
        "half": 1.5, "single": 100000.0, "double": 1.1, "minus zero": -0.0, "subnormal half": 2.0**-24,
        "subnormal single": 2.0**-149, "subnormal double": 5e-324, "infinities": [float("inf"), float("-inf")],
        "nan": float("nan"),
    })


@accepted()
def tags():
    """Metadata with tags whose content does not suit them; only bignums are examined."""
    return record(metadata={
        "date": Tag(0, "2026-01-01T00:00:00Z"), "no date": Tag(0, 1), "epoch": Tag(1, 1.5), "no epoch": Tag(1, "never"),
        "fraction": Tag(4, []), "set": Tag(258, [1, 1]), "shared": Tag(29, 99), "largest": Tag(2**64 - 1, None),
        "self-described": Tag(55799, {}),
    })


@accepted()
def nested_to_the_limit():
    """Metadata with a value that has 14 arrays around it: 16 levels, the record and its metadata included."""
    return record(metadata={"deep": Raw(b"\x81" * 14 + b"\x00")})


@accepted()
def claimed_ts_before_1970():
    """A claimed time of a minute before 1970."""
    return record(claimed_ts=-60_000_000)


@accepted()
def claimed_ts_lowest():
    """The lowest claimed time, -2^63."""
    return record(claimed_ts=-2**63)


@accepted()
def claimed_ts_highest():
    """The highest claimed time, 2^63 - 1."""
    return record(claimed_ts=2**63 - 1)


@accepted()
def chain_index_highest():
    """The highest index, 2^63 - 1."""
    return record(chain_index=2**63 - 1)


@accepted()
def content_type_one_byte():
    """The shortest content type."""
    return record(content_type="x")


@accepted()
def content_type_255_bytes():
    """The longest content type, in ASCII."""
    return record(content_type="text/" + "x" * 250)


@accepted()
def content_type_255_bytes_not_ascii():
    """The longest content type in 128 characters: 127 of two bytes and one of one."""
    return record(content_type="é" * 127 + "x")


@accepted()
def inline_content():
    """A record that carries its content."""
    content = b"The content of this record."
    return record(attested=content, metadata={"content": content, "note": "inline"})


@accepted()
def inline_content_empty():
    """A record that carries empty content."""
    return record(attested=b"", metadata={"content": b""})


@accepted()
def content_is_text():
    """Metadata with a content that is text: not content inside the record, and not hashed."""
    return record(metadata={"content": "this does not hash to content_hash"})


@accepted()
def content_nested():
    """A byte string called content deeper in the metadata: not content inside the record."""
    return record(metadata={"inner": {"content": b"this does not hash to content_hash"}})


@accepted()
def witnesses():
    """Witnesses as this project's writer adds them."""
    return record(entropy_witnesses={
        0: 86400.25, 1: sha256(b"stat")[:16], 2: 256, 3: "3c8b1e0a-7f2d-4c55-9a1e-2f6d8b0c4e71",
    })


@accepted()
def witnesses_with_text_keys():
    """Witnesses of another writer: any map that follows the encoding rules will do."""
    return record(entropy_witnesses={"boot": "unknown", "more": [1, 2, 3]})


@accepted("record-id")
def record_id_version_4():
    """A record id that is a UUID of version 4."""
    return record(record_id=bytes.fromhex("0199f0a1b2c34d5e8f60718293a4b5c6"))


@accepted("record-id")
def record_id_variant_0():
    """A record id of version 7 with the variant of older UUIDs."""
    return record(record_id=bytes.fromhex("0199f0a1b2c37d5e0f60718293a4b5c6"))


@accepted("record-id")
def record_id_variant_microsoft():
    """A record id of version 7 with the variant 110."""
    return record(record_id=bytes.fromhex("0199f0a1b2c37d5ecf60718293a4b5c6"))


@accepted("record-id")
def record_id_zero():
    """A record id of zeros."""
    return record(record_id=bytes(16))


@accepted()
def record_id_other_time():
    """A UUIDv7 whose time is not the claimed one."""
    return record(record_id=uuid7(FIRST_TS + 10**12, "other time"))


@accepted("unknown-type")
def unknown_type():
    """A type that begins with attestation-chain/ and that version 1 does not know."""
    return record(content_type="attestation-chain/checkpoint-v9")


@accepted("unknown-type")
def unknown_type_combining():
    """A type whose first bytes are attestation-chain/ and then a combining mark, which a comparison by characters takes
    as one with the slash."""
    return record(content_type="attestation-chain/\u0301odd")


@accepted("unknown-type")
def unknown_type_nothing_behind():
    """The bare prefix as a type."""
    return record(content_type="attestation-chain/")


@accepted()
def unreserved_type():
    """A type that only looks like the reserved ones."""
    return record(content_type="Attestation-Chain/genesis-v1")


@accepted()
def mixed_order_key():
    """A key with a part of order 8 whose signature satisfies the equation without a cofactor. As a single record it is
    sound: whether the key may sign is asked of the chain."""
    return record(MixedOrderKey("A", 8))


# --- records with the wrong pairs


def missing(number, name):
    """Registers the record without one pair."""
    def make():
        return reshaped(remove=(number,))
    make.__name__ = f"missing_{name}"
    make.__doc__ = f"Pair {number}, {name}, is missing; the signature covers what is there."
    refused("record")(make)


for _number, _name in enumerate((
        "version", "record_id", "chain_index", "prev_hash", "content_hash", "content_type", "metadata", "claimed_ts",
        "entropy_witnesses", "signer_pubkey", "signature")):
    missing(_number, _name)


@refused("record")
def extra_pair():
    """A pair 11 behind the signature."""
    return reshaped(extra={11: "extra"})


@refused("record")
def pair_11_for_10():
    """The signature as pair 11 instead of 10."""
    return reshaped(remove=(10,), extra={11: KEY.sign(encode(fields()))})


@refused("record")
def text_keys():
    """A map with the fields' names instead of their numbers."""
    names = ("version", "record_id", "chain_index", "prev_hash", "content_hash", "content_type", "metadata",
             "claimed_ts", "entropy_witnesses", "signer_pubkey")
    entries = dict(zip(names, fields().values()))
    return encode({**entries, "signature": KEY.sign(encode(entries))})


@refused("record")
def array_of_fields():
    """An array of the eleven fields."""
    return encode([*fields().values(), KEY.sign(encode(fields()))])


@refused("record")
def tagged_record():
    """A sound record in the tag for self-described CBOR."""
    return b"\xd9\xd9\xf7" + record()


@refused("record")
def integer_only():
    """An integer instead of a map."""
    return b"\x00"


@refused("record")
def empty_map():
    """A map without pairs."""
    return b"\xa0"


# --- fields of the wrong type, size or range


def wrong(name, value, description, field, rules=("record",)):
    """Registers a record with one field replaced, signed as it is."""
    def make():
        return record(**{field: value})
    make.__name__ = name
    make.__doc__ = description
    refused(*rules)(make)


def wrong_signature(name, value, description):
    """Registers a record with another signature field."""
    def make():
        return reshaped(signature=value)
    make.__name__ = name
    make.__doc__ = description
    refused("record")(make)


for _arguments in (
    ("version_0", 0, "Version 0.", "version", ("version",)),
    ("version_2", 2, "Version 2.", "version", ("version",)),
    ("version_largest", 2**64 - 1, "Version 2^64 - 1.", "version", ("version",)),
    ("version_negative", -1, "A negative version is not an unsigned integer.", "version"),
    ("version_text", "1", "The version as text.", "version"),
    ("version_float", 1.0, "The version as a float.", "version"),
    ("version_true", True, "The version as true.", "version"),
    ("record_id_15_bytes", uuid7(FIRST_TS, "short")[:15], "A record id of 15 bytes.", "record_id"),
    ("record_id_17_bytes", uuid7(FIRST_TS, "long") + b"\0", "A record id of 17 bytes.", "record_id"),
    ("record_id_text", "0199f0a1-b2c3-7d5e-8f60-718293a4b5c6", "A record id in text.", "record_id"),
    ("record_id_tagged", Tag(37, uuid7(FIRST_TS, "tag")), "A record id in the tag for UUIDs.", "record_id"),
    ("chain_index_2_63", 2**63, "An index of 2^63.", "chain_index"),
    ("chain_index_largest", 2**64 - 1, "An index of 2^64 - 1.", "chain_index"),
    ("chain_index_bignum", 2**64, "An index that is a bignum.", "chain_index"),
    ("chain_index_negative", -1, "A negative index.", "chain_index"),
    ("chain_index_text", "7", "An index as text.", "chain_index"),
    ("chain_index_float", 7.0, "An index as a float.", "chain_index"),
    ("prev_hash_31_bytes", bytes(31), "A prev_hash of 31 bytes.", "prev_hash"),
    ("prev_hash_33_bytes", bytes(33), "A prev_hash of 33 bytes.", "prev_hash"),
    ("prev_hash_text", "0" * 32, "A prev_hash that is text of 32 bytes.", "prev_hash"),
    ("prev_hash_null", None, "A prev_hash that is null.", "prev_hash"),
    ("content_hash_20_bytes", bytes(20), "A content_hash of 20 bytes.", "content_hash"),
    ("content_hash_64_bytes", bytes(64), "A content_hash of 64 bytes.", "content_hash"),
    ("content_hash_text", "0" * 32, "A content_hash that is text of 32 bytes.", "content_hash"),
    ("content_type_empty", "", "An empty content type.", "content_type"),
    ("content_type_256_bytes", "text/" + "x" * 251, "A content type of 256 bytes.", "content_type"),
    ("content_type_256_bytes_not_ascii", "é" * 128, "A content type of 128 characters and 256 bytes.", "content_type"),
    ("content_type_bytes", b"text/plain", "A content type that is a byte string.", "content_type"),
    ("metadata_unsigned_keys", {0: "a", 1: "b"}, "Metadata with unsigned keys.", "metadata"),
    ("metadata_array", Raw(b"\x80"), "Metadata that is an array.", "metadata"),
    ("metadata_null", Raw(b"\xf6"), "Metadata that is null.", "metadata"),
    ("metadata_tagged", Tag(55799, {}), "Metadata in a tag.", "metadata"),
    ("claimed_ts_2_63", 2**63, "A claimed time of 2^63, one too late.", "claimed_ts"),
    ("claimed_ts_below_lowest", -2**63 - 1, "A claimed time of -2^63 - 1, one too early.", "claimed_ts"),
    ("claimed_ts_bignum", 2**64, "A claimed time that is a bignum.", "claimed_ts"),
    ("claimed_ts_float", 1.5, "A claimed time that is a float.", "claimed_ts"),
    ("claimed_ts_tagged", Tag(1, 0), "A claimed time in the tag for times.", "claimed_ts"),
    ("witnesses_array", [], "Witnesses that are an array.", "entropy_witnesses"),
    ("witnesses_null", None, "Witnesses that are null.", "entropy_witnesses"),
    ("signer_pubkey_31_bytes", KEY.public[:31], "A public key of 31 bytes.", "signer_pubkey"),
    ("signer_pubkey_33_bytes", KEY.public + b"\0", "A public key of 33 bytes.", "signer_pubkey"),
    ("signer_pubkey_text", KEY.public.hex(), "A public key in hexadecimal text.", "signer_pubkey"),
):
    wrong(*_arguments)

for _arguments in (
    ("signature_63_bytes", bytes(63), "A signature of 63 bytes."),
    ("signature_65_bytes", bytes(65), "A signature of 65 bytes."),
    ("signature_text", "0" * 64, "A signature that is text of 64 bytes."),
    ("signature_array", [0] * 64, "A signature that is an array of 64 integers."),
    ("signature_null", False, "A signature that is false."),
):
    wrong_signature(*_arguments)


# --- content


@refused("content")
def content_other():
    """Content in the record that does not hash to content_hash."""
    return record(metadata={"content": b"something else"})


@refused("content")
def content_hash_of_itself_in_hex():
    """A content_hash that is the hash of the content's hexadecimal digits instead of its bytes."""
    content = b"The content of this record."
    return record(attested=content.hex().encode(), metadata={"content": content})


# --- signatures


def resigned(change, key=KEY):
    """An ordinary record whose signature has been changed."""
    sound = record(key)
    return sound[:-64] + change(sound[-64:])


def flipped(signature, bit):
    """The signature with one bit turned."""
    return (int.from_bytes(signature, "little") ^ 1 << bit).to_bytes(64, "little")


@refused("signature")
def signature_first_bit():
    """The first bit of R is turned."""
    return resigned(lambda signature: flipped(signature, 0))


@refused("signature")
def signature_r_sign():
    """The sign bit of R is turned."""
    return resigned(lambda signature: flipped(signature, 255))


@refused("signature")
def signature_s_bit():
    """A bit of S is turned."""
    return resigned(lambda signature: flipped(signature, 256))


@refused("signature")
def signature_zero():
    """A signature of zeros."""
    return resigned(lambda signature: bytes(64))


@refused("signature")
def signature_s_plus_order():
    """S with the group order added: the equation holds, but S is not canonical."""
    return resigned(
        lambda signature: signature[:32] + (int.from_bytes(signature[32:], "little") + ORDER).to_bytes(32, "little"))


@refused("signature")
def signature_of_other_key():
    """A signature by another key than the one named."""
    return seal(encode(fields()), OTHER)


@refused("signature")
def signature_over_record_hash():
    """A signature over the record hash instead of the signed bytes."""
    signed = encode(fields())
    return seal(signed, KEY)[:-64] + KEY.sign(sha256(signed))


@refused("signature")
def signature_over_eleven_pairs():
    """A signature over the fields behind the head of a map of eleven pairs."""
    signed = encode(fields())
    return seal(signed, KEY)[:-64] + KEY.sign(b"\xab" + signed[1:])


@refused("signature")
def signed_content_changed():
    """A byte of the content hash was changed after signing."""
    sound = bytearray(record())
    sound[sound.index(fields()[4])] ^= 1
    return bytes(sound)


@refused("signature")
def small_order_key():
    """The identity as public key. The equation holds, for any message."""
    return record(SmallOrderKey())


@refused("signature")
def small_order_key_with_sign():
    """The identity with a sign bit as public key: of small order and not canonical."""
    return record(SmallOrderKey(bytes([1] + [0] * 30 + [0x80])))


@refused("signature")
def small_order_key_not_canonical():
    """The identity with the field's prime added to y as public key: of small order and not canonical."""
    return record(SmallOrderKey((2**255 - 18).to_bytes(32, "little")))


@refused("signature")
def small_order_r():
    """A signature whose R is the identity, made with a nonce of zero. The equation holds."""
    signed = encode(fields())
    commitment = encode_point(IDENTITY)
    response = challenge(commitment, KEY.public, signed) * KEY.scalar % ORDER
    return b"\xab" + signed[1:] + b"\x0a\x58\x40" + commitment + response.to_bytes(32, "little")


@refused("signature")
def key_not_on_curve():
    """A public key that is no point."""
    return record(SmallOrderKey((2).to_bytes(32, "little")))


# --- encoding


@refused("encoding")
def non_shortest_index():
    """The index 7 in two bytes, signed like that."""
    return edited(b"\x02\x07\x03\x58\x20", b"\x02\x18\x07\x03\x58\x20")


@refused("encoding")
def non_shortest_signature_length():
    """The signature's length in three bytes."""
    sound = record()
    return sound[:-66] + b"\x59\x00\x40" + sound[-64:]


@refused("encoding")
def non_shortest_map():
    """The record's count of pairs in two bytes."""
    return b"\xb8\x0b" + record()[1:]


@refused("encoding")
def indefinite_record():
    """The record as a map of indefinite length."""
    return b"\xbf" + record()[1:] + b"\xff"


@refused("encoding")
def indefinite_metadata():
    """Metadata as a map of indefinite length, signed like that."""
    return edited(b"\xa1\x64note\x61x", b"\xbf\x64note\x61x\xff")


@refused("encoding")
def unsorted_pairs():
    """Pairs 0 and 1 have changed places, signed like that."""
    entries = fields()
    first, second = b"\x00" + encode(entries[0]), b"\x01" + encode(entries[1])
    return seal(head(5, 10) + second + first + encode(entries)[1 + len(first + second):], KEY)


@refused("encoding")
def duplicate_pair():
    """Pair 0 twice and pair 1 missing, signed like that."""
    entries = fields()
    signed = encode(entries)
    return seal(signed[:3] + signed[1:3] + signed[3 + 1 + 17:], KEY)


@refused("encoding")
def metadata_mixed_keys():
    """Metadata with an unsigned key and a text key, signed like that."""
    return edited(b"\xa1\x64note\x61x", b"\xa2\x00\x00\x64note\x61x")


@refused("encoding")
def metadata_duplicate_key():
    """Metadata with the same key twice, signed like that."""
    return edited(b"\xa1\x64note\x61x", b"\xa2\x64note\x61x\x64note\x61y")


@refused("encoding")
def metadata_invalid_utf8():
    """Metadata with text that is not UTF-8, signed like that."""
    return edited(b"\x64note\x61x", b"\x64note\x62\xc3\x28")


@refused("encoding")
def metadata_float_too_wide():
    """Metadata with 1.5 in a double, signed like that."""
    return edited(b"\x64note\x61x", b"\x64note\xfb\x3f\xf8\0\0\0\0\0\0")


@refused("encoding")
def metadata_undefined():
    """Metadata with undefined, signed like that."""
    return edited(b"\x64note\x61x", b"\x64note\xf7")


@refused("encoding")
def nested_too_deep():
    """Metadata with a value that has 15 arrays around it: 17 levels."""
    return record(metadata={"deep": Raw(b"\x81" * 15 + b"\x00")})


@refused("encoding")
def depth_bomb():
    """A thousand arrays around each other."""
    return b"\x81" * 1000 + b"\x00"


@refused("frame", "encoding")
def cut_short():
    """The record without its last byte. Which of the two rules a verifier names does not matter."""
    return record()[:-1]


@refused("frame", "encoding")
def byte_behind():
    """The record with a byte behind it. Which of the two rules a verifier names does not matter."""
    return record() + b"\0"


@refused("frame", "encoding")
def length_bomb():
    """A record that claims a byte string of 2^64 - 1 bytes. Which of the two rules a verifier names does not matter."""
    return b"\xab\x00\x01\x01\x5b" + b"\xff" * 8 + bytes(20)


@refused("frame")
def no_bytes():
    """No bytes at all, which no frame can hold."""
    return b""
