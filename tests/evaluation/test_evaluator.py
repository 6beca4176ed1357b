import time
from dataclasses import replace

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.core.errors import ConfigError, ServerError
from harness.evaluation import Bars, BatchLostError, FactorioEvaluator, Milestones, Program, Racing, Verdict
from harness.tasks import Task, parse_task
from harness.variants.worldview import observe
from tests.evaluation.toy import ToyState, ToyWorld, toy_worlds

DIG = "mine(10)\nbuild(2)"
RICH = ToyState(tick=600, ore=3, drills=4, mined_by_hand=23)


class FinishesWithin:
    """Fails if its block took longer than so many seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        self._started = time.perf_counter()

    def __exit__(self, *exc: object) -> None:
        assert time.perf_counter() - self._started < self._seconds


def evaluator(count: int = 3, **options) -> FactorioEvaluator:
    options.setdefault("accrual_ticks", 600)
    return FactorioEvaluator(toy_worlds(count), **options)


def run(toy: FactorioEvaluator, *programs: Program):
    return anyio.run(toy.evaluate, programs, 10.0)


def test_the_usage_of_the_readme():
    values, states, responses = evaluator().evaluate_programs([Program(DIG + "\nprint('done')"), Program("sleep(60)")])
    # 10 ore by hand, 2 drills (12 each, 5 ore each) that dig 10 ore each in 600 ticks; waiting earns nothing
    assert values == [10 + 2 * (12 - 5) + 20, 0.0]
    assert [state.drills for state in states] == [2, 0]
    assert responses == ["done", ""]


def test_it_works_inside_a_running_loop_too():
    async def main():
        return evaluator().evaluate_programs([Program(DIG)]).values

    assert anyio.run(main) == [44.0]


def test_the_holdout_waits_from_the_same_state_for_the_same_ticks():
    worlds = toy_worlds(3)
    (result,) = run(FactorioEvaluator(worlds, accrual_ticks=600), Program("sleep(300)", state=RICH))
    # 4 drills for 900 ticks, with the program and without it
    assert (result.reward, result.holdout_reward, result.advantage) == (60.0, 60.0, 0.0)
    holdout = worlds[-1]
    assert holdout.log[0] == ("reset", RICH)
    assert ("advance", 900) in holdout.log
    assert not any(what == "eval" for what, _ in holdout.log)


def test_only_what_goes_beyond_waiting_counts():
    (result,) = run(evaluator(), Program("build(1)", state=replace(RICH, ore=5, mined_by_hand=25)))
    assert (result.reward, result.holdout_reward) == (12 - 5 + 50, 40)
    (idle,) = run(evaluator(), Program("", state=RICH))
    assert idle.advantage == 0.0


def test_the_state_is_captured_once_after_the_accrual_window():
    worlds = toy_worlds(2)
    (result,) = run(FactorioEvaluator(worlds, accrual_ticks=600), Program(DIG))
    captures = [tick for what, tick in worlds[0].log if what == "state"]
    assert captures == [600 + 600]
    assert result.state.tick == 1200
    assert result.state.ore == 20
    assert result.ticks == 600


def test_a_child_starts_from_the_world_that_earned_its_parents_value():
    toy = evaluator()
    (first,) = run(toy, Program(DIG))
    (second,) = run(toy, Program("print('tick')", state=first.state))
    assert second.state.tick == first.state.tick + 600
    assert second.reward == second.holdout_reward == 20.0


def test_identical_programs_have_identical_values_on_every_slot():
    toy = evaluator(5)
    results = run(toy, *[Program(DIG + "\npause(0.01)", state=RICH)] * 16)
    assert {(result.advantage, result.state.hash, result.ticks) for result in results} == {
        (results[0].advantage, results[0].state.hash, results[0].ticks)
    }
    assert len(results) == 16


def test_a_holdout_value_is_measured_once():
    toy = evaluator(5)
    run(toy, *[Program(DIG, state=RICH)] * 8)
    run(toy, Program(DIG + "\n", state=RICH))
    assert toy.holdout.num_measured == 1


def test_waits_that_are_wanted_together_cost_no_more_than_the_longest():
    (world,) = toy_worlds(1)
    holdout = FactorioEvaluator(toy_worlds(2)).holdout
    lengths = [500, 100, 900, 300, 700]
    for ticks in lengths:
        holdout.expect(RICH, ticks)
    assert [holdout.reward(world, RICH, ticks) for ticks in lengths] == [4 * ticks // 60 for ticks in lengths]
    assert [what for what, _ in world.log].count("reset") == 1
    assert sum(ticks for what, ticks in world.log if what == "advance") == 900
    assert holdout.num_measured == len(lengths)
    assert holdout.reward(world, RICH, 200) == 13, "what nobody announced is measured all the same"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), st.sampled_from([None, RICH])), min_size=1, max_size=12))
def test_a_holdout_value_does_not_depend_on_what_was_asked_before(asked):
    (world,) = toy_worlds(1)
    fresh = [FactorioEvaluator(toy_worlds(2)).holdout.reward(toy_worlds(1)[0], state, ticks) for ticks, state in asked]
    shared = FactorioEvaluator(toy_worlds(2)).holdout
    assert [shared.reward(world, state, ticks) for ticks, state in asked] == fresh


def test_more_programs_than_slots_all_run_in_their_order():
    toy = evaluator(3)
    results = run(toy, *[Program(f"mine({count})\nprint({count})") for count in range(20)])
    assert [result.response for result in results] == [str(count) for count in range(20)]
    assert [result.advantage for result in results] == [float(count) for count in range(20)]


def test_sleeping_programs_run_at_the_same_time():
    toy = evaluator(9)
    run(toy, Program(""))
    started = time.perf_counter()
    run(toy, *[Program("pause(0.5)")] * 16)
    elapsed = time.perf_counter() - started
    # 16 programs of 0.5 s on 8 slots take 1 s at the least
    assert 1.0 / elapsed >= 0.8


def test_faults_are_results_and_what_worked_before_them_stays():
    (result,) = run(evaluator(), Program("mine(5)\nbuild(3)\nmine(100)"))
    assert result.status == "error"
    assert str(result.fault) == "line 2: ValueError: expected 15 ore, found 5"
    assert result.state.ore == 5
    program = result.applied_to(Program("mine(5)\nbuild(3)\nmine(100)"))
    assert program.failed
    assert program.meta["fault"] == {"type": "ValueError", "message": "expected 15 ore, found 5", "line": 2}
    (unparsable,) = run(evaluator(), Program("mine(5"))
    assert unparsable.status == "error"


def test_what_a_program_says_of_errors_is_none():
    quiet, loud = run(evaluator(), Program("mine(5)"), Program("mine(5)\nprint('Error: an error, Traceback, failed')"))
    assert (loud.status, loud.fault) == ("ok", None)
    assert loud.advantage == quiet.advantage > 0


def test_static_and_dynamic_production():
    (result,) = run(evaluator(), Program(DIG, state=RICH))
    # by hand: 10 ore, 2 drills; by machines: 4 drills for 600 ticks, then 6 for 600
    assert result.static == {"drill": 2.0, "iron-ore": 10.0}
    assert result.dynamic == {"iron-ore": 40.0 + 60.0}


def test_a_program_that_broke_its_server_is_tried_once_more_and_the_others_finish():
    worlds = toy_worlds(4)
    toy = FactorioEvaluator(worlds, accrual_ticks=600)
    with pytest.raises(BatchLostError, match="1 of 6") as caught:
        run(toy, *[Program("earthquake" if index == 2 else f"mine({index})") for index in range(6)])
    results = caught.value.results
    assert [result.advantage if result else None for result in results] == [0.0, 1.0, None, 3.0, 4.0, 5.0]
    assert sum(world.broken for world in worlds) == 2


def test_a_server_that_broke_by_chance_costs_nothing_but_itself():
    worlds = toy_worlds(3)
    worlds[0].broken = True
    results = run(FactorioEvaluator(worlds, accrual_ticks=0), *[Program("mine(1)")] * 4)
    assert [result.advantage for result in results] == [1.0] * 4


def test_without_a_working_server_nothing_hangs():
    worlds = toy_worlds(3)
    worlds[0].broken = worlds[1].broken = True
    toy = FactorioEvaluator(worlds)
    with FinishesWithin(5), pytest.raises(BatchLostError, match="5 of 5"):
        run(toy, *[Program("mine(1)")] * 5)
    with pytest.raises(ServerError, match="none is left"):
        run(toy, Program("mine(1)"))


def test_a_lost_holdout_is_reported():
    worlds = toy_worlds(2)
    worlds[1].broken = True
    with pytest.raises(BatchLostError, match="gone"):
        run(FactorioEvaluator(worlds), Program("mine(1)"))


def test_one_instance_is_not_enough():
    with pytest.raises(ConfigError, match="holdout"):
        FactorioEvaluator([ToyWorld()])
    for ticks in (-1, 1.5):
        with pytest.raises(ConfigError, match="accrual_ticks"):
            evaluator(accrual_ticks=ticks)


def test_a_slot_cannot_be_the_holdout_too():
    slot = ToyWorld()
    with pytest.raises(ConfigError, match="one of them twice"):
        FactorioEvaluator([slot, slot])


def test_an_unknown_price_profile_is_refused_at_once():
    with pytest.raises(ConfigError, match="expected one of reference, game, paper, got 'list'"):
        evaluator(price_profile="list")


def test_a_program_id_is_its_content():
    one, same, other = Program("mine(1)"), Program("mine(1)", value=3.0), Program("mine(2)")
    assert one.id == same.id != other.id
    assert one.id == "a4f87ae9763fcfa29919f7890fd1dbb5"  # golden: the same in every process
    assert replace(one, visits=4).id == one.id


def test_a_cancelled_batch_gives_its_slots_back():
    toy = evaluator(3)

    async def main():
        with anyio.move_on_after(0.05):
            await toy.evaluate([Program("pause(0.4)")] * 6, 10.0)
        started = anyio.current_time()
        results = await toy.evaluate([Program(DIG)] * 4, 10.0)
        return [result.advantage for result in results], anyio.current_time() - started

    values, elapsed = anyio.run(main)
    assert values == [44.0] * 4
    # what ran when the batch was cancelled is waited for, what was queued never ran
    assert elapsed < 0.75


def test_calls_under_way_at_once_share_the_slots():
    worlds = toy_worlds(3)
    toy = FactorioEvaluator(worlds, accrual_ticks=0)

    async def main():
        found = {}

        async def one(count):
            (found[count],) = await toy.evaluate([Program(f"mine({count})\npause(0.01)")], 10.0)

        async with anyio.create_task_group() as tasks:
            for count in range(12):
                tasks.start_soon(one, count)
        return found

    found = anyio.run(main)
    assert {count: result.advantage for count, result in found.items()} == {count: float(count) for count in range(12)}
    assert all(any(what == "eval" for what, _ in world.log) for world in worlds[:2])


def worth(count: int) -> Program:
    """Builds so many drills out of ore dug before."""
    return Program(f"build({count})", state=ToyState(tick=600, ore=50, mined_by_hand=50))


def test_how_a_program_was_valued_is_on_record():
    (result,) = run(evaluator(), Program(DIG))
    meta = result.applied_to(Program(DIG)).meta
    assert meta["evaluation"] == {
        "accrual_ticks": 600,
        "price_profile": "reference",
        "automated_score": result.automated_score,
        "milestones": {"automated": ["iron-ore"], "goods": ["drill", "iron-ore"]},
    }
    assert "task" not in meta


def test_milestones_are_those_new_on_the_path():
    toy = evaluator()
    (first,) = run(toy, Program("mine(10)"))
    parent = first.applied_to(Program("mine(10)"))
    (second,) = run(toy, Program("build(2)", state=parent.state))
    (third,) = run(toy, Program("build(0)", state=second.state))
    path = [parent, *(result.applied_to(Program("")) for result in (second, third))]
    assert [each.meta["evaluation"]["milestones"] for each in path] == [
        {"goods": ["iron-ore"]},
        {"automated": ["iron-ore"], "goods": ["drill"]},
        {},
    ]
    together = Milestones.on_path(path)
    assert together == Milestones(goods=("drill", "iron-ore"), automated=("iron-ore",))
    assert together.count == 2


def ore_task(quota: float, **success) -> Task:
    wanted = {"throughput": {"item": "iron-ore", "quota": quota}, **success}
    return parse_task({"goal": "dig", "success": wanted}, name="dig", source="test")


@pytest.mark.parametrize(("quota", "success"), [(120.0, True), (121.0, False)])
def test_the_verdict_of_a_task_is_on_record_and_does_not_touch_the_world(quota, success):
    toy = evaluator(task=ore_task(quota))
    (result,) = run(toy, Program(DIG))
    program = result.applied_to(Program(DIG))
    # 2 drills dig 120 a minute
    assert program.solved is program.meta["task"]["success"] is success
    assert program.meta["task"]["throughput"] == 120.0
    assert program.meta["task"]["quota"] == quota
    assert program.meta["task"]["reached"] == ["iron-ore"]
    assert program.state.tick == 1200, "the look ahead is thrown away"
    told = observe(program).task
    assert told == ("done: 120 of 120" if success else "not done: 120 of 121") + " iron-ore a minute"


def test_predicates_on_what_is_held_made_researched_and_scored_must_all_hold():
    everything = {"inventory": {"iron-ore": 21}, "made": {"iron-ore": 21}, "researched": ["automation"], "score": 1000}
    toy = evaluator(task=ore_task(1, **everything))
    (result,) = run(toy, Program(DIG))
    # 20 ore by 2 drills in 600 ticks; 10 by hand went into the drills; 20 + 10 + 2 * (12 - 5) = 44
    assert result.verdict.unmet == (
        "20 of 21 iron-ore in the inventory",
        "20 of 21 iron-ore made by machines",
        "automation is not researched",
        "a production score of 44.0 of 1000",
    )
    reached = {"inventory": {"iron-ore": 20}, "made": {"iron-ore": 20}, "score": 44}
    (result,) = run(evaluator(task=ore_task(1, **reached)), Program(DIG))
    assert result.verdict.success


def test_a_task_without_success_is_never_solved():
    free = parse_task({"goal": "grow"}, name="free", source="test")
    (result,) = run(evaluator(task=free), Program(DIG))
    assert result.verdict == Verdict(task="free", success=False)


def bar(*programs: Program, racing: Racing) -> tuple[float, ...]:
    """What the next children race against, after these."""
    bars = Bars()
    for program, result in zip(programs, run(evaluator(racing=racing), *programs), strict=True):
        bars.note(replace(result.applied_to(program), parent_id="here"))
    assert bars.of("elsewhere") == ()
    return bars.of("here")


def test_a_candidate_far_behind_an_earlier_sibling_is_stopped():
    racing = Racing(checkpoints=2, margin=0.5)
    best = bar(worth(2), worth(8), worth(4), racing=racing)
    # 8 drills: 8 * (12 - 5) at once and 8 ore each second, looked at after 200 and 400 of 600 ticks
    assert best == (pytest.approx(56 + 8 * 200 // 60, abs=1), pytest.approx(56 + 8 * 400 // 60, abs=1))

    async def race(*programs):
        return await evaluator(racing=racing).evaluate(programs, 10.0, [best] * len(programs))

    lost, equal = anyio.run(race, worth(2), worth(8))
    assert (lost.status, lost.accrual_ticks) == ("stopped", 200)
    assert lost.reward == pytest.approx(14 + 2 * 200 // 60, abs=1)
    assert lost.holdout_reward == 0.0
    stopped = lost.applied_to(worth(2))
    assert stopped.failed, "a search does not continue it"
    assert (equal.status, equal.accrual_ticks, equal.reward) == ("ok", 600, 56 + 80)


def test_what_a_race_comes_to_does_not_depend_on_who_is_faster():
    racing = Racing(margin=0.6)
    best = bar(worth(6), racing=racing)
    field = [worth(count) for count in (1, 2, 3, 4, 5, 6)]

    async def race(slots, programs):
        return await evaluator(slots, racing=racing).evaluate(programs, 10.0, [best] * len(programs))

    alone = [each.status for each in anyio.run(race, 2, field)]
    assert alone == ["stopped", "stopped", "ok", "ok", "ok", "ok"]
    assert [each.status for each in anyio.run(race, 5, field)] == alone
    assert [each.status for each in anyio.run(race, 3, field[::-1])] == alone[::-1]


def test_without_racing_nobody_is_stopped():
    async def race():
        return await evaluator().evaluate([worth(1)], 10.0, [(1e9,) * 3])

    (result,) = anyio.run(race)
    assert (result.status, result.curve) == ("ok", ())


def test_a_bar_of_nothing_stops_nobody_and_a_race_needs_checkpoints():
    assert not Racing().is_lost((-5.0,), (-1.0,))
    assert not Racing().is_lost((-5.0,), ())
    assert Racing(margin=0.5).is_lost((4.9,), (10.0,)) and not Racing(margin=0.5).is_lost((5.0,), (10.0,))
    assert sum(Racing(checkpoints=3).stretches(601)) == 601
    for wrong in ({"checkpoints": 0}, {"margin": 0.0}, {"margin": 1.5}):
        with pytest.raises(ConfigError, match="racing: expected"):
            Racing(**wrong)
