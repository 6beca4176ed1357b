"""What a model is told after a program: an `Observation` read off the program's result and the state it left.

Everything comes from fields that are on record, so a resumed search tells its model the same, word for word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from harness.evaluation import Program
from harness.llm import ErrorNote, Observation, format_observation
from harness.llm.places import Place, format_number, format_place, format_places
from harness.programs.outcome import NOT_KEPT
from harness.programs.parsing import split_lines
from harness.variants.grouping import entity_notes, place_of

MIN_ALIKE = 3
"""As many machines with the same complaint share a line."""


def observation_text(program: Program) -> str:
    """The user message that follows `program`."""
    return format_observation(observe(program))


def observe(program: Program) -> Observation:
    """What is to be told after `program`; for the root, what the world looks like before any."""
    told = Observation(
        score=program.score or 0.0,
        score_change=program.reward,
        by_machines=program.dynamic,
        by_hand=program.static,
        rates=program.meta.get("throughput", {}),
        task=_task(program.meta.get("task")),
        milestones=_milestones(program.meta.get("evaluation", {}).get("milestones", {})),
        output=_printed(program),
        error=_error_note(program),
        notes=_notes(program),
    )
    state = program.state
    if state is None:
        return told
    entities = sorted(state.entities, key=_order)
    return replace(
        told,
        tick=state.timestamp,
        position=(float(state.position["x"]), float(state.position["y"])) if state.position else None,
        inventory=state.inventory,
        entities=entity_notes(entities),
        warnings=_warnings(entities),
        research=_research(state.research),
    )


def _printed(program: Program) -> list[str]:
    """The response without the line of the fault, which is told as an error, and without what was not kept."""
    lines = program.response.splitlines()
    lines = lines[: len(lines) - len(_lost(program))]
    if program.meta.get("fault") is not None:
        lines = lines[:-1]
    return [line for line in lines if line.strip()]


def _lost(program: Program) -> list[str]:
    """The last line of the response if it names what was not kept."""
    last = program.response.splitlines()[-1:]
    return last if last and last[0].startswith(f"{NOT_KEPT}: ") else []


def _error_note(program: Program) -> ErrorNote | None:
    fault = program.meta.get("fault")
    if fault is None:
        return ErrorNote(message=program.error, type="NoProgram") if program.error else None
    code, line = split_lines(program.code), fault["line"]
    source = code[line - 1].strip() if line is not None and 1 <= line <= len(code) else ""
    return ErrorNote(**fault, source=source)


def _notes(program: Program) -> list[str]:
    covered = program.meta.get("covered", {})
    notes = _lost(program)
    notes += [
        f"machines make {name}, {1 - share:.0%} of it out of stocks that run out"
        for name, share in sorted(covered.items())
    ]
    return notes + _task_notes(program.meta.get("task"))


def _task(task: Mapping[str, Any] | None) -> str:
    """How far the task is."""
    if task is None:
        return ""
    done = "done" if task["success"] else "not done"
    if "quota" not in task:
        return done
    return f"{done}: {format_number(task['throughput'])} of {format_number(task['quota'])} {task['item']} a minute"


def _task_notes(task: Mapping[str, Any] | None) -> list[str]:
    """What the task lacks, and what does not count towards it."""
    if task is None:
        return []
    notes = [
        f"{name} is used up faster than machines make or mine it; {share:.0%} of its use is made good, the rest comes "
        "out of stock and does not count"
        for name, share in sorted(task.get("short", {}).items())
    ]
    notes += [f"the task lacks: {each}" for each in task.get("unmet", ())]
    if task.get("missing"):
        notes.append(f"machines have not made yet: {', '.join(task['missing'])}")
    return notes


def _milestones(reached: Mapping[str, Sequence[str]]) -> str:
    """What a program was the first to reach."""
    phrases = {"goods": "first", "automated": "first by machines", "technologies": "researched"}
    return "; ".join(f"{phrase} {', '.join(reached[kind])}" for kind, phrase in phrases.items() if reached.get(kind))


def _order(entity: Mapping[str, Any]) -> tuple[str, float, float]:
    return (entity["name"], entity["position"]["y"], entity["position"]["x"])


def _warnings(entities: Sequence[Mapping[str, Any]]) -> list[str]:
    """Complaints in the order of those who have them; one many have is told once, with their places."""
    having: dict[tuple[str, str], list[Place]] = {}
    for entity in entities:
        for warning in entity.get("warnings") or ():
            having.setdefault((entity["name"], warning), []).append(place_of(entity))
    lines = []
    for (name, warning), places in having.items():
        if len(places) >= MIN_ALIKE:
            lines.append(f"{len(places)} {name}: {warning}: {format_places(places)}")
        else:
            lines += [f"{name} at {format_place(place)}: {warning}" for place in places]
    return lines


def _research(research: Mapping[str, Any]) -> str:
    current = research.get("current")
    return f"{current} at {100 * float(research.get('progress', 0)):.0f} %" if current else ""
