"""Chunked MCTS: a program is cut at its docstrings, and every piece is a node that can be continued."""

from __future__ import annotations

from collections.abc import AsyncIterator

from harness.core.conversation import Conversation
from harness.evaluation import Program
from harness.programs.chunking import chunk_program
from harness.variants.asking import Place
from harness.variants.budget import Allowance
from harness.variants.search import Search
from harness.variants.writing import chunk_of, dialogue_after, joined


class ChunkedMCTS(Search):
    """Runs the chunks of each program in order, each from the state the one before it left.

    The first chunk that fails, or ends the program by `return` or `exit()`, ends the rest; what worked before it stays
    in the tree as a place to go on from. See `Search` for the arguments.
    """

    def _dialogue(self, parent: Program) -> Conversation:
        return dialogue_after(joined(self._chunks_up_to(parent)))

    def _chunks_up_to(self, chunk: Program) -> list[Program]:
        """What ran of a reply's program up to one of its chunks; a program that was not cut by itself."""
        chunks = [chunk]
        while chunks[-1].chunk_index > 0:
            chunks.append(self._programs_at[self._nodes[chunks[-1].parent_id or ""]])
        return chunks[::-1]

    async def _expand(
        self, parent: Program, place: Place, allowance: Allowance, timeout: float
    ) -> AsyncIterator[Program]:
        whole = await self._sampler.write(parent, self._dialogue(parent), place, allowance)
        if whole.failed:
            yield whole
            return
        chunks = chunk_program(whole.code)
        before = parent
        for index in range(len(chunks)):
            chunk = chunk_of(whole, before, chunks, index)
            before = await self._sampler.evaluate(chunk, before, place, allowance, timeout)
            yield before
            if before.ends_chain:
                return
