"""Makes this folder's chain with the older Python store: `python make.py FOLDER-OF-THE-STORE OUT`.

The store takes its times and record ids from the machine, so each run gives another chain: this one was made once.
"""

import datetime
import hashlib
import pathlib
import sys

sys.path.insert(0, sys.argv[1])
import chain_store  # noqa: E402 (its folder is an argument)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: E402


def key(name):
    """A public test key: never use it for anything else."""
    seed = hashlib.sha256(f"attestation-chain seed fixture key {name}".encode()).digest()
    return Ed25519PrivateKey.from_private_bytes(seed)


store = chain_store.ChainStore(pathlib.Path(sys.argv[2]))
for number in range(19):
    if number == 12:
        store.rotate(key("A"), key("B"))
    content = f"content {number}".encode()
    metadata = {
        "number": number,
        "taken": datetime.datetime(2026, 3, 1, 12, number, 15, 250000 * (number % 2), tzinfo=datetime.timezone.utc),
        "latitude": 48.2082 + number / 8,
        "altitude": float(number),
        "thumbnail": hashlib.sha256(content).digest() * (number % 3),
        "tags": ["a", None, True, {"nested": -number}],
    }
    store.append(hashlib.sha256(content).digest(), "image/jpeg", key("A" if number < 12 else "B"), metadata)
store.verify_chain()
