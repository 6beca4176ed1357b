"""A task: the world it starts in, what a model is told, and what in the world counts as success.

A task holds no code. Success is a predicate over what can be read off a world, so that no program can claim it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from harness.core.errors import ConfigError
from harness.data import prototypes
from harness.tasks.chain import chain_of
from harness.tasks.inventories import resolve_inventory


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class World(_Part):
    """Where a task starts."""

    map: Literal["lab", "open"] = "lab"
    """`lab`: flat, rich resources near the origin; `open`: lakes, forests, patches further apart."""
    seed: int = Field(default=0, ge=0, lt=2**31)
    """Of the map."""
    inventory: Literal["lab", "empty"] | dict[str, int] = "lab"
    """What the character holds: the lab tasks' inventory, nothing, or counts by item name."""
    all_technologies: bool = True
    """Whether everything is researched at the start."""

    @field_validator("inventory")
    @classmethod
    def _known_items(cls, inventory: str | dict[str, int]) -> str | dict[str, int]:
        return _checked(inventory)


class Throughput(_Part):
    """So much of one good a minute, made by machines from what machines get out of the ground."""

    item: str
    """An item or a fluid, by the game's name."""
    quota: float = Field(gt=0)
    """Amount in 60 seconds of the game."""
    fuel_counts: bool = False
    """Whether fuel must be dug too; otherwise fuel that was put in by hand may drive the machines."""

    @field_validator("item")
    @classmethod
    def _known_good(cls, item: str) -> str:
        return _known(item)


class Success(_Part):
    """What must hold, all of it, at the end of a program's accrual window."""

    throughput: Throughput | None = None
    inventory: dict[str, int] = {}
    """Held by the character, at least so many."""
    made: dict[str, Annotated[float, Field(gt=0)]] = {}
    """Made by machines since the world began, at least so much."""
    researched: tuple[str, ...] = ()
    """Technologies by the game's name."""
    score: float | None = None
    """Production score, at least."""

    @field_validator("inventory")
    @classmethod
    def _known_items(cls, inventory: dict[str, int]) -> dict[str, int]:
        _checked(inventory)
        return inventory

    @field_validator("made")
    @classmethod
    def _known_goods(cls, made: dict[str, float]) -> dict[str, float]:
        for name in made:
            _known(name)
        return made

    @field_validator("researched")
    @classmethod
    def _known_technologies(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if name not in prototypes.others("technology"):
                raise ValueError("the name of a technology, such as automation")
        return names

    @model_validator(mode="after")
    def _something(self) -> Success:
        if not (self.throughput or self.inventory or self.made or self.researched or self.score is not None):
            raise ValueError("at least one of throughput, inventory, made, researched, score")
        return self


class Task(_Part):
    """One task."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")
    """Of the file, without `.yaml`."""
    goal: str
    """What the model is told to do; `{item}` and `{quota}` stand for those of the throughput."""
    world: World = World()
    success: Success | None = None
    """`None`: there is no end, the score is what counts."""
    milestones: tuple[str, ...] | None = None
    """Goods on the way, in order; `null` takes all that the throughput's item is made of, itself included."""

    @field_validator("goal")
    @classmethod
    def _says_something(cls, goal: str) -> str:
        if not goal.strip():
            raise ValueError("what the model is to do, in words")
        return goal

    @model_validator(mode="after")
    def _has_what_the_goal_names(self) -> Task:
        named = [mark for mark in ("{item}", "{quota}") if mark in self.goal]
        if named and self.throughput is None:
            raise ValueError(f"success.throughput, since the goal speaks of its {' and '.join(named)}, got none")
        return self

    @field_validator("milestones")
    @classmethod
    def _known_milestones(cls, names: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for name in names or ():
            _known(name)
        return names

    @property
    def throughput(self) -> Throughput | None:
        """The throughput that is asked for, if any."""
        return self.success.throughput if self.success else None

    @property
    def goal_text(self) -> str:
        """The goal with item and quota filled in."""
        wanted = self.throughput
        if wanted is None:
            return self.goal.strip()
        return self.goal.strip().replace("{item}", wanted.item).replace("{quota}", f"{wanted.quota:g}")

    @property
    def way(self) -> tuple[str, ...]:
        """The milestones, those that follow from the item included."""
        if self.milestones is not None:
            return self.milestones
        return chain_of(self.throughput.item) if self.throughput else ()


def _known(name: str) -> str:
    if name not in prototypes.items() and name not in prototypes.others("fluid"):
        raise ValueError("the name of an item or fluid, such as iron-plate")
    return name


def _checked(inventory: str | dict[str, int]) -> str | dict[str, int]:
    try:
        resolve_inventory(inventory)
    except ConfigError as error:
        raise ValueError(str(error).removeprefix("world.").removeprefix("inventory: expected ")) from None
    return inventory
