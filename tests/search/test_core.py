import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.search import FAILED, POLICIES, ROOT, Outcome, PolicyConfig, Search, Tree

outcomes = st.builds(Outcome, st.floats(-1e6, 1e6), st.booleans())
batches = st.lists(st.lists(outcomes, min_size=1, max_size=5), min_size=1, max_size=8)
names = st.sampled_from(sorted(POLICIES))


def same(left: Tree, right: Tree) -> bool:
    size = left.num_nodes
    arrays = ("parents", "depths", "statuses", "values", "visits", "in_flight", "sums", "bests", "num_children")
    return size == right.num_nodes and all(
        np.array_equal(getattr(left, name)[:size], getattr(right, name)[:size]) for name in arrays
    )


def run(policy, batches, seed=0, order=None, num_parents=None) -> Search:
    search = Search(policy, seed)
    for batch in batches:
        pairs = list(zip(search.ask(len(batch), num_parents=num_parents), batch, strict=True))
        if order is not None:
            order.shuffle(pairs)
        for trial, outcome in pairs:
            search.tell(trial, outcome)
    return search


@settings(max_examples=60, deadline=None)
@given(names, batches, st.integers(0, 2**40), st.randoms(use_true_random=False), st.sampled_from([None, 1, 2]))
def test_the_order_of_tells_does_not_matter_and_one_seed_gives_one_tree(policy, batches, seed, rng, num_parents):
    first = run(policy, batches, seed, num_parents=num_parents)
    shuffled = run(policy, batches, seed, order=rng, num_parents=num_parents)
    assert same(first.tree, shuffled.tree)


@settings(max_examples=60, deadline=None)
@given(names, batches)
def test_visits_are_conserved(policy, batches):
    tree = run(policy, batches).tree
    size = tree.num_nodes
    assert tree.visits[ROOT] == size == 1 + sum(map(len, batches))
    assert not tree.in_flight[:size].any()
    for node in range(size):
        assert tree.visits[node] == 1 + sum(tree.visits[tree.children(node)])
        assert tree.sums[node] == pytest.approx(tree.values[node] + sum(tree.sums[tree.children(node)]))
        subtree = [other for other in range(size) if node in tree.path(other)]
        worked = [tree.values[other] for other in subtree if tree.statuses[other] != FAILED]
        assert tree.bests[node] == max(worked, default=-np.inf)


@settings(max_examples=40, deadline=None)
@given(names, batches, st.integers(0, 7))
def test_a_search_given_its_past_goes_on_as_the_one_that_had_it(policy, batches, cut):
    whole = run(policy, batches, seed=5)
    resumed = Search(policy, 5)
    past = sum(map(len, batches[:cut]))
    told = [outcome for batch in batches[:cut] for outcome in batch]
    for node in range(1, past + 1):
        resumed.tell(resumed.branch(int(whole.tree.parents[node])), told[node - 1])
    for batch in batches[cut:]:
        for trial, outcome in zip(resumed.ask(len(batch)), batch, strict=True):
            resumed.tell(trial, outcome)
    assert same(whole.tree, resumed.tree)


def test_telling_again_changes_nothing_and_telling_otherwise_is_refused():
    search = Search(seed=1)
    (trial,) = search.ask(1)
    search.tell(trial, Outcome(3.0))
    search.tell(trial, Outcome(3.0))
    assert search.tree.visits[ROOT] == 2
    with pytest.raises(ValueError, match="told before"):
        search.tell(trial, Outcome(4.0))


def test_failed_nodes_are_in_the_tree_but_not_continued():
    search = Search("uniform", seed=3)
    for trial in search.ask(20):
        search.tell(trial, Outcome(50.0, worked=False))
    assert {trial.parent for trial in search.ask(20)} == {ROOT}
    assert search.tree.num_nodes == 41
    assert search.tree.values[1] == 0.0


def test_failed_nodes_are_continued_when_asked_for():
    search = Search("uniform", seed=3, config=PolicyConfig(failed_parents=True))
    for trial in search.ask(20):
        search.tell(trial, Outcome(50.0, worked=False))
    assert len({trial.parent for trial in search.ask(20)}) > 1


def test_pending_nodes_are_never_continued():
    search = Search("uniform", seed=3)
    assert {trial.parent for trial in search.ask(30)} == {ROOT}


def test_choosing_says_what_asking_would_do_and_changes_nothing():
    search = run("softmax", [[Outcome(float(i + j)) for j in range(3)] for i in range(5)])
    size = search.tree.num_nodes
    chosen = search.choose()
    assert search.choose() == chosen
    assert search.tree.num_nodes == size
    assert search.ask(1)[0].parent == chosen


def test_one_parent_for_a_whole_batch():
    search = Search("uniform", seed=3)
    for trial in search.ask(10):
        search.tell(trial, Outcome(1.0))
    assert len({trial.parent for trial in search.ask(8, num_parents=1)}) == 1
    parents = [trial.parent for trial in search.ask(8, num_parents=2)]
    assert parents == parents[:2] * 4


def test_adding_an_iteration_does_not_change_the_ones_before():
    batches = [[Outcome(float(i + j)) for j in range(3)] for i in range(5)]
    short, long = run("softmax", batches[:3], seed=9).tree, run("softmax", batches, seed=9).tree
    assert long.parents[: short.num_nodes].tolist() == short.parents[: short.num_nodes].tolist()


@pytest.mark.parametrize(("n", "num_parents"), [(0, None), (3, 0)])
def test_counts_below_one_are_refused(n, num_parents):
    with pytest.raises(ValueError, match="at least 1"):
        Search().ask(n, num_parents=num_parents)


def test_a_cancelled_trial_leaves_no_trace_in_the_counts():
    search = Search("uct")
    kept, given_up = search.ask(2)
    search.tell(kept, Outcome(1.0))
    search.cancel(given_up)
    assert search.tree.in_flight[: search.tree.num_nodes].tolist() == [0, 0, 0]
    assert search.tree.visits[: search.tree.num_nodes].tolist() == [2, 1, 0]
    assert given_up.node not in [search.choose() for _ in range(5)]
    with pytest.raises(ValueError, match="pending"):
        search.cancel(given_up)
