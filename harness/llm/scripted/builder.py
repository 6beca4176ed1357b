"""`scripted/builder`: an offline stand-in for a weak language model.

It reads nothing but the dialogue, writes varied and fallible programs in the agent API, and costs nothing, so the whole
harness can be run, tested and compared with no key and no network. Results it takes part in carry its name.
"""

from __future__ import annotations

import time

from harness.core.seeds import stream
from harness.core.text import estimate_tokens
from harness.llm.model import ModelReply, ModelRequest
from harness.llm.scripted import planning
from harness.llm.scripted.composing import compose
from harness.llm.scripted.reading import read_dialogue

_ANSWERS = {
    "objective": planning.answer_objective,
    "plan": planning.answer_plan,
    "step": planning.answer_step,
    "judge": planning.answer_judge,
}


class ScriptedBuilder:
    """The scripted model. The same dialogue, seeds and purpose always get the same reply.

    Args:
        seed: root of its chance; the request's seed and the dialogue's hash branch from it.
    """

    name = "scripted/builder"

    def __init__(self, *, seed: int = 0) -> None:
        self._seed = seed

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Answers at once; never fails. See `Model.complete`."""
        started = time.monotonic()
        text, is_cut = self._cut(self._answer(request), request.max_tokens)
        return ModelReply(
            text=text,
            model=self.name,
            input_tokens=sum(estimate_tokens(message.content) for message in request.messages),
            output_tokens=estimate_tokens(text),
            cost_usd=0.0,
            finish_reason="length" if is_cut else "stop",
            wall_s=time.monotonic() - started,
        )

    async def close(self) -> None:
        """Nothing is held open."""

    def _answer(self, request: ModelRequest) -> str:
        rng = stream(self._seed, "scripted", request.purpose, request.seed, request.digest)
        situation = read_dialogue(request.messages)
        answer = _ANSWERS.get(request.purpose)
        if answer is not None:
            return answer(situation, rng)
        program, thought = compose(situation, rng)
        return f"{thought}\n\n```python\n{program}```\n"

    @staticmethod
    def _cut(text: str, max_tokens: int) -> tuple[str, bool]:
        """Ends the reply where a real model would have to, and says whether it did."""
        if estimate_tokens(text) <= max_tokens:
            return text, False
        return text[: 4 * (max_tokens - 1)], True
