"""What the product promises, on real servers, workers and tools."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from harness import Conversation, FactorioEvaluator, GameState, Program

ROOT = Path(__file__).parents[2]

DRILL = '''
"""Find iron ore."""
ore = nearest(Resource.IronOre)
move_to(ore)

"""Mine it with a machine."""
drill = place_entity(Prototype.BurnerMiningDrill, position=ore, direction=Direction.DOWN)
drill = insert_item(Prototype.Coal, drill, quantity=5)
chest = place_entity(Prototype.WoodenChest, position=drill.drop_position)
print(drill.status)
'''


@pytest.mark.slow
def test_identical_programs_have_identical_values_on_any_slot(instances):
    evaluator = FactorioEvaluator(instances, accrual_ticks=1800)
    state = GameState.from_instance(instances[0])
    programs = [Program(code=DRILL, conversation=Conversation(), value=0.0, visits=0, state=state) for _ in range(8)]
    values, states, responses = evaluator.evaluate_programs(programs, timeout=60)
    assert len(set(values)) == 1
    assert values[0] > 0
    assert len({each.hash for each in states}) == 1
    assert len(set(responses)) == 1


@pytest.mark.slow
def test_a_program_without_end_is_killed_and_its_slot_goes_on(instances):
    evaluator = FactorioEvaluator(instances, accrual_ticks=1800)
    endless = [Program("sleep(1)\nwhile True: pass") for _ in range(4)]
    started = time.monotonic()
    _, states, responses = evaluator.evaluate_programs(endless, timeout=2)
    assert time.monotonic() - started < 15
    assert all("timed out" in response for response in responses)
    # One second of sleep and the accrual window: nothing the programs did afterwards reached a server.
    assert {state.timestamp for state in states} == {60 + 1800}
    values, _, _ = evaluator.evaluate_programs([Program(DRILL)] * 4, timeout=60)
    assert len(set(values)) == 1
    assert values[0] > 0


@pytest.mark.slow
def test_no_call_is_served_after_the_deadline(instances):
    evaluator = FactorioEvaluator(instances, accrual_ticks=0)
    evaluator.evaluate_programs([Program("while True:\n    sleep(1)")] * 4, timeout=1)
    before = [instance.production().tick for instance in instances]
    time.sleep(1)
    assert [instance.production().tick for instance in instances] == before


@pytest.mark.slow
def test_waiting_is_worth_nothing(instances):
    evaluator = FactorioEvaluator(instances, accrual_ticks=600)
    built = evaluator.evaluate_programs([Program(DRILL)], timeout=60)
    values, _, _ = evaluator.evaluate_programs([Program("sleep(10)", state=built.states[0])] * 2, timeout=60)
    assert values == [0.0, 0.0]


@pytest.mark.slow
def test_the_usage_example_runs_as_written():
    result = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "usage.py")], capture_output=True, text=True, timeout=240
    )
    assert result.returncode == 0, result.stderr
    assert "advantage" in result.stdout
    assert "scripted/builder" in result.stdout
