"""The scripted model's answers to a planning search: objectives, plans, next steps, verdicts."""

from __future__ import annotations

import random

from harness.llm.prompts import SCORE_MIDDLE, numbered, parse_plan
from harness.llm.scripted.behaviours import BEHAVIOURS, find_by_phrase
from harness.llm.scripted.draft import Draft
from harness.llm.scripted.reading import Situation

OBJECTIVES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "ore": (
        "Have burner drills fill chests with iron ore.",
        "throughput iron-ore 16",
        ("place 2 burner drill(s) on iron-ore, each with a chest at its drop position", "refuel the burner machines"),
    ),
    "plates": (
        "Smelt iron plates without hands.",
        "throughput iron-plate 16",
        (
            "smelt iron-ore: 3 burner drill(s), each feeding a stone furnace",
            "mine coal with 1 pair(s) of burner drills that fuel each other",
            "refuel the burner machines that run low",
        ),
    ),
    "steel": (
        "Make steel without hands.",
        "throughput steel-plate 1",
        ("build a steel column on iron ore", "refuel the burner machines that run low", "wait 45 seconds"),
    ),
    "gears": (
        "Make iron gear wheels without hands.",
        "throughput iron-gear-wheel 4",
        (
            "set up steam power: offshore pump, boiler, steam engine",
            "build a mill for iron-gear-wheel on iron ore",
            "wait 30 seconds and look",
        ),
    ),
    "first drill": (
        "Have a first burner mining drill.",
        "inventory burner-mining-drill 1",
        (
            "gather 20 stone by hand",
            "gather 12 coal by hand",
            "craft 2 stone-furnace",
            "smelt 10 iron-plate by hand in a stone furnace",
            "craft 1 burner-mining-drill",
        ),
    ),
}
"""Name -> (objective, check, plan)."""


def answer_objective(situation: Situation, rng: random.Random) -> str:
    """An objective the inventory allows, in the format `prompts.parse_objective` reads."""
    draft = Draft(rng, situation)
    possible = ["first drill"]
    if draft.stock["burner-mining-drill"]:
        possible = ["ore", "plates", "plates", "steel"] + (["gears", "gears"] if draft.stock["steam-engine"] else [])
    text, check, _ = OBJECTIVES[rng.choice(possible)]
    return f"I go for what the inventory allows.\nOBJECTIVE: {text}\nCHECK: {check}"


def answer_plan(situation: Situation, rng: random.Random) -> str:
    """The plan that belongs to the objective in the question, sometimes one step short."""
    plans = [list(plan) for text, _, plan in OBJECTIVES.values() if text in situation.question]
    steps = plans[0] if plans else list(OBJECTIVES["plates"][2])
    if len(steps) > 2 and rng.random() < 0.2:
        steps.pop(rng.randrange(len(steps)))
    return numbered(steps)


def answer_step(situation: Situation, rng: random.Random) -> str:
    """The first step of the plan that the log does not mention, sometimes another one."""
    plan = parse_plan("\n".join(situation.section("The plan")))
    log = "\n".join(situation.section("Done so far"))
    left = [step for step in plan if (find_by_phrase(step) or step) not in _spoken(log)]
    if not left:
        return "The plan is carried out.\nSTEP: done"
    step = left[0] if rng.random() < 0.8 else rng.choice(plan)
    return f"Of the plan, {len(left)} step(s) are left.\nSTEP: {step}"


def _spoken(log: str) -> set[str]:
    return {name for line in log.splitlines() if (name := find_by_phrase(line)) is not None}


def answer_judge(situation: Situation, rng: random.Random) -> str:
    """The candidate that looks most possible from the inventory, with a weak judge's share of chance.

    Where it is asked for, each one's score too.
    """
    candidates = parse_plan("\n".join(situation.section("These next steps were proposed")))
    if not candidates:
        return "There is nothing to choose from.\nCHOICE: 1"
    scores = [_promise(candidate, Draft(rng, situation)) + rng.random() for candidate in candidates]
    best = max(range(len(candidates)), key=lambda index: (scores[index], -index))
    told = ", ".join(f"{SCORE_MIDDLE * score:.0f}" for score in scores)
    wanted = f"SCORES: {told}\n" if "\nSCORES:" in situation.question else ""
    return f"It can be done with what is held.\n{wanted}CHOICE: {best + 1}"


def _promise(candidate: str, draft: Draft) -> float:
    name = find_by_phrase(candidate)
    return 1.0 if name is not None and BEHAVIOURS[name].possible(draft) else 0.0
