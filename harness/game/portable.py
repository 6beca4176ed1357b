"""The portable form of a world: what the agent mod reads and writes through the documented API, in canonical order.

The mod answers in the order of the game's searches and with the numbers the game gave things out. Here lists are put in
order of place and name, so that equal worlds have equal documents and one hash, whatever order they were built in. The
order of building is kept beside that, as `order`, because in a tick machines act by it, and so is what each building
was doing (`statuses`), which a server can tell only after a tick; neither is part of the hash.
What the document holds, and what the API does not let through, is in docs/states.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.core.errors import RecordError
from harness.core.hashing import hash_json

FORMAT = 2

_LISTS = (
    "entities",
    "fluids",
    "wells",
    "ground_items",
    "characters",
)
"""Lists of the document; the game's JSON writer gives an empty one as an object."""

_APART = ("order", "statuses")
"""Parts that say nothing of a world's content: the order of building, and what machines were told to be doing."""

_MAPS = ("nature", "memory", "day", "technologies", "statistics")

Document = dict[str, Any]


def canonical(saved: Mapping[str, Any]) -> Document:
    """A document of what the mod's `save` answered.

    Raises:
        RecordError: it is none, or of another format.
    """
    _expect_format(saved)
    document: Document = dict(saved)
    for key in _LISTS:
        document[key] = _listed(saved.get(key))
    for key in _MAPS:
        document[key] = _mapped(saved.get(key))
    entities = [_entity(each) for each in document["entities"]]
    entities.sort(key=_place)
    numbers = {rank: int(each.pop("number")) for rank, each in enumerate(entities, 1) if "number" in each}
    document["order"] = sorted(numbers, key=numbers.__getitem__)
    if any("status" in each for each in entities):
        document["statuses"] = [str(each.pop("status", "")) for each in entities]
    document["entities"] = entities
    document["fluids"] = sorted((_fluid(each) for each in document["fluids"]), key=lambda each: each["at"][0])
    document["nature"] = {name: _sorted_rows(rows) for name, rows in sorted(document["nature"].items())}
    document["wells"] = sorted(document["wells"])
    document["ground_items"] = sorted(document["ground_items"])
    document["characters"] = sorted(document["characters"], key=lambda each: (each.get("agent", 0), _place(each)))
    document["memory"] = {key: _no_empty_list(value) for key, value in sorted(document["memory"].items())}
    document["technologies"] = _technologies(document["technologies"])
    document["statistics"] = {
        kind: {side: _mapped(counts) for side, counts in sorted(_mapped(sides).items())}
        for kind, sides in sorted(document["statistics"].items())
    }
    return document


def content_hash(document: Mapping[str, Any]) -> str:
    """Names the world of a document by its content; equal worlds have one hash, in whatever order they were built."""
    return hash_json({key: value for key, value in document.items() if key not in _APART})


def expect(document: Mapping[str, Any]) -> None:
    """Refuses what is no document of this version.

    Raises:
        RecordError: it is none, or of another format.
    """
    _expect_format(document)


def _expect_format(saved: Mapping[str, Any]) -> None:
    found = saved.get("format") if isinstance(saved, Mapping) else None
    if found != FORMAT:
        raise RecordError(
            f"portable state: expected format {FORMAT}, got {found!r}; take it anew, or restore it with its version"
        )


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else []


def _mapped(value: Any) -> dict[str, Any]:
    return dict(sorted(value.items())) if isinstance(value, Mapping) else {}


def _no_empty_list(value: Any) -> Any:
    return {} if value == [] else value


def _place(entity: Mapping[str, Any]) -> tuple[float, float, str]:
    return (float(entity["y"]), float(entity["x"]), str(entity["name"]))


def _entity(saved: Mapping[str, Any]) -> dict[str, Any]:
    entity = dict(saved)
    if "wires" in entity:
        entity["wires"] = sorted(entity["wires"])
    return entity


def _fluid(saved: Mapping[str, Any]) -> dict[str, Any]:
    return {**saved, "at": sorted(saved["at"])}


def _sorted_rows(rows: Any) -> list[float]:
    """`x, y, amount, ...` in order of place; the mod sends them as text."""
    numbers = [_number(word) for word in rows.split(" ")] if isinstance(rows, str) else list(rows)
    triples = sorted(zip(numbers[1::3], numbers[0::3], numbers[2::3], strict=True))
    return [number for y, x, amount in triples for number in (x, y, amount)]


def _number(word: str) -> float:
    value = float(word)
    return int(value) if value.is_integer() else value


def _technologies(saved: Mapping[str, Any]) -> dict[str, Any]:
    known = dict(saved)
    for key in ("researched", "disabled", "queue"):
        known[key] = _listed(saved.get(key))
    for key in ("progress", "levels", "bonuses", "launched"):
        known[key] = _mapped(saved.get(key))
    return known
