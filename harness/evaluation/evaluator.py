"""Runs programs on several servers at once and values each against a server that only waits.

Owns which program runs on which slot and when; how one is measured is in `measure`. Every slot plays from the same
states, so it does not matter to a value which slot ran the program, nor what ran before it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

import anyio
from anyio.from_thread import start_blocking_portal
from anyio.lowlevel import RunVar
from anyio.to_thread import run_sync

from harness.core.errors import ConfigError, ServerError, ServerLostError
from harness.data.prices import prices
from harness.evaluation.holdout import Holdout
from harness.evaluation.measure import Rules, measure
from harness.evaluation.program import Program
from harness.evaluation.racing import Bar, Racing
from harness.evaluation.result import EvaluationResult
from harness.evaluation.slot import Slot
from harness.evaluation.slots import FixedSlots, Slots

if TYPE_CHECKING:
    from harness.game import GameState
    from harness.tasks import Task

logger = logging.getLogger(__name__)

DEFAULT_ACCRUAL_TICKS = 3600
"""One game minute: as long as the verification window of throughput tasks."""

MAX_ATTEMPTS = 2
"""Slots a program may break before it is given up: one may be chance, two are likely its doing."""

Results = list[EvaluationResult]

Got = TypeVar("Got")


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

    async def evaluate(self, programs: Sequence[Program], timeout: float, bars: Sequence[Bar] | None = None) -> Results:
        """See `FactorioEvaluator.evaluate`."""


class BatchLostError(ServerLostError):
    """Servers broke under some programs of a batch.

    Attributes:
        results: in the order of the programs; `None` for those that could not be evaluated.
    """

    def __init__(self, message: str, results: list[EvaluationResult | None]) -> None:
        super().__init__(message)
        self.results = results


class _Limiters(NamedTuple):
    """Of one event loop. Threads of cancelled evaluations may still run, so there are more of them than slots."""

    slots: anyio.CapacityLimiter
    holdout: anyio.CapacityLimiter
    threads: anyio.CapacityLimiter


class FactorioEvaluator:
    """Evaluates programs in parallel, one to a slot; more programs than slots wait their turn.

    Args:
        instances: the slots, the last one being the holdout, which never runs a program; or a pool of servers, which
            replaces those that break. A pool is of use in its own event loop only: there call `evaluate`.
        accrual_ticks: how long the game runs on after each program, so that what it built can earn.
        price_profile: of the production score.
        max_program_ticks: the `max_ticks` the instances were made with, so that tick budgets can count on it.
        task: judges the world each program leaves.
        racing: when programs that lose are stopped; `None` for never.

    Raises:
        ConfigError: fewer than two instances, one of them twice, a window that is none, or an unknown profile.
    """

    def __init__(
        self,
        instances: Sequence[Slot] | Slots,
        *,
        accrual_ticks: int = DEFAULT_ACCRUAL_TICKS,
        price_profile: str = "reference",
        max_program_ticks: int = 0,
        task: Task | None = None,
        racing: Racing | None = None,
    ) -> None:
        self._slots: Slots = FixedSlots(instances) if isinstance(instances, Sequence) else instances
        if not all(isinstance(each, int) and each >= 0 for each in (accrual_ticks, max_program_ticks)):
            raise ConfigError(
                f"evaluator: expected whole accrual_ticks and max_program_ticks of at least 0, got {accrual_ticks} and "
                f"{max_program_ticks}"
            )
        prices(price_profile)
        self.accrual_ticks = accrual_ticks
        self.max_program_ticks = max_program_ticks
        self.price_profile = price_profile
        self._rules = Rules(accrual_ticks=accrual_ticks, price_profile=price_profile, task=task, racing=racing)
        self.holdout = Holdout(price_profile=price_profile)
        self._in_use: dict[int, threading.Lock] = {}
        # Limiters belong to one event loop; an evaluator may be used from several.
        self._limiters: RunVar[_Limiters] = RunVar("evaluator limiters")

    @property
    def num_slots(self) -> int:
        """Programs that can run at once while no server has broken."""
        return self._slots.num_slots

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

    async def evaluate(self, programs: Sequence[Program], timeout: float, bars: Sequence[Bar] | None = None) -> Results:
        """Values programs; any number of calls may be under way at once.

        A program whose server breaks is tried once more on another slot, from the same state, to the same result. All
        others are finished before an error is raised.

        Args:
            programs: each with the state it starts from.
            timeout: seconds on the clock for each.
            bars: for racing, the bar of each program; see `harness.evaluation.racing.Bars`.

        Returns:
            One result for each program, in their order.

        Raises:
            BatchLostError: a program broke `MAX_ATTEMPTS` slots, no slot is left, or the holdout broke.
        """
        results: list[EvaluationResult | None] = [None] * len(programs)
        errors: list[ServerError] = []

        async def evaluate_into(index: int) -> None:
            try:
                results[index] = await self._evaluate(programs[index], timeout, bars[index] if bars else ())
            except ServerError as error:
                errors.append(error)

        async with anyio.create_task_group() as tasks:
            for index in range(len(programs)):
                tasks.start_soon(evaluate_into, index)
        if errors:
            lost = sum(result is None for result in results)
            raise BatchLostError(f"{lost} of {len(programs)} programs lost their server: {errors[0]}", results)
        return [result for result in results if result is not None]

    async def _evaluate(self, program: Program, timeout: float, bar: Bar) -> EvaluationResult:
        limiters = self._limiters_here()
        what = f"program {program.id}"
        async with limiters.slots:
            done = await self._tried(self._slots.lease, lambda slot: self._measure(slot, program, timeout, bar), what)
        waited = done.ticks + done.accrual_ticks
        known = self.holdout.known(program.state, waited)
        if known is None:
            self.holdout.expect(program.state, waited)
            async with limiters.holdout:
                known = await self._tried(
                    self._slots.lease_holdout,
                    lambda slot: self.holdout.reward(slot, program.state, waited),
                    f"the holdout of {what}",
                )
        return replace(done, holdout_reward=known)

    async def _tried(
        self, lease: Callable[[], AbstractAsyncContextManager[Slot]], work: Callable[[Slot], Got], what: str
    ) -> Got:
        """What `work` gives on a leased slot, on another one if the first breaks."""
        attempt = 1
        while True:
            try:
                async with lease() as slot:
                    # Left behind on cancellation, so that an interrupt does not wait for a program's end.
                    return await run_sync(work, slot, limiter=self._limiters_here().threads, abandon_on_cancel=True)
            except ServerError as error:
                if attempt == MAX_ATTEMPTS or self._slots.num_usable == 0:
                    raise
                logger.warning("%s lost its server and is tried again: %s", what, error)
                attempt += 1

    def _measure(self, slot: Slot, program: Program, timeout: float, bar: Bar) -> EvaluationResult:
        # A cancelled evaluation may still be at work on a slot that is leased anew.
        with self._in_use.setdefault(id(slot), threading.Lock()):
            return measure(slot, program, self._rules, timeout_s=timeout, bar=bar)

    def _limiters_here(self) -> _Limiters:
        try:
            return self._limiters.get()
        except LookupError:
            made = _Limiters(
                slots=anyio.CapacityLimiter(self.num_slots),
                holdout=anyio.CapacityLimiter(1),
                threads=anyio.CapacityLimiter(2 * self.num_slots + 2),
            )
            self._limiters.set(made)
            return made
