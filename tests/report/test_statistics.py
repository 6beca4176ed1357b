import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.report.statistics import (
    interquartile_mean,
    paired_difference,
    pass_at_k,
    probability_of_improvement,
    rule_of_three,
    stratified_bootstrap,
    success_rate,
)

numbers = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=12).map(np.array)


def test_the_interquartile_mean_leaves_a_quarter_out_at_each_end():
    assert interquartile_mean(np.array([100.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, -50.0])) == pytest.approx(3.5)
    assert interquartile_mean(np.array([9.0, 1.0, 2.0])) == pytest.approx(4.0)
    assert interquartile_mean(np.array([[0.0, 1.0, 2.0, 9.0], [0.0, 0.0, 0.0, 0.0]])).tolist() == [1.5, 0.0]


@given(numbers)
def test_an_interquartile_mean_lies_between_the_quartiles(values):
    assert np.min(values) - 1e-6 <= interquartile_mean(values) <= np.max(values) + 1e-6


def test_pass_at_k_against_counting():
    # 5 samples, 2 correct: of the 10 pairs, 3 hold no correct one.
    assert pass_at_k(5, 2, 2) == pytest.approx(0.7)
    assert pass_at_k(5, 2, 1) == pytest.approx(0.4)
    assert pass_at_k(5, 0, 5) == 0
    assert pass_at_k(5, 2, 4) == 1
    with pytest.raises(ValueError, match="pass@k"):
        pass_at_k(5, 6, 1)


def test_a_success_rate_against_published_numbers():
    # Wilson's interval for 10 of 50.
    rate = success_rate(10, 50)
    assert (rate.value, round(rate.low, 4), round(rate.high, 4)) == (0.2, 0.1124, 0.3304)
    assert rule_of_three(30) == pytest.approx(0.1)
    assert success_rate(0, 30) == pytest.approx((0.0, 0.0, 0.1135), abs=1e-3)
    assert success_rate(0, 2).high == 1.0
    assert success_rate(30, 30).low == pytest.approx(1 - 0.1135, abs=1e-3)


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_rate_lies_in_its_interval(case):
    rate = success_rate(*case)
    assert 0 <= rate.low <= rate.value <= rate.high <= 1


def test_probability_of_improvement_against_counting():
    first, second = {"a": np.array([1.0, 3.0]), "b": np.array([5.0])}, {"a": np.array([2.0, 3.0]), "b": np.array([0.0])}
    # a: of 4 pairs one win, one tie; b: always.
    assert probability_of_improvement(first, second).value == pytest.approx((1.5 / 4 + 1) / 2)
    assert probability_of_improvement(second, first).value == pytest.approx(1 - (1.5 / 4 + 1) / 2)


def test_the_interval_of_the_probability_of_improvement_is_that_of_resampled_runs():
    certain = probability_of_improvement({"a": np.array([5.0, 6.0, 7.0])}, {"a": np.array([1.0, 2.0])})
    assert certain == pytest.approx((1, 1, 1))
    rng = np.random.default_rng(3)
    first, second = rng.normal(1, 1, 15), rng.normal(0, 1, 15)
    shares = []
    for _ in range(4000):
        gaps = rng.choice(first, 15)[:, None] - rng.choice(second, 15)[None, :]
        shares.append((gaps > 0).mean())
    estimate = probability_of_improvement({"a": first}, {"a": second})
    assert estimate.low == pytest.approx(np.percentile(shares, 2.5), abs=0.02)
    assert estimate.high == pytest.approx(np.percentile(shares, 97.5), abs=0.02)


@settings(max_examples=30)
@given(numbers, st.floats(-100, 100))
def test_a_bootstrap_interval_moves_with_the_values(values, shift):
    here = stratified_bootstrap({"a": values}, num_resamples=200)
    there = stratified_bootstrap({"a": values + shift}, num_resamples=200)
    for one, other in zip(here, there, strict=True):
        assert other - one == pytest.approx(shift, abs=1e-6)
    assert here.low <= here.value + 1e-9
    assert here.value <= here.high + 1e-9


def test_strata_are_not_mixed():
    # Each task has no spread of its own, so nor has the mean over tasks, however far apart they are.
    assert stratified_bootstrap({"a": np.full(5, 1.0), "b": np.full(5, 101.0)}) == (51.0, 51.0, 51.0)


def test_pairing_takes_out_what_seeds_have_in_common():
    rng = np.random.default_rng(1)
    worlds = rng.normal(0, 100, 12)
    difference = paired_difference({"a": worlds + 3 + rng.normal(0, 1, 12)}, {"a": worlds})
    assert difference.excludes_zero
    assert 2 < difference.low < difference.value < difference.high < 4
    with pytest.raises(ValueError, match="paired"):
        paired_difference({"a": worlds}, {"a": worlds[:3]})


@pytest.mark.slow
def test_intervals_cover_what_they_should():
    rng = np.random.default_rng(7)
    covered = 0
    for trial in range(400):
        strata = {"a": rng.normal(1.0, 2.0, 20), "b": rng.exponential(3.0, 20)}
        estimate = stratified_bootstrap(strata, seed=trial, num_resamples=1000)
        covered += estimate.low <= (1.0 + 3.0) / 2 <= estimate.high
    # A percentile interval over 20 values covers a little less than it says.
    assert 0.89 <= covered / 400 <= 0.98
    assert math.isfinite(estimate.value)


def test_nothing_to_resample_is_refused():
    for strata in ({}, {"a": np.array([])}):
        with pytest.raises(ValueError, match="bootstrap"):
            stratified_bootstrap(strata)
