import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.search.sumtree import MaxTree, SumTree

weights = st.floats(0, 1e6)
settings_of_leaves = st.lists(st.tuples(st.integers(0, 300), weights), min_size=1, max_size=60)


def test_a_point_finds_the_leaf_whose_share_it_lies_in():
    tree = SumTree([1.0, 0.0, 2.0, 0.5])
    assert tree.total == 3.5
    found = [tree.find(point) for point in (0.0, 0.999, 1.0, 2.999, 3.0, 3.499)]
    assert found == [0, 0, 2, 2, 3, 3]
    assert tree.find(3.5) == 3  # rounding may put a point on the end


def test_leaves_come_and_go():
    tree = SumTree()
    tree[1000] = 2.0
    tree[3] = 1.0
    assert (tree.total, tree[1000], tree[3], tree[5], tree[10**6]) == (3.0, 2.0, 1.0, 0.0, 0.0)
    assert (tree.find(0.5), tree.find(1.5)) == (3, 1000)
    tree[3] = 0.0
    assert (tree.total, tree.find(0.0)) == (2.0, 1000)


@given(settings_of_leaves, st.randoms(use_true_random=False))
def test_the_order_of_settings_leaves_no_trace(leaves, rng):
    final = dict(leaves)
    one, other = SumTree(), SumTree()
    for leaf, weight in leaves:
        one[leaf] = weight
    shuffled = list(final.items())
    rng.shuffle(shuffled)
    for leaf, weight in shuffled:
        other[leaf] = weight
    filled = SumTree([final.get(leaf, 0.0) for leaf in range(max(final) + 1)])
    assert one.total == other.total == filled.total
    if one.total:
        points = [share / 16 * one.total for share in range(16)]
        assert [one.find(point) for point in points] == [filled.find(point) for point in points]
        assert all(final.get(one.find(point), 0) > 0 for point in points)


@given(settings_of_leaves)
def test_the_greatest_is_known(leaves):
    tree = MaxTree()
    final = {}
    for leaf, value in leaves:
        tree[leaf] = final[leaf] = value
        assert tree.greatest == max(final.values())
    for leaf in list(final):
        tree[leaf] = -np.inf
        del final[leaf]
        assert tree.greatest == max(final.values(), default=-np.inf)


def test_a_tree_made_at_once_is_the_same():
    values = np.array([3.0, -1.0, 7.0])
    tree = MaxTree(values)
    assert (tree.greatest, tree[1], tree[5]) == (7.0, -1.0, -np.inf)
    assert tree.leaves()[:3] == pytest.approx(values)
