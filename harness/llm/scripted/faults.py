"""The mistakes of a weak model, made on purpose and at a stated rate.

A search that is only ever offered flawless programs proves nothing about how it handles flawed ones. Each fault is a
change of the text; one that would leave the program unparsable is not made, except the syntax slip, whose point it is.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

FAULT_RATE = 0.25
"""Share of programs that get one of `FAULTS`."""

SYNTAX_SLIP_RATE = 0.02
"""Share of programs that do not parse."""

WRONG_NAMES = {
    "Prototype.BurnerMiningDrill": "Prototype.MiningDrill",
    "Prototype.WoodenChest": "Prototype.Chest",
    "Prototype.StoneFurnace": "Prototype.Furnace",
    "Prototype.AssemblingMachine2": "Prototype.Assembler2",
    "Prototype.Pipe": "Prototype.Pipes",
    "Prototype.TransportBelt": "Prototype.Belt",
    "Resource.IronOre": "Resource.Iron",
    "Resource.CopperOre": "Resource.Copper",
}


def _swap_one(program: str, rng: random.Random, pattern: str, change: Callable[[re.Match[str]], str]) -> str:
    """Changes one chance match of `pattern`; the program itself if there is none."""
    matches = list(re.finditer(pattern, program))
    if not matches:
        return program
    match = rng.choice(matches)
    return program[: match.start()] + change(match) + program[match.end() :]


def _drop_line(program: str, rng: random.Random, pattern: str) -> str:
    return _swap_one(program, rng, rf"(?m)^[ ]*{pattern}.*\n", lambda _: "")


def wrong_name(program: str, rng: random.Random) -> str:
    """A prototype or resource that does not exist."""
    present = [name for name in WRONG_NAMES if re.search(rf"{re.escape(name)}\b", program)]
    if not present:
        return program
    name = rng.choice(present)
    return re.sub(rf"{re.escape(name)}\b", WRONG_NAMES[name], program, count=1)


def forgotten_fuel(program: str, rng: random.Random) -> str:
    """A machine that burns nothing."""
    return _drop_line(program, rng, r"(?:\w+ = )?insert_item\(Prototype\.(?:Coal|Wood)")


def forgotten_walk(program: str, rng: random.Random) -> str:
    """Building from where one happens to stand."""
    return _drop_line(program, rng, r"move_to\(")


def wrong_position(program: str, rng: random.Random) -> str:
    """A machine a tile or more off."""
    return _swap_one(
        program,
        rng,
        r"corner\.([xy]) \+ (\d+(?:\.\d+)?)",
        lambda match: f"corner.{match[1]} + {float(match[2]) + rng.choice((-2, -1, 1, 2, 3)):g}",
    )


def wrong_direction(program: str, rng: random.Random) -> str:
    """A machine that faces elsewhere."""
    return _swap_one(
        program,
        rng,
        r"direction=Direction\.(?:UP|DOWN)",
        lambda _: f"direction=Direction.{rng.choice(('LEFT', 'RIGHT'))}",
    )


def missing_import(program: str, rng: random.Random) -> str:
    """A module used without importing it."""
    return _swap_one(program, rng, r"\bint\(", lambda _: "math.floor(")


def unbounded_quantity(program: str, rng: random.Random) -> str:
    """Far more than there is."""
    return _swap_one(program, rng, r"quantity=\d+", lambda _: f"quantity={rng.choice((500, 1000, 9999))}")


def missing_item(program: str, rng: random.Random) -> str:
    """More copies than the inventory holds."""
    return _swap_one(program, rng, r"in range\(\d+\)", lambda _: f"in range({rng.choice((12, 20, 60))})")


def misspelt_variable(program: str, rng: random.Random) -> str:
    """A variable that was never assigned."""
    return _swap_one(program, rng, r"\b(drill|furnace|engine|boiler|chest)\.", lambda match: f"{match[1]}s.")


FAULTS: dict[str, Callable[[str, random.Random], str]] = {
    "forgotten_fuel": forgotten_fuel,
    "forgotten_walk": forgotten_walk,
    "misspelt_variable": misspelt_variable,
    "missing_import": missing_import,
    "missing_item": missing_item,
    "unbounded_quantity": unbounded_quantity,
    "wrong_direction": wrong_direction,
    "wrong_name": wrong_name,
    "wrong_position": wrong_position,
}


def syntax_slip(program: str, rng: random.Random) -> str:
    """A closing bracket left out."""
    return _swap_one(program, rng, r"\)(?=\n)", lambda _: "")


def parses(program: str) -> bool:
    """Whether it is Python."""
    try:
        compile(program, "<program>", "exec", dont_inherit=True)
    except SyntaxError:
        return False
    return True


def make_faulty(program: str, rng: random.Random, *, rate: float = FAULT_RATE) -> str:
    """The program, with a fault at the stated rates; `rate` scales both, down to 0 for none."""
    if rng.random() < SYNTAX_SLIP_RATE * rate / FAULT_RATE:
        return syntax_slip(program, rng)
    if rng.random() >= rate:
        return program
    faulty = FAULTS[rng.choice(sorted(FAULTS))](program, rng)
    return faulty if parses(faulty) else program
