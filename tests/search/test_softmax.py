import math
import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.search.softmax import SoftmaxSampler, softmax_probabilities, softmax_rate

DRAWS = 4000


def sampler_of(values) -> SoftmaxSampler:
    sampler = SoftmaxSampler()
    for leaf, value in enumerate(values):
        sampler[leaf] = value
    return sampler


def drawn(sampler: SoftmaxSampler, rate: float, size: int) -> list[float]:
    rng = random.Random(11)
    counts = Counter(sampler.draw(rng, rate) for _ in range(DRAWS))
    return [counts[leaf] / DRAWS for leaf in range(size)]


@pytest.mark.parametrize("rate", [0.0, 0.3, 1.0, 1.0905, 3.7])
def test_leaves_are_drawn_in_proportion_whatever_the_rate(rate):
    values = [0.0, 1.0, 1.5, -2.0]
    weights = [math.exp(rate * value) for value in values]
    expected = [weight / sum(weights) for weight in weights]
    assert drawn(sampler_of(values), rate, 4) == pytest.approx(expected, abs=0.03)


def test_values_far_from_zero_and_far_apart_are_no_trouble():
    assert drawn(sampler_of([1e9, 1e9 + 1]), 1.0, 2) == pytest.approx([0.2689, 0.7311], abs=0.03)
    assert drawn(sampler_of([-1e12, 0.0, 1e12]), 1.0, 3) == [0, 0, 1]
    assert drawn(sampler_of([-5e3, -5e3, -6e3]), 1e3, 3) == pytest.approx([0.5, 0.5, 0], abs=0.03)


def test_leaves_that_are_taken_out_are_not_drawn():
    sampler = sampler_of([5.0, 1.0])
    sampler[0] = -math.inf
    assert drawn(sampler, 1.0, 2) == [0, 1]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 90), st.floats(-100, 100)), min_size=1, max_size=40),
    st.lists(st.floats(0.001, 1000), min_size=1, max_size=8),
    st.integers(0, 2**30),
)
def test_what_is_drawn_depends_on_values_and_rate_alone(leaves, rates, seed):
    worn = SoftmaxSampler()
    for number, (leaf, value) in enumerate(leaves):
        worn[leaf] = value
        worn.draw(random.Random(number), rates[number % len(rates)])
    final = dict(leaves)
    fresh = sampler_of([final.get(leaf, -math.inf) for leaf in range(91)])
    filled = SoftmaxSampler()
    filled.fill(np.array([final.get(leaf, -math.inf) for leaf in range(91)]))
    for rate in rates:
        expected = fresh.draw(random.Random(seed), rate)
        assert worn.draw(random.Random(seed), rate) == expected
        assert filled.draw(random.Random(seed), rate) == expected


def test_the_rate_of_standardised_values():
    values = np.array([1.0, 2.0, 3.0])
    assert softmax_rate(0.8164965809, 3.0, 2.0) == pytest.approx(0.6123724357)
    assert softmax_rate(1e-8, 1e9, 1.0) == 0.0
    rate = softmax_rate(float(values.std()), 3.0, 1.0)
    assert drawn(sampler_of(values), rate, 3) == pytest.approx(softmax_probabilities(values, 1.0).tolist(), abs=0.03)
