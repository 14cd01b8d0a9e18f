"""Drives the older Python store, which is not part of this repository: `python drive_peer.py FOLDER-OF-THE-STORE`.

Reads one JSON object a line and answers each with one JSON line. `do` names the function below, `store` which of the
stores that were opened; the rest are its arguments.
"""

import datetime
import decimal
import fcntl
import fractions
import hashlib
import json
import pathlib
import sys
import uuid

sys.path.insert(0, sys.argv[1])
import chain_store  # noqa: E402 (its folder is an argument)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: E402

stores = {}
locks = {}
KINDS = {
    "taken": datetime.datetime(2026, 3, 1, 12, 30, 15, 250000, tzinfo=datetime.timezone.utc),
    "day": datetime.date(2026, 3, 1),
    "latitude": 48.2082,
    "half": 0.5,
    "largest": 1.7976931348623157e308,
    "smallest": 5e-324,
    "infinite": float("-inf"),
    "nothing": float("nan"),
    "raw": b"\x00\xff" * 20,
    "huge": 2**80,
    "negative": -(2**63),
    "below": -(2**70),
    "price": decimal.Decimal("19.90"),
    "ratio": fractions.Fraction(3, 7),
    "id": uuid.UUID("018f4e9a-1111-7222-8333-444455556666"),
    "list": [1, [2.5, None], {"deep": True}],
    "nöte": "Grüße 🔏",
}


def answer(**fields):
    """One line."""
    print(json.dumps({"ok": True, **fields}), flush=True)


def key(seed):
    """The private key of a seed in hexadecimal."""
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))


def describe(record):
    """What Swift wants to know of a record."""
    return {"index": record.chain_index, "type": record.content_type, "signer": record.signer_pubkey.hex(),
            "hash": chain_store.compute_record_hash(record).hex()}


def open_store(store, path):
    stores[store] = chain_store.ChainStore(pathlib.Path(path))
    return {}


def append(store, seed, content, type="text/plain", metadata=None, kinds=False, size=0, crash=False, pause=False):
    """Appends. `crash`: dies between record and state. `pause`: between opening the file and locking it, answers, and
    waits for a line."""
    metadata = {**(metadata or {}), **(KINDS if kinds else {})}
    if size:
        metadata["filler"] = b"x" * size

    def wait():
        answer(paused=True)
        sys.stdin.readline()

    record = stores[store].append(hashlib.sha256(content.encode()).digest(), type, key(seed), metadata, _crash=crash,
                                  _afteropen=wait if pause else None)
    return describe(record)


def rotate(store, seed, new):
    return describe(stores[store].rotate(key(seed), key(new)))


def verify(store, start=0, end=None):
    return {"valid": stores[store].verify_chain(start, end)}


def head(store):
    return describe(stores[store].head())


def get(store, index):
    return describe(stores[store].get(index))


def count(store):
    return {"count": stores[store].state().record_count}


def lock(path, shared=False):
    """Takes the lock as the store does, or a shared one, without waiting for it."""
    file = open(path, "ab")
    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return {"locked": False}
    locks[path] = file
    return {"locked": True}


def unlock(path):
    locks.pop(path).close()
    return {}


ACTIONS = {"open": open_store, "append": append, "rotate": rotate, "verify": verify, "head": head, "get": get,
           "count": count, "lock": lock, "unlock": unlock}

for line in sys.stdin:
    request = json.loads(line)
    try:
        answer(**ACTIONS[request.pop("do")](**request))
    except BaseException as error:  # the crash is a KeyboardInterrupt
        print(json.dumps({"ok": False, "error": type(error).__name__, "message": str(error)}), flush=True)
