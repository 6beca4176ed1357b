"""`random` without chance: every generator starts from something the harness has chosen.

The module's own generator is seeded for each run of programs and its state persists like a variable; a `Random()` or
`seed()` without a seed draws one from that generator instead of the operating system.
"""

from __future__ import annotations

import random
from typing import Any, NoReturn

from harness.programs.anatomy import mro_of

_Plain = random.Random
_Generator: Any = mro_of(random.Random)[-2]
_SEED_BITS = 64


class _Seeded(_Plain):
    """A generator whose seed never comes from outside."""

    def seed(self, a: Any = None, version: int = 2) -> None:
        if a is None:
            a = _module_generator.getrandbits(_SEED_BITS)
        super().seed(a, version)


_Seeded.__name__ = _Seeded.__qualname__ = "Random"
_Seeded.__module__ = "random"
_module_generator: Any = _Plain(0)


class _SystemRandom:
    """Stands where the operating system's generator was."""

    def __init__(self, *_args: object) -> NoReturn:
        raise PermissionError("SystemRandom is not available to programs: runs must repeat. Use random.Random(seed).")


_SystemRandom.__name__ = _SystemRandom.__qualname__ = "SystemRandom"
_SystemRandom.__module__ = "random"


def tame_random() -> None:
    """Changes the module `random` of this process for good."""
    global _module_generator
    held = vars(random)
    own = held["_inst"]
    generator = _Seeded(0)
    for name, value in list(held.items()):
        if getattr(value, "__self__", None) is own:
            held[name] = getattr(generator, name)
    held.update(_inst=generator, Random=_Seeded, SystemRandom=_SystemRandom)
    _module_generator = generator


def seed_random(seed: int) -> None:
    """Starts the module's generator."""
    random.seed(seed)


def random_record() -> dict[str, Any]:
    """The state of the module's generator as JSON data."""
    generator: Any = vars(random)["_inst"]
    gauss = generator.gauss_next
    return {"words": words_of(generator), "gauss": gauss.hex() if type(gauss) is float else None}


def resume_random(record: dict[str, Any]) -> None:
    """Brings the module's generator into a state of `random_record`.

    Raises:
        ValueError: it is none.
    """
    generator: Any = vars(random)["_inst"]
    set_words(generator, record["words"])
    gauss = record["gauss"]
    generator.gauss_next = None if gauss is None else float.fromhex(gauss)


def words_of(generator: Any) -> str:
    """The state of a generator as text, but for its second Gaussian number, which is an attribute of it."""
    return "".join(f"{word:08x}" for word in _Generator.getstate(generator))


def set_words(generator: Any, words: str) -> None:
    """The inverse of `words_of`.

    Raises:
        ValueError: it is no such text.
    """
    _Generator.setstate(generator, tuple(int(words[start : start + 8], 16) for start in range(0, len(words), 8)))
