"""Run folders written by hand, with numbers that are known."""

from pathlib import Path

from harness.experiment import parse_experiment
from harness.records import Manifest, ModelCallRecord, ProgramRecord, RunFolder, RunWriter, Summary, prepare_run
from tests.records.test_writer import node

GEAR = "iron_gear_wheel_throughput"


def reached(**kinds: list[str]) -> dict:
    """The `meta` of a node that was the first on its way to reach these."""
    return {"evaluation": {"milestones": kinds}}


def verdict(success: bool) -> dict:
    return {"task": {"success": success, "unmet": []}}


def lab_run(success: bool, score: float = 10.0) -> list[ProgramRecord]:
    """A root and one program."""
    return [node(0, score=0.0, code=""), node(1, score=score, meta=verdict(success))]


def write_run(
    root: Path,
    records: list[ProgramRecord],
    *,
    task: str | None = GEAR,
    model: str = "provider/one",
    variant: str = "mcts",
    seed: int = 0,
    world: dict | None = None,
    profile: str = "reference",
    status: str = "finished",
    samples: int = 8,
    tokens: int = 1000,
    usd: float | None = 0.5,
    ended_at: str = "2026-11-20T23:59:59+00:00",
    replies: tuple[str, ...] = (),
) -> RunFolder:
    data = {"name": "exp", "variant": variant, "model": model, "seed": seed, "world": world or {}}
    data |= {"evaluation": {"price_profile": profile}} | ({"task": task} if task else {})
    config = parse_experiment(data, source="test")
    folder = prepare_run(root)
    writer = RunWriter(folder)
    writer.write_config(config.resolved())
    for record in records:
        writer.write_program(record)
    for text in replies:
        writer.write_model_call(
            ModelCallRecord(
                request_hash="",
                purpose="program",
                model=model,
                seed=seed,
                messages=[],
                text=text,
                finish_reason="stop",
                input_tokens=0,
                output_tokens=0,
                cost_usd=0.0,
            )
        )
    shared = {"experiment": "exp", "version": root.name, "seed": seed, "model": model, "variant": variant}
    writer.write_manifest(
        Manifest(
            **shared,
            status=status,
            harness_version="",
            python_version="",
            platform="",
            config_hash=config.digest(),
            mod_version="",
            mod_hash="",
            server="a server",
            started_at="2026-11-19T00:00:00+00:00",
            ended_at=ended_at,
        )
    )
    writer.write_summary(
        Summary(
            **shared,
            best_value=None,
            best_program_id=None,
            num_programs=0,
            num_failed=0,
            num_nodes=len(records),
            best_path=[],
            best_dynamic={},
            budget={"samples": {"limit": None, "spent": samples}},
            ticks=0,
            input_tokens=tokens,
            output_tokens=0,
            cost_usd=usd,
            price_profile=profile,
            wall_s=0.0,
        )
    )
    return folder
