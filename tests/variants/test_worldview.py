from dataclasses import dataclass, field
from typing import Any

from harness.evaluation import Program
from harness.llm import EntityNote
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


def test_rows_of_belts_take_one_line():
    belts = [entity("transport-belt", x, 2.5) for x in range(5)]
    assert observe(Program(state=World(entities=belts), code="")).entities == [
        "5 transport-belt between (0, 2.5) and (4, 2.5)"
    ]
    assert len(observe(Program(state=World(entities=belts[:2]), code="")).entities) == 2


def test_recipes_and_research_are_named():
    machine = entity("assembling-machine-1", 0, 0, recipe={"name": "iron-gear-wheel"})
    world = World(entities=[machine], research={"current": "automation", "progress": 0.254})
    text = observation_text(Program(state=world, code=""))
    assert "recipe iron-gear-wheel" in text
    assert "Research: automation at 25 %" in text
    assert "Position: (1.5, -2)" in text


def test_the_fault_is_told_once():
    fault = {"type": "ValueError", "message": "no ore", "line": 3}
    program = Program("", response="1: ('hello',)\n3: ('Error occurred: ValueError: no ore',)", meta={"fault": fault})
    text = observation_text(program)
    assert text.splitlines()[:3] == ["Output:", "1: ('hello',)", "Error at line 3: ValueError: no ore"]
    assert text.count("no ore") == 1


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
    assert "Note: machines make 1.5 coal a minute" in text
