import math
import random
from collections import Counter

import numpy as np
import pytest

from harness.core.errors import ConfigError
from harness.search import POLICIES, ROOT, PolicyConfig, Tree, make_policy, softmax_probabilities, uct_scores
from harness.search.policies import continuable, max_children


def settled(parents_values: list[tuple[int, float]]) -> Tree:
    tree = Tree.planted()
    for parent, value in parents_values:
        tree.settle(tree.add(parent), value, worked=True)
    return tree


def candidates(tree: Tree):
    return continuable(tree, failed_parents=False)


def test_softmax_against_values_worked_out_by_hand():
    # 1, 2, 3: mean 2, deviation sqrt(2/3), z = -1.224745, 0, 1.224745; e^z = 0.293833, 1, 3.403294
    expected = [0.293833 / 4.697127, 1 / 4.697127, 3.403294 / 4.697127]
    assert softmax_probabilities(np.array([1.0, 2.0, 3.0]), 1.0) == pytest.approx(expected, rel=1e-5)
    # temperature 2 halves z: e^(z/2) = 0.542064, 1, 1.844803
    expected = [0.542064 / 3.386867, 1 / 3.386867, 1.844803 / 3.386867]
    assert softmax_probabilities(np.array([1.0, 2.0, 3.0]), 2.0) == pytest.approx(expected, rel=1e-5)


def test_softmax_knows_neither_scale_nor_offset():
    values = np.array([0.0, 3.0, -1.0, 7.5])
    assert softmax_probabilities(1e6 * values - 40, 0.7) == pytest.approx(softmax_probabilities(values, 0.7))


def test_softmax_of_equal_values_is_uniform_and_of_a_tiny_temperature_greedy():
    assert softmax_probabilities(np.full(4, 1e9), 1.0) == pytest.approx([0.25] * 4)
    assert softmax_probabilities(np.array([0.0, 1.0]), 1e-3) == pytest.approx([0.0, 1.0])


def test_softmax_draws_in_its_proportions():
    tree = settled([(ROOT, 1.0), (ROOT, 2.0)])
    policy = make_policy("softmax")
    rng = random.Random(7)
    drawn = Counter(policy.select(tree, candidates(tree), rng) for _ in range(4000))
    expected = softmax_probabilities(np.array([0.0, 1.0, 2.0]), 1.0)
    assert [drawn[node] / 4000 for node in range(3)] == pytest.approx(expected.tolist(), abs=0.03)


def test_uct_scores_against_values_worked_out_by_hand():
    # n = 4 (3 told, 1 in flight) and 2; N = 7, ln 7 = 1.945910
    scores = uct_scores(np.array([2.4, 1.0]), np.array([3, 2]), np.array([1, 0]), 7, 1.41)
    assert scores == pytest.approx([2.4 / 4 + 1.41 * math.sqrt(1.945910 / 4), 0.5 + 1.41 * math.sqrt(1.945910 / 2)])


def test_widening_limit():
    assert [max_children(visits, 2.0, 0.5) for visits in (0, 1, 4, 9, 10)] == [1, 2, 4, 6, 6]
    assert max_children(50, 3.0, 0.0) == 3


def uct(**config: float):
    return make_policy("uct", PolicyConfig(**config))


def test_uct_goes_by_what_was_backed_up_not_by_the_childs_own_value():
    # child 1 is poor itself but its descendants are rich; child 2 the other way round
    tree = settled([(ROOT, 1.0), (ROOT, 9.0), (1, 10.0), (2, 0.0), (2, 0.0)])
    policy = uct(exploration_constant=0.0, widening_factor=1.0, widening_exponent=0.0)
    rng = random.Random(0)
    # sums: child 1 11/2, child 2 9/3; below child 1 is only node 3, which may be widened
    assert policy.select(tree, candidates(tree), rng) == 3


def test_uct_explores_the_less_visited_when_told_to():
    tree = settled([(ROOT, 9.0), (ROOT, 5.0), (1, 9.0), (1, 9.0)])
    greedy = uct(exploration_constant=0.0, widening_factor=1.0, widening_exponent=0.0)
    curious = uct(exploration_constant=10.0, widening_factor=1.0, widening_exponent=0.0)
    assert greedy.select(tree, candidates(tree), random.Random(0)) in (3, 4)
    assert curious.select(tree, candidates(tree), random.Random(0)) == 2


def test_uct_widens_before_it_goes_down():
    tree = settled([(ROOT, 5.0)])
    assert uct(widening_factor=2.0, widening_exponent=0.5).select(tree, candidates(tree), random.Random(0)) == ROOT
    assert uct(widening_factor=0.5, widening_exponent=0.5).select(tree, candidates(tree), random.Random(0)) == 1


def test_uct_virtual_loss_turns_the_next_choice_elsewhere():
    tree = settled([(ROOT, 5.0), (ROOT, 5.0)])
    policy = uct(widening_factor=1.0, widening_exponent=0.0)
    assert policy.select(tree, candidates(tree), random.Random(0)) == 1
    tree.add(1)
    assert policy.select(tree, candidates(tree), random.Random(0)) == 2


def test_uct_is_the_same_whatever_the_scale_of_values():
    shape = [(ROOT, 3.0), (ROOT, 5.0), (1, 4.0), (2, -2.0), (2, 1.0)]
    policy = uct(widening_factor=1.0, widening_exponent=0.0)
    small = settled(shape)
    large = Tree.planted(root_value=-7000.0)
    for parent, value in shape:
        large.settle(large.add(parent), 1e4 * value - 7000.0, worked=True)
    choices = [policy.select(tree, candidates(tree), random.Random(0)) for tree in (small, large)]
    assert choices[0] == choices[1]


def test_baselines():
    tree = settled([(ROOT, 1.0), (1, 2.0)])
    assert make_policy("root").select(tree, candidates(tree), random.Random(0)) == ROOT
    assert make_policy("latest").select(tree, candidates(tree), random.Random(0)) == 2
    drawn = Counter(make_policy("uniform").select(tree, candidates(tree), random.Random(s)) for s in range(3000))
    assert [drawn[node] / 3000 for node in range(3)] == pytest.approx([1 / 3] * 3, abs=0.04)


def test_every_policy_chooses_a_candidate():
    tree = settled([(ROOT, 1.0), (1, 2.0), (ROOT, -3.0)])
    tree.settle(tree.add(2), 9.0, worked=False)
    for name in POLICIES:
        assert make_policy(name).select(tree, candidates(tree), random.Random(1)) in candidates(tree)


@pytest.mark.parametrize(
    "wrong", [{"temperature": 0.0}, {"exploration_constant": -1.0}, {"widening_exponent": 1.5}, {"widening_factor": 0}]
)
def test_unusable_settings_are_refused(wrong):
    with pytest.raises(ConfigError, match="expected"):
        PolicyConfig(**wrong)


def test_an_unknown_policy_is_refused_with_the_known_ones():
    with pytest.raises(ConfigError, match="softmax, uct"):
        make_policy("ucb")
