"""What a reader of records is; apart from the readers, which stand in two files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from harness.programs.restore import Decoder


class Reader(NamedTuple):
    """How one kind of record becomes a value again.

    Attributes:
        needs: the part of a record whose objects must be there before it can be made.
        make: makes the value, bare.
        fill: overwrites what it holds, when all others are made.
    """

    needs: Callable[[Mapping[str, Any]], Any]
    make: Callable[[Decoder, Mapping[str, Any]], Any]
    fill: Callable[[Decoder, Mapping[str, Any], Any], None] | None = None
