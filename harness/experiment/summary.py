"""The run in a few numbers, from its records and what the search spent."""

from __future__ import annotations

from dataclasses import fields

from harness.experiment.config import ExperimentConfig
from harness.records import ProgramRecord, RunFolder, RunReader, Summary
from harness.report import best_path, ranked
from harness.variants import Budget, Spend
from harness.variants.search import Search


def summarise(config: ExperimentConfig, folder: RunFolder, search: Search | None, wall_s: float) -> Summary:
    """Counts what is on record; an interrupted run is summarised as far as it came."""
    reader = RunReader(folder)
    records = reader.programs()
    nodes = [record for record in records if record.parent_id is not None]
    order = ranked(nodes)
    best = order[0] if order else None
    calls = [
        (call.input_tokens, call.output_tokens, 0.0 if call.error else call.cost_usd) for call in reader.model_calls()
    ]
    costs = [cost for _, _, cost in calls]
    return Summary(
        experiment=folder.experiment,
        version=folder.version,
        variant=config.variant,
        model=config.model,
        seed=config.seed,
        best_value=best.value if best else None,
        best_program_id=best.id if best else None,
        num_programs=len({_program(record) for record in nodes}),
        num_failed=len({_program(record) for record in nodes if record.status != "ok"}),
        num_nodes=len(nodes) + 1,
        best_path=[record.id for record in best_path(records, best.id)] if best else [],
        best_dynamic=best.dynamic if best else {},
        budget=_budget(config, search.spend if search else Spend()),
        ticks=search.spend.ticks if search else 0,
        input_tokens=sum(tokens for tokens, _, _ in calls),
        output_tokens=sum(tokens for _, tokens, _ in calls),
        cost_usd=None if any(cost is None for cost in costs) else sum(cost or 0.0 for cost in costs),
        price_profile=config.evaluation.price_profile,
        wall_s=round(wall_s, 3),
    )


def _program(record: ProgramRecord) -> tuple[int, int, int]:
    """What the chunks of one reply have in common, and the steps of one plan have not: the depth it began at."""
    return record.iteration, record.sample, record.depth - record.chunk


def _budget(config: ExperimentConfig, spend: Spend) -> dict[str, dict[str, float | None]]:
    """By budget: its limit, null where there is none, and what was spent."""
    limits = Budget(**config.budget.model_dump())
    table: dict[str, dict[str, float | None]] = {}
    for each in fields(Budget):
        table[each.name] = {"limit": getattr(limits, each.name), "spent": round(getattr(spend, each.name), 6)}
    return table
