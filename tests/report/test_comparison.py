import csv
import io
import json
from dataclasses import replace

import numpy as np
import pytest

from harness.core.errors import RecordError
from harness.records import ProgramRecord, RunWriter, Summary, Timing, prepare_run
from harness.report import anytime
from harness.report.comparison import digest, paired
from harness.report.values import RunValue, Step, read_run, to_csv, value_at
from harness.report.versus import to_json, to_markdown
from harness.tasks import find_task, parse_task

GEAR = find_task("iron_gear_wheel_throughput")


def run(method: str, seed: int, value: float, success: bool | None = None, task: str = "dig") -> RunValue:
    return RunValue(
        method=method,
        task=task,
        seed=seed,
        has_quota=success is not None,
        value=value,
        success=success,
        samples=4,
        ticks=7200,
        tokens=10,
        usd=0.5,
        steps=(Step(1, 3600, 4, 0.1, 2.0, value / 2), Step(4, 7200, 10, 0.5, 3.0, value)),
        price_profile="reference",
    )


def versus(first: list[float], second: list[float], task: str = "dig") -> list[RunValue]:
    return [run("a", seed, value, task=task) for seed, value in enumerate(first)] + [
        run("b", seed, value, task=task) for seed, value in enumerate(second)
    ]


def test_a_method_is_better_where_the_interval_of_the_paired_difference_excludes_0():
    worlds = [10.0, 200.0, 3000.0, 40.0, 500.0, 6000.0]
    ahead = [value + 5 + index / 10 for index, value in enumerate(worlds)]
    (section,) = digest(versus(ahead, worlds), ["a", "b"], []).sections
    duels = {(duel.first, duel.second): duel for duel in section.duels}
    assert duels["a", "b"].verdict == "better"
    assert duels["b", "a"].verdict == "worse"
    assert duels["a", "b"].difference.value == pytest.approx(5.25)
    (section,) = digest(versus([1.0, 5.0] * 4, [5.0, 1.0] * 4), ["a", "b"], ["b"]).sections
    (mixed,) = section.duels
    assert mixed.verdict == "not told apart"


def test_who_played_longer_is_held_against_the_other_at_equal_ticks_too():
    last = Step(5, 9000, 12, 0.6, 4.0, 12.0)
    longer = [replace(run("a", seed, 12.0), ticks=9000, steps=(*run("a", 0, 10.0).steps, last)) for seed in range(6)]
    (section,) = digest([*longer, *versus([], [11.0] * 6)], ["a", "b"], []).sections
    ahead, behind = section.duels
    assert (ahead.difference.value, ahead.at_equal_ticks.value) == (1, -1)
    assert behind.at_equal_ticks == (1, 1, 1)


def test_a_run_that_reached_its_goal_is_held_against_all_the_other_one_came_to():
    done = [replace(run("a", seed, 1.0, success=True), steps=(Step(1, 3600, 4, 0.1, 2.0, 1.0),)) for seed in range(6)]
    late = [run("b", seed, 0.5, success=False) for seed in range(6)]
    (section,) = digest([*done, *late], ["a", "b"], ["b"]).sections
    assert section.duels[0].at_equal_ticks == (0.5, 0.5, 0.5)


@pytest.mark.parametrize("num_seeds", [1, 2, 5])
def test_no_claim_is_made_of_so_few_pairs_that_chance_alone_would_make_it(num_seeds):
    worlds = [float(seed) for seed in range(num_seeds)]
    runs = versus([value + 5 for value in worlds], worlds)
    (section,) = digest(runs, ["a", "b"], ["b"]).sections
    assert section.duels[0].difference == (5, 5, 5)
    assert section.duels[0].verdict == "too few seeds"


def test_only_seeds_that_all_methods_have_are_counted():
    runs = [*versus([1.0, 2.0, 3.0], [1.0, 2.0]), run("a", 0, 9.0, task="other")]
    (section,) = digest(runs, ["a", "b"], []).sections
    assert section.title == "dig"
    assert [row.num_runs for row in section.rows] == [2, 2]
    assert section.seeds == {"dig": [0, 1]}
    assert len(paired(runs, ["a", "b"])) == 4
    assert digest(runs[3:4], ["a", "b"], []).sections == ()


def test_tasks_of_one_unit_are_told_together_too_by_their_mean():
    near = versus([1.0, 2.0, 3.0, 4.0], [0.0, 1.0, 2.0, 3.0], task="near")
    far = versus([103.0, 104.0, 105.0], [100.0, 101.0, 102.0], task="far")
    lab = [run(method, seed, 1.0, success=True, task="lab") for method in "ab" for seed in range(2)]
    comparison = digest([*near, *far, *lab], ["a", "b"], ["b"])
    assert [section.title for section in comparison.sections] == ["near", "far", "lab", "All 2 tasks without one"]
    together = comparison.sections[-1]
    assert together.tasks == ("near", "far")
    # Each task counts alike, whatever the number of its seeds: (2.5 + 104) / 2, (1 + 3) / 2.
    assert together.rows[0].mean.value == pytest.approx(53.25)
    (duel,) = together.duels
    assert duel.difference == pytest.approx((2, 2, 2))
    # Near: of 16 pairs of 1..4 and 0..3 ten are won and three tie; far: always.
    assert duel.improvement.value == pytest.approx(((10 + 1.5) / 16 + 1) / 2)
    assert duel.verdict == "better"
    assert "Value: production score, price profile `reference`; mean over tasks;" in to_markdown(comparison)


def test_many_tasks_of_one_seed_each_claim_nothing_and_have_no_intervals():
    runs = [run for index in range(24) for run in versus([9.0], [1.0 + index / 24], task=f"task {index}")]
    together = digest(runs, ["a", "b"], ["b"]).sections[-1]
    assert together.duels[0].verdict == "too few seeds"
    text = to_markdown(digest(runs, ["a", "b"], ["b"]))
    assert " to " not in text
    assert "| a | 24 | 9.00 | 9.00 |" in text


def test_tables_say_what_was_spent_and_how_values_are_counted():
    runs = [run("a", seed, 1.0, success=True) for seed in range(6)] + [
        run("b", s, 0.25, success=False) for s in range(6)
    ]
    comparison = digest(runs, ["a", "b"], ["b"])
    text = to_markdown(comparison)
    assert "share of the quota" in text
    row = "| a | 6 | 1.00 (1.00 to 1.00) | 1.00 (1.00 to 1.00) | 100 % (50 to 100) | 100 % (k = 3) | 4 | 7,200 | 10 | "
    assert f"{row}$0.50 |" in text
    assert "| a | b | 0.75 (0.75 to 0.75) | 0.75 (0.75 to 0.75) | 100 % (100 to 100) | better |" in text
    single = to_markdown(digest(versus([1.0], [2.0]), ["a", "b"], []))
    assert "price profile `reference`" in single
    assert "| a | 1 | 1.00 | 1.00 | 4 |" in single  # One run has no interval.
    plain = json.loads(json.dumps(to_json(comparison)))["sections"][0]
    assert plain["duels"][0]["difference"] == [0.75, 0.75, 0.75]
    assert (plain["unit"], plain["seeds"]) == ("share of the quota", {"dig": [0, 1, 2, 3, 4, 5]})
    assert plain["methods"][1]["pass_at"]["6"] == 0
    assert len(to_csv(runs).splitlines()) == 13


@pytest.mark.parametrize(
    ("budget", "places", "values"),
    [
        ("samples", [0.0, 1.0, 3.9, 4.0, 9.0], [0, 4, 4, 8, 8]),
        ("ticks", [3599.0, 3600.0], [0, 4]),
        ("tokens", [3.0, 4.0, 10.0], [0, 4, 8]),
        ("usd", [0.0, 0.1, 0.5], [0, 4, 8]),
        ("wall_s", [1.0, 2.5, 3.0], [0, 4, 8]),
    ],
)
def test_the_anytime_curve_steps_where_the_best_was_found(budget, places, values):
    assert value_at(run("a", 0, 8.0), np.array(places), budget).tolist() == values


def test_curves_against_every_budget_are_drawn_and_written_as_numbers(tmp_path):
    runs = [run("a", 0, 8.0), run("a", 1, 4.0), run("b", 0, 1.0), run("b", 1, 1.0)]
    assert anytime.write_anytime(runs, anytime.SPENT, "dig", "score", tmp_path / "spent.png")
    assert anytime.write_anytime(runs, anytime.CLOCK, "dig", "score", tmp_path / "clock.png")
    assert (tmp_path / "spent.png").read_bytes().startswith(b"\x89PNG")
    rows = list(csv.DictReader(io.StringIO(anytime.to_csv(runs, anytime.SPENT))))
    assert {row["budget"] for row in rows} == {"samples", "ticks", "tokens", "usd"}
    ends = {(row["budget"], row["method"]): row for row in rows}
    assert {float(row["mean"]) for (_, method), row in ends.items() if method == "a"} == {6}
    assert (ends["usd", "a"]["spent"], ends["usd", "a"]["low"], ends["usd", "a"]["high"]) == ("0.5", "4", "8")
    (clock,) = {row["budget"] for row in csv.DictReader(io.StringIO(anytime.to_csv(runs, anytime.CLOCK)))}
    assert clock == "wall_s"


def test_a_budget_of_which_nothing_was_spent_or_is_known_has_no_curve(tmp_path):
    free = [run("a", 0, 8.0), run("b", 0, 8.0)]
    steps = (Step(1, 0, 5, 0.0, None, 1.0), Step(2, 0, 9, 0.0, 7.0, 2.0))
    free = [RunValue(**{name: getattr(each, name) for name in RunValue.__slots__} | {"steps": steps}) for each in free]
    assert anytime.curves(free, "samples")
    for budget in ("ticks", "usd", "wall_s"):
        assert not anytime.curves(free, budget)
    assert not anytime.write_anytime(free, anytime.CLOCK, "dig", "score", tmp_path / "clock.png")
    assert not (tmp_path / "clock.png").exists()


def written(tmp_path, metas, **changes):
    """A folder with a root and a node for each further meta, and what is read of it."""
    folder = prepare_run(tmp_path / "seed-000")
    writer = RunWriter(folder)
    for index, meta in enumerate(metas):
        writer.write_program(record(index, meta).model_copy(update=changes if index else {}))
    budget = {name: {"limit": None, "spent": 7} for name in ("samples", "ticks")}
    writer.write_summary(summary(budget))
    return folder


def test_a_run_below_its_quota_counts_as_one_that_did_not_reach_it(tmp_path):
    verdict = {"quota": 16.0, "throughput": 4.0, "success": False, "unmet": []}
    played = {"evaluation": {"accrual_ticks": 3600}}
    # the second one lost a race, so its window was cut short
    cut = {"evaluation": {"accrual_ticks": 900}}
    metas = ({}, played | {"task": verdict}, cut | {"task": verdict | {"throughput": 2.0}})
    timing = Timing(wall_s=1.0, at_s=2.5)
    folder = written(tmp_path, metas, input_tokens=30, output_tokens=12, cost_usd=0.25, timing=timing)
    read = read_run(folder, method="a", task=GEAR, seed=0)
    assert (read.task, read.value, read.success) == ("iron_gear_wheel_throughput", 0.25, False)
    assert read.steps[-1] == Step(2, 3700 + 1000, 84, 0.5, 2.5, 0.25)


def test_a_run_of_which_no_program_ever_ran_did_not_reach_its_goal_and_counts(tmp_path):
    folder = written(tmp_path, ({}, {}), status="no_code", score=None)
    read = read_run(folder, method="a", task=GEAR, seed=0)
    assert (read.has_quota, read.success, read.value) == (True, False, 0)
    assert read.steps[-1].usd is None  # The reply's price is not known.


@pytest.mark.parametrize("lost", ["summary.json", "programs.jsonl"])
def test_a_run_whose_records_are_gone_is_named(tmp_path, lost):
    folder = written(tmp_path, ({}, {}))
    (folder.root / lost).unlink()
    with pytest.raises(
        RecordError, match=f"seed-000: expected a finished run with all its records, found none in {lost}"
    ):
        read_run(folder, method="a", task=GEAR, seed=0)


def test_a_goal_without_a_quota_is_told_as_success_and_valued_by_its_score(tmp_path):
    task = parse_task({"goal": "Dig.", "success": {"inventory": {"coal": 9}}}, name="dig", source="x")
    folder = written(tmp_path, ({}, {"task": {"success": True, "unmet": []}}), num_samples=0)
    read = read_run(folder, method="a", task=task, seed=0)
    assert (read.has_quota, read.success, read.value) == (False, True, 900)
    text = to_markdown(digest([read], ["a"], []))
    assert "Value: production score" in text
    assert "| success |" in text


def record(index, meta):
    return ProgramRecord(
        id=str(index),
        parent_id=None if index == 0 else "0",
        index=index,
        iteration=0,
        sample=index,
        chunk=0,
        chunks=1,
        depth=min(index, 1),
        code="",
        status="ok",
        error=None,
        response="",
        value=0.0,
        reward=None,
        holdout_reward=None,
        score=900.0,
        ticks=100 if index else 0,
        static={},
        dynamic={},
        state=None,
        model="m",
        num_samples=min(index, 1),
        input_tokens=0,
        output_tokens=0,
        cost_usd=None,
        num_calls=0,
        shared_messages=0,
        messages=[],
        meta=meta,
    )


def summary(budget):
    return Summary(
        experiment="gear",
        version="seed-000",
        variant="mcts",
        model="m",
        seed=0,
        best_value=None,
        best_program_id=None,
        num_programs=2,
        num_failed=0,
        num_nodes=3,
        best_path=[],
        best_dynamic={},
        budget=budget,
        ticks=7,
        input_tokens=1,
        output_tokens=2,
        cost_usd=0.0,
        price_profile="reference",
        wall_s=1.0,
    )
