import math
import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.search.exact import Moments, divided, spread, to_exact, to_float

numbers = st.floats(-1e9, 1e9)


def test_numbers_are_held_as_64_bit_fractions():
    assert to_exact(1.0) == 18_446_744_073_709_551_616
    assert to_exact(-0.75) == -13_835_058_055_282_163_712
    assert to_float(to_exact(0.1)) == 0.1


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -1.1e15])
def test_what_is_no_usable_number_is_refused(wrong):
    with pytest.raises(ValueError, match="at most 1e\\+15"):
        to_exact(wrong)


@given(st.lists(numbers, max_size=20), st.randoms(use_true_random=False))
def test_sums_are_those_of_whole_numbers_in_every_order(values, rng):
    exact = [to_exact(value) for value in values]
    total = sum(exact)
    rng.shuffle(exact)
    assert sum(exact) == total
    true_sum = float(sum(Fraction(each, 2**64) for each in exact))
    assert to_float(total) == true_sum


def test_moments_against_values_worked_out_by_hand():
    moments = Moments()
    for value in (2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0):
        moments.add(to_exact(value))
    assert (moments.count, moments.mean, moments.deviation) == (8, 5.0, 2.0)
    assert spread(8, moments.total, moments.squares) == 32.0
    moments.remove(to_exact(9.0))
    assert moments.mean == pytest.approx(31 / 7)
    assert (Moments().mean, Moments().deviation) == (0.0, 0.0)


def test_a_deviation_far_from_zero_loses_nothing():
    # 1e9 + 1, 2, 3: squares summed as floats would lose the deviation sqrt(2/3) altogether
    moments = Moments()
    for value in (1.0, 2.0, 3.0):
        moments.add(to_exact(1e9 + value))
    assert moments.deviation == pytest.approx(0.816496580927726, rel=1e-12)


@given(st.lists(numbers, min_size=1, max_size=10), st.lists(numbers, max_size=10))
def test_taking_out_undoes_putting_in(kept, passing):
    plain, moments = Moments(), Moments()
    for value in kept:
        plain.add(to_exact(value))
    mixed = [(value, True) for value in kept + passing] + [(value, False) for value in passing]
    for value, comes in sorted(mixed, key=lambda _: random.Random(len(mixed)).random()):
        (moments.add if comes else moments.remove)(to_exact(value))
    assert moments == plain


def test_division_rounds_to_the_nearest():
    assert [divided(total, 3) for total in (0, 1, 2, 3, -1, -2)] == [0, 0, 1, 1, 0, -1]
    assert divided(5, 2) == 3
