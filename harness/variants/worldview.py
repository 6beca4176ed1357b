"""What a model is told after a program: an `Observation` read off the program's result and the state it left.

Everything comes from fields that are on record, so a resumed search tells its model the same, word for word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from harness.evaluation import Program
from harness.llm import EntityNote, ErrorNote, Observation, format_observation
from harness.llm.dialogue import format_number

DIRECTION_NAMES = {0: "up", 4: "right", 8: "down", 12: "left"}

SUMMARISED = frozenset(
    {
        "transport-belt",
        "fast-transport-belt",
        "express-transport-belt",
        "pipe",
        "small-electric-pole",
        "medium-electric-pole",
        "big-electric-pole",
        "stone-wall",
    }
)
"""Pieces laid in rows: many of them say little one by one, so each kind has one line."""

CONTENTS = {
    "fuel": "fuel",
    "inventory": "holds",
    "furnace_source": "input",
    "furnace_result": "output",
    "assembling_machine_input": "input",
    "assembling_machine_output": "output",
    "lab_input": "input",
    "turret_ammo": "ammo",
}
"""Keys of an entity on the wire that hold `{item: count}`, and what they are called in a note."""


def observation_text(program: Program) -> str:
    """The user message that follows `program`."""
    return format_observation(observe(program))


def observe(program: Program) -> Observation:
    """What is to be told after `program`; for the root, what the world looks like before any."""
    state, fault = program.state, program.meta.get("fault")
    told = Observation(
        score=program.score or 0.0,
        score_change=program.reward,
        by_machines=program.dynamic,
        by_hand=program.static,
        output=_printed(program),
        error=_error_note(program) if fault is None else ErrorNote(**fault),
        notes=_notes(program),
    )
    if state is None:
        return told
    entities = sorted(state.entities, key=_order)
    return Observation(
        tick=state.timestamp,
        score=told.score,
        score_change=told.score_change,
        position=(float(state.position["x"]), float(state.position["y"])) if state.position else None,
        inventory=state.inventory,
        entities=_entity_notes(entities),
        warnings=_warnings(entities),
        by_machines=told.by_machines,
        by_hand=told.by_hand,
        research=_research(state.research),
        output=told.output,
        error=told.error,
        notes=told.notes,
    )


def _printed(program: Program) -> list[str]:
    """The response without the line of the fault, which is told as an error."""
    lines = program.response.splitlines()
    if program.meta.get("fault") is not None:
        lines = lines[:-1]
    return [line for line in lines if line.strip()]


def _error_note(program: Program) -> ErrorNote | None:
    return ErrorNote(message=program.error, type="NoProgram") if program.error else None


def _notes(program: Program) -> list[str]:
    made = program.meta.get("throughput", {})
    covered = program.meta.get("covered", {})
    notes = []
    for name, amount in sorted(made.items()):
        note = f"machines make {format_number(amount)} {name} a minute"
        if name in covered:
            note += f", {1 - covered[name]:.0%} of it out of stocks that run out"
        notes.append(note)
    return notes + _task_notes(program.meta.get("task"))


def _task_notes(task: Mapping[str, Any] | None) -> list[str]:
    """How far the task is, and what does not count towards it."""
    if task is None:
        return []
    if "quota" not in task:
        return (
            ["the task is done"] if task["success"] else [f"the task lacks: {each}" for each in task.get("unmet", ())]
        )
    counted = f"{format_number(task['throughput'])} of {format_number(task['quota'])} {task['item']} a minute"
    notes = [f"the task is done: {counted}" if task["success"] else f"the task: {counted} count"]
    notes += [
        f"{name} is used up faster than machines make or mine it; {share:.0%} of its use is made good, the rest comes "
        "out of stock and does not count"
        for name, share in sorted(task["short"].items())
    ]
    notes += [f"the task lacks: {each}" for each in task["unmet"]]
    if task["missing"]:
        notes.append(f"machines have not made yet: {', '.join(task['missing'])}")
    return notes


def _order(entity: Mapping[str, Any]) -> tuple[str, float, float]:
    return (entity["name"], entity["position"]["y"], entity["position"]["x"])


def _entity_notes(entities: Sequence[Mapping[str, Any]]) -> list[EntityNote | str]:
    notes: list[EntityNote | str] = []
    for name, group in groupby(entities, key=lambda entity: str(entity["name"])):
        members = list(group)
        if name in SUMMARISED and len(members) > 2:
            notes.append(_row(name, members))
        else:
            notes += [_note(entity) for entity in members]
    return notes


def _row(name: str, members: Sequence[Mapping[str, Any]]) -> str:
    xs = [member["position"]["x"] for member in members]
    ys = [member["position"]["y"] for member in members]
    low = f"({format_number(min(xs))}, {format_number(min(ys))})"
    return f"{len(members)} {name} between {low} and ({format_number(max(xs))}, {format_number(max(ys))})"


def _note(entity: Mapping[str, Any]) -> EntityNote:
    return EntityNote(
        name=entity["name"],
        x=entity["position"]["x"],
        y=entity["position"]["y"],
        direction=DIRECTION_NAMES.get(entity.get("direction", -1), ""),
        status=str(entity.get("status", "")).lower(),
        detail=_detail(entity),
    )


def _detail(entity: Mapping[str, Any]) -> str:
    parts = []
    if entity.get("recipe"):
        parts.append(f"recipe {entity['recipe']['name']}")
    for key, label in CONTENTS.items():
        held = entity.get(key)
        if isinstance(held, Mapping) and held:
            parts.append(f"{label} " + " ".join(f"{name}={count}" for name, count in sorted(held.items())))
    if entity.get("drop_position"):
        drop = entity["drop_position"]
        parts.append(f"drops at ({format_number(drop['x'])}, {format_number(drop['y'])})")
    return ", ".join(parts)


def _warnings(entities: Sequence[Mapping[str, Any]]) -> list[str]:
    return [
        f"{entity['name']} at ({format_number(entity['position']['x'])}, {format_number(entity['position']['y'])}): "
        f"{warning}"
        for entity in entities
        for warning in entity.get("warnings") or ()
    ]


def _research(research: Mapping[str, Any]) -> str:
    current = research.get("current")
    return f"{current} at {100 * float(research.get('progress', 0)):.0f} %" if current else ""
