import random

import pytest

from harness.evaluation import Racing
from harness.variants import MCTS, ChunkedMCTS
from tests.variants.play import make, play, shape
from tests.variants.toy_model import ToyModel

PROGRAMS = ["mine(20)\nbuild(4)\n", "mine(10)\nbuild(2)\n", "mine(1)\n", "mine(5)\nbuild(1)\n"]


def raced(variant, seed=None, **options):
    rng = random.Random(seed)
    delay = None if seed is None else lambda request: rng.random() / 50
    search = make(variant, ToyModel(programs=PROGRAMS, delay=delay), racing=Racing(), policy="root", **options)
    play(search, 8, 3)
    return search


@pytest.mark.parametrize("variant", [MCTS, ChunkedMCTS])
def test_a_search_stops_candidates_that_lose_against_earlier_children_of_their_parent(variant):
    search = raced(variant, lookahead=1)
    stopped = [program for program in search.programs if program.status == "stopped"]
    assert stopped
    assert all(program.iteration > 0 for program in stopped), "the first batch has nobody to race against"
    assert all(search.tree.visits[search.node_of(program)] == 1 for program in stopped), "and none is continued"
    best = max((program for program in search.programs[1:] if program.status == "ok"), key=lambda each: each.reward)
    assert all(program.reward < best.reward for program in stopped)


def test_what_races_come_to_does_not_depend_on_timing():
    trees = [shape(raced(MCTS, seed, lookahead=2, slots=slots)) for seed, slots in ((1, 2), (2, 4), (3, 1))]
    assert trees[0] == trees[1] == trees[2]
    assert any("stopped" in row for row in trees[0])


@pytest.mark.parametrize("variant", [MCTS, ChunkedMCTS])
def test_a_candidate_that_is_stopped_costs_the_ticks_that_were_played(variant):
    search = raced(variant)
    windows = [program.meta["evaluation"]["accrual_ticks"] for program in search.programs[1:]]
    assert sorted(set(windows)) == [150, 600], "three checkpoints: a race is lost after a quarter of 600 ticks"
    played = sum(program.ticks for program in search.programs[1:])
    assert search.spend.ticks == played + sum(windows)
    again = make(variant, ToyModel(programs=PROGRAMS), racing=Racing(), policy="root")
    again.resume(search.programs)
    play(again, 8, 3)
    assert again.spend.ticks == search.spend.ticks
