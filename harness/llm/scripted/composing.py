"""How the scripted model decides what to write: mend what failed, follow a given step, else what suggests itself."""

from __future__ import annotations

import ast
import random
import re

from harness.core.errors import ConfigError
from harness.llm.scripted.behaviours import BEHAVIOURS, find_by_phrase
from harness.llm.scripted.behaviours.hand import TARGETS, craft, gather
from harness.llm.scripted.draft import RAW, SMELTED, Draft, craft_shortage
from harness.llm.scripted.faults import FAULT_RATE, make_faulty
from harness.llm.scripted.reading import Situation

MEND_RATE = 0.65
"""Share of programs after a failure that try the failed thing again, with more care."""

CARELESS_RATE = 0.04
"""Share of choices made without a look at the inventory."""


def compose(situation: Situation, rng: random.Random) -> tuple[str, str]:
    """A program and the thought before it."""
    draft = Draft(rng, situation)
    step = _given_step(situation)
    failed = _failed_behaviour(situation)
    if step:
        thought, rate = f"The step to take: {step}", FAULT_RATE
        _follow(draft, step)
    elif failed and not _is_hopeless(situation) and rng.random() < MEND_RATE:
        error = situation.error
        thought, rate = f"The last program failed: {error.message if error else ''} I try that again.", FAULT_RATE / 2
        _mend(draft, failed)
    else:
        thought, rate = _thought(draft), FAULT_RATE
        _freely(draft, rng.choice((1, 1, 2, 2, 3, 4)))
    return make_faulty(draft.text(), rng, rate=rate), " ".join(thought.split())[:400].replace("```", "")


def _is_hopeless(situation: Situation) -> bool:
    """Whether trying again changes nothing: what is full stays full."""
    return situation.error is not None and re.search(r"\bfull\b", situation.error.message) is not None


def _given_step(situation: Situation) -> str:
    match = re.search(r"^Your next step: (.+)$", situation.question, flags=re.MULTILINE)
    return match[1].strip() if match else ""


def _follow(draft: Draft, step: str) -> None:
    name = find_by_phrase(step)
    if name is None or not BEHAVIOURS[name].possible(draft):
        _freely(draft, 1)
        return
    numbers = [int(number) for number in re.findall(r"\b(\d{1,3})\b", step)]
    items = [item for item in (*RAW, *TARGETS) if item in step]
    if name == "gather" and items:
        gather(draft, wanted=items[0] if items[0] in RAW else "", count=numbers[0] if numbers else 0)
    elif name == "craft" and items and items[-1] in TARGETS:
        craft(draft, wanted=items[-1], count=numbers[0] if numbers else 0)
    else:
        BEHAVIOURS[name].write(draft)


def _failed_behaviour(situation: Situation) -> str | None:
    """The behaviour whose docstring stands over the line that failed."""
    if situation.error is None or not situation.last_program:
        return None
    line = situation.error.line
    try:
        body = ast.parse(situation.last_program).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return find_by_phrase(situation.last_program)
    spoken = None
    for statement in body:
        if line is not None and statement.lineno > line:
            break
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            spoken = find_by_phrase(str(statement.value.value)) or spoken
    return spoken


def _mend(draft: Draft, name: str) -> None:
    """First what the error says is missing, then the failed behaviour anew if it is still possible."""
    message = draft.situation.error.message.lower() if draft.situation.error else ""
    lacks = ("inventory", "not enough", "missing", "required", "needs", "there are 0")
    if any(word in message for word in lacks):
        _supply(draft, message)
    if BEHAVIOURS[name].possible(draft) and BEHAVIOURS[name].weight(draft) > 0:
        BEHAVIOURS[name].write(draft)
    if not draft.steps:
        _freely(draft, 1)


def _supply(draft: Draft, message: str) -> None:
    """Fetches the item the message says is missing: gathers it, crafts it, or gathers what it is smelted from."""
    said = re.findall(r"\bno ([a-z0-9-]+) in inventory", message) or [
        item for item in (*RAW, *TARGETS, *SMELTED) if re.search(rf"(?<![\w-]){item}(?![\w-])", message)
    ]
    for item in said:
        raw = SMELTED.get(item, item)
        if raw in RAW:
            gather(draft, wanted=raw, count=10)
            return
        if item in TARGETS and not craft_shortage(item, 1, draft.stock.copy()):
            craft(draft, wanted=item, count=1)
            return


def _freely(draft: Draft, num_steps: int) -> None:
    for _ in range(num_steps):
        weights = _weights(draft)
        names = sorted(weights)
        name = draft.rng.choices(names, [weights[name] for name in names])[0]
        BEHAVIOURS[name].write(draft)


def _weights(draft: Draft) -> dict[str, float]:
    """How strongly each behaviour suggests itself; what the task names counts threefold."""
    careless = draft.rng.random() < CARELESS_RATE
    weights: dict[str, float] = {}
    for name, behaviour in sorted(BEHAVIOURS.items()):
        if careless or behaviour.possible(draft):
            weights[name] = behaviour.weight(draft) * (3.0 if _task_asks(name, draft.situation.task) else 1.0)
    if not any(weights.values()):
        raise ConfigError("the scripted model found nothing to do: expected gathering to be always possible")
    return weights


ASKED_FOR = {
    "iron-ore": ("drill_to_chest", "electric_drills"),
    "iron-plate": ("drill_to_furnace", "inserter_column", "electric_drills"),
    "steel-plate": ("steel_column",),
    "iron-gear-wheel": ("mill", "steam_power"),
    "stone-wall": ("mill", "steam_power"),
    "electronic-circuit": ("bench", "steam_power", "mill"),
    "automation-science-pack": ("bench", "steam_power", "mill"),
    "inserter": ("bench", "steam_power"),
}


def _task_asks(name: str, task: str) -> bool:
    return any(item in task and name in names for item, names in ASKED_FOR.items())


def _thought(draft: Draft) -> str:
    standing = draft.situation.standing
    counts = sorted(((count, name) for name, count in draft.built.items() if count), reverse=True)[:3]
    seen = ", ".join(f"{count} {name}" for count, name in counts)
    idle = sum(1 for entity in standing if entity.status not in ("working", "normal", ""))
    start = f"Standing: {seen}; {idle} not working." if seen else "Nothing stands yet."
    rest = draft.rng.choice(
        ("More machines that go on by themselves.", "I build on what there is.", "Next, something that lasts.")
    )
    return f"{start} {rest}"
