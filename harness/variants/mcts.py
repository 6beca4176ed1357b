"""MCTS over whole programs: every node is one program, written in one reply."""

from __future__ import annotations

from collections.abc import AsyncIterator

from harness.evaluation import Program
from harness.variants.asking import Place
from harness.variants.budget import Allowance
from harness.variants.search import Search


class MCTS(Search):
    """Selects a parent, asks the model for programs that continue it, and values each as a whole.

    See `Search` for the arguments.
    """

    async def _expand(
        self, parent: Program, place: Place, allowance: Allowance, timeout: float
    ) -> AsyncIterator[Program]:
        program = await self._sampler.write(parent, self._dialogue(parent), place, allowance)
        yield program if program.failed else await self._sampler.evaluate(program, parent, place, allowance, timeout)
