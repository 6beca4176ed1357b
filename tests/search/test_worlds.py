import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.search import PENDING, ROOT, WORKED, Tree

steps = st.lists(
    st.tuples(st.integers(0, 30), st.floats(-100, 100), st.none() | st.sampled_from("abc"), st.integers(0, 3)),
    max_size=25,
)


def shared(tree: Tree, node: int) -> tuple:
    return tuple(tree.statistics(np.array([node]))[0, :3])


def test_equal_worlds_share_what_is_known_of_them():
    tree = Tree.planted()
    for value, key in ((2.0, "w"), (4.0, "w"), (6.0, "other")):
        tree.settle(tree.add(ROOT), value, worked=True, state_key=key)
    tree.settle(tree.add(2), 9.0, worked=True)
    tree.add(1)
    # below 1: its own 2; below 2: its own 4 and 9; one more is awaited
    assert shared(tree, 1) == shared(tree, 2) == (3, 1, 15.0)
    assert shared(tree, 3) == (1, 0, 6.0)
    assert tree.visits[:4].tolist() == [5, 1, 2, 1]  # what is backed up in the tree itself is not shared
    assert tree.worlds.of(1).members == [1, 2]
    assert tree.worlds.representative(2) == 1
    # deviations of 2, 4, 9 from 5
    assert tree.statistics(np.array([1]))[0, 3] == 26.0


def test_a_result_below_two_nodes_of_a_world_counts_once():
    tree = Tree.planted(state_key="w")
    tree.settle(tree.add(ROOT), 0.0, worked=True, state_key="w")
    tree.settle(tree.add(1), 8.0, worked=True)
    assert shared(tree, ROOT) == shared(tree, 1) == (3, 0, 8.0)


def test_a_parent_told_after_its_child_joins_with_all_below_it():
    tree = Tree.planted()
    parent = tree.add(ROOT)
    child = tree.add(parent)
    tree.settle(child, 5.0, worked=True, state_key="w")
    tree.settle(tree.add(ROOT), 1.0, worked=True, state_key="w")
    assert shared(tree, child) == (2, 0, 6.0)
    tree.settle(parent, 3.0, worked=True, state_key="w")
    assert shared(tree, child) == shared(tree, parent) == (3, 0, 9.0)


@settings(max_examples=150, deadline=None)
@given(steps, st.randoms(use_true_random=False))
def test_a_worlds_results_are_those_of_the_union_of_its_subtrees(steps, rng):
    tree = Tree.planted(state_key="a")
    keys = {ROOT: "a"}
    waiting = []
    for parent, value, key, lag in steps:
        waiting.append((tree.add(parent % tree.num_nodes), value, key))
        rng.shuffle(waiting)
        while len(waiting) > lag:
            node, value, key = waiting.pop()
            tree.settle(node, value, worked=True, state_key=key)
            keys[node] = key
            if rng.random() < 0.3:
                tree.visits  # noqa: B018  (backs up what waits)
    for node, key in keys.items():
        equal = {other for other in keys if other == node or (key is not None and keys[other] == key)}
        below = [other for other in range(tree.num_nodes) if equal & set(tree.path(other))]
        told = [other for other in below if tree.statuses[other] == WORKED]
        visits, in_flight, total = shared(tree, node)
        assert visits == len(told)
        assert in_flight == sum(tree.statuses[other] == PENDING for other in below)
        assert abs(total - sum(tree.values[told])) < 1e-9
