import math
import random

import numpy as np
import pytest

from harness.search import ROOT, Outcome
from harness.search.policies.thompson import Prior, draws, sample_mean
from tests.search.growing import grown, shares

PRIOR = Prior(0.0, 1.0, 1.0, 1.0)


def test_a_draw_against_values_worked_out_by_hand():
    # results 2, 4, 6: n 3, sum 12, D 8. kappa' 4, nu' 4, m' 3; nu' tau'^2 = 1 + 8 + 1 * 3 / 4 * 16 = 21, tau'^2 5.25
    assert sample_mean(3.0, 12.0, 8.0, PRIOR, 0.5, 0.0) == 3.0
    # u = 1/16: u^(-2/4) = 4, t = sqrt(4 * 3) = 3.464102; sqrt(5.25 / 4) = 1.145644; 3 + 3.968627
    assert sample_mean(3.0, 12.0, 8.0, PRIOR, 1 / 16, 1.0) == pytest.approx(6.968627, abs=1e-6)
    assert sample_mean(3.0, 12.0, 8.0, PRIOR, 1 / 16, -0.5) == pytest.approx(3 - 1.984313, abs=1e-6)


def test_without_results_a_draw_is_the_priors():
    # kappa 2, nu 3, tau^2 5: u = 1/8: u^(-2/3) = 4, t = sqrt(9) = 3; 7 + 3 * sqrt(5 / 2)
    assert sample_mean(0.0, 0.0, 0.0, Prior(7.0, 2.0, 3.0, 5.0), 1 / 8, 1.0) == pytest.approx(7 + 4.743416, abs=1e-6)


def test_many_draws_are_the_single_ones():
    num, total, squares = np.array([0.0, 3.0]), np.array([0.0, 12.0]), np.array([0.0, 8.0])
    together = sample_mean(num, total, squares, PRIOR, np.array([0.3, 0.6]), np.array([0.5, -0.9]))
    alone = [sample_mean(0.0, 0.0, 0.0, PRIOR, 0.3, 0.5), sample_mean(3.0, 12.0, 8.0, PRIOR, 0.6, -0.9)]
    assert together == pytest.approx(alone)


def test_draws_are_students():
    # quartiles of Student's t with 4 degrees of freedom are -0.7407 and 0.7407
    rng = random.Random(5)
    zero = np.zeros(4000)
    drawn = sample_mean(zero, zero, zero, Prior(0.0, 1.0, 4.0, 1.0), *draws(rng, 4000))
    assert np.quantile(drawn, [0.25, 0.5, 0.75]) == pytest.approx([-0.7407, 0.0, 0.7407], abs=0.05)


def test_radii_are_even_and_above_zero_and_angles_are_even():
    radii, cosines = draws(random.Random(1), 4000)
    assert (radii.min() > 0, radii.max() <= 1) == (True, True)
    assert radii.mean() == pytest.approx(0.5, abs=0.02)
    # the quartiles of the cosine of an even angle: cos(135 degrees), 0, cos(45 degrees)
    assert np.quantile(cosines, [0.25, 0.5, 0.75]) == pytest.approx([-(0.5**0.5), 0.0, 0.5**0.5], abs=0.05)


def test_it_goes_deeper_where_that_paid_and_wide_where_it_did_not():
    # children earn 0, what continues them 10; and the other way round
    deep = grown("thompson", [(ROOT, 0.0)] * 3 + [(1, 10.0)] * 12, widening_factor=math.inf)
    wide = grown("thompson", [(ROOT, 10.0)] * 3 + [(1, 0.0)] * 12, widening_factor=math.inf)
    assert shares(deep, 400)[ROOT] < 0.15
    assert shares(wide, 400)[ROOT] > 0.6


def test_it_enters_the_better_child():
    results = [(ROOT, 9.0), (ROOT, 0.0)] + [(1, 9.0)] * 5 + [(2, 0.0)] * 5
    search = grown("thompson", results, widening_factor=1.0, widening_exponent=0.0)
    chosen = shares(search, 400)
    assert sum(chosen[3:8]) > 0.8


def test_few_and_many_children_are_compared_alike():
    # 40 children with one result each, one of them far better: entered most often either way
    results = [(ROOT, 0.0)] * 39 + [(ROOT, 8.0)]
    many = shares(grown("thompson", results, widening_factor=1.0, widening_exponent=0.0), 400)
    few = shares(grown("thompson", results[-12:], widening_factor=1.0, widening_exponent=0.0), 400)
    assert many.index(max(many)) == 40
    assert few.index(max(few)) == 12


def test_a_world_that_is_known_to_be_poor_is_poor_wherever_it_is_met():
    # both children of the root earned 5, but what continued the world of 2, from elsewhere, earned nothing
    results = [(ROOT, 5.0), (ROOT, Outcome(5.0, state_key="w")), (ROOT, 0.0), (3, Outcome(5.0, state_key="w"))]
    results += [(4, -20.0)] * 12
    search = grown("thompson", results, widening_factor=1.0, widening_exponent=0.0)
    chosen = shares(search, 400)
    assert chosen[1] > 5 * chosen[2]
