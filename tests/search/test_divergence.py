import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.search import Profile
from harness.search.divergence import NO_ROW, Profiles, jensen_shannon, kullback_leibler

ONE_ROW = np.zeros(2, np.int64)
amounts = st.dictionaries(st.sampled_from(["coal", "stone", "gear", "pipe"]), st.floats(0.01, 1e4), max_size=4)
profiles = st.builds(Profile, amounts, amounts)


def test_jensen_shannon_against_values_worked_out_by_hand():
    # P = (1/2, 1/2, 0), Q = (1/4, 1/4, 1/2), so M = (3/8, 3/8, 1/4):
    # KL(P|M) = log2(4/3) = 0.415037; KL(Q|M) = 1/2 log2(2/3) + 1/2 log2(2) = -0.292481 + 0.5
    found = jensen_shannon(ONE_ROW, np.array([0.5, 0.5]), np.array([0.25, 0.25]), 1)
    assert found == pytest.approx([(0.415037 + 0.207519) / 2], abs=1e-6)
    assert jensen_shannon(ONE_ROW, np.array([0.5, 0.5]), np.array([0.5, 0.5]), 1) == pytest.approx([0.0])
    assert jensen_shannon(ONE_ROW, np.array([0.5, 0.5]), np.zeros(2), 1) == pytest.approx([1.0])


def test_smoothed_kullback_leibler_against_values_worked_out_by_hand():
    # V = 2, s = 1: P = (1, 0) becomes (3/4, 1/4), Q = (1/2, 1/2) stays: 3/4 log2(3/2) + 1/4 log2(1/2)
    found = kullback_leibler(
        np.zeros(1, np.int64), np.array([1.0]), np.array([0.5]), 1, whole=np.array([0.5, 0.5]), smoothing=1.0
    )
    assert found == pytest.approx([0.75 * 0.5849625 - 0.25], abs=1e-6)


def reference_of(*included: Profile, divergence="jensen-shannon") -> Profiles:
    table = Profiles(divergence, 1e-3)
    for profile in included:
        table.include(table.add(profile))
    table.settle()
    return table


def test_by_hand_and_by_machine_are_different_things():
    table = reference_of(Profile({"coal": 3.0}, {}))
    row = table.add(Profile({}, {"coal": 3.0}))
    assert table.divergences(row, row + 1) == pytest.approx([1.0])
    assert table.divergences(0, 1) == pytest.approx([0.0])


def test_every_program_counts_alike_towards_the_reference():
    # Q is the mean of (1, 0) and (1/4, 3/4), so (5/8, 3/8), although one made a thousand times as much
    table = reference_of(Profile({"coal": 9.0}, {}), Profile({"coal": 1e3, "stone": 3e3}, {}))
    row = table.add(Profile({"coal": 5.0, "stone": 3.0}, {}))
    assert table.divergences(row, row + 1) == pytest.approx([0.0], abs=1e-12)


def test_a_program_that_made_nothing_has_no_row():
    assert reference_of().add(Profile({}, {"coal": 0.0})) == NO_ROW


@pytest.mark.parametrize("divergence", ["jensen-shannon", "kullback-leibler"])
def test_a_share_too_small_for_a_number_is_none(divergence):
    table = Profiles(divergence, 1e-3)
    for made in ({"coal": 1e300, "wood": 1e-300}, {"coal": 1.0}):
        table.include(table.add(Profile(made, {})))
    table.settle()
    assert table.divergences(0, 2).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("divergence", ["jensen-shannon", "kullback-leibler"])
@given(st.lists(profiles, min_size=1, max_size=6))
def test_divergences_are_bounded_and_alike_one_by_one_and_together(divergence, made):
    made = [profile for profile in made if profile.static or profile.dynamic]
    table = Profiles(divergence, 1e-3)
    for profile in made:
        table.include(table.add(profile))
    table.settle()
    together = table.divergences(0, len(made))
    assert np.all(together >= 0)
    assert np.all(together <= (1 if divergence == "jensen-shannon" else 64))
    alone = [table.divergences(row, row + 1)[0] for row in range(len(made))]
    assert together.tolist() == alone


@given(st.lists(profiles, min_size=2, max_size=6))
def test_the_order_of_programs_does_not_matter(made):
    made = [profile for profile in made if profile.static or profile.dynamic]
    forth = reference_of(*made).divergences(0, len(made))
    back = reference_of(*reversed(made)).divergences(0, len(made))
    assert forth.tolist() == back[::-1].tolist()
