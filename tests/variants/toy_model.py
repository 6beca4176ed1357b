"""A tiny model for the toy world: seeded, fallible, answering every purpose in the format it is asked for."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import anyio

from harness.core.errors import ModelError
from harness.llm import ModelReply, ModelRequest

PROGRAMS = [
    '"""Dig."""\nmine(6)\n"""Build."""\nbuild(1)\n',
    '"""Dig."""\nmine(10)\n"""Build."""\nbuild(2)\nprint("built")\n',
    '"""Dig."""\nmine(3)\n"""Build too much."""\nbuild(90)\n"""Never."""\nmine(1)\n',
    '"""Wait."""\nsleep(120)\n',
    "mine(2",
]


def fenced(code: str) -> str:
    return f"I think so.\n\n```python\n{code}```\n"


@dataclass
class ToyModel:
    """Answers `program` requests from `programs` by chance of the request's seed; `script` overrides by purpose."""

    programs: list[str] = field(default_factory=lambda: list(PROGRAMS))
    name: str = "scripted/toy"
    script: dict[str, Callable[[ModelRequest], str]] = field(default_factory=dict)
    requests: list[ModelRequest] = field(default_factory=list)
    fail: Callable[[ModelRequest], bool] = lambda request: False
    delay: Callable[[ModelRequest], float] | None = None
    cost_usd: float = 0.0
    retryable: bool = False

    async def complete(self, request: ModelRequest) -> ModelReply:
        self.requests.append(request)
        if self.delay is not None:
            await anyio.sleep(self.delay(request))
        if self.fail(request):
            raise ModelError("toy model: out of order", retryable=self.retryable)
        text = self.script.get(request.purpose, self._answer)(request)
        return ModelReply(
            text=text,
            model=self.name,
            input_tokens=sum(len(message.content) // 4 for message in request.messages),
            output_tokens=len(text) // 4,
            cost_usd=self.cost_usd,
            finish_reason="stop",
            wall_s=0.0,
        )

    async def close(self) -> None:
        pass

    def _answer(self, request: ModelRequest) -> str:
        rng = random.Random(f"{request.seed} {request.digest}")
        answers = {
            "program": lambda: fenced(rng.choice(self.programs)),
            "objective": lambda: "Ore matters.\nOBJECTIVE: Have drills dig.\nCHECK: throughput iron-ore 100",
            "plan": lambda: "1. Dig ten ore.\n2. Build two drills.",
            "step": lambda: f"STEP: Build {rng.randint(1, 3)} drills.",
            "judge": lambda: "The first is safest.\nCHOICE: 1",
        }
        return answers[request.purpose]()
