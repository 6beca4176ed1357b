"""Named streams of chance, all grown from one root seed.

A stream's name says what it is for, so adding a consumer never shifts the numbers another one draws.
"""

from __future__ import annotations

import hashlib
import random


def derive_seed(root: int, *path: int | str) -> int:
    """A 63-bit seed for the stream called `path` under `root`."""
    name = "/".join(f"{type(part).__name__}:{part}" for part in (root, *path))
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") >> 1


def stream(root: int, *path: int | str) -> random.Random:
    """A generator of its own for the stream called `path` under `root`."""
    return random.Random(derive_seed(root, *path))
