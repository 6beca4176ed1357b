"""What the scripted model gathers from a dialogue: the same text any other model is given, and nothing else.

Reading is lenient: a line it does not know is skipped, a section that is missing is empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from harness.core.conversation import Message
from harness.llm.dialogue import EntityNote, ErrorNote
from harness.llm.extract import extract_code
from harness.llm.places import parse_places

_COUNT = re.compile(r"([a-z0-9][a-z0-9-]*)=(-?\d+(?:\.\d+)?)")
_ENTITY = re.compile(r"^- (?P<name>[a-z0-9-]+) at \((?P<x>-?[\d.]+), (?P<y>-?[\d.]+)\)(?P<rest>.*)$")
_GROUP = re.compile(r"^- \d+ (?P<name>[a-z0-9-]+)(?P<facts>(?:, \w+ \w+)*): (?P<places>[^;]*)(?:; (?P<detail>.*))?$")
_OBJECT = re.compile(r"name='(?P<name>[a-z0-9-]+)'.*?position=Position\(x=(?P<x>-?[\d.]+),? y=(?P<y>-?[\d.]+)\)")
_SOURCE = re.compile(r"^Line \d+ reads: (?P<source>.*)$")
_ERROR = re.compile(r"^Error(?: at line (?P<line>\d+))?: (?:(?P<type>\w+): )?(?P<message>.*)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """The state of play as a reader of the dialogue understands it.

    Attributes:
        inventory: item -> count.
        standing: entities listed.
        warnings: complaints listed.
        error: how the last program failed, if it did.
        last_program: the last program written, empty if none.
        num_programs: programs written so far in this dialogue.
        task: what counts, from the standing instructions.
        question: the whole last message.
    """

    inventory: Mapping[str, int] = field(default_factory=dict)
    standing: Sequence[EntityNote] = ()
    warnings: Sequence[str] = ()
    error: ErrorNote | None = None
    last_program: str = ""
    num_programs: int = 0
    task: str = ""
    question: str = ""

    def count(self, name: str) -> int:
        """How many of an entity stand."""
        return sum(1 for entity in self.standing if entity.name == name)

    def section(self, title: str) -> list[str]:
        """The lines under `title:` of the last message, up to an empty line or the next title."""
        lines = self.question.splitlines()
        found: list[str] = []
        for start, line in enumerate(lines):
            if line.startswith(f"{title}:"):
                rest = line[len(title) + 1 :].strip()
                found = ([rest] if rest else []) + _until_break(lines[start + 1 :])
        return found


def _until_break(lines: Sequence[str]) -> list[str]:
    taken: list[str] = []
    for line in lines:
        if not line.strip() or re.match(r"^[A-Z][\w ]*:", line):
            break
        taken.append(line.strip())
    return taken


def read_dialogue(messages: Sequence[Message]) -> Situation:
    """Reads the last user message, and from earlier ones what it does not repeat."""
    question = next((message.content for message in reversed(messages) if message.role == "user"), "")
    programs = [extract_code(message.content) for message in messages if message.role == "assistant"]
    written = [program for program in programs if program]
    system = "\n".join(message.content for message in messages if message.role == "system")
    lines = question.splitlines()
    return Situation(
        inventory=_inventory(lines),
        standing=tuple(entity for line in _but_warnings(lines) for entity in _entities(line)),
        warnings=_warnings(lines),
        error=_error(lines),
        last_program=written[-1] if written else "",
        num_programs=len(written),
        task=_task(system),
        question=question,
    )


def _inventory(lines: Sequence[str]) -> dict[str, int]:
    line = next((line for line in reversed(lines) if line.lower().startswith("inventory")), "")
    return {name: int(float(count)) for name, count in _COUNT.findall(line) if float(count) > 0}


def _but_warnings(lines: Sequence[str]) -> Sequence[str]:
    """The lines without the complaints, which name again what was listed before."""
    if "Warnings:" not in lines:
        return lines
    start = lines.index("Warnings:") + 1
    return [*lines[:start], *lines[start + len(_until_break(lines[start:])) :]]


def _entities(line: str) -> list[EntityNote]:
    """What a line tells of: one entity, a group of equal ones, or nothing."""
    group = _GROUP.match(line)
    if group is None:
        entity = _entity(line)
        return [] if entity is None else [entity]
    status, direction = re.search(r"status (\w+)", group["facts"]), re.search(r"facing (\w+)", group["facts"])
    return [
        EntityNote(
            name=group["name"],
            x=x,
            y=y,
            direction=direction[1] if direction else "",
            status=status[1].lower() if status else "",
            detail=group["detail"] or "",
        )
        for x, y in parse_places(group["places"])
    ]


def _entity(line: str) -> EntityNote | None:
    match = _ENTITY.match(line) or _OBJECT.search(line)
    if match is None:
        return None
    rest = line[match.end("y") :]
    status = re.search(r"status[ =](?:EntityStatus\.)?(\w+)", rest)
    direction = re.search(r"facing (\w+)", rest)
    try:
        x, y = float(match["x"]), float(match["y"])
    except ValueError:
        return None
    return EntityNote(
        name=match["name"],
        x=x,
        y=y,
        direction=direction[1] if direction else "",
        status=status[1].lower() if status else "",
        detail=rest.partition(";")[2].strip(),
    )


def _warnings(lines: Sequence[str]) -> tuple[str, ...]:
    if "Warnings:" not in lines:
        return ()
    start = lines.index("Warnings:") + 1
    return tuple(line.removeprefix("- ") for line in _until_break(lines[start:]))


def _error(lines: Sequence[str]) -> ErrorNote | None:
    found = ((index, match) for index, line in enumerate(lines) if (match := _ERROR.match(line)) is not None)
    index, match = next(found, (0, None))
    if match is None:
        return None
    source = _SOURCE.match(lines[index + 1]) if index + 1 < len(lines) else None
    return ErrorNote(
        message=match["message"],
        type=match["type"] or "Error",
        line=int(match["line"]) if match["line"] else None,
        source=source["source"] if source is not None else "",
    )


def _task(system: str) -> str:
    """The first point under `What counts`."""
    match = re.search(r"^What counts\n- (.*?)\n- ", system, flags=re.MULTILINE | re.DOTALL)
    return match[1].strip() if match else ""
