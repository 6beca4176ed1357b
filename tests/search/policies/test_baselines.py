import pytest

from harness.core.errors import ConfigError
from harness.search import POLICIES, ROOT, Outcome, PolicyConfig, Search, policy_named
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
def test_children_stay_within_the_bound_whatever_the_policy(name):
    # k * N ** a with k = 1.5, a = 0.5, results told before the next is asked for
    search = Search(name, config=PolicyConfig(widening_factor=1.5))
    for step in range(150):
        (trial,) = search.ask(1)
        seen = search.tree.visits[trial.parent] + search.tree.in_flight[trial.parent]
        alive = [child for child in search.tree.children(trial.parent) if search.tree.statuses[child] != 2]
        assert len(alive) <= max(1, int(1.5 * seen**0.5))
        search.tell(trial, Outcome(float(step % 7), worked=step % 5 != 0))
