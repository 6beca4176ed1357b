"""Short ways to run searches over toy worlds with the toy model."""

from __future__ import annotations

from typing import Any

import anyio

from harness.evaluation import FactorioEvaluator
from harness.variants import MCTS, Search, SilentObserver
from tests.evaluation.toy import toy_worlds
from tests.variants.toy_model import ToyModel


class Diary(SilentObserver):
    """Writes down what a search tells."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.programs: list[Any] = []
        self.replayed: list[bool] = []
        self.calls: list[Any] = []
        self.finished: list[Any] = []

    def on_iteration_started(self, event: Any) -> None:
        self.events.append(f"start {event.iteration}")

    def on_model_call(self, event: Any) -> None:
        self.events.append(f"call {event.iteration}.{event.sample} {event.request.purpose}")
        self.calls.append(event)

    def on_program(self, program: Any, *, replayed: bool) -> None:
        self.events.append(f"program {program.iteration}.{program.sample}.{program.chunk_index}")
        self.programs.append(program)
        self.replayed.append(replayed)

    def on_iteration_finished(self, event: Any) -> None:
        self.events.append(f"end {event.iteration}")
        self.finished.append(event)


def make(variant: type[Search] = MCTS, model: ToyModel | None = None, **options: Any) -> Search:
    worlds = options.pop("worlds", None) or toy_worlds(options.pop("slots", 3) + 1)
    accrual = options.pop("accrual_ticks", 600)
    limit = options.pop("max_program_ticks", 0)
    rules = {name: options.pop(name, None) for name in ("racing", "task")}
    evaluator = FactorioEvaluator(worlds, accrual_ticks=accrual, max_program_ticks=limit, **rules)
    options.setdefault("api_reference", "mine, build, sleep, print")
    options.setdefault("lookahead", 0)
    return variant(model or ToyModel(), evaluator, None, **options)


def play(search: Search, n_iterations: int = 6, samples: int = 3) -> list[Any]:
    return anyio.run(search.search, n_iterations, samples, 10.0)


def shape(search: Search) -> list[tuple[Any, ...]]:
    """Everything about a tree that must not depend on timing."""
    tree = search.tree
    return [
        (p.id, p.parent_id, p.code, p.status, p.value, p.ticks, node, tree.visits[node], tree.sums[node])
        for p in search.programs
        for node in [search.node_of(p)]
    ]
