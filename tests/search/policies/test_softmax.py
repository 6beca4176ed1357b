import numpy as np
import pytest

from harness.search import ROOT, Outcome, softmax_probabilities
from tests.search.growing import grown, shares


def test_probabilities_against_values_worked_out_by_hand():
    # 1, 2, 3: mean 2, deviation sqrt(2/3), z = -1.224745, 0, 1.224745; e^z = 0.293833, 1, 3.403294
    expected = [0.293833 / 4.697127, 1 / 4.697127, 3.403294 / 4.697127]
    assert softmax_probabilities(np.array([1.0, 2.0, 3.0]), 1.0) == pytest.approx(expected, rel=1e-5)
    # temperature 2 halves z: e^(z/2) = 0.542064, 1, 1.844803
    expected = [0.542064 / 3.386867, 1 / 3.386867, 1.844803 / 3.386867]
    assert softmax_probabilities(np.array([1.0, 2.0, 3.0]), 2.0) == pytest.approx(expected, rel=1e-5)


def test_probabilities_know_neither_scale_nor_offset():
    values = np.array([0.0, 3.0, -1.0, 7.5])
    assert softmax_probabilities(1e6 * values - 40, 0.7) == pytest.approx(softmax_probabilities(values, 0.7))


def test_equal_values_are_uniform_and_a_tiny_temperature_is_greedy():
    assert softmax_probabilities(np.full(4, 1e9), 1.0) == pytest.approx([0.25] * 4)
    assert softmax_probabilities(np.array([0.0, 1.0]), 1e-3) == pytest.approx([0.0, 1.0])


def test_nodes_are_drawn_in_these_proportions():
    # values 0 (root), 1, 2: z as above
    search = grown("softmax", [(ROOT, 1.0), (1, 2.0)])
    assert shares(search) == pytest.approx([0.0626, 0.2129, 0.7246], abs=0.02)
    search = grown("softmax", [(ROOT, 1.0), (1, 2.0)], temperature=2.0)
    assert shares(search) == pytest.approx([0.1600, 0.2953, 0.5447], abs=0.02)


def test_nodes_in_equal_worlds_are_drawn_as_one():
    # worlds: root 0, "w" with values 1 and 3 so 2, and 1: as 0, 1, 2 above, the 0.7246 of "w" shared by two
    same = [(ROOT, Outcome(1.0, state_key="w")), (ROOT, Outcome(3.0, state_key="w")), (ROOT, 1.0)]
    search = grown("softmax", same)
    assert shares(search) == pytest.approx([0.0626, 0.3623, 0.3623, 0.2129], abs=0.02)


def test_a_node_without_room_is_left_out_and_comes_back_when_it_is_seen_more():
    # two children are allowed after 4 visits and after 1 one: nodes 1 and 2 get a child, then 1 has no room
    search = grown("softmax", [(ROOT, 1.0), (1, 2.0)], widening_factor=1.0)
    assert shares(search, 300)[1] == 0
    search.tell(search.branch(2), Outcome(1.0))
    search.tell(search.branch(3), Outcome(1.0))
    assert shares(search, 300)[1] > 0
