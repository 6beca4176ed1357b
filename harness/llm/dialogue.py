"""The dialogue a model sees: what the world looks like after a program, as text, and whole conversations from it.

Owns the observation's text form; the scripted model reads it back, so it is a format, not prose. How a dialogue is
fitted to a token budget is in `fitting`, what the standing instructions say in `prompts`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from harness.core.conversation import Conversation, Message
from harness.llm.places import Place, format_number, format_place, format_places

_NUMBERED = re.compile(r"\d+: ")

MAX_ENTITIES = 120
MAX_OUTPUT_LINES = 64
MAX_LINE_CHARS = 1200
MAX_OUTPUT_CHARS = 16_000
"""What a program prints is bounded, so that one program cannot fill a request, or empty a purse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityNote:
    """One line about something standing in the world.

    Attributes:
        name: the game's name.
        x: east, tiles, centre of the entity.
        y: south, tiles, centre of the entity.
        direction: `up`, `right`, `down`, `left`, or empty where it means nothing.
        status: the status word, lower case (`working`, `no_fuel`, ..).
        detail: anything else worth a phrase: contents, recipe, drop position.
    """

    name: str
    x: float
    y: float
    direction: str = ""
    status: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityGroup:
    """One line about equal things.

    Attributes:
        name: the game's name.
        places: (x, y) of each, tiles.
        direction, status: as of an `EntityNote`, the same for all.
        detail: what they hold together, recipe, and the like.
    """

    name: str
    places: Sequence[Place]
    direction: str = ""
    status: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorNote:
    """The fault that ended a program.

    Attributes:
        message: one line a reader can act on.
        type: the exception's class name, `Timeout` or `NoCode`.
        line: 1-based line of the program; None when it has none.
        source: what stands there; empty where it is not known.
    """

    message: str
    type: str = "Error"
    line: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What the player knows after a program.

    Attributes:
        tick: game ticks since the start.
        score: production score now.
        score_change: its change since the last step; None on the first.
        position: the character's, (x, y) in tiles.
        inventory: item -> count.
        entities: what stands; single ones, groups of equal ones, or ready-made lines (belts, pipes).
        warnings: standing complaints of machines, each one line.
        by_machines: item -> produced by machines since the last step.
        by_hand: item -> harvested or crafted by hand since the last step.
        rates: item -> made by machines in a minute.
        task: how far the task is, in a phrase; empty where there is none.
        milestones: what was reached for the first time since the last step, in a phrase; empty if nothing was.
        research: current technology and its progress, or what is known; empty if nothing.
        output: lines the program printed, `LINE: text`.
        error: the fault that ended the program, if one did.
        notes: further facts, each one line (throughput measured, steps left).
    """

    tick: int = 0
    score: float = 0.0
    score_change: float | None = None
    position: tuple[float, float] | None = None
    inventory: Mapping[str, int] = field(default_factory=dict)
    entities: Sequence[EntityNote | EntityGroup | str] = ()
    warnings: Sequence[str] = ()
    by_machines: Mapping[str, float] = field(default_factory=dict)
    by_hand: Mapping[str, float] = field(default_factory=dict)
    rates: Mapping[str, float] = field(default_factory=dict)
    task: str = ""
    milestones: str = ""
    research: str = ""
    output: Sequence[str] = ()
    error: ErrorNote | None = None
    notes: Sequence[str] = ()


def _counts(counts: Mapping[str, float]) -> str:
    present = [f"{name}={format_number(count)}" for name, count in sorted(counts.items()) if count]
    return ", ".join(present) if present else "nothing"


def _one_line(text: str) -> str:
    """`text` without line breaks and not too long, so that nothing printed can pass for a line of the observation."""
    line = " ".join(text[: 2 * MAX_LINE_CHARS].splitlines()).rstrip()
    return line if len(text) <= MAX_LINE_CHARS else f"{line[:MAX_LINE_CHARS]}... ({len(text)} characters)"


def _as_output(line: str) -> str:
    """A printed line that cannot pass for one of the observation: what has no line number in front is set in."""
    return line if _NUMBERED.match(line) or line.startswith("\t") else f"\t{line}"


def _output_lines(output: Sequence[str]) -> list[str]:
    """The first lines printed, as many as there is room for."""
    lines: list[str] = []
    room = MAX_OUTPUT_CHARS
    for line in output[:MAX_OUTPUT_LINES]:
        room -= min(len(line), MAX_LINE_CHARS)
        if room < 0:
            break
        lines.append(_as_output(_one_line(line)))
    left_out = len(output) - len(lines)
    return ["Output:", *lines, *([f"({left_out} more left out)"] if left_out else [])] if output else []


def _entity_line(entity: EntityNote | EntityGroup | str) -> str:
    if isinstance(entity, str):
        return f"- {_one_line(entity)}"
    facts = [f"facing {entity.direction}"] if entity.direction else []
    facts += [f"status {entity.status}"] if entity.status else []
    if isinstance(entity, EntityNote):
        line = ", ".join([f"- {entity.name} at {format_place((entity.x, entity.y))}", *facts])
    else:
        line = ", ".join([f"- {len(entity.places)} {entity.name}", *facts]) + f": {format_places(entity.places)}"
    return line + (f"; {entity.detail}" if entity.detail else "")


def _section(title: str, lines: Sequence[str], limit: int) -> list[str]:
    if not lines:
        return []
    left_out = len(lines) - limit
    return [f"{title}:", *lines[:limit], *([f"({left_out} more left out)"] if left_out > 0 else [])]


def _outcome_lines(observation: Observation) -> list[str]:
    lines = _output_lines(observation.output)
    error = observation.error
    if error is not None:
        place = f" at line {error.line}" if error.line is not None else ""
        lines.append(f"Error{place}: {error.type}: {_one_line(error.message)}")
        if error.line is not None and error.source:
            lines.append(f"Line {error.line} reads: {_one_line(error.source)}")
    return lines


def format_observation(observation: Observation) -> str:
    """The observation as the text of a user message; the same observation always gives the same text."""
    change = observation.score_change
    lines = _outcome_lines(observation)
    if observation.task:
        lines += [f"Task: {_one_line(observation.task)}"]
    lines += [f"Tick: {observation.tick}"]
    lines += [f"Score: {observation.score:.1f}" + (f" (change {change:+.1f})" if change is not None else "")]
    if observation.milestones:
        lines += [f"New: {_one_line(observation.milestones)}"]
    if observation.position is not None:
        lines += [f"Position: {format_place(observation.position)}"]
    lines += [f"Made by machines: {_counts(observation.by_machines)}"]
    lines += [f"Made by hand: {_counts(observation.by_hand)}"]
    if observation.rates:
        lines += [f"Machines make a minute: {_counts(observation.rates)}"]
    if observation.research:
        lines += [f"Research: {observation.research}"]
    lines += [f"Inventory: {_counts(observation.inventory)}"]
    entities = [_entity_line(entity) for entity in observation.entities]
    lines += _section("Entities", entities, MAX_ENTITIES) or ["Entities: none"]
    lines += _section("Warnings", [f"- {_one_line(warning)}" for warning in observation.warnings], MAX_ENTITIES)
    lines += [f"Note: {_one_line(note)}" for note in observation.notes]
    return "\n".join(lines)


def build_conversation(
    system: str, first: Observation | str, steps: Sequence[tuple[str, Observation | str]] = ()
) -> Conversation:
    """The dialogue of an episode.

    Args:
        system: the standing instructions.
        first: what the world looked like before any program.
        steps: (model's reply, what came of it), oldest first.
    """
    messages = [Message("system", system), Message("user", _text(first))]
    for reply, observation in steps:
        messages += [Message("assistant", reply), Message("user", _text(observation))]
    return Conversation(tuple(messages))


def _text(observation: Observation | str) -> str:
    return observation if isinstance(observation, str) else format_observation(observation)
