import numpy as np
import pytest

from harness.search import FAILED, NO_PARENT, PENDING, ROOT, WORKED, Tree


def grown() -> Tree:
    tree = Tree.planted()
    for parent in (ROOT, ROOT, 1):
        tree.add(parent)
    return tree


def test_a_planted_tree_is_a_root_that_worked():
    tree = Tree.planted()
    assert (tree.num_nodes, tree.parents[ROOT], tree.statuses[ROOT]) == (1, NO_PARENT, WORKED)
    assert (tree.visits[ROOT], tree.in_flight[ROOT], tree.values[ROOT]) == (1, 0, 0.0)


def test_backup_reaches_the_root_past_the_parent():
    tree = grown()
    tree.settle(3, 12.0, worked=True)
    assert tree.visits[:4].tolist() == [2, 1, 0, 1]
    assert tree.sums[:4].tolist() == [12.0, 12.0, 0.0, 12.0]
    assert tree.bests[:4].tolist() == [12.0, 12.0, -np.inf, 12.0]
    tree.settle(1, 4.0, worked=True)
    assert tree.means().tolist() == [pytest.approx(16 / 3), 8.0, 0.0, 12.0]


def test_a_failed_node_counts_as_a_visit_and_never_as_the_best():
    tree = grown()
    tree.settle(1, 5.0, worked=False)
    assert tree.visits[ROOT] == 2
    assert tree.bests[1] == -np.inf
    assert tree.bests[ROOT] == 0.0
    assert tree.with_status(FAILED).tolist() == [1]
    assert tree.with_status(PENDING).tolist() == [2, 3]


def test_nodes_in_flight_show_on_their_whole_path():
    tree = grown()
    assert tree.in_flight[:4].tolist() == [3, 2, 1, 1]
    tree.settle(3, 1.0, worked=True)
    assert tree.in_flight[:4].tolist() == [2, 1, 1, 0]


def test_growth_keeps_every_array():
    tree = Tree.planted()
    for node in range(1, 300):
        assert tree.add(node - 1) == node
        tree.settle(node, 1.0, worked=True)
    assert tree.depths[299] == 299
    assert tree.sums[ROOT] == 299.0
    assert tree.visits[ROOT] == 300
    assert tree.path(2) == [2, 1, 0]


def test_a_node_is_settled_once_and_with_a_number():
    tree = grown()
    with pytest.raises(ValueError, match="finite"):
        tree.settle(1, float("nan"), worked=True)
    tree.settle(1, 1.0, worked=True)
    with pytest.raises(ValueError, match="pending"):
        tree.settle(1, 2.0, worked=True)


def test_a_long_chain_is_backed_up_at_once():
    tree = Tree.planted()
    for node in range(1, 20_001):
        tree.settle(tree.add(node - 1), float(node % 10), worked=True)
    # results 1 to 9 and 0, two thousand times over
    assert tree.sums[ROOT] == 90_000.0
    assert tree.visits[[ROOT, 1, 20_000]].tolist() == [20_001, 20_000, 1]
    assert tree.mean(19_991) == 4.5
    assert tree.spreads[19_991] == 82.5  # of 0 to 9


def test_children_are_listed_in_order():
    tree = grown()
    tree.add(ROOT)
    assert [tree.children(node).tolist() for node in range(4)] == [[1, 2, 4], [3], [], []]
    assert tree.num_children[:4].tolist() == [3, 1, 0, 0]


def test_a_cancelled_node_leaves_nothing_behind():
    tree = grown()
    tree.cancel(3)
    assert tree.in_flight[:4].tolist() == [2, 1, 1, 0]
    assert (tree.visits[1], tree.bests[1]) == (0, -np.inf)
    with pytest.raises(ValueError, match="settled or cancelled"):
        tree.settle(3, 1.0, worked=True)


def test_trees_are_named_by_their_contents():
    one, other = grown(), grown()
    assert one.digest() == other.digest()
    one.settle(1, 2.0, worked=True)
    one.settle(2, 3.0, worked=True)
    other.settle(2, 3.0, worked=True)
    assert one.digest() != other.digest()
    other.settle(1, 2.0, worked=True)
    assert one.to_bytes() == other.to_bytes()
