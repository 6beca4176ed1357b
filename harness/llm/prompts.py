"""The standing instructions and questions each variant puts to a model, and how the answers are read.

Owns wording and answer formats. The API reference is handed in as text, so this module needs no program package.
Answers are read leniently: a reply that misses its format gives None or an empty list, never an exception.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

CheckKind = Literal["inventory", "throughput"]

_PROGRAM = """\
You are playing Factorio through Python. Each of your replies is one program; it is run against a live world, and you
are then told what it printed, how it failed if it did, and what the world looks like now.

How to write a program
- Think first, in a few sentences: what stands, what is missing, what the last error teaches.
- Then give exactly one block fenced with ```python. Only the block is run.
- Divide the program into steps. Begin each step, at the left margin, with a docstring that says what the step does:
  a bare string in triple double quotes on lines of its own. Keep every loop, `if` and function inside one step.
- Steps run in order and the first fault ends the program; what earlier steps built stays built.
- Variables, functions and imports live on in later programs. Entities you hold are snapshots: fetch them anew with
  get_entity before relying on their status.
- print what you need to know next; you see nothing else of the inside of a program.
- You are told of the world in the game's names: what is called stone-furnace there is Prototype.StoneFurnace in a
  program, and inspect_inventory()[Prototype.StoneFurnace] counts it.
- Equal things are told together: `5 stone-furnace: 5 from (0, 3) to (8, 3)` are five in a row at equal distances,
  the first and the last of them at these places.
- Handle only the names listed in the reference. There are no files, no network and no other packages than the
  standard library's plain ones.

What counts
- {task}
- The score rises with all that is produced and falls with what is consumed. Machines that go on producing after the
  program has ended are worth more than anything made by hand: their output is measured after the program too.
- Waiting earns nothing beyond what already stands earns by itself.

What often goes wrong
- Placing farther than 10 tiles from the character: move_to first.
- Burner machines (burner drills, stone furnaces, burner inserters, boilers) without coal do nothing.
- An inserter's direction is the side it drops to.
- Even-sized entities centre on whole coordinates, odd-sized ones on halves; use the position of the entity returned.
- Mining drills deliver at drop_position: put a chest, a belt or a furnace exactly there.

The reference of what a program can use
{api_reference}
"""

DEFAULT_TASK = "Raise the production score as far as you can."

_OBJECTIVE = """\
The world now:
{observation}

Finished so far:
{log}

Propose the next objective: one thing worth having that a handful of short programs can bring about from here, and how
to check it against the world. Think in a few sentences, then end with exactly two lines:
OBJECTIVE: <one sentence>
CHECK: <inventory|throughput> <item name> <amount>
`inventory` asks for that many of the item in your inventory; `throughput` for that many made by machines in 60 seconds.
"""

_PLAN = """\
The world now:
{observation}

The objective: {objective}

Break it down into at most {max_steps} steps, each small enough for one short program, each naming the things it places
or makes. Answer with a numbered list, one step a line, and nothing after it.
"""

_STEP = """\
The objective: {objective}

The plan:
{plan}

Done so far:
{log}

The world now:
{observation}

Say what the single next step should be, given what really happened, in one or two sentences that name places, machines
and amounts. End with one line:
STEP: <what to do next>
If nothing is left to do, end instead with:
STEP: done
"""

_JUDGE = """\
The objective: {objective}

The plan:
{plan}

Done so far:
{log}

The world now:
{observation}

These next steps were proposed:
{candidates}

Choose the one most likely to work and to bring the objective nearer. Weigh what is in the inventory, what the last
errors were and what already stands. {ending}
"""

_CHOICE = """\
Give your reason in one sentence, then end with one line:
CHOICE: <number>"""

_SCORES = """\
Give your reason in one sentence, then end with two lines: how promising each step is, from 0 for hopeless over 5 for as
good as most to 10 for certain, in their order and with commas between them; and the one to take:
SCORES: <number>, <number>, ...
CHOICE: <number>"""

SCORE_MOST = 10.0
SCORE_MIDDLE = 5.0
"""Of a judge's scores: the highest there is, and that of a step as good as most."""

_EXECUTE = """\
{observation}

Your next step: {step}
Write the program for this step, and for no more than it.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuccessCheck:
    """A predicate on the world that says whether an objective is reached; never a model's word.

    Attributes:
        kind: `inventory` (items held) or `throughput` (made by machines in 60 s).
        item: the game's name.
        amount: at least this many.
    """

    kind: CheckKind
    item: str
    amount: float

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return {"kind": self.kind, "item": self.item, "amount": self.amount}


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """What a model set out to do, and how it is checked; `check` is None where the model gave none that can be read."""

    text: str
    check: SuccessCheck | None


def program_system_prompt(*, api_reference: str, task: str = DEFAULT_TASK) -> str:
    """The standing instructions for writing programs.

    Args:
        api_reference: names, signatures and meaning of everything a program can use.
        task: what counts, one or more sentences.
    """
    return _PROGRAM.format(task=task.strip(), api_reference=api_reference.strip())


def objective_prompt(*, observation: str, log: Sequence[str] = ()) -> str:
    """Asks for the next objective; read the answer with `parse_objective`."""
    return _OBJECTIVE.format(observation=observation, log=_bullets(log))


def plan_prompt(*, observation: str, objective: str, max_steps: int = 8) -> str:
    """Asks for a plan; read the answer with `parse_plan`."""
    return _PLAN.format(observation=observation, objective=objective, max_steps=max_steps)


def step_prompt(*, observation: str, objective: str, plan: Sequence[str], log: Sequence[str] = ()) -> str:
    """Asks for one candidate next step; read the answer with `parse_step`. Ask with several seeds for several."""
    return _STEP.format(observation=observation, objective=objective, plan=numbered(plan), log=_bullets(log))


def judge_prompt(
    *,
    observation: str,
    objective: str,
    plan: Sequence[str],
    log: Sequence[str],
    candidates: Sequence[str],
    scored: bool = False,
) -> str:
    """Asks which candidate to follow, and if `scored` how promising each is.

    Read the answer with `parse_choice` and `parse_scores`.
    """
    return _JUDGE.format(
        observation=observation,
        objective=objective,
        plan=numbered(plan),
        log=_bullets(log),
        candidates=numbered(candidates),
        ending=_SCORES if scored else _CHOICE,
    )


def execute_prompt(*, observation: str, step: str) -> str:
    """Asks for the program of one step; the answer is a program like any other."""
    return _EXECUTE.format(observation=observation, step=step)


def numbered(lines: Sequence[str]) -> str:
    """`1. first`, `2. second`, .. on lines of their own."""
    return "\n".join(f"{index}. {line}" for index, line in enumerate(lines, start=1)) or "(none)"


def _bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines) or "- nothing"


def _last_field(text: str, label: str) -> str | None:
    found = re.findall(rf"^[\s*#>`_]*{label}[\s*_`]*:[\s*_`]*(.+?)[\s*_`]*$", text, flags=re.MULTILINE | re.IGNORECASE)
    return found[-1].strip() if found else None


def parse_objective(text: str) -> Objective | None:
    """The objective and its check; None where no OBJECTIVE line is found."""
    objective = _last_field(text, "OBJECTIVE")
    return None if objective is None else Objective(text=objective, check=parse_check(_last_field(text, "CHECK") or ""))


def parse_check(text: str) -> SuccessCheck | None:
    """`inventory iron-plate 50` as a check; None if it is not one."""
    match = re.fullmatch(r"(\w+)\s+([a-z0-9-]+)\s+(?:>=\s*)?(\d+(?:\.\d+)?)\D*", text.strip().lower())
    if match is None or match[1] not in get_args(CheckKind) or float(match[3]) <= 0:
        return None
    return SuccessCheck(
        kind="inventory" if match[1] == "inventory" else "throughput", item=match[2], amount=float(match[3])
    )


def parse_plan(text: str) -> list[str]:
    """The numbered lines of a plan, without their numbers; empty if there are none."""
    return [line.strip() for line in re.findall(r"^\s*\d+[.)]\s+(.+)$", text, flags=re.MULTILINE)]


def parse_step(text: str) -> str | None:
    """The proposed next step, `done` if the model thinks nothing is left; None where no STEP line is found."""
    step = _last_field(text, "STEP")
    return "done" if step is not None and step.rstrip(".").lower() == "done" else step


def parse_choice(text: str, num_candidates: int) -> int | None:
    """The index from 0 of the chosen candidate; None if there is no CHOICE line or it names no candidate."""
    choice = _last_field(text, "CHOICE")
    number = re.match(r"\D*(\d+)", choice) if choice is not None else None
    if number is None or not 1 <= int(number[1]) <= num_candidates:
        return None
    return int(number[1]) - 1


def parse_scores(text: str, num_candidates: int) -> list[float] | None:
    """The scores of all candidates, in their order; None if there is not one in 0..10 for each."""
    pieces = (_last_field(text, "SCORES") or "").replace(f"/{SCORE_MOST:g}", "").split(",")
    found = [re.fullmatch(r"(?:.*[\s:(])?(-?\d+(?:\.\d+)?)\)?\.?", piece.strip()) for piece in pieces]
    scores = [float(each[1]) for each in found if each is not None and 0 <= float(each[1]) <= SCORE_MOST]
    return scores if len(scores) == len(pieces) == num_candidates else None
