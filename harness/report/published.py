"""Figures that others published, to set ours beside. Data with their source; nothing here is measured by us."""

from __future__ import annotations

import json
import math
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from harness.report import markdown


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LabSetting(_Part):
    """How lab success was measured."""

    num_tasks: int
    runs_per_task: int
    max_calls: int

    @property
    def num_episodes(self) -> int:
        """Runs behind one rate."""
        return self.num_tasks * self.runs_per_task


class OpenSetting(_Part):
    """How open play was measured."""

    num_runs: int
    num_steps: int
    statistic: str


class PublishedRow(_Part):
    """One model."""

    model: str
    lab_success: float
    """Percent."""
    lab_printed: float
    """What the source prints after its plus-minus sign, in points."""
    production_score: float
    milestones: int
    automation_milestones: int


class LaterRow(_Part):
    """A rate published later, of another method."""

    model: str
    method: str
    lab_success: float


class Published(_Part):
    """One source's figures."""

    source: str
    url: str
    price_profile: str
    """That the source describes."""
    lab: LabSetting
    open: OpenSetting
    rows: tuple[PublishedRow, ...]
    later: tuple[LaterRow, ...]


@cache
def load_published() -> Published:
    """The figures of `published.json`."""
    return Published.model_validate_json(files("harness.report").joinpath("published.json").read_bytes())


def standard_error(percent: float, num_episodes: int) -> float:
    """Binomial standard error of a rate, in points: 100 sqrt(p (1 - p) / n)."""
    chance = percent / 100
    return 100 * math.sqrt(chance * (1 - chance) / num_episodes)


def published_json() -> dict[str, object]:
    """As plain data, each row with its binomial standard error."""
    published = load_published()
    data = published.model_dump(mode="json")
    for row, plain in zip(published.rows, data["rows"], strict=True):
        plain["lab_standard_error"] = round(standard_error(row.lab_success, published.lab.num_episodes), 2)
    return json.loads(json.dumps(data))  # type: ignore[no-any-return]


def published_markdown() -> list[str]:
    """The lines of the published table."""
    it = load_published()
    lines = [
        f"## Published, not ours: {it.source}",
        "",
        f"Lab: {it.lab.runs_per_task} runs of {it.lab.num_tasks} tasks, at most {it.lab.max_calls} calls each; ± as "
        f"printed, then the binomial standard error of {it.lab.num_episodes} episodes, by us. Open play: "
        f"{it.open.statistic} of {it.open.num_runs} runs of {it.open.num_steps:,} steps, price profile "
        f"`{it.price_profile}` as the source describes it.",
        "",
    ]
    head = ["model", "lab success (printed ±)", "standard error", "production score", "milestones", "automation"]
    rows = [
        [
            row.model,
            f"{row.lab_success:.1f} % ± {row.lab_printed:.1f}",
            f"{standard_error(row.lab_success, it.lab.num_episodes):.1f}",
            markdown.number(row.production_score),
            str(row.milestones),
            str(row.automation_milestones),
        ]
        for row in it.rows
    ]
    lines += markdown.table(head, rows)
    lines += [f"Published later: {each.model} with {each.method}, lab {each.lab_success:.1f} %." for each in it.later]
    return [*lines, ""]
