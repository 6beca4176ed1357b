import math
import random
from dataclasses import replace

import anyio
import pytest

from harness.core.errors import ConfigError, ModelError, ServerError
from harness.evaluation import FactorioEvaluator
from harness.search import ROOT, PolicyConfig, policy_named
from harness.variants import MCTS, VARIANTS, ChunkedMCTS
from tests.evaluation.toy import ToyState, toy_worlds
from tests.variants.play import Diary, make, play, shape
from tests.variants.toy_model import ToyModel, fenced

EVERY = pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS.keys())
DIG = "mine(10)\nbuild(2)\n"


def test_the_best_come_first_and_carry_their_counts():
    search = make(seed=4)
    best = play(search)
    values = [program.value for program in best]
    assert values == sorted(values, reverse=True)
    assert values[0] > 0
    assert all(program.status == "ok" and program.visits >= 1 for program in best)
    assert search.tree.visits[ROOT] == len(search.programs) == 1 + 6 * 3


@EVERY
@pytest.mark.parametrize("lookahead", [0, 2])
def test_one_seed_gives_one_tree_whatever_the_timing(variant, lookahead):
    rng = random.Random(3)
    slow = ToyModel(delay=lambda request: rng.random() / 50)
    first = make(variant, seed=7, lookahead=lookahead)
    second = make(variant, slow, seed=7, slots=5, lookahead=lookahead)
    play(first)
    play(second)
    assert shape(first) == shape(second)
    other = make(variant, seed=8, lookahead=lookahead)
    play(other)
    assert shape(other) != shape(first)


@EVERY
def test_programs_are_announced_in_ask_order_and_are_the_nodes(variant):
    diary = Diary()
    search = make(variant, seed=1, observers=[diary])
    play(search)
    assert [program.id for program in diary.programs] == [program.id for program in search.programs]
    places = [(program.iteration, program.sample) for program in diary.programs[1:]]
    assert places == sorted(places)
    nodes = {program.id: search.node_of(program) for program in search.programs}
    assert sorted(nodes.values()) == list(range(len(search.programs)))
    for program in search.programs[1:]:
        assert search.tree.parents[nodes[program.id]] == nodes[program.parent_id]
        assert search.tree.depths[nodes[program.id]] == program.depth


@EVERY
def test_a_resumed_search_ends_in_the_tree_of_an_uninterrupted_one(variant):
    whole = make(variant, seed=5)
    play(whole)
    for cut in (0, 1, 4, 9, len(whole.programs)):
        diary = Diary()
        resumed = make(variant, seed=5, observers=[diary])
        resumed.resume(whole.programs[:cut])
        play(resumed)
        assert shape(resumed) == shape(whole)
        assert diary.replayed == [True] * cut + [False] * (len(whole.programs) - cut)
        assert replace(resumed.spend, wall_s=0) == replace(whole.spend, wall_s=0)


@pytest.mark.parametrize("variant", [MCTS, ChunkedMCTS])
def test_resuming_neither_asks_nor_runs_again_what_is_on_record(variant):
    whole = make(variant, seed=5)
    play(whole)
    model, worlds = ToyModel(), toy_worlds(4)
    resumed = make(variant, model, worlds=worlds, seed=5)
    resumed.resume(whole.programs)
    play(resumed)
    assert model.requests == []
    assert all(world.log == [] for world in worlds)


def test_records_of_another_world_are_refused():
    other = make()
    play(other, 1)
    search = make()
    foreign = replace(other.programs[0], id="somewhere else")
    with pytest.raises(ConfigError, match="resume"):
        search.resume([foreign])


def test_a_later_call_goes_on():
    once, twice = make(seed=2), make(seed=2)
    play(once, 6)
    play(twice, 2)
    play(twice, 4)
    assert shape(once) == shape(twice)


def test_values_reach_the_root():
    search = make(model=ToyModel(programs=[DIG]), policy="latest")
    play(search, 3, 1)
    assert [program.depth for program in search.programs] == [0, 1, 2, 3]
    values = [program.value for program in search.programs]
    assert search.tree.sums[ROOT] == pytest.approx(sum(values))
    assert search.tree.bests[ROOT] == max(values)
    assert search.tree.visits[:4].tolist() == [4, 3, 2, 1]


def test_uct_decides_when_it_is_chosen():
    seen = []

    class Watched:
        def __init__(self, frontier, config) -> None:
            self.inner = policy_named("uct")(frontier, config)

        def select(self, rng):
            seen.append(self.inner.select(rng))
            return seen[-1]

    search, named = make(policy=Watched, seed=3), make(policy="uct", seed=3)
    play(search, 8)
    play(named, 8)
    assert shape(search) == shape(named)
    assert len(seen) == 8
    chosen = [search.programs[node].id for node in seen]
    asked = dict.fromkeys((p.iteration, p.parent_id) for p in search.programs[1:])
    assert [parent for _, parent in asked] == chosen
    assert any(node != ROOT for node in seen)


@pytest.mark.parametrize("options", [{"failed_parents": True}, {"policy_config": PolicyConfig(failed_parents=True)}])
def test_failed_programs_are_continued_when_asked_for_either_way(options):
    fails = "mine(1)\nbuild(90)\n"
    search = make(model=ToyModel(programs=[fails]), policy="latest", **options)
    play(search, 3, 1)
    assert [program.depth for program in search.programs] == [0, 1, 2, 3]
    only_works = make(model=ToyModel(programs=[fails]), policy="latest")
    play(only_works, 3, 1)
    assert [program.depth for program in only_works.programs] == [0, 1, 1, 1]


def test_a_child_starts_from_its_parents_world_and_is_told_of_it():
    model = ToyModel(programs=[DIG])
    search = make(model=model, policy="latest")
    play(search, 2, 1)
    first, second = search.programs[1:]
    assert second.state.tick == first.state.tick + 600 + 600
    # 2 drills dig before, 4 after: what the first built earns for the holdout too
    assert second.reward - second.holdout_reward == second.value == 10 + 14 + 20
    (system, start, reply, told) = [message.content for message in model.requests[1].messages]
    assert "Entities: none" in start
    assert reply == fenced(DIG)
    assert "Inventory: iron-ore=20" in told
    assert "drill at (1, 0), facing right, status working" in told
    assert "Machines make a minute: iron-ore=120" in told
    assert "mine, build, sleep, print" in system


def test_faults_are_told_to_those_who_continue_a_failed_program():
    model = ToyModel(programs=["print('so far')\nbuild(4)\n"])
    search = make(model=model, policy="latest", failed_parents=True)
    play(search, 2, 1)
    told = model.requests[1].messages[-1].content
    assert "Error at line 2: ValueError: expected 20 ore, found 0" in told
    assert told.startswith("Output:\n\tso far\nError at line 2")


def test_failed_programs_are_nodes_but_not_parents():
    search = make(model=ToyModel(programs=["build(4)\n"]), policy="uniform")
    assert play(search, 5, 2) == []
    assert {program.status for program in search.programs[1:]} == {"error"}
    assert {program.parent_id for program in search.programs[1:]} == {search.programs[0].id}


def test_a_reply_without_code_is_a_failed_node():
    search = make(model=ToyModel(script={"program": lambda request: "I would rather not."}))
    assert play(search, 1, 2) == []
    assert [program.status for program in search.programs[1:]] == ["no_code", "no_code"]
    assert "```python" in search.programs[1].error
    assert search.programs[1].output_tokens > 0


def test_a_model_that_fails_once_costs_one_sample():
    diary = Diary()
    model = ToyModel()
    model.fail = lambda request: len(model.requests) == 2
    search = make(model=model, observers=[diary])
    play(search, 2, 3)
    assert [program.status for program in search.programs].count("model_error") == 1
    assert len(search.programs) == 7
    assert sum(call.reply is None for call in diary.calls) == 1


def test_a_model_out_of_reach_ends_the_search_and_leaves_no_trace():
    diary = Diary()
    model = ToyModel()
    model.fail = lambda request: len(model.requests) > 3
    search = make(model=model, observers=[diary])
    with pytest.raises(ModelError, match="out of order"):
        play(search, 5, 3)
    assert len(diary.programs) == 4
    assert not any(program.status == "model_error" for program in diary.programs)


def test_a_lost_server_ends_the_search_with_what_came_before_it_on_record():
    diary = Diary()
    order = iter(["mine(1)\n", "mine(2)\n", "earthquake()\n", "mine(4)\n"])
    search = make(model=ToyModel(script={"program": lambda request: fenced(next(order))}), slots=4, observers=[diary])
    with pytest.raises(ServerError, match="shook"):
        play(search, 1, 4)
    assert [program.code for program in diary.programs[1:]] == ["mine(1)\n", "mine(2)\n"]


def test_an_observer_that_cannot_write_stops_the_search():
    class Full(Diary):
        def on_program(self, program, *, replayed):
            if program.parent_id:
                raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        play(make(observers=[Full()]))


@pytest.mark.parametrize(
    ("n", "samples", "timeout"), [(-1, 1, 1), (1, 0, 1), (1, 1, 0), (1.5, 1, 1), (1, 2.5, 1), (1, 1, math.nan)]
)
def test_unusable_numbers_are_refused(n, samples, timeout):
    with pytest.raises(ConfigError, match="search"):
        anyio.run(make().search, n, samples, timeout)


def test_a_program_that_changes_nothing_shares_the_world_of_the_root():
    start = ToyState(drills=1)
    evaluator = FactorioEvaluator(toy_worlds(2), accrual_ticks=0)
    model = ToyModel(programs=["print(1)\n", "sleep(60)\n"])
    search = MCTS(model, evaluator, start, api_reference="sleep, print")
    play(search, 4, 2)
    same = [search.node_of(program) for program in search.programs[1:] if program.state == start]
    other = [search.node_of(program) for program in search.programs[1:] if program.state.tick > start.tick]
    assert same and other
    representative = search.tree.worlds.representative
    assert {representative(node) for node in same} == {representative(0)}
    assert representative(0) not in {representative(node) for node in other}
