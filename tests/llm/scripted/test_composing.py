import random
from collections import Counter

from harness.llm import ErrorNote, Observation
from harness.llm.prompts import execute_prompt, program_system_prompt
from harness.llm.scripted.behaviours import BEHAVIOURS, find_by_phrase
from harness.llm.scripted.composing import compose
from harness.llm.scripted.faults import FAULTS, make_faulty, parses
from harness.llm.scripted.reading import read_dialogue
from tests.llm.scripted.worlds import LAB, dialogue

PROGRAM = '''"""Step 1: wait 10 seconds for the machines and read the score."""
sleep(10)

"""Step 2: set up steam power: offshore pump, boiler, steam engine."""
water = nearest(Resource.Water)
pump = place_entity(Prototype.OffshorePump, position=water)
'''


def programs(messages, count=200) -> list[str]:
    situation = read_dialogue(messages)
    return [compose(situation, random.Random(seed))[0] for seed in range(count)]


def behaviours(found: list[str]) -> Counter:
    lines = [line for program in found for line in program.splitlines() if line.startswith('"""')]
    return Counter(find_by_phrase(line) for line in lines)


def test_with_the_lab_inventory_it_mostly_builds():
    seen = behaviours(programs(dialogue(Observation(inventory=LAB))))
    assert seen["drill_to_furnace"] > 30
    assert seen["mill"] > 5
    assert seen["drill_to_furnace"] > 3 * seen["gather"]


def test_with_nothing_it_works_by_hand():
    seen = behaviours(programs(dialogue(Observation())))
    assert seen["gather"] > 0.7 * sum(seen.values())


def test_a_thing_that_failed_is_tried_again():
    error = ErrorNote(message="could not place offshore-pump", line=6)
    failed = dialogue(Observation(inventory=LAB), (f"```python\n{PROGRAM}```", Observation(inventory=LAB, error=error)))
    fine = dialogue(Observation(inventory=LAB), (f"```python\n{PROGRAM}```", Observation(inventory=LAB)))
    share = sum("steam power" in program for program in programs(failed)) / 200
    assert share > 0.6
    assert share > 1.5 * sum("steam power" in program for program in programs(fine)) / 200


def test_what_an_error_misses_is_fetched_first():
    error = ErrorNote(message="no coal in inventory (0 of 1), which holds stone 5", line=6)
    messages = dialogue(Observation(), (f"```python\n{PROGRAM}```", Observation(error=error)))
    mended = [program for program in programs(messages) if program.startswith('"""') and "10 coal by hand" in program]
    assert len(mended) > 80


def test_what_is_full_is_not_filled_again():
    error = ErrorNote(message="could not insert coal into stone-furnace at (1, 1), it is full", line=6)
    messages = dialogue(
        Observation(inventory=LAB), (f"```python\n{PROGRAM}```", Observation(inventory=LAB, error=error))
    )
    assert sum("steam power" in program for program in programs(messages)) < 0.6 * 200


def test_hungry_machines_are_fuelled():
    hungry = ["- burner-mining-drill at (1, 1), status no_fuel"]
    seen = behaviours(programs(dialogue("Inventory: coal=50\nEntities:\n" + "\n".join(hungry))))
    assert seen["refuel"] > 0.2 * sum(seen.values())


def test_a_given_step_is_followed():
    step = "mine coal with 1 pair(s) of burner drills that fuel each other"
    messages = dialogue(execute_prompt(observation="Inventory: coal=500, burner-mining-drill=9", step=step))
    seen = behaviours(programs(messages))
    assert set(seen) == {"coal_pair"}
    messages = dialogue(execute_prompt(observation="Inventory: nothing", step="gather 7 stone by hand"))
    exact = [program for program in programs(messages) if "7 stone by hand" in program]
    assert len(exact) == 200


def test_the_task_steers():
    def share(task: str) -> float:
        system = program_system_prompt(api_reference="", task=task)
        seen = behaviours(programs(dialogue(Observation(inventory=LAB), system=system)))
        return seen["steel_column"] / sum(seen.values())

    assert share("Make 16 steel-plate a minute.") > 1.5 * share("Raise the score.")


def test_every_fault_changes_some_program_and_keeps_it_python():
    found = programs(dialogue(Observation(inventory=LAB)))
    found = [program for program in found if parses(program)]
    for name, fault in FAULTS.items():
        changed = [fault(program, random.Random(1)) for program in found]
        assert sum(a != b for a, b in zip(found, changed, strict=True)) > 5, name


def test_faults_come_at_the_rate_asked_for():
    rng = random.Random(3)
    text = PROGRAM * 2 + "drill = insert_item(Prototype.Coal, drill, quantity=5)\nmove_to(drill.position)\n"
    assert all(make_faulty(text, rng, rate=0.0) == text for _ in range(50))
    changed = sum(make_faulty(text, rng) != text for _ in range(2000)) / 2000
    assert 0.05 < changed < 0.29


def test_every_behaviour_is_used_by_someone():
    powered = "Inventory: " + ", ".join(f"{name}={count}" for name, count in LAB.items())
    powered += "\nEntities:\n- steam-engine at (1, 1), status working\n- stone-furnace at (4, 4), status no_fuel"
    seen = behaviours(programs(dialogue(powered), 600) + programs(dialogue(Observation(inventory={"stone": 9})), 100))
    assert set(BEHAVIOURS) <= set(seen)
