"""What the fixtures are made of: a CBOR encoder, Ed25519 arithmetic, records, chains and checkpoints.

Nothing here comes from the reader and nothing outside Python's standard library is used, so that a mistake in the
reader cannot hide in the fixtures it is tested with. The Ed25519 code is for fixtures only: it is slow, it is not
constant-time, and it makes signatures that no honest signer would make.
"""

import hashlib
import struct

# ---------------------------------------------------------------------------------------------------------------------
# CBOR


class Raw(bytes):
    """Bytes that stand in the encoding as they are; the way to a wrong encoding."""


class Tag:
    """A tagged item."""

    def __init__(self, number, content):
        self.number = number
        self.content = content


def head(major, argument):
    """The shortest head of an item."""
    if argument < 24:
        return bytes([major << 5 | argument])
    for info, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if argument < 1 << 8 * size:
            return bytes([major << 5 | info]) + argument.to_bytes(size, "big")
    raise ValueError("an argument has at most 64 bits")


def encode_float(value):
    """The shortest float with this value."""
    if value != value:
        return bytes.fromhex("f97e00")
    for initial, layout in ((0xF9, ">e"), (0xFA, ">f")):
        try:
            packed = struct.pack(layout, value)
        except OverflowError:
            continue
        if struct.unpack(layout, packed)[0] == value:
            return bytes([initial]) + packed
    return b"\xfb" + struct.pack(">d", value)


def encode_integer(value):
    """An integer, as a bignum only when 64 bits are too few."""
    major, argument = (0, value) if value >= 0 else (1, -1 - value)
    if argument < 1 << 64:
        return head(major, argument)
    return head(6, 2 + major) + encode(argument.to_bytes((argument.bit_length() + 7) // 8, "big"))


def encode(value):
    """The deterministic encoding of a value."""
    if isinstance(value, Raw):
        return bytes(value)
    if value is None:
        return b"\xf6"
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return encode_integer(value)
    if isinstance(value, float):
        return encode_float(value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(encode(item) for item in value)
    if isinstance(value, dict):
        pairs = sorted((encode(key), encode(item)) for key, item in value.items())
        return head(5, len(pairs)) + b"".join(key + item for key, item in pairs)
    if isinstance(value, Tag):
        return head(6, value.number) + encode(value.content)
    raise TypeError(f"no CBOR for {type(value).__name__}")


# ---------------------------------------------------------------------------------------------------------------------
# Ed25519 (RFC 8032, section 5.1) in extended coordinates

FIELD = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
EDWARDS_D = -121665 * pow(121666, -1, FIELD) % FIELD
IDENTITY = (0, 1, 1, 0)


def add(p, q):
    """The sum of two points."""
    a = (p[1] - p[0]) * (q[1] - q[0])
    b = (p[1] + p[0]) * (q[1] + q[0])
    c = 2 * p[3] * q[3] * EDWARDS_D
    d = 2 * p[2] * q[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % FIELD, g * h % FIELD, f * g % FIELD, e * h % FIELD)


def multiply(scalar, point):
    """The point added to itself scalar times."""
    result = IDENTITY
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def encode_point(point):
    """The 32 bytes of a point: y, and the lowest bit of x on top."""
    inverse = pow(point[2], -1, FIELD)
    x, y = point[0] * inverse % FIELD, point[1] * inverse % FIELD
    return (y | (x & 1) << 255).to_bytes(32, "little")


def point_with_y(y):
    """The point with this y and an even x, or None."""
    square = (y * y - 1) * pow(EDWARDS_D * y * y + 1, -1, FIELD) % FIELD
    x = pow(square, (FIELD + 3) // 8, FIELD)
    if (x * x - square) % FIELD:
        x = x * pow(2, (FIELD - 1) // 4, FIELD) % FIELD
    if (x * x - square) % FIELD:
        return None
    if x & 1:
        x = FIELD - x
    return (x, y, 1, x * y % FIELD)


def torsion_point(order):
    """A point whose order is 2, 4 or 8."""
    y = 2
    while True:
        point = point_with_y(y)
        if point:
            point = multiply(ORDER, point)
            if encode_point(multiply(4, point)) != encode_point(IDENTITY):
                return multiply(8 // order, point)
        y += 1


BASE = point_with_y(4 * pow(5, -1, FIELD) % FIELD)
DOUBLED_BASE = [BASE]
for _ in range(255):
    DOUBLED_BASE.append(add(DOUBLED_BASE[-1], DOUBLED_BASE[-1]))


def multiply_base(scalar):
    """The base point added to itself scalar times."""
    result = IDENTITY
    for bit, point in enumerate(DOUBLED_BASE):
        if scalar >> bit & 1:
            result = add(result, point)
    return result


def challenge(commitment, public, message):
    """The scalar that R, the public key and the message are hashed to."""
    return int.from_bytes(hashlib.sha512(commitment + public + message).digest(), "little") % ORDER


class Key:
    """An ordinary key pair. The seed is the SHA-256 of a public phrase: never use such a key for anything else."""

    def __init__(self, name):
        self.seed = sha256(f"attestation-chain fixture key {name}".encode())
        digest = hashlib.sha512(self.seed).digest()
        self.scalar = int.from_bytes(digest[:32], "little") & ((1 << 254) - 8) | 1 << 254
        self.prefix = digest[32:]
        self.public = encode_point(multiply_base(self.scalar))

    def sign(self, message):
        """The signature of RFC 8032."""
        nonce = int.from_bytes(hashlib.sha512(self.prefix + message).digest(), "little") % ORDER
        commitment = encode_point(multiply_base(nonce))
        response = (nonce + challenge(commitment, self.public, message) * self.scalar) % ORDER
        return commitment + response.to_bytes(32, "little")


class MixedOrderKey:
    """A key whose public point has a small-order part added to it.

    Its signatures satisfy the equation without a cofactor: nonces are tried until the challenge is a multiple of the
    small order, so that the small-order part vanishes. Only a check of the point itself finds it out.
    """

    def __init__(self, name, order):
        self.honest = Key(name)
        self.order = order
        self.public = encode_point(add(multiply_base(self.honest.scalar), torsion_point(order)))

    def sign(self, message):
        """A signature that verifies."""
        nonce = int.from_bytes(hashlib.sha512(self.honest.prefix + message).digest(), "little") % ORDER
        while True:
            commitment = encode_point(multiply_base(nonce))
            scalar = challenge(commitment, self.public, message)
            if scalar % self.order == 0:
                response = (nonce + scalar * self.honest.scalar) % ORDER
                return commitment + response.to_bytes(32, "little")
            nonce += 1


class SmallOrderKey:
    """The identity as a public key, in any of its encodings. The equation then holds for every message: R = S·B."""

    def __init__(self, public=encode_point(IDENTITY)):
        self.public = public

    def sign(self, message):
        """A signature that satisfies the equation."""
        nonce = int.from_bytes(hashlib.sha512(message).digest(), "little") % ORDER
        return encode_point(multiply_base(nonce)) + nonce.to_bytes(32, "little")


# ---------------------------------------------------------------------------------------------------------------------
# Records

GENESIS = "attestation-chain/genesis-v1"
ROTATION = "soosef/key-rotation-v1"
PROOF_DOMAIN = b"attestation-chain/key-rotation-proof-v1\x00"
FIRST_TS = 1_767_225_600_000_000  # 2026-01-01T00:00:00Z
MINUTE = 60_000_000


def sha256(data):
    """SHA-256, as bytes."""
    return hashlib.sha256(data).digest()


def uuid7(microseconds, label):
    """A UUIDv7 with the time in its first 48 bits and bits of a hash where others have chance."""
    tail = bytearray(sha256(f"attestation-chain fixture record {label}".encode())[:10])
    tail[0] = 0x70 | tail[0] & 0x0F
    tail[2] = 0x80 | tail[2] & 0x3F
    return (microseconds // 1000).to_bytes(6, "big") + bytes(tail)


def seal(signed, key):
    """The record with these signed bytes."""
    return b"\xab" + signed[1:] + b"\x0a\x58\x40" + key.sign(signed)


def record_hash(record):
    """SHA-256 of the signed bytes of a well-formed record."""
    return sha256(b"\xaa" + record[1:-67])


def frame(record):
    """The record behind its length."""
    return len(record).to_bytes(4, "big") + record


class Chain:
    """A chain in the making, and what a reader ought to find in it."""

    def __init__(self, label):
        self.label = label
        self.frames = []
        self.hashes = []
        self.stamps = []
        self.signers = []

    def fields(self, key, content_type="text/plain", metadata=None, attested=None, **other):
        """Fields 0 to 9 of the next record. `attested` is the content, by default a line of its own; `other` replaces
        fields by their names."""
        index = len(self.frames)
        stamp = FIRST_TS + index * MINUTE
        if attested is None:
            attested = f"{self.label}, content {index}".encode()
        fields = {
            "version": 1,
            "record_id": uuid7(stamp, f"{self.label}/{index}"),
            "chain_index": index,
            "prev_hash": self.hashes[-1] if self.hashes else bytes(32),
            "content_hash": sha256(attested),
            "content_type": content_type,
            "metadata": metadata or {},
            "claimed_ts": stamp,
            "entropy_witnesses": {},
            "signer_pubkey": key.public,
        }
        fields.update(other)
        return dict(enumerate(fields.values()))

    def signed(self, key, *args, **named):
        """The signed bytes of the next record."""
        return encode(self.fields(key, *args, **named))

    def put(self, record):
        """Appends record bytes, whatever they are."""
        if not self.signers:
            self.signers.append([0, record[-99:-67]])
        self.hashes.append(record_hash(record))
        self.stamps.append(FIRST_TS + len(self.frames) * MINUTE)
        self.frames.append(frame(record))
        return self

    def add(self, key, *args, **named):
        """Appends a record; the arguments are those of `fields`."""
        return self.put(seal(self.signed(key, *args, **named), key))

    def inline(self, key, content, content_type="text/plain", metadata=None, **other):
        """Appends a record that carries its content."""
        return self.add(key, content_type, {"content": content, **(metadata or {})}, content, **other)

    def genesis(self, key, policy=True, **entries):
        """Appends a genesis record, by default one that demands proof of rotations."""
        if policy:
            entries["rotation_proof"] = "required"
        return self.inline(key, encode(entries), GENESIS)

    def proof(self, key, new_key):
        """The new key's consent to being the next key of this chain."""
        return new_key.sign(PROOF_DOMAIN + self.hashes[-1] + key.public + new_key.public)

    def rotate(self, key, new_key, metadata=None, **other):
        """Appends a rotation. `metadata` replaces entries; a None takes one out."""
        entries = {"new_pubkey": new_key.public.hex()}
        if "new_key_proof" not in (metadata or {}):
            entries["new_key_proof"] = self.proof(key, new_key)
        entries.update(metadata or {})
        entries = {name: value for name, value in entries.items() if value is not None}
        self.add(key, ROTATION, entries, new_key.public, **other)
        self.signers.append([len(self.frames), new_key.public])
        return self

    @property
    def data(self):
        """chain.bin"""
        return b"".join(self.frames)

    def offset(self, index):
        """Where the frame of a record begins."""
        return sum(len(item) for item in self.frames[:index])

    def old_state(self, head=None):
        """The six keys of the older store's checkpoint, for the chain up to and including record `head`."""
        head = len(self.frames) - 1 if head is None else head
        return {
            "chain_id": self.hashes[0],
            "head_index": head,
            "head_hash": self.hashes[head],
            "record_count": head + 1,
            "created_at": self.stamps[0],
            "last_append_at": self.stamps[head],
        }

    def state(self, head=None, **other):
        """The checkpoint of the chain up to and including record `head`."""
        old = self.old_state(head)
        head = old["head_index"]
        return {
            **old,
            "head_offset": self.offset(head),
            "byte_length": self.offset(head + 1),
            "signers": [signer for signer in self.signers if signer[0] <= head + 1],
            "rotation_proof": b"\x6erotation_proof\x68required" in self.frames[0],
            **other,
        }
