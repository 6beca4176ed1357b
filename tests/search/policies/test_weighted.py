import pytest

from harness.search import ROOT
from harness.search.policies.weighted import compression_at, weight
from tests.search.growing import grown, shares


def test_the_schedule_against_values_worked_out_by_hand():
    # (sin(2 pi t / 200) + 1) / 2 at a quarter, half, three quarters and a twelfth of the period
    assert [compression_at(step, 200) for step in (0, 50, 100, 150, 250)] == pytest.approx([0.5, 1.0, 0.5, 0.0, 1.0])
    assert compression_at(1, 12) == pytest.approx(0.75)


def test_weights_against_values_worked_out_by_hand():
    # tanh(1) = 0.761594, tanh(0.5) = 0.462117
    assert [weight(score, 1.0) for score in (1.0, 0.0, -1.0)] == pytest.approx([0.880798, 0.500001, 0.119204], abs=1e-6)
    assert weight(1.0, 0.5) == pytest.approx(0.7310595, abs=1e-6)
    assert weight(-1e9, 1.0) == pytest.approx(1e-6)


def test_nodes_are_drawn_in_these_proportions():
    # values 0 (root), 1, 2: z = -1.224745, 0, 1.224745; tanh 0.840996; weights 0.079502, 0.5, 0.920498
    search = grown("weighted", [(ROOT, 1.0), (1, 2.0)], compression=1.0)
    assert shares(search) == pytest.approx([0.0530, 0.3333, 0.6137], abs=0.02)


def test_at_the_bottom_of_the_schedule_all_are_drawn_alike():
    # 12 nodes are three quarters of a period of 16, where the compression is 0
    search = grown("weighted", [(ROOT, float(value)) for value in range(11)], period=16)
    assert search.tree.num_nodes == 12
    assert shares(search) == pytest.approx([1 / 12] * 12, abs=0.02)


def test_equal_values_are_drawn_alike():
    assert shares(grown("weighted", [(ROOT, 0.0)] * 3), 2000) == pytest.approx([0.25] * 4, abs=0.03)
