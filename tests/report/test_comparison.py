import numpy as np
import pytest

from harness.records import ProgramRecord, RunWriter, Summary, prepare_run
from harness.report.anytime import value_at, write_anytime
from harness.report.comparison import RunValue, digest, read_run, to_csv, to_json, to_markdown


def run(method: str, seed: int, value: float, success: bool | None = None, task: str = "dig") -> RunValue:
    return RunValue(
        method=method,
        task=task,
        seed=seed,
        value=value,
        success=success,
        samples=4,
        ticks=7200,
        tokens=10,
        usd=0.5,
        steps=((1, 3600, value / 2), (4, 7200, value)),
        price_profile="reference",
    )


def versus(first: list[float], second: list[float]) -> list[RunValue]:
    return [run("a", seed, value) for seed, value in enumerate(first)] + [
        run("b", seed, value) for seed, value in enumerate(second)
    ]


def test_a_method_is_better_where_the_interval_of_the_paired_difference_excludes_0():
    worlds = [10.0, 200.0, 3000.0, 40.0, 500.0, 6000.0]
    ahead = [value + 5 + index / 10 for index, value in enumerate(worlds)]
    duels = {(duel.first, duel.second): duel for duel in digest(versus(ahead, worlds), ["a", "b"], []).duels}
    assert duels["a", "b"].verdict == "better"
    assert duels["b", "a"].verdict == "worse"
    assert duels["a", "b"].difference.value == pytest.approx(5.25)
    (mixed,) = digest(versus([1.0, 5.0, 1.0, 5.0], [5.0, 1.0, 5.0, 1.0]), ["a", "b"], ["b"]).duels
    assert mixed.verdict == "not told apart"


def test_only_seeds_that_all_methods_have_are_counted():
    runs = [*versus([1.0, 2.0, 3.0], [1.0, 2.0]), run("a", 0, 9.0, task="other")]
    comparison = digest(runs, ["a", "b"], [])
    assert [row.num_runs for row in comparison.tasks["dig"]] == [2, 2]
    assert "other" not in comparison.tasks


def test_tables_say_what_was_spent_and_how_values_are_counted():
    runs = [run("a", seed, 1.0, success=True) for seed in range(3)] + [
        run("b", s, 0.25, success=False) for s in range(3)
    ]
    comparison = digest(runs, ["a", "b"], ["b"])
    text = to_markdown(comparison)
    assert "share of the quota" in text
    assert "| a | 3 | 1.00 (1.00 to 1.00) | 1.00 | 100 % (0 to 100) | 4 | 7,200 | 10 | $0.50 |" in text
    assert "| a | b | 0.75 (0.75 to 0.75) | 100 % | better |" in text
    assert "price profile `reference`" in to_markdown(digest(versus([1.0], [2.0]), ["a", "b"], []))
    assert to_json(comparison)["duels"][0]["difference"] == [0.75, 0.75, 0.75]
    assert len(to_csv(runs).splitlines()) == 7


def test_the_anytime_curve_steps_where_the_best_was_found(tmp_path):
    curve = value_at(run("a", 0, 8.0), np.array([0.0, 1.0, 3.9, 4.0, 9.0]), "samples")
    assert curve.tolist() == [0, 4, 4, 8, 8]
    assert value_at(run("a", 0, 8.0), np.array([3599.0, 3600.0]), "ticks").tolist() == [0, 4]
    path = tmp_path / "curve.png"
    write_anytime({"a": [run("a", 0, 8.0), run("a", 1, 4.0)], "b": [run("b", 0, 1.0)]}, "dig", "score", path)
    assert path.read_bytes().startswith(b"\x89PNG")


def test_a_run_below_its_quota_counts_as_one_that_did_not_reach_it(tmp_path):
    folder = prepare_run(tmp_path / "seed-000")
    writer = RunWriter(folder)
    verdict = {"quota": 16.0, "throughput": 4.0, "success": False, "unmet": []}
    metas = ({}, {"task": verdict}, {"task": verdict | {"throughput": 2.0}})
    for index, meta in enumerate(metas):
        writer.write_program(record(index, meta))
    budget = {name: {"limit": None, "spent": 7} for name in ("samples", "ticks")}
    writer.write_summary(summary(budget))
    read = read_run(folder, method="a", task="gear", seed=0, accrual_ticks=3600)
    assert (read.value, read.success) == (0.25, False)
    assert read.steps[-1] == (2, 2 * 3700, 0.25)


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
        ticks=100,
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
