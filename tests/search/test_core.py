import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harness.search import CANCELLED, FAILED, POLICIES, ROOT, Outcome, PolicyConfig, Search

ITEMS = ["coal", "iron-ore", "iron-plate", "gear"]
made = st.dictionaries(st.sampled_from(ITEMS), st.floats(0.5, 100), max_size=3)
keys = st.none() | st.sampled_from("abcd")
values = st.floats(-1e6, 1e6) | st.integers(-2, 2).map(float)
outcomes = st.builds(Outcome, values, st.booleans(), keys, made, made, st.floats(0.1, 2))
results = outcomes | st.none()
"""What comes of a trial; `None` if it is cancelled."""
batches = st.lists(st.lists(results, min_size=1, max_size=5), min_size=1, max_size=8)
names = st.sampled_from(sorted(POLICIES))
configs = st.builds(
    PolicyConfig,
    temperature=st.sampled_from([0.01, 1.0, 30.0]),
    widening_factor=st.sampled_from([None, 0.5, 1.0, 3.0]),
    failed_parents=st.booleans(),
    bound=st.sampled_from(["ucb", "puct"]),
    divergence=st.sampled_from(["jensen-shannon", "kullback-leibler"]),
    beam_width=st.integers(1, 3),
    beam_branching=st.integers(1, 2),
)


def finish(search: Search, trial, outcome: Outcome | None) -> None:
    if outcome is None:
        search.cancel(trial)
    else:
        search.tell(trial, outcome)


def run(policy, batches, seed=0, order=None, num_parents=None, config=None) -> Search:
    search = Search(policy, seed, config=config, root_key="a")
    for batch in batches:
        pairs = list(zip(search.ask(len(batch), num_parents=num_parents), batch, strict=True))
        if order is not None:
            order.shuffle(pairs)
        for trial, outcome in pairs:
            finish(search, trial, outcome)
    return search


@settings(max_examples=150, deadline=None)
@given(
    names,
    batches,
    st.integers(0, 2**40),
    st.randoms(use_true_random=False),
    st.sampled_from([None, 1, 2]),
    configs,
)
def test_the_order_of_tells_does_not_matter_and_one_seed_gives_one_tree(
    policy, batches, seed, rng, num_parents, config
):
    first = run(policy, batches, seed, num_parents=num_parents, config=config)
    shuffled = run(policy, batches, seed, order=rng, num_parents=num_parents, config=config)
    assert first.tree.to_bytes() == shuffled.tree.to_bytes()
    assert first.choose() == shuffled.choose()


@settings(max_examples=100, deadline=None)
@given(names, batches, configs)
def test_visits_are_conserved(policy, batches, config):
    tree = run(policy, batches, config=config).tree
    size = tree.num_nodes
    told = [outcome for batch in batches for outcome in batch if outcome is not None]
    assert tree.visits[ROOT] == 1 + len(told)
    assert not tree.in_flight[:size].any()
    for node in range(size):
        own = int(tree.statuses[node] != CANCELLED)
        assert tree.visits[node] == own + sum(tree.visits[tree.children(node)])
        assert tree.sums[node] == pytest.approx(tree.values[node] + sum(tree.sums[tree.children(node)]), abs=1e-6)
        subtree = [other for other in range(size) if node in tree.path(other) and tree.statuses[other] != CANCELLED]
        worked = [tree.values[other] for other in subtree if tree.statuses[other] != FAILED]
        assert tree.bests[node] == max(worked, default=-np.inf)
        if subtree:
            expected = np.var(tree.values[subtree]) * len(subtree)
            assert tree.spreads[node] == pytest.approx(expected, rel=1e-6, abs=1e-3)


@settings(max_examples=100, deadline=None)
@given(names, batches, configs)
def test_only_nodes_that_may_grow_are_chosen(policy, batches, config):
    search = run(policy, batches, config=config)
    for trial in search.ask(3):
        status = search.tree.statuses[trial.parent]
        assert status == 1 or (status == FAILED and config.failed_parents)


@settings(max_examples=60, deadline=None)
@given(names, batches, st.integers(0, 7))
def test_a_search_given_its_past_goes_on_as_the_one_that_had_it(policy, batches, cut):
    whole = run(policy, batches, seed=5)
    resumed = Search(policy, 5, root_key="a")
    past = [outcome for batch in batches[:cut] for outcome in batch]
    for node, outcome in enumerate(past, 1):
        finish(resumed, resumed.branch(int(whole.tree.parents[node])), outcome)
    for batch in batches[cut:]:
        for trial, outcome in zip(resumed.ask(len(batch)), batch, strict=True):
            finish(resumed, trial, outcome)
    assert whole.tree.digest() == resumed.tree.digest()


acts = st.lists(
    st.tuples(
        st.sampled_from(["branch", "branch", "end", "end", "choose"]),
        st.integers(0, 50),
        results | st.builds(Outcome, values, st.just(True), st.sampled_from("bc")),
    ),
    max_size=60,
)
"""What happens to a search, in turn, with the number of the node it happens to and, at its end, its result."""


def lived(policy, acts, config):
    """A search to which all this happened, the parents of its trials in order, and their results by node."""
    search = Search(policy, 3, config=config, root_key="a")
    trials, waiting, told = [], [], {}
    for act, number, result in acts:
        if act == "branch":
            node = number % search.tree.num_nodes
            if search.tree.statuses[node] != CANCELLED:
                waiting.append(search.branch(node))
                trials.append(waiting[-1])
        elif act == "end" and waiting:
            trial = waiting.pop(number % len(waiting))
            told[trial.node] = result
            finish(search, trial, result)
        elif act == "choose":
            search.choose()
    return search, [trial.parent for trial in trials], told


LOOKED_AT_BETWEEN_TWINS = [("branch", ROOT, None)] * 3 + [
    ("end", 2, Outcome(2.0, state_key="b")),
    ("choose", 0, None),
    ("end", 0, Outcome(0.0, state_key="b")),
    ("end", 0, Outcome(1.0, state_key="b")),
]

LOOKED_AT_WHEN_NONE_HAD_ROOM = [
    ("choose", 0, None),
    *[("branch", ROOT, None)] * 2,
    ("choose", 0, None),
    ("end", 1, Outcome(0.0, worked=False)),
]


@pytest.mark.parametrize("policy", sorted(POLICIES))
@settings(max_examples=60, deadline=None)
@given(acts, configs)
@example(LOOKED_AT_BETWEEN_TWINS, PolicyConfig())
@example(LOOKED_AT_WHEN_NONE_HAD_ROOM, PolicyConfig(temperature=0.01, widening_factor=0.5, failed_parents=True))
def test_a_choice_depends_on_the_tree_and_not_on_when_it_was_looked_at_while_it_grew(policy, acts, config):
    search, parents, told = lived(policy, acts, config)
    fresh = Search(policy, 3, config=config, root_key="a")
    for trial in [fresh.branch(parent) for parent in parents]:
        if trial.node in told:
            finish(fresh, trial, told[trial.node])
    assert search.tree.digest() == fresh.tree.digest()
    # a trial more moves both on to another stream of chance
    for _ in range(8):
        assert search.choose() == fresh.choose()
        search.branch(ROOT)
        fresh.branch(ROOT)


def test_telling_again_changes_nothing_and_telling_otherwise_is_refused():
    search = Search(seed=1)
    (trial,) = search.ask(1)
    search.tell(trial, Outcome(3.0))
    search.tell(trial, Outcome(3.0))
    assert search.tree.visits[ROOT] == 2
    with pytest.raises(ValueError, match="told before"):
        search.tell(trial, Outcome(4.0))


def test_a_cancelled_trial_gives_its_virtual_loss_back_and_is_never_told_nor_continued():
    search = Search("latest", seed=1)
    (trial,) = search.ask(1)
    assert search.tree.in_flight[ROOT] == 1
    search.cancel(trial)
    search.cancel(trial)
    assert (search.tree.in_flight[ROOT], search.tree.visits[ROOT]) == (0, 1)
    assert search.tree.statuses[trial.node] == CANCELLED
    assert search.choose() == ROOT
    with pytest.raises(ValueError, match="cancelled"):
        search.tell(trial, Outcome(1.0))
    with pytest.raises(ValueError, match="cancelled"):
        search.branch(trial.node)
    (told,) = search.ask(1)
    search.tell(told, Outcome(1.0))
    with pytest.raises(ValueError, match="was told"):
        search.cancel(told)


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


@pytest.mark.parametrize("policy", sorted(POLICIES))
def test_pending_nodes_are_never_continued(policy):
    search = Search(policy, seed=3)
    assert {trial.parent for trial in search.ask(30)} == {ROOT}


@pytest.mark.parametrize("policy", sorted(POLICIES))
def test_choosing_says_what_asking_would_do_and_changes_nothing(policy):
    search = run(policy, [[Outcome(float(i + j)) for j in range(3)] for i in range(5)])
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


def test_results_that_are_no_numbers_are_refused_and_leave_the_trial_waiting():
    search = Search()
    (trial,) = search.ask(1)
    for value in (float("nan"), float("inf"), 1e16):
        with pytest.raises(ValueError, match="finite number"):
            search.tell(trial, Outcome(value))
    with pytest.raises(ValueError, match="prior"):
        Outcome(1.0, prior=0.0)
    search.tell(trial, Outcome(2.0))
    assert search.tree.sums[ROOT] == 2.0


def test_trials_of_another_search_are_refused():
    search, other = Search(), Search("latest")
    for trial in other.ask(3):
        other.tell(trial, Outcome(1.0))
    (foreign,) = other.ask(1)
    with pytest.raises(ValueError, match="handed out"):
        search.tell(foreign, Outcome(1.0))
    with pytest.raises(ValueError, match="expected a node in"):
        search.branch(5)
