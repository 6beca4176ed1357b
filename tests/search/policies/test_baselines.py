import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.core.errors import ConfigError
from harness.search import PENDING, POLICIES, ROOT, WORKED, Outcome, PolicyConfig, Search, policy_named
from tests.search.growing import grown, shares


def test_root_latest_and_uniform():
    results = [(ROOT, 1.0), (1, 2.0), (ROOT, Outcome(7.0, worked=False))]
    assert grown("root", results).choose() == ROOT
    assert grown("latest", results).choose() == 2
    assert shares(grown("uniform", results)) == pytest.approx([1 / 3] * 3 + [0], abs=0.03)


def test_latest_takes_the_newest_with_room():
    search = grown("latest", [(ROOT, 1.0), (1, 2.0)], widening_factor=1.0, widening_exponent=0.0)
    search.branch(2)
    assert search.choose() == ROOT  # 2 is full, 1 is, and so is the root, which is what is left
    assert grown("latest", [(ROOT, 1.0), (ROOT, 2.0), (2, 3.0)], widening_factor=1.0).choose() == 3


def test_an_unknown_policy_is_refused_with_the_known_ones():
    with pytest.raises(ConfigError, match="softmax, uct, diversity"):
        policy_named("ucb")


@pytest.mark.parametrize("name", sorted(set(POLICIES) - {"root"}))
@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from([0.3, 1.0, 1.5, 4.0]),
    st.sampled_from([0.0, 0.5, 1.0]),
    st.lists(st.tuples(st.integers(-3, 3), st.sampled_from(["worked", "failed", "cancelled"])), max_size=60),
)
def test_children_stay_within_the_bound_whatever_the_policy(name, factor, exponent, results):
    # results are told before the next is asked for; in flight is the trial itself
    search = Search(name, config=PolicyConfig(widening_factor=factor, widening_exponent=exponent))
    for value, ending in results:
        (trial,) = search.ask(1)
        tree = search.tree
        seen = tree.visits[trial.parent] + tree.in_flight[trial.parent]
        alive = [child for child in tree.children(trial.parent) if tree.statuses[child] in (PENDING, WORKED)]
        assert len(alive) <= max(1, factor * seen**exponent + 1e-6)
        if ending == "cancelled":
            search.cancel(trial)
        else:
            search.tell(trial, Outcome(float(value), worked=ending == "worked"))
