"""Content hashes: the same content has the same name in every process and on every machine."""

from __future__ import annotations

import hashlib
import json
from typing import Any

HASH_LENGTH = 32
"""Hexadecimal digits kept of a SHA-256: 128 bits, beyond accidental collision."""


def canonical_json(value: Any) -> bytes:
    """`value` as UTF-8 JSON with sorted keys and no spaces; lone surrogates, which UTF-8 cannot carry, are escaped.

    Raises:
        ValueError: NaN or an infinity, which JSON cannot carry.
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "backslashreplace")


def hash_bytes(content: bytes) -> str:
    """The first `HASH_LENGTH` hexadecimal digits of the SHA-256 of `content`."""
    return hashlib.sha256(content).hexdigest()[:HASH_LENGTH]


def hash_json(value: Any) -> str:
    """`hash_bytes` of `canonical_json`."""
    return hash_bytes(canonical_json(value))
