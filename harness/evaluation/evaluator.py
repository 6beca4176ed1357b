"""Runs programs on several servers at once and values each against a server that only waits.

Owns which program runs on which slot and when; how one is measured is in `measure`. Every slot plays from the same
states, so it does not matter to a value which slot ran the program, nor what ran before it.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

import anyio
from anyio.from_thread import start_blocking_portal
from anyio.lowlevel import RunVar
from anyio.to_thread import run_sync

from harness.core.errors import ConfigError, ServerError, ServerLostError
from harness.evaluation.holdout import Holdout
from harness.evaluation.measure import Measurement, measure
from harness.evaluation.program import Program
from harness.evaluation.result import EvaluationResult
from harness.evaluation.slot import Slot

if TYPE_CHECKING:
    from harness.game import GameState

logger = logging.getLogger(__name__)

DEFAULT_ACCRUAL_TICKS = 3600
"""One game minute: as long as the verification window of throughput tasks."""

MAX_ATTEMPTS = 2
"""Slots a program may break before it is given up: one may be chance, two are likely its doing."""

Results = list[EvaluationResult]


class Evaluation(NamedTuple):
    """Results of a batch, in the order of its programs."""

    values: list[float]
    states: list[GameState | None]
    responses: list[str]


class Evaluator(Protocol):
    """What a search needs in order to value programs."""

    @property
    def accrual_ticks(self) -> int:
        """Ticks run after each program."""

    @property
    def max_program_ticks(self) -> int:
        """Ticks a program can be charged at most; 0 if nothing bounds them."""

    @property
    def num_slots(self) -> int:
        """Programs that can run at once."""

    async def evaluate(self, programs: Sequence[Program], timeout: float) -> Results:
        """See `FactorioEvaluator.evaluate`."""


class BatchLostError(ServerLostError):
    """Servers broke under some programs of a batch.

    Attributes:
        results: in the order of the programs; `None` for those that could not be evaluated.
    """

    def __init__(self, message: str, results: list[EvaluationResult | None]) -> None:
        super().__init__(message)
        self.results = results


class FactorioEvaluator:
    """Evaluates programs in parallel, one to a slot; more programs than slots wait their turn.

    Args:
        instances: the slots; the last one is the holdout and never runs a program.
        accrual_ticks: how long the game runs on after each program, so that what it built can earn.
        price_profile: of the production score.
        max_program_ticks: the `max_ticks` the instances were made with, so that tick budgets can count on it.

    Raises:
        ConfigError: fewer than two instances, or a negative window.
    """

    def __init__(
        self,
        instances: Sequence[Slot],
        *,
        accrual_ticks: int = DEFAULT_ACCRUAL_TICKS,
        price_profile: str = "reference",
        max_program_ticks: int = 0,
    ) -> None:
        if len(instances) < 2:
            raise ConfigError(
                f"evaluator: expected at least two instances (the last one is the holdout), got {len(instances)}"
            )
        if accrual_ticks < 0 or max_program_ticks < 0:
            raise ConfigError(
                f"evaluator: expected accrual_ticks and max_program_ticks of at least 0, got {accrual_ticks} and "
                f"{max_program_ticks}"
            )
        self.accrual_ticks = accrual_ticks
        self.max_program_ticks = max_program_ticks
        self.price_profile = price_profile
        self.holdout = Holdout(instances[-1], price_profile=price_profile)
        self._num_slots = self._num_alive = len(instances) - 1
        self._counting = threading.Lock()
        self._idle: queue.SimpleQueue[Slot | None] = queue.SimpleQueue()
        for slot in instances[:-1]:
            self._idle.put(slot)
        # Limiters belong to one event loop; an evaluator may be used from several.
        self._limiters: RunVar[tuple[anyio.CapacityLimiter, anyio.CapacityLimiter]] = RunVar("evaluator limiters")

    @property
    def num_slots(self) -> int:
        """Programs that can run at once while no server has broken."""
        return self._num_slots

    def evaluate_programs(self, programs: Sequence[Program], timeout: float = 60) -> Evaluation:
        """Values programs and blocks until all are done; from async code call `evaluate` instead.

        Each program starts from its `state` (`None`: the initial one).

        Args:
            programs: any number.
            timeout: seconds on the clock for each.

        Raises:
            BatchLostError: servers broke; the other results are in it.
        """
        with start_blocking_portal() as portal:
            results = portal.call(self.evaluate, programs, timeout)
        return Evaluation(
            [result.advantage for result in results],
            [result.state for result in results],
            [result.response for result in results],
        )

    async def evaluate(self, programs: Sequence[Program], timeout: float) -> Results:
        """Values programs; any number of calls may be under way at once.

        A program whose server breaks is tried once more on another slot. All others are finished before an error is
        raised.

        Returns:
            One result for each program, in their order.

        Raises:
            BatchLostError: a program broke `MAX_ATTEMPTS` slots, no slot is left, or the holdout broke.
        """
        results: list[EvaluationResult | None] = [None] * len(programs)
        errors: list[ServerError] = []

        async def evaluate_into(index: int) -> None:
            try:
                results[index] = await self._evaluate(programs[index], timeout)
            except ServerError as error:
                errors.append(error)

        async with anyio.create_task_group() as tasks:
            for index in range(len(programs)):
                tasks.start_soon(evaluate_into, index)
        if errors:
            lost = sum(result is None for result in results)
            raise BatchLostError(f"{lost} of {len(programs)} programs lost their server: {errors[0]}", results)
        return [result for result in results if result is not None]

    async def _evaluate(self, program: Program, timeout: float) -> EvaluationResult:
        slots, holdout = self._limiters_here()
        attempt = 1
        while True:
            try:
                # Left behind on cancellation: the slot comes back to the queue only when its thread is done with it.
                done = await run_sync(self._measure, program, timeout, limiter=slots, abandon_on_cancel=True)
                break
            except ServerError as error:
                if attempt == MAX_ATTEMPTS or self._num_alive == 0:
                    raise
                logger.warning("program %s lost its server and is tried again: %s", program.id, error)
                attempt += 1
        waited = done.ticks + self.accrual_ticks
        known = self.holdout.known(program.state, waited)
        if known is None:
            known = await run_sync(self.holdout.reward, program.state, waited, limiter=holdout, abandon_on_cancel=True)
        return done.beside(known)

    def _measure(self, program: Program, timeout: float) -> Measurement:
        slot = self._idle.get()
        if slot is None:
            self._idle.put(None)
            raise ServerLostError("evaluator: expected a working server, none is left; see the servers' logs")
        try:
            done = measure(
                slot,
                program,
                accrual_ticks=self.accrual_ticks,
                timeout_s=timeout,
                price_profile=self.price_profile,
            )
        except ServerError:
            self._retire()
            raise
        except BaseException:
            self._idle.put(slot)
            raise
        self._idle.put(slot)
        return done

    def _retire(self) -> None:
        """Takes a broken slot out of use; the last one leaves a mark, so that nobody waits for a slot for ever."""
        with self._counting:
            self._num_alive -= 1
            if self._num_alive == 0:
                self._idle.put(None)

    def _limiters_here(self) -> tuple[anyio.CapacityLimiter, anyio.CapacityLimiter]:
        try:
            return self._limiters.get()
        except LookupError:
            made = (anyio.CapacityLimiter(self._num_slots), anyio.CapacityLimiter(1))
            self._limiters.set(made)
            return made
