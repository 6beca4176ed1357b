"""Many positions in few words: those in a row by its ends, the others one by one; written and read back.

A row is three positions or more on a line of the grid's, at equal distances: `12 from (0, 3) to (22, 3)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

Place = tuple[float, float]

MIN_ROW: Final = 3
MAX_PARTS: Final = 24
"""Rows and single positions written at most; the number of the positions beyond them is told."""

_NUMBER = r"(-?\d+(?:\.\d+)?)"
_PART = re.compile(rf"(?:(\d+) from )?\({_NUMBER}, {_NUMBER}\)(?: to \({_NUMBER}, {_NUMBER}\))?")


def format_number(value: float) -> str:
    """`value` without a needless fraction: `3`, `3.5`, `-0.25`."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value != int(value) else str(int(value))


def format_place(place: Place) -> str:
    """`(x, y)`."""
    return f"({format_number(place[0])}, {format_number(place[1])})"


def format_places(places: Iterable[Place]) -> str:
    """The positions, rows first; of very many only so many rows and positions, and how many more there are."""
    rows, rest = _rows(sorted(set(places), key=lambda place: (place[1], place[0])), axis=0)
    more_rows, singles = _rows(sorted(rest), axis=1)
    parts = [(f"{len(row)} from {format_place(row[0])} to {format_place(row[-1])}", len(row)) for row in rows]
    parts += [(f"{len(row)} from {format_place(row[0])} to {format_place(row[-1])}", len(row)) for row in more_rows]
    parts += [(format_place(place), 1) for place in sorted(singles)]
    unsaid = sum(size for _, size in parts[MAX_PARTS:])
    told = [text for text, _ in parts[:MAX_PARTS]]
    return ", ".join([*told, *([f"and {unsaid} more"] if unsaid else [])])


def parse_places(text: str) -> list[Place]:
    """The positions in a text of `format_places`, those only counted left out."""
    places: list[Place] = []
    for number, x, y, last_x, last_y in _PART.findall(text):
        first = (float(x), float(y))
        if not number or not last_x or not 1 < int(number) <= 10_000:
            places.append(first)
            continue
        gaps = int(number) - 1
        step = ((float(last_x) - first[0]) / gaps, (float(last_y) - first[1]) / gaps)
        places += [(first[0] + step[0] * index, first[1] + step[1] * index) for index in range(gaps + 1)]
    return places


def _rows(places: Sequence[Place], axis: int) -> tuple[list[Sequence[Place]], list[Place]]:
    """Rows along an axis (0: eastward, 1: southward) and what is in none; `places` in the order of the lines."""
    rows: list[Sequence[Place]] = []
    rest: list[Place] = []
    for _, line in groupby(places, key=lambda place: place[1 - axis]):
        members = list(line)
        while members:
            length = _run(members, axis)
            if length >= MIN_ROW:
                rows.append(members[:length])
            else:
                length = 1
                rest.append(members[0])
            members = members[length:]
    return rows, rest


def _run(members: Sequence[Place], axis: int) -> int:
    """How many from the first on are at equal distances."""
    if len(members) < MIN_ROW:
        return 1
    step = members[1][axis] - members[0][axis]
    length = 2
    while length < len(members) and members[length][axis] - members[length - 1][axis] == step:
        length += 1
    return length
