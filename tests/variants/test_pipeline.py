import random
from collections import Counter
from dataclasses import replace

import anyio
import pytest

from harness.core.errors import ConfigError, ServerError
from harness.search import ROOT
from harness.tasks import parse_task
from harness.variants import MCTS, VARIANTS, Budget, ChunkedMCTS, PlanningMCTS
from tests.evaluation.toy import toy_worlds
from tests.variants.play import Diary, make, play
from tests.variants.toy_model import ToyModel, fenced

TREES = pytest.mark.parametrize("variant", [MCTS, ChunkedMCTS, PlanningMCTS])
DIG = "mine(10)\nbuild(2)\n"


def slow_model(seed: int, **options) -> ToyModel:
    rng = random.Random(seed)
    return ToyModel(delay=lambda request: rng.random() / 50, **options)


@pytest.mark.parametrize("lookahead", [0, 1, 3])
def test_a_choice_lags_exactly_as_far_behind_as_it_may(lookahead):
    search = make(model=ToyModel(programs=[DIG]), policy="latest", lookahead=lookahead)
    play(search, 8, 1)
    depths = [program.depth for program in search.programs[1:]]
    assert depths == [1 + index // (lookahead + 1) for index in range(8)]


def test_the_model_writes_the_next_iteration_while_servers_play_this_one():
    events = []

    class Watch(Diary):
        def on_activity(self, event):
            events.append((event.stage, event.iteration))

    def seen_asking(lookahead):
        events.clear()
        search = make(
            model=ToyModel(script={"program": lambda request: fenced("pause(0.05)\nmine(1)\n")}),
            observers=[Watch()],
            lookahead=lookahead,
        )
        play(search, 4, 2)
        return events.index(("asking", 1)) < events.index(("done", 0))

    assert seen_asking(1)
    assert not seen_asking(0)


@TREES
def test_throughput_mode_enters_all_that_was_paid_for(variant):
    diary = Diary()
    search = make(variant, slow_model(4), deterministic=False, lookahead=2, observers=[diary])
    play(search, 10, 3)
    entered = Counter((program.iteration, program.sample) for program in search.programs[1:])
    assert set(entered) == {(iteration, sample) for iteration in range(10) for sample in range(3)}
    assert len({program.id for program in search.programs}) == len(search.programs)
    assert [event.iteration for event in sorted(diary.finished, key=lambda e: e.iteration)] == list(range(10))
    assert search.tree.in_flight[: search.tree.num_nodes].sum() == 0
    assert search.tree.visits[ROOT] == len(search.programs)


def test_in_throughput_mode_one_slow_reply_holds_nobody_up():
    model = ToyModel(programs=["mine(1)\n"])
    model.delay = lambda request: 0.5 if len(model.requests) == 1 else 0.001
    diary = Diary()
    search = make(model=model, deterministic=False, lookahead=1, observers=[diary])
    play(search, 20, 2)
    slow = diary.events.index("call 0.0 program")
    assert sum(event.startswith("end") for event in diary.events[:slow]) >= 15


@TREES
@pytest.mark.parametrize("cut", [1, 2, 5, 9, 14])
def test_throughput_mode_takes_up_records_in_their_order_and_loses_none(variant, cut):
    whole = make(variant, slow_model(5), deterministic=False, seed=5)
    play(whole, 5, 3)
    cut = min(cut, len(whole.programs))
    diary = Diary()
    resumed = make(variant, slow_model(6), deterministic=False, seed=5, observers=[diary])
    resumed.resume(whole.programs[:cut])
    play(resumed, 5, 3)
    assert [program.id for program in diary.programs[:cut]] == [program.id for program in whole.programs[:cut]]
    assert diary.replayed == [True] * cut + [False] * (len(diary.programs) - cut)
    samples = {(program.iteration, program.sample) for program in resumed.programs[1:]}
    assert samples == {(iteration, sample) for iteration in range(5) for sample in range(3)}
    assert len({program.id for program in resumed.programs}) == len(resumed.programs)


def test_a_sequence_is_asked_for_one_by_one_whatever_is_set():
    search = make(VARIANTS["sequential"], ToyModel(programs=[DIG]), lookahead=3, deterministic=False)
    play(search, 2, 3)
    assert [program.depth for program in search.programs] == list(range(7))


@TREES
@pytest.mark.parametrize("lookahead", [0, 1, 2])
@pytest.mark.parametrize("deterministic", [True, False])
def test_budgets_hold_with_batches_in_flight(variant, lookahead, deterministic):
    model = slow_model(2)
    budget = Budget(samples=37, ticks=60_000, tokens=90_000)
    search = make(
        variant,
        model,
        budget=budget,
        lookahead=lookahead,
        deterministic=deterministic,
        max_program_ticks=600,
        max_tokens=200,
    )
    play(search, 60, 4)
    assert search.stop_reason in ("samples", "ticks", "tokens")
    assert budget.overrun_by(replace(search.spend, wall_s=0)) is None
    assert len(model.requests) == search.spend.samples
    if variant is MCTS:
        assert search.spend.samples == 37


@pytest.mark.parametrize("variant", [MCTS, ChunkedMCTS])
def test_equal_programs_in_equal_worlds_run_once(variant):
    worlds = toy_worlds(4)
    twins = ["mine(3)\nbuild(0)\n", "mine( 3 )  # dig\nbuild(0)\n"]
    order = iter(twins * 4)
    search = make(
        variant,
        ToyModel(script={"program": lambda request: fenced(next(order))}),
        worlds=worlds,
        policy="root",
        accrual_ticks=60,
    )
    play(search, 2, 4)
    runs = [code for world in worlds for what, code in world.log if what == "eval"]
    assert len(runs) == 1
    values = {program.value for program in search.programs[1:]}
    assert values == {3.0}
    first = [program for program in search.programs[1:] if "same_as" not in program.meta]
    assert len(first) == 1
    assert {program.meta["same_as"] for program in search.programs[1:] if program is not first[0]} == {first[0].id}
    assert search.spend.ticks == 8 * (180 + 60)


@pytest.mark.parametrize("slow", [0, 1])
def test_what_equal_programs_say_hangs_neither_on_which_was_first_nor_on_an_interruption(slow):
    twins = ["mine(1)\nbuild(90)\n", "# Far too much.\n\nmine(1)\nbuild(90)\n"]
    rank = {}

    def told(search):
        return [(program.id, program.response, program.error, program.meta) for program in search.programs[1:]]

    def reply(request):
        return fenced(twins[rank.setdefault(request.seed, len(rank)) % 2])

    whole = make(model=ToyModel(script={"program": reply}), policy="root", slots=1)
    play(whole, 1, 2)
    assert [program.response.split(":")[0] for program in whole.programs[1:]] == ["2", "4"]
    assert whole.programs[2].meta["same_as"] == whole.programs[1].id
    delayed = ToyModel(script={"program": reply}, delay=lambda request: 0.2 * (rank[request.seed] == slow))
    other = make(model=delayed, policy="root")
    play(other, 1, 2)
    assert told(other) == told(whole)
    resumed = make(model=ToyModel(script={"program": reply}), policy="root")
    resumed.resume(whole.programs[:2])
    play(resumed, 1, 2)
    assert told(resumed) == told(whole)


def test_equal_programs_in_other_worlds_run_again():
    worlds = toy_worlds(2)
    search = make(model=ToyModel(programs=["mine(3)\n"]), worlds=worlds, policy="latest")
    play(search, 3, 1)
    assert sum(what == "eval" for world in worlds for what, _ in world.log) == 3


def test_a_broken_server_leaves_no_virtual_loss_behind():
    model = ToyModel(script={"program": lambda request: fenced("earthquake()\n")})
    search = make(model=model, slots=2, lookahead=1)
    with pytest.raises(ServerError):
        play(search, 3, 2)
    assert search.tree.in_flight[: search.tree.num_nodes].sum() == 0


@pytest.mark.parametrize("stops", [True, False])
def test_the_first_success_ends_the_search_and_what_is_under_way_is_kept(stops):
    # Two drills dig 20 ore in the window after the first program, so the goal is reached at the second step.
    task = parse_task({"goal": "Dig.", "success": {"made": {"iron-ore": 21}}}, name="dig", source="here")
    model = ToyModel(programs=[DIG])
    search = make(model=model, policy="latest", lookahead=1, stop_on_success=stops, task=task)
    play(search, 7, 1)
    assert [program.solved for program in search.programs[1:4]] == [False, False, True]
    assert search.stop_reason == ("success" if stops else None)
    assert [program.iteration for program in search.programs[1:]] == list(range(4 if stops else 7))


@pytest.mark.parametrize("options", [{"lookahead": -1}, {"max_model_calls": 0}])
def test_unusable_settings_are_refused(options):
    with pytest.raises(ConfigError, match="search: expected"):
        make(**options)


def test_a_baseline_keeps_its_policy():
    with pytest.raises(ConfigError, match="made by its policy"):
        make(VARIANTS["best_of_n"], policy="uct")
    anyio.run(make(VARIANTS["best_of_n"], policy="root").search, 1, 1, 5.0)
