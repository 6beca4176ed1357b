"""`Namespace`: what a program leaves behind for the next one, as plain JSON data.

The data is written and read only inside confined workers (`persist.py`); out here it is carried, stored and hashed,
never interpreted, because a program had its hands on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.core.errors import RecordError
from harness.core.hashing import canonical_json

SCHEMA = 1
MAX_DEPTH = 32
"""Objects refer to each other by number, so honest data is never nested deeply, whatever the program's values are."""

_PARTS_OF_SOURCE = [str, int, int, str, int]
_MAX_SHOWN = 80

_NESTS = (dict, list)
"""What JSON is nested of. To ask for mappings in general takes several times as long, and parts come by thousands."""


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
        _expect_parts(data)
        try:
            canonical_json(data)
        except ValueError as error:
            raise RecordError(f"namespace: expected finite numbers ({error})") from error
        return cls(data=dict(data), lost={str(name): str(reason) for name, reason in lost.items()})


def _expect_parts(data: Mapping[str, Any]) -> None:
    """Raises unless all parts are of the kinds an encoder writes; what they mean is seen when they are read."""
    objects = data.get("objects", [])
    for index, record in enumerate(objects):
        if not isinstance(record, Mapping) or not isinstance(record.get("kind"), str):
            raise RecordError(f"namespace: expected object {index} to be a record with a kind, got {_shown(record)}")
    for index, source in enumerate(data.get("sources", [])):
        if not isinstance(source, list) or [type(part) for part in source] != _PARTS_OF_SOURCE:
            raise RecordError(
                f"namespace: expected source {index} to be text, line, index, file and flags, got {_shown(source)}"
            )
    for name, value in data.get("names", {}).items():
        if not isinstance(name, str) or not _is_value(value):
            raise RecordError(f"namespace: expected {_shown(name)} to have a value, got {_shown(value)}")
    for number in _references([*data.get("names", {}).values(), *objects]):
        if type(number) is not int or not 0 <= number < len(objects):
            raise RecordError(
                f"namespace: expected references to one of {len(objects)} objects, got one to {_shown(number)}"
            )
    chance = data.get("random", {"words": ""})
    if not isinstance(chance, Mapping) or not isinstance(chance.get("words"), str):
        raise RecordError(f"namespace: expected the state of the random generator, got {_shown(chance)}")


def _is_value(value: Any) -> bool:
    """Whether it is a scalar, or an object, a name or an odd number as the encoder writes them."""
    if not isinstance(value, Mapping):
        return not isinstance(value, list)
    if len(value) != 1:
        return False
    ((tag, content),) = value.items()
    try:
        if tag == "int":
            int(content, 16)
        elif tag == "float":
            float(content)
        else:
            return tag == "ref" or (tag == "name" and isinstance(content, str))
    except (TypeError, ValueError):
        return False
    return True


def _references(data: Any) -> Iterator[Any]:
    pending = [data]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            if "ref" in item:
                yield item["ref"]
            pending.extend(each for each in item.values() if isinstance(each, _NESTS))
        else:
            pending.extend(each for each in item if isinstance(each, _NESTS))


def _shown(value: Any) -> str:
    return repr(value)[:_MAX_SHOWN]


def _is_shallow(data: Any) -> bool:
    level = [data]
    for _ in range(MAX_DEPTH):
        level = [
            item
            for each in level
            for item in (each.values() if isinstance(each, dict) else each)
            if isinstance(item, _NESTS)
        ]
        if not level:
            return True
    return False
