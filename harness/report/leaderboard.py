"""The public leaderboard's record of a model: read, and made from our runs.

Source: the reference environment's leaderboard, one JSON object a model.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from statistics import median, median_low
from typing import Any, Final

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from harness.core.errors import RecordError
from harness.core.files import write_atomic
from harness.data import prototypes
from harness.data.prices import prices
from harness.report.episodes import Episode

PROFILE: Final = "reference"
"""Price profile of the leaderboard's production scores."""

_COMPLEXITY: Final = "game"
"""Price profile by which items are more or less complex."""


class LeaderboardRecord(BaseModel):
    """One model. What was not played is `None`; keys that are not listed here are left out on reading."""

    model_config = ConfigDict(extra="ignore", frozen=True, allow_inf_nan=False)

    name: str = Field(min_length=1, validation_alias=AliasChoices("name", "model"))
    production_score: int | float | None = Field(
        default=None, validation_alias="productionScore", serialization_alias="productionScore"
    )
    """Median over runs of open play."""
    milestones: int | None = Field(default=None, ge=0)
    automation_milestones: int | None = Field(
        default=None,
        ge=0,
        validation_alias=AliasChoices("automationMilestones", "automation-milestones"),
        serialization_alias="automationMilestones",
    )
    lab_tasks_success_rate: float | None = Field(
        default=None,
        ge=0,
        le=100,
        validation_alias="labTasksSuccessRate",
        serialization_alias="labTasksSuccessRate",
    )
    """Percent."""
    most_complex_item: str | None = Field(
        default=None, validation_alias="mostComplexItem", serialization_alias="mostComplexItem"
    )
    submitted_by: str = Field(default="Unknown", validation_alias="submittedBy", serialization_alias="submittedBy")
    submission_date: str | None = Field(
        default=None,
        pattern=r"^\d{4}-\d{2}-\d{2}",
        validation_alias="submissionDate",
        serialization_alias="submissionDate",
    )
    """Day of the latest run that counts, UTC."""


def leaderboard_records(episodes: Iterable[Episode], submitted_by: str) -> list[LeaderboardRecord]:
    """One record a model, by name, over all its methods.

    Production scores of another price profile than the leaderboard's are left out.
    """
    by_model: dict[str, list[Episode]] = {}
    for episode in episodes:
        if episode.kind == "lab" or (episode.kind == "open" and episode.price_profile == PROFILE):
            by_model.setdefault(episode.model, []).append(episode)
    return [_record(model, each, submitted_by) for model, each in sorted(by_model.items())]


def _record(model: str, episodes: Sequence[Episode], submitted_by: str) -> LeaderboardRecord:
    lab = [each.success for each in episodes if each.kind == "lab"]
    played = [each for each in episodes if each.kind == "open"]
    facts: dict[str, Any] = {
        "name": model,
        "labTasksSuccessRate": round(100 * sum(lab) / len(lab), 1) if lab else None,
        "mostComplexItem": most_complex_item({name for each in episodes for name in each.goods}),
        "submittedBy": submitted_by,
        "submissionDate": max(each.ended_on for each in episodes),
    }
    if played:
        facts |= {
            "productionScore": round(median(each.score for each in played)),
            "milestones": median_low([each.milestones for each in played]),
            "automationMilestones": median_low([each.automated for each in played]),
        }
    return LeaderboardRecord.model_validate(facts)


def most_complex_item(goods: Iterable[str]) -> str | None:
    """The item of the highest price among goods that recipes make; of equal ones the first by name.

    Fluids are none, and nor is what is only dug, felled or fished, whatever its price.
    """
    price = prices(_COMPLEXITY)
    made = [name for name in sorted(goods) if name in _products() and name in price]
    return max(made, key=lambda name: price[name], default=None)


@cache
def _products() -> frozenset[str]:
    """Items that some recipe makes."""
    recipes = prototypes.others("recipe").values()
    results = (result for recipe in recipes if not recipe.get("hidden") for result in recipe.get("results", ()))
    return frozenset(result["name"] for result in results if result.get("type", "item") == "item")


def to_plain(records: Sequence[LeaderboardRecord]) -> list[dict[str, Any]]:
    """As plain data, under the leaderboard's own names."""
    return [record.model_dump(mode="json", by_alias=True) for record in records]


def write_leaderboard(path: Path, records: Sequence[LeaderboardRecord]) -> None:
    """Replaces `path` by the list of records.

    Raises:
        RecordError: it cannot be written.
    """
    try:
        write_atomic(path, json.dumps(to_plain(records), indent=2, ensure_ascii=False) + "\n")
    except OSError as error:
        raise RecordError(f"{path}: expected to be able to write the leaderboard, got: {error}") from error


def read_leaderboard(path: Path) -> list[LeaderboardRecord]:
    """The records of a file: one object, or a list of them.

    Raises:
        RecordError: the file holds something else; the message names the record and its key.
    """
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise RecordError(f"{path}: expected leaderboard records as JSON, got: {error}") from error
    entries = data if isinstance(data, list) else [data]
    return [_parsed(path, number, entry) for number, entry in enumerate(entries, start=1)]


def _parsed(path: Path, number: int, entry: Any) -> LeaderboardRecord:
    try:
        return LeaderboardRecord.model_validate(entry)
    except ValidationError as error:
        raise RecordError(f"{path}, record {number}: {_problem(error.errors()[0])}") from None


def _problem(first: Any) -> str:
    key = str(first["loc"][0]) if first["loc"] else ""
    if not key:
        return f"expected an object with the keys of a leaderboard record, got {first['input']!r}"
    if first["type"] == "missing":
        return f"key {key}: expected a value, got none; add the key"
    expected = first["msg"].removeprefix("Input should be ").removeprefix("String should ")
    return f"key {key}: expected {expected}, got {first['input']!r}"
