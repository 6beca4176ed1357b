import numpy as np
import pytest

from harness.report.anytime import value_at, write_anytime
from harness.report.comparison import RunValue, digest, to_csv, to_json, to_markdown


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
