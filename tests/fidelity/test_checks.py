"""The checks against the game's figures: all there, all run, all judged as their file says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.core.errors import ConfigError, SimError
from harness.fidelity import SCENES, Check, Expected, Outcome, load_checks, markdown, run_checks, verdict_counts
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


@pytest.fixture(scope="module")
def outcomes() -> dict[int, Outcome]:
    """What every check shows, by number."""
    return {outcome.check.id: outcome for outcome in run_checks(CHECKS, SCENES)}


@pytest.mark.slow
@pytest.mark.parametrize("number", [check.id for check in CHECKS])
def test_the_embedded_server_meets_what_it_is_said_to_meet(outcomes: dict[int, Outcome], number: int) -> None:
    outcome = outcomes[number]
    assert outcome.expected, f"{outcome.check.scenario} got {dict(outcome.got)} {outcome.reason}"


@pytest.mark.slow
def test_the_page_shows_what_the_scenes_show(outcomes: dict[int, Outcome]) -> None:
    page = Path(__file__).parents[2] / "docs" / "fidelity.md"
    assert page.read_text() == markdown(list(outcomes.values())), "run: harness fidelity --write docs/fidelity.md"


def command(*words: str) -> subprocess.CompletedProcess[str]:
    """`harness fidelity`, interpreted: a few small scenes do not wait for a compiler."""
    env = {**os.environ, "NUMBA_DISABLE_JIT": "1", "COLUMNS": "200"}
    line = [sys.executable, "-m", "harness.cli", "fidelity", *words]
    return subprocess.run(line, capture_output=True, text=True, timeout=300, env=env, cwd=Path(__file__).parents[2])


@pytest.mark.slow
def test_the_command_prints_the_checks_that_were_asked_for() -> None:
    done = command("--only", "98, 55")
    assert done.returncode == 0, done.stderr
    assert "2 holds, 0 differs, 0 cannot be run" in done.stdout
    assert "steel-chest: 4800" in done.stdout


@pytest.mark.slow
def test_the_command_fails_when_a_figure_is_not_met_and_when_one_is_met_that_should_not_be(tmp_path: Path) -> None:
    file = tmp_path / "checks.yaml"
    entry = (
        "- {id: 99, area: a, scenario: s, expected: {coal: {value: %d}}, source: w, confidence: data, differs: '%s'}\n"
    )
    for value, differs, status, said in (
        (4000, "", 0, ""),
        (4001, "", 1, "expected these checks to hold, they do not: 99"),
        (4001, "known", 0, ""),
        (4000, "known", 1, "these checks hold now"),
    ):
        file.write_text(entry % (value, differs))
        done = command("--checks", str(file))
        assert done.returncode == status, done.stderr
        assert said in done.stderr


def test_the_command_refuses_numbers_it_does_not_know() -> None:
    done = command("--only", "113")
    assert done.returncode == 1
    assert "expected numbers from 1 to 112, got 113" in done.stderr


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
