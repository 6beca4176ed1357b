"""A world's whole state as one value: taken, put back, hashed, written as bytes. Exact, and the same for all tables."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from harness.core.errors import SimError
from harness.core.hashing import HASH_LENGTH, hash_json

if TYPE_CHECKING:
    from harness.simulator.engine.world import World

MAX_BYTES = 1 << 30
"""A longer world is a mistake or an attack."""

MAGIC = b"factorio-harness-world 1\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything a world is at one moment. Do not write to its arrays.

    Attributes:
        names: surface names by row.
        clock: the world's counters.
        tables: records by table name.
    """

    names: tuple[str, ...]
    clock: npt.NDArray[np.int64]
    tables: dict[str, npt.NDArray[Any]]

    def to_bytes(self) -> bytes:
        """The snapshot as bytes, compressed; any engine with the same tables reads it."""
        return MAGIC + zlib.compress(self.content(), 1)

    def content(self) -> bytes:
        """The snapshot as bytes: the same for equal worlds, on every machine."""
        header = {
            "layout": layout(self.tables),
            "names": self.names,
            "rows": {name: len(rows) for name, rows in self.tables.items()},
        }
        head = json.dumps(header).encode()
        body = self.clock.tobytes() + b"".join(_plain(rows).tobytes() for rows in self.tables.values())
        return len(head).to_bytes(4, "big") + head + body

    @classmethod
    def from_bytes(cls, data: bytes, like: World) -> Snapshot:
        """The inverse of `to_bytes`, for a world with the same tables as `like`.

        Raises:
            SimError: not a snapshot, damaged, or of an engine with other tables.
        """
        if not data.startswith(MAGIC):
            raise SimError("snapshot: expected the bytes of Snapshot.to_bytes, got something else.")
        try:
            unpacker = zlib.decompressobj()
            content = unpacker.decompress(data[len(MAGIC) :], MAX_BYTES)
            size = int.from_bytes(content[:4], "big")
            header = json.loads(content[4 : 4 + size])
            names, rows_of = [str(name) for name in header["names"]], {k: int(n) for k, n in header["rows"].items()}
        except (zlib.error, ValueError, KeyError, TypeError, AttributeError) as error:
            raise SimError(f"snapshot: it is damaged ({error}); export it again.") from error
        if not unpacker.eof or any(count < 0 for count in rows_of.values()):
            raise SimError("snapshot: it is damaged or larger than any world; export it again.")
        known = {name: table.records for name, table in like.storage.tables.items()}
        if header.get("layout") != layout(known) or rows_of.keys() != known.keys():
            raise SimError("snapshot: it was made by another build of the simulator; make it again with this one.")
        clock, at = _cut(content, 4 + size, like.clock.dtype, len(like.clock))
        tables: dict[str, npt.NDArray[Any]] = {}
        for name, rows in known.items():
            tables[name], at = _cut(content, at, rows.dtype, rows_of[name])
        if at != len(content):
            raise SimError("snapshot: it has bytes left over; export it again.")
        return cls(names=tuple(names), clock=clock, tables=tables)


def _plain(rows: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The same records with zeros between their fields.

    What a copy finds there is chance, and equal worlds must export equal bytes.
    """
    plain = np.zeros(rows.shape, rows.dtype)
    for name in rows.dtype.names or ():
        plain[name] = rows[name]
    return plain


def _cut(content: bytes, at: int, dtype: Any, count: int) -> tuple[npt.NDArray[Any], int]:
    end = at + dtype.itemsize * count
    if end > len(content):
        raise SimError("snapshot: it ends too early; export it again.")
    return np.frombuffer(content[at:end], dtype).copy(), end


def layout(tables: dict[str, npt.NDArray[Any]]) -> str:
    """A hash of the tables' names and fields."""
    return hash_json({name: repr(rows.dtype.descr) for name, rows in tables.items()})


def take(world: World) -> Snapshot:
    """A copy of everything the world is."""
    tables = {name: table.records.copy() for name, table in world.storage.tables.items()}
    return Snapshot(names=tuple(world.surface_names), clock=world.clock.copy(), tables=tables)


def put_back(world: World, snapshot: Snapshot) -> None:
    """Makes the world what it was."""
    world.surface_names[:] = snapshot.names
    world.storage.adopt(snapshot.clock, {name: rows.copy() for name, rows in snapshot.tables.items()})


def state_hash(world: World) -> str:
    """A hash of everything the world is; equal for equal histories in any process."""
    digest = hashlib.sha256(json.dumps(world.surface_names).encode())
    digest.update(world.clock.tobytes())
    for name, table in world.storage.tables.items():
        digest.update(name.encode())
        for column in table.arrays().values():
            digest.update(np.ascontiguousarray(column).tobytes())
    return digest.hexdigest()[:HASH_LENGTH]
