"""`Namespace`: what a program leaves behind for the next one, as plain JSON data.

The data is written and read only inside confined workers (`persist.py`); out here it is carried, stored and hashed,
never interpreted, because a program had its hands on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.core.errors import RecordError
from harness.core.hashing import canonical_json

SCHEMA = 1
MAX_DEPTH = 32
"""Objects refer to each other by number, so honest data is never nested deeply, whatever the program's values are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Namespace:
    """Variables, functions, classes and imports that survive a program.

    Attributes:
        data: the encoded values, JSON only; not to be changed.
        lost: names that could not be kept, with the reason.
    """

    data: Mapping[str, Any] = field(default_factory=dict)
    lost: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The names a next program will find."""
        return tuple(self.data.get("names", {}))

    def to_json(self) -> dict[str, Any]:
        """As plain data for a record."""
        return {"schema": SCHEMA, "data": dict(self.data), "lost": dict(self.lost)}

    @classmethod
    def from_json(cls, record: Any) -> Namespace:
        """The inverse of `to_json`.

        Raises:
            RecordError: `record` is not such data.
        """
        data, lost = (record.get("data"), record.get("lost")) if isinstance(record, Mapping) else (None, None)
        if not isinstance(data, Mapping) or not isinstance(lost, Mapping) or record.get("schema") != SCHEMA:
            raise RecordError(f"namespace: expected a record of schema {SCHEMA} with data and lost names")
        if not isinstance(data.get("names", {}), Mapping):
            raise RecordError("namespace: expected names to be a mapping")
        for key in ("objects", "sources"):
            if not isinstance(data.get(key, []), list):
                raise RecordError(f"namespace: expected {key} to be a list")
        if not _is_shallow(data):
            raise RecordError(f"namespace: expected data nested at most {MAX_DEPTH} deep")
        try:
            canonical_json(data)
        except ValueError as error:
            raise RecordError(f"namespace: expected finite numbers ({error})") from error
        return cls(data=dict(data), lost={str(name): str(reason) for name, reason in lost.items()})


def _is_shallow(data: Any) -> bool:
    level = [data]
    for _ in range(MAX_DEPTH):
        level = [
            item
            for each in level
            for item in (each.values() if isinstance(each, Mapping) else each)
            if isinstance(item, (Mapping, list))
        ]
        if not level:
            return True
    return False
