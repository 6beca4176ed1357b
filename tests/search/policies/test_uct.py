import math

import numpy as np
import pytest

from harness.search import ROOT, Outcome
from harness.search.policies.uct import puct_scores, uct_scores
from tests.search.growing import grown


def test_scores_against_values_worked_out_by_hand():
    # n = 4 (3 told, 1 in flight) and 2; N = 7, ln 7 = 1.945910
    scores = uct_scores(np.array([2.4, 1.0]), np.array([3, 2]), np.array([1, 0]), 7, 1.41)
    # 0.6 + 1.41 * sqrt(0.4864775), 0.5 + 1.41 * sqrt(0.972955)
    assert scores == pytest.approx([1.583448, 1.890803], abs=1e-5)


def test_scores_with_priors_against_values_worked_out_by_hand():
    # n = 4 and 2; N = 9; priors 1 and 3 so 0.25 and 0.75; 0.6 + 2 * 0.25 * 3 / 5, 0.5 + 2 * 0.75 * 3 / 3
    scores = puct_scores(np.array([2.4, 1.0]), np.array([3, 2]), np.array([1, 0]), np.array([1.0, 3.0]), 9, 2.0)
    assert scores == pytest.approx([0.9, 2.0])


def test_it_goes_by_what_was_backed_up_not_by_the_childs_own_value():
    # child 1 is poor itself but its descendants are rich; child 2 the other way round: sums 11/2 and 9/3
    results = [(ROOT, 1.0), (ROOT, 9.0), (1, 10.0), (2, 0.0), (2, 0.0)]
    search = grown("uct", results, exploration_constant=0.0, widening_factor=1.0, widening_exponent=0.0)
    assert search.choose() == 3


def test_it_explores_the_less_visited_when_told_to():
    results = [(ROOT, 9.0), (ROOT, 5.0), (1, 9.0), (1, 9.0)]
    narrow = {"widening_factor": 1.0, "widening_exponent": 0.0}
    assert grown("uct", results, exploration_constant=0.0, **narrow).choose() in (3, 4)
    assert grown("uct", results, exploration_constant=10.0, **narrow).choose() == 2


def test_it_follows_priors_when_told_to():
    results = [(ROOT, Outcome(5.0, prior=0.1)), (ROOT, Outcome(5.0, prior=0.9))]
    narrow = {"widening_factor": 1.0, "widening_exponent": 0.0}
    assert grown("uct", results, bound="puct", **narrow).choose() == 2
    assert grown("uct", results, **narrow).choose() == 1


def test_it_widens_before_it_goes_down():
    assert grown("uct", [(ROOT, 5.0)], widening_factor=2.0).choose() == ROOT
    assert grown("uct", [(ROOT, 5.0)], widening_factor=0.5).choose() == 1


def test_it_widens_unless_it_is_told_not_to():
    # by default 2 * sqrt(N): after 5 visits 4 children, so a fifth only after 7
    search = grown("uct", [(ROOT, 1.0)] * 4)
    assert search.choose() != ROOT
    assert grown("uct", [(ROOT, 1.0)] * 4, widening_factor=math.inf).choose() == ROOT


def test_virtual_loss_turns_the_next_choice_elsewhere():
    search = grown("uct", [(ROOT, 5.0), (ROOT, 5.0)], widening_factor=1.0, widening_exponent=0.0)
    assert search.choose() == 1
    search.branch(1)
    assert search.choose() == 2


def test_it_is_the_same_whatever_the_scale_of_values():
    results = [(ROOT, 3.0), (ROOT, 5.0), (1, 4.0), (2, -2.0), (2, 1.0)]
    narrow = {"widening_factor": 1.0, "widening_exponent": 0.0}
    large = [(parent, 1e4 * value) for parent, value in results]
    assert grown("uct", results, **narrow).choose() == grown("uct", large, **narrow).choose()


def test_a_child_is_judged_by_all_that_is_known_of_its_world():
    # children 1 and 2 look alike, but in the world of 2 node 5, elsewhere, earned much
    results = [(ROOT, 5.0), (ROOT, Outcome(5.0, state_key="w")), (ROOT, 0.0), (3, Outcome(5.0, state_key="w"))]
    narrow = {"exploration_constant": 0.0, "widening_factor": 1.0, "widening_exponent": 0.0}
    assert grown("uct", [*results, (4, 90.0)], **narrow).choose() == 2
    assert grown("uct", [*results, (1, 90.0)], **narrow).choose() == 5
