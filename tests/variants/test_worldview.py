from dataclasses import dataclass, field
from typing import Any

from harness.core.conversation import Message
from harness.evaluation import Program
from harness.llm import EntityNote, estimate_tokens
from harness.llm.scripted.reading import read_dialogue
from harness.programs.namespace import Namespace
from harness.programs.outcome import OutputLine, ProgramFault, ProgramOutcome
from harness.variants.worldview import observation_text, observe


@dataclass(frozen=True)
class World:
    entities: list[dict[str, Any]] = field(default_factory=list)
    inventory: dict[str, int] = field(default_factory=dict)
    timestamp: int = 60
    position: dict[str, float] = field(default_factory=lambda: {"x": 1.5, "y": -2.0})
    research: dict[str, Any] = field(default_factory=lambda: {"current": None, "progress": 0.0})


def entity(name: str, x: float, y: float, **more: Any) -> dict[str, Any]:
    return {"name": name, "position": {"x": x, "y": y}, "direction": 8, "status": "working", "warnings": [], **more}


def test_machines_are_told_one_by_one_in_a_fixed_order_with_what_they_hold():
    furnace = entity("stone-furnace", 3, 4, furnace_source={"iron-ore": 2}, furnace_result=[], fuel={"coal": 5})
    drill = entity("burner-mining-drill", 1, 4, drop_position={"x": 1.5, "y": 5.5}, warnings=["out of fuel"])
    seen = observe(Program(state=World(entities=[furnace, drill]), code=""))
    assert seen.entities == [
        EntityNote(
            name="burner-mining-drill", x=1, y=4, direction="down", status="working", detail="drops at (1.5, 5.5)"
        ),
        EntityNote(
            name="stone-furnace", x=3, y=4, direction="down", status="working", detail="fuel coal=5, input iron-ore=2"
        ),
    ]
    assert seen.warnings == ["burner-mining-drill at (1, 4): out of fuel"]
    other_order = observe(Program(state=World(entities=[drill, furnace]), code=""))
    assert other_order == seen


def belt(x: float, y: float, **more: Any) -> dict[str, Any]:
    ahead = {"output_position": {"x": x + 1, "y": y}, "type": "transport-belt"}
    return entity("transport-belt", x, y, **ahead, **more)


def test_belts_that_lead_on_to_each_other_take_one_line():
    belts = [belt(x, 2.5) for x in range(5)] + [
        belt(x, 9.5, inventory={"left": {"coal": 2}, "right": {}}) for x in range(3)
    ]
    assert observe(Program(state=World(entities=belts), code="")).entities == [
        "5 transport-belt carrying from (0, 2.5) to (4, 2.5)",
        "3 transport-belt carrying from (0, 9.5) to (2, 9.5), holding coal=6",
    ]
    assert len(observe(Program(state=World(entities=belts[:2]), code="")).entities) == 2


def test_pipes_are_told_by_what_hangs_together_and_poles_by_their_network():
    pipes = [entity("pipe", x, 0.5, type="pipe", fluid="water") for x in range(3)]
    pipes += [entity("pipe", 7, y, type="pipe", fluid="steam") for y in range(4)]
    poles = [entity("small-electric-pole", 9 * n, n, type="electric-pole", electrical_id=1) for n in range(3)]
    assert observe(Program(state=World(entities=pipes + poles), code="")).entities == [
        "4 pipe between (7, 0) and (7, 3), of steam",
        "3 pipe between (0, 0.5) and (2, 0.5), of water",
        "3 small-electric-pole between (0, 0) and (18, 2)",
    ]


def test_equal_machines_take_one_line_with_their_places_and_what_they_hold_together():
    furnaces = [entity("stone-furnace", 2 * n, 3, fuel={"coal": n}) for n in range(5)]
    furnaces.append(entity("stone-furnace", 40, 9, status="no_fuel"))
    text = observation_text(Program(state=World(entities=furnaces), code=""))
    assert (
        "- 5 stone-furnace, facing down, status working: 5 from (0, 3) to (8, 3); fuel coal=10 together in 4 of them\n"
        in text
    )
    assert "- stone-furnace at (40, 9), facing down, status no_fuel" in text
    standing = read_dialogue([Message("user", text)]).standing
    assert sorted((each.x, each.y, each.status) for each in standing) == [
        *((2.0 * n, 3.0, "working") for n in range(5)),
        (40.0, 9.0, "no_fuel"),
    ]


def test_a_complaint_of_many_is_told_once():
    drills = [entity("burner-mining-drill", 2 * n, 4, warnings=["out of fuel"]) for n in range(6)]
    drills.append(entity("burner-mining-drill", 5, 9, warnings=["no ore left"]))
    assert observe(Program(state=World(entities=drills), code="")).warnings == [
        "6 burner-mining-drill: out of fuel: 6 from (0, 4) to (10, 4)",
        "burner-mining-drill at (5, 9): no ore left",
    ]


def test_a_world_of_three_hundred_entities_stays_short():
    drills = [
        entity(
            "burner-mining-drill",
            2 * (n % 15),
            4 + 2 * (n // 15),
            fuel={"coal": n % 5},
            warnings=["out of fuel"] * (n % 3 == 0),
        )
        for n in range(90)
    ]
    belts = [belt(x, y + 0.5) for x in range(30) for y in (30, 34, 38, 42)]
    furnaces = [entity("stone-furnace", 2 * n, 50, status=("working", "no_fuel")[n % 2]) for n in range(60)]
    poles = [entity("small-electric-pole", 5 * n, 60, type="electric-pole", electrical_id=1) for n in range(30)]
    text = observation_text(Program(state=World(entities=[*drills, *belts, *furnaces, *poles]), code=""))
    assert estimate_tokens(text) < 1500
    assert read_dialogue([Message("user", text)]).count("burner-mining-drill") == 90


def test_recipes_and_research_are_named():
    machine = entity("assembling-machine-1", 0, 0, recipe={"name": "iron-gear-wheel"})
    world = World(entities=[machine], research={"current": "automation", "progress": 0.254})
    text = observation_text(Program(state=world, code=""))
    assert "recipe iron-gear-wheel" in text
    assert "Research: automation at 25 %" in text
    assert "Position: (1.5, -2)" in text


def test_the_fault_is_told_once():
    fault = {"type": "ValueError", "message": "no ore", "line": 3}
    program = Program(
        "a = 1\nb = 2\n  dig(9)",
        response="1: ('hello',)\n3: ('Error occurred: ValueError: no ore',)",
        meta={"fault": fault},
    )
    text = observation_text(program)
    assert text.splitlines()[:4] == [
        "Output:",
        "1: ('hello',)",
        "Error at line 3: ValueError: no ore",
        "Line 3 reads: dig(9)",
    ]
    assert text.count("no ore") == 1


def test_what_the_next_program_will_not_find_is_a_note_beside_output_and_fault():
    lost = {"ways": "an open generator cannot be kept"}
    fault = ProgramFault(type="ValueError", message="no ore", line=2, code="")
    for error in (None, fault):
        outcome = ProgramOutcome(
            status="error" if error else "ok",
            lines=tuple(OutputLine(line=1, text=f"('{index}',)") for index in range(100)),
            error=error,
            namespace=Namespace(lost=lost),
            num_calls=0,
            wall_s=0.0,
        )
        meta = {"fault": {"type": "ValueError", "message": "no ore", "line": 2}} if error else {}
        text = observation_text(Program("a = 1\ndig(9)", response=outcome.text, meta=meta))
        assert text.endswith("\nNote: Not kept for the next program: ways (an open generator cannot be kept)")
        assert text.count("Not kept") == 1
        assert text.count("no ore") == (error is not None)
        assert "(36 more left out)" in text


def test_a_sample_without_a_program_says_why():
    text = observation_text(Program("", status="no_code", error="found no program"))
    assert "Error: NoProgram: found no program" in text


def test_what_a_program_earned_is_told():
    program = Program(
        "", score=12.0, reward=5.0, static={"stone": 3}, dynamic={"coal": 2.5}, meta={"throughput": {"coal": 1.5}}
    )
    text = observation_text(program)
    assert "Score: 12.0 (change +5.0)" in text
    assert "Made by machines: coal=2.5" in text
    assert "Made by hand: stone=3" in text
    assert "Machines make a minute: coal=1.5" in text


def test_how_far_the_task_is_and_what_is_new_is_told():
    verdict = {"success": False, "item": "iron-plate", "quota": 16.0, "throughput": 12.0, "short": {"coal": 0.25}}
    new = {"goods": ["coal", "iron-plate"], "automated": ["coal"], "technologies": ["automation"]}
    text = observation_text(
        Program("", meta={"task": {**verdict, "missing": ["gear"]}, "evaluation": {"milestones": new}})
    )
    assert "Task: not done: 12 of 16 iron-plate a minute" in text
    assert "New: first coal, iron-plate; first by machines coal; researched automation" in text
    assert "Note: coal is used up faster than machines make or mine it; 25% of its use" in text
    assert "Note: machines have not made yet: gear" in text
    done = observation_text(Program("", meta={"task": {"success": True, "unmet": [], "missing": []}}))
    assert "Task: done" in done
    lacking = {"success": False, "unmet": ["3 of 5 coal in the inventory"], "missing": []}
    assert "Note: the task lacks: 3 of 5 coal" in observation_text(Program("", meta={"task": lacking}))
