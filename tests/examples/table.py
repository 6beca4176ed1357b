"""The table of example programs: what each starts from and what must be true of the world afterwards."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from harness.programs.chunking import chunk_program
from harness.tasks import resolve_inventory

PROGRAMS = Path(__file__).parents[2] / "examples" / "programs"
_CELL = re.compile(r"^# %%.*\n", re.MULTILINE)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Built(_Strict):
    """Entities that must stand somewhere."""

    name: str
    count: int = Field(ge=1)
    """At least so many."""
    status: str | None = None
    """Each of them in this status, if given."""


class Pace(_Strict):
    """What machines must make in the last seconds, within one item and two percent."""

    seconds: float = Field(gt=0)
    made: dict[str, float]


class Expected(_Strict):
    """What must be true at the end; amounts are lower bounds unless said otherwise."""

    made: dict[str, float] = {}
    """Made by machines."""
    by_hand: dict[str, float] = {}
    """Mined or crafted by hand."""
    pace: Pace | None = None
    entities: tuple[Built, ...] = ()
    inventory: dict[str, int] = {}
    researched: tuple[str, ...] = ()
    score: float | None = 0
    """The production score is greater than this; null for a program that makes nothing."""
    output: tuple[str, ...] = ()
    """Texts that the program prints."""


class Row(_Strict):
    """One example program."""

    program: str
    inventory: Literal["lab", "empty"] | dict[str, int] = "lab"
    all_technologies: bool = False
    map: Literal["lab", "open"] = "lab"
    seed: int = 0
    timeout_s: float = 30
    wait_s: float = 0
    """Seconds of the game that the world goes on after the program."""
    twice: bool = False
    """Run it a second time: both must end in the same world."""
    chunked: bool = False
    """Run it a second time in the chunks that a chunked search makes of it: both must end in the same world."""
    slow: bool = False
    expect: Expected

    def start(self) -> dict[str, object]:
        """The arguments of the `FactorioInstance` it runs on."""
        return {
            "inventory": resolve_inventory(self.inventory),
            "all_technologies": self.all_technologies,
            "map": self.map,
            "seed": self.seed,
        }

    def source(self) -> str:
        """The program's text."""
        return (PROGRAMS / f"{self.program}.py").read_text()

    def cells(self) -> list[str]:
        """The programs it is: a line `# %%` starts the next one, which has what those before it left."""
        return [cell for cell in _CELL.split(self.source()) if cell.strip()]

    def chunks(self) -> list[str]:
        """The same cells in chunks."""
        return [chunk for cell in self.cells() for chunk in chunk_program(cell)]


def rows() -> list[Row]:
    """All rows, in the order of the table."""
    return TypeAdapter(list[Row]).validate_python(yaml.safe_load((PROGRAMS / "programs.yaml").read_text()))
