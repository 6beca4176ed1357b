"""The checks against the game's figures: all there, all run, all judged as their file says."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.core.errors import ConfigError, SimError
from harness.fidelity import SCENES, Check, Expected, load_checks, markdown, run_checks, verdict_counts
from harness.fidelity.scene import NothingHappenedError

FILE = Path(__file__).parents[1] / "data" / "fidelity.yaml"
CHECKS = load_checks(FILE)


def a_check(**changes: object) -> Check:
    fields = {"id": 1, "area": "a", "scenario": "s", "expected": {"x": {"value": 10, "within": 1}}, "source": "w"}
    return Check.model_validate({**fields, "confidence": "data", **changes})


def test_every_check_has_its_scene_and_every_scene_its_check() -> None:
    assert [check.id for check in CHECKS] == list(range(1, 113))
    assert sorted(SCENES) == [check.id for check in CHECKS]


def test_no_two_checks_share_a_scene() -> None:
    assert len(set(SCENES.values())) == len(SCENES)


@pytest.mark.slow
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: str(check.id))
def test_the_embedded_server_meets_what_it_is_said_to_meet(check: Check) -> None:
    (outcome,) = run_checks([check], SCENES)
    assert outcome.expected, f"{check.scenario} got {dict(outcome.got)} {outcome.reason}"


@pytest.mark.parametrize(
    ("expected", "holds", "fails"),
    [
        ({"value": 10}, 10.0000000001, 10.1),
        ({"value": 10, "within": 1}, 9.0, 11.1),
        ({"value": 200, "percent": 1}, 202, 203),
        ({"value": 5, "between": (1, 9)}, 1, 0.5),
        ({"value": "working"}, "working", "no_fuel"),
        ({"value": True}, True, 1),
        ({"value": 1}, 1, True),
    ],
)
def test_a_tolerance_means_what_it_says(expected: dict, holds: object, fails: object) -> None:
    figure = Expected.model_validate(expected)
    assert figure.holds(holds)
    assert not figure.holds(fails)


@pytest.mark.parametrize("wrong", [{"value": 1, "within": 1, "percent": 1}, {"value": "working", "within": 1}])
def test_a_tolerance_that_means_nothing_is_refused(wrong: dict) -> None:
    with pytest.raises(ValueError, match="tolerance"):
        Expected.model_validate(wrong)


def test_a_scene_that_fails_is_told_apart_from_one_in_which_nothing_happens() -> None:
    def refuses() -> dict:
        raise SimError("no such entity")

    def waits() -> dict:
        raise NothingHappenedError("not in 5 ticks")

    checks = [a_check(id=number) for number in (1, 2, 3, 4)]
    scenes = {1: lambda: {"x": 10.5}, 2: lambda: {"x": 12}, 3: refuses, 4: waits}
    verdicts = [outcome.verdict for outcome in run_checks(checks, scenes)]
    assert verdicts == ["holds", "differs", "cannot be run", "differs"]


def test_the_page_is_the_same_for_the_same_outcomes_and_shows_them() -> None:
    checks = [a_check(), a_check(id=2, differs="lanes | gaps")]
    scenes = {1: lambda: {"x": 1 / 3}, 2: lambda: {"x": 20}}
    outcomes = list(run_checks(checks, scenes))
    assert verdict_counts(outcomes) == {"holds": 0, "differs": 2, "cannot be run": 0}
    page = markdown(outcomes)
    assert page == markdown(list(run_checks(checks, scenes)))
    assert "| 1 | s | x: 10 | 0.333333 | ±1 | w (*data*) | **differs** |" in page
    assert "**differs**: lanes \\| gaps |" in page


def test_a_file_that_is_no_list_of_checks_is_refused_in_one_line(tmp_path: Path) -> None:
    for text in ("- id: x", "- {id: 1", "", "- {id: 1, area: a}"):
        file = tmp_path / "checks.yaml"
        file.write_text(text)
        with pytest.raises(ConfigError, match=r"checks\.yaml"):
            load_checks(file)
    with pytest.raises(ConfigError, match="missing"):
        load_checks(tmp_path / "missing.yaml")
