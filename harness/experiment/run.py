"""A run from start to summary: servers up, search, records, servers down, whatever happens in between.

The run is its folder: a run that was interrupted or killed is taken up again from the folder alone.
"""

from __future__ import annotations

import platform
import signal
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import anyio

import harness
from harness.api.reference import api_reference
from harness.core.conversation import Conversation, Message
from harness.core.errors import ConfigError, HarnessError, RecordError
from harness.core.tasks import sole_error
from harness.evaluation import FactorioEvaluator
from harness.experiment.arena import Arena, ServerWatcher, open_arena, server_settings
from harness.experiment.config import ExperimentConfig
from harness.experiment.recorder import Recorder, load_programs, model_call, model_call_record, root_state
from harness.experiment.stored import KeepingEvaluator, StateStore
from harness.experiment.summary import summarise
from harness.game import GameState
from harness.llm import LLMFactory, Model, fit_conversation
from harness.llm.prompts import DEFAULT_TASK, program_system_prompt
from harness.llm.recording import ModelCall, RecordingModel
from harness.mod import mod_hash, mod_version
from harness.records import Manifest, RunFolder, RunReader, RunStatus, RunWriter, Summary, create_run, hold_run
from harness.report import write_curves
from harness.search import PolicyConfig
from harness.servers import make_launcher
from harness.tasks import resolve_inventory
from harness.variants import VARIANTS, Budget, Observer
from harness.variants.search import Search


class Progress(Observer, ServerWatcher, Protocol):
    """An observer that is told of the servers too."""

    def on_run(self, folder: RunFolder) -> None:
        """The run has its folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOutcome:
    """How a run ended.

    Attributes:
        folder: everything it wrote.
        status: `finished`, `interrupted` or `failed`.
        summary: the run in a few numbers.
        message: why it did not finish, or which budget ended it early.
    """

    folder: RunFolder
    status: RunStatus
    summary: Summary
    message: str | None = None


async def start_run(config: ExperimentConfig, results: Path, progress: Progress) -> RunOutcome:
    """Runs an experiment into a new folder.

    Raises:
        ConfigError: the experiment cannot be run as configured; nothing was started and no folder made.
        ServerError: the servers could not be started.
    """
    check_runnable(config, results)
    folder = create_run(results, config.name)
    with hold_run(folder):
        writer = RunWriter(folder)
        writer.write_config(config.resolved())
        writer.write_manifest(new_manifest(config, folder))
        return await Sitting(config, folder, writer, progress).play()


def check_runnable(config: ExperimentConfig, results: Path) -> None:
    """Looks whether what an experiment needs is there: items, servers' settings, a model's key, price and room.

    Raises:
        ConfigError: it is not.
    """
    resolve_inventory(config.world.inventory)
    make_launcher(server_settings(config), results)
    model = _model(config)
    model.check()
    if config.budget.usd is not None and model.price is None:
        raise ConfigError(
            f"budget.usd: expected a model with a known price, got {config.model}; cap budget.tokens instead"
        )
    most = config.evaluation.max_program_ticks + round(config.evaluation.accrual_s * 60)
    if config.budget.ticks is not None and config.budget.ticks < most:
        raise ConfigError(
            f"budget.ticks: expected at least {most}, which one program may take (evaluation.max_program_ticks and the "
            f"accrual window), got {config.budget.ticks}: none would be run; raise it, or lower max_program_ticks"
        )
    goal = config.task.goal_text if config.task else DEFAULT_TASK
    reference = api_reference(full=config.model_options.full_reference)
    told = Message("system", program_system_prompt(api_reference=reference, task=goal))
    fit_conversation(Conversation((told, Message("user", ""))), config.model_options.context_tokens)


def _model(config: ExperimentConfig) -> LLMFactory:
    options = config.model_options
    return LLMFactory(
        config.model,
        seed=config.seed,
        base_url=options.base_url,
        timeout_s=options.timeout_s,
        max_retries=options.max_retries,
        max_concurrency=options.max_concurrency,
    )


def new_manifest(config: ExperimentConfig, folder: RunFolder) -> Manifest:
    """What a run starts with."""
    return Manifest(
        experiment=config.name,
        version=folder.version,
        status="running",
        harness_version=harness.__version__,
        python_version=platform.python_version(),
        platform=platform.platform(),
        config_hash=config.digest(),
        seed=config.seed,
        model=config.model,
        variant=config.variant,
        mod_version=mod_version(),
        mod_hash=mod_hash(),
        server="",
        started_at=_now(),
    )


def _title(folder: RunFolder, config: ExperimentConfig) -> str:
    return f"{folder.experiment}/{folder.version}: {config.variant}, {config.model}, seed {config.seed}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


class Sitting:
    """One sitting of a run.

    Args:
        config: of the run.
        folder: of the run, held by the caller.
        writer: of the folder.
        progress: told of everything.
        arena: servers to play on; `None` starts and stops the run's own.
        again: the command that takes it up again; `None` is that of a run by itself.
    """

    def __init__(
        self,
        config: ExperimentConfig,
        folder: RunFolder,
        writer: RunWriter,
        progress: Progress,
        arena: Arena | None = None,
        *,
        again: str | None = None,
    ) -> None:
        self._config = config
        self._arena = arena
        self._folder = folder
        self._writer = writer
        self._reader = RunReader(folder)
        self._progress = progress
        self._again = again or f"harness resume {folder.name}"
        self._search: Search | None = None
        self._work = anyio.CancelScope()

    async def play(self) -> RunOutcome:
        """Plays until the search ends, a signal comes, or something breaks; the folder is complete in every case."""
        async with sole_error(), anyio.create_task_group() as group:
            group.start_soon(self._watch)
            outcome = await self.play_unwatched()
            group.cancel_scope.cancel()
        return outcome

    async def _watch(self) -> None:
        """Stops the work at the first signal; those of an impatient user must not cut short what ends the servers."""
        with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
            async for _ in signals:
                self.interrupt()

    def interrupt(self) -> None:
        """Lets the sitting end as soon as it can, with all it did on record."""
        self._work.cancel()

    async def play_unwatched(self) -> RunOutcome:
        """As `play`, for a caller that hears the signals itself."""
        self._progress.on_run(self._folder)
        started = anyio.current_time()
        try:
            async with sole_error():
                with self._work:
                    await self._with_servers()
        except HarnessError as error:
            summary = self._close(anyio.current_time() - started, "failed", str(error))
            if summary.num_programs == 0 and not isinstance(error, RecordError):
                raise
            advice = f"{error}; what was done is kept, go on with: {self._again}"
            return RunOutcome(folder=self._folder, status="failed", summary=summary, message=advice)
        except BaseException as error:
            self._close(anyio.current_time() - started, "failed", repr(error))
            raise
        interrupted = self._work.cancelled_caught
        status: RunStatus = "interrupted" if interrupted else "finished"
        message = f"interrupted; take it up again with: {self._again}" if interrupted else self._ending()
        summary = self._close(anyio.current_time() - started, status, message)
        return RunOutcome(folder=self._folder, status=status, summary=summary, message=message)

    def _ending(self) -> str | None:
        """Why the search ended before its last iteration, if it did."""
        search = self._search
        if search is None or search.stop_reason is None:
            return None
        reason = search.stop_reason
        if reason == "success":
            return "the task's goal is reached"
        needed = getattr(search.refused, reason, 0)
        left = (getattr(self._config.budget, reason) or 0) - getattr(search.spend, reason)
        detail = f": {left:,.6g} is left, and it may take {needed:,.6g}" if needed and left > 0 else ""
        return f"budget.{reason} has no room for another sample{detail}"

    async def _with_servers(self) -> None:
        if self._arena is not None:
            await self._in_arena(self._arena)
            return
        async with open_arena(self._config, self._folder.logs, self._progress) as arena:
            await self._in_arena(arena)

    async def _in_arena(self, arena: Arena) -> None:
        manifest = self._reader.manifest()
        if manifest.server not in ("", arena.server):
            raise ConfigError(
                f"{self._folder.root}: expected servers like those of its records, {manifest.server}, got "
                f"{arena.server}; resume on such servers, or start a new run"
            )
        self._writer.write_manifest(manifest.model_copy(update={"server": arena.server, "image": arena.image}))
        model = RecordingModel(
            _model(self._config), self._record_call, replay=map(model_call, self._reader.model_calls())
        )
        try:
            await self._with_model(model, arena.evaluator, arena.initial)
        finally:
            with anyio.CancelScope(shield=True):
                await model.close()

    async def _with_model(self, model: Model, evaluator: FactorioEvaluator, initial: GameState) -> None:
        config = self._config
        in_order = not config.search.deterministic
        store = StateStore(self._reader, self._writer)
        recorded = load_programs(self._reader, in_order=in_order, store=store)
        if in_order:
            self._writer.keep_programs(len(recorded))
        search = VARIANTS[config.variant](
            model,
            KeepingEvaluator(evaluator, store),
            # Servers that stood before may number things otherwise than they did then, so the record decides.
            root_state(recorded) or initial,
            exploration_constant=config.search.exploration_constant,
            policy=config.search.policy,
            temperature=config.search.temperature,
            policy_config=PolicyConfig(**config.search.policy_options),
            seed=config.seed,
            budget=Budget(**config.budget.model_dump()),
            observers=[Recorder(self._writer), self._progress],
            goal=config.task.goal_text if config.task else None,
            api_reference=api_reference(full=config.model_options.full_reference),
            max_tokens=config.model_options.max_tokens,
            max_dialogue_tokens=config.model_options.context_tokens,
            model_temperature=config.model_options.temperature,
            max_model_calls=config.model_options.max_concurrency,
            lookahead=config.search.lookahead,
            deterministic=config.search.deterministic,
            credit=config.search.credit,
            stop_on_success=config.search.stop_on_success,
            **self._own_options(),
        )
        self._search = search
        search.resume(recorded, searched_s=self._writer.searched_s)
        await search.search(
            n_iterations=config.search.iterations,
            samples_per_iteration=config.search.samples_per_iteration,
            timeout=config.search.timeout_s,
        )

    def _record_call(self, call: ModelCall) -> None:
        if not call.replayed:
            self._writer.write_model_call(model_call_record(call))

    def _own_options(self) -> dict[str, Any]:
        """What only one variant understands."""
        search = self._config.search
        match self._config.variant:
            case "planning":
                return {"num_candidates": search.candidates, "max_steps": search.max_steps}
            case "backtracking":
                return {"max_retries": search.max_retries}
            case _:
                return {}

    def _close(self, wall_s: float, status: RunStatus, message: str | None) -> Summary:
        summary = summarise(self._config, self._folder, self._search, wall_s)
        try:
            self._write_ending(summary, status, message)
        except RecordError:
            if status != "failed":  # What failed may be the disk, and is told already.
                raise
        return summary

    def _write_ending(self, summary: Summary, status: RunStatus, message: str | None) -> None:
        self._writer.write_summary(summary)
        try:
            write_curves(self._reader.programs(), _title(self._folder, self._config), self._folder.curves)
        except OSError as error:
            raise RecordError(f"{self._folder.curves}: expected to be able to write, got: {error}") from error
        manifest = self._reader.manifest()
        ended = {"status": status, "ended_at": _now(), "message": message}
        self._writer.write_manifest(manifest.model_copy(update=ended))
