import pytest

from harness.search import ROOT, Outcome, PolicyConfig, Search
from tests.search.growing import grown


def test_layer_by_layer_the_best_are_continued():
    # two wide, two children each: four in a layer
    search = Search("beam", config=PolicyConfig(beam_width=2, beam_branching=2))
    values = [5.0, 1.0, 9.0, 3.0, 2.0, 8.0, 7.0, 1.0, 0.0]
    parents = []
    for value in values:
        (trial,) = search.ask(1)
        parents.append(trial.parent)
        search.tell(trial, Outcome(value))
    # the best two of the first layer are 3 (9.0) and 1 (5.0), in turn; of the second 6 (8.0) and 7 (7.0)
    assert parents == [ROOT] * 4 + [3, 1, 3, 1, 6]


def test_results_in_flight_spread_a_batch_over_the_beam():
    search = grown("beam", [(ROOT, 5.0), (ROOT, 1.0), (ROOT, 9.0), (ROOT, 3.0)], beam_width=2, beam_branching=2)
    assert [trial.parent for trial in search.ask(4)] == [3, 1, 3, 1]


def test_a_layer_in_which_nothing_works_is_not_gone_down_to():
    bad = Outcome(0.0, worked=False)
    results = [(ROOT, 5.0), (ROOT, 1.0), (1, bad), (2, bad), (1, bad), (2, bad)]
    assert grown("beam", results, beam_width=2, beam_branching=1).choose() in (1, 2)


def test_a_beam_holds_a_world_once():
    same = [(ROOT, Outcome(9.0, state_key="w")), (ROOT, Outcome(9.0, state_key="w")), (ROOT, 3.0), (ROOT, 2.0)]
    search = grown("beam", same, beam_width=2, beam_branching=2)
    assert [trial.parent for trial in search.ask(4)] == [1, 3, 1, 3]


@pytest.mark.parametrize("width", [1, 3])
def test_a_beam_goes_ever_deeper(width):
    search = Search("beam", config=PolicyConfig(beam_width=width, beam_branching=2))
    for step in range(10 * 2 * width):
        (trial,) = search.ask(1)
        search.tell(trial, Outcome(float(step)))
    assert search.tree.depths[: search.tree.num_nodes].max() == 10
