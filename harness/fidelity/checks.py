"""The checks as data: what is expected of a scene, how near it must come, where the figure is from."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from harness.core.errors import ConfigError

Value = bool | int | float | str
"""What a scene measures: a number, a state's name, or whether something held."""

Confidence = Literal["data", "measured", "published", "inferred", "recalled"]
"""Where a figure is from, best first: the game's own files, readings of the game, a page or thread, worked out
from several of them, from memory only."""

EXACT = 1e-9
"""Relative difference that doubles added up in another order may have and still be the same number."""


class Expected(BaseModel):
    """One quantity of a check; with no tolerance it must be met exactly."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: Value
    """The figure, in `unit`."""
    unit: str = ""
    """Unit of the figure; empty for states and counts."""
    within: Annotated[float, Field(gt=0)] | None = None
    """Largest difference that holds, in `unit`."""
    percent: Annotated[float, Field(gt=0)] | None = None
    """Largest difference that holds, in percent of the figure."""
    between: tuple[float, float] | None = None
    """Lowest and highest number that hold; `value` is then the one to print."""

    @model_validator(mode="after")
    def _one_tolerance(self) -> Self:
        given = [name for name in ("within", "percent", "between") if getattr(self, name) is not None]
        if len(given) > 1:
            raise ValueError(f"expected one tolerance at most, got {', '.join(given)}")
        if given and isinstance(self.value, bool | str):
            raise ValueError(f"a tolerance needs a number, got {self.value!r}")
        return self

    def holds(self, got: Value) -> bool:
        """Whether a measured value is near enough."""
        if isinstance(self.value, bool | str) or isinstance(got, bool | str):
            return type(got) is type(self.value) and got == self.value
        if self.between is not None:
            return self.between[0] <= got <= self.between[1]
        if self.within is not None:
            return abs(got - self.value) <= self.within * (1 + EXACT)
        if self.percent is not None:
            return abs(got - self.value) <= abs(self.value) * self.percent / 100 * (1 + EXACT)
        return math.isclose(got, self.value, rel_tol=EXACT, abs_tol=EXACT)

    @property
    def tolerance(self) -> str:
        """The tolerance in words."""
        if self.between is not None:
            return f"{self.between[0]:g} to {self.between[1]:g}"
        if self.within is not None:
            return f"±{self.within:g}"
        if self.percent is not None:
            return f"±{self.percent:g} %"
        return "state" if isinstance(self.value, bool | str) else "exact"


class Check(BaseModel):
    """One check: a scene in words, what it must show, and on whose word."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[int, Field(ge=1)]
    """Number; the scene of the same number measures it."""
    area: str
    """Heading it stands under in the table."""
    scenario: str
    """What is built and run."""
    expected: Annotated[dict[str, Expected], Field(min_length=1)]
    """Quantities by name."""
    source: str
    """Where the figures are from."""
    confidence: Confidence
    """How far they can be trusted."""
    note: str = ""
    """What else a reader should know, such as a published figure that a measurement overrules."""
    differs: str = ""
    """Why this engine is known to differ; empty for a check that must hold."""


def load_checks(path: Path) -> tuple[Check, ...]:
    """The checks of a file, by number.

    Raises:
        ConfigError: no such file, or something in it is not a check.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        checks = TypeAdapter(tuple[Check, ...]).validate_python(raw)
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(
            f"{path}: expected a file of checks, got {error}; run this in the repository's root."
        ) from None
    except ValidationError as error:
        first = error.errors()[0]
        place = " ".join(str(part) for part in first["loc"])
        raise ConfigError(f"{path}: check at {place}: {first['msg']}, got {first['input']!r}.") from None
    numbers = [check.id for check in checks]
    if numbers != sorted(set(numbers)):
        raise ConfigError(f"{path}: expected every number once and in order, got {numbers}.")
    return checks
