"""What all variants share: choose a parent, let samples run side by side, put their programs in the tree, tell.

A variant is a `Search` with its own way from a parent to new programs (`_expand`). Everything here hangs on (seed,
node, iteration, sample) and never on which sample was done first: programs enter the tree in ask order.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import anyio

from harness.api.reference import api_reference as default_reference
from harness.core.conversation import Conversation
from harness.core.errors import BudgetExceededError, ConfigError, ModelError, ServerError
from harness.core.tasks import sole_error
from harness.evaluation import Evaluator, Program
from harness.llm import Model, ModelReply, Purpose
from harness.llm.prompts import DEFAULT_TASK, program_system_prompt
from harness.search import ROOT, Outcome, Policy, PolicyConfig, Tree
from harness.search import Search as TreeSearch
from harness.variants.asking import Asker, Place
from harness.variants.batch import Batch, Ending
from harness.variants.budget import Allowance, Budget, Spend, worst_of
from harness.variants.observer import Activity, IterationFinished, IterationStarted, Observer, Watchers
from harness.variants.recorded import Recorded
from harness.variants.writing import dialogue_after, program_from, program_without_reply, root_program

if TYPE_CHECKING:
    from harness.game import GameState

WAS_RUN = frozenset({"ok", "error", "timeout", "crashed"})
"""Statuses of programs that spent game ticks."""


class Search(ABC):
    """A tree search for programs; see `MCTS`, `ChunkedMCTS` and `PlanningMCTS`.

    Args:
        llm: writes the programs.
        evaluator: values them.
        initial_state: where the root stands; `None` is the evaluator's own initial state.
        exploration_constant: of the `uct` policy.
        policy: how parents are chosen: a name in `harness.search.POLICIES`, or a policy.
        temperature: of the `softmax` policy, in standard deviations of the values.
        seed: root of all chance.
        budget: caps; the search ends before it would pass one.
        observers: told of everything, in turn.
        goal: what counts, as the model is told; `None` asks for production score.
        api_reference: what programs can use, as the model is told; `None` takes the short form.
        max_tokens: of a reply.
        max_dialogue_tokens: of a request; older turns are left out first.
        model_temperature: `None` leaves the model's default.
        max_model_calls: in flight at once.
        failed_parents: whether programs that failed may be continued.

    Attributes:
        programs: all nodes in ask order, the root first; node `i` of `tree` is `programs[i]`.
        spend: what was spent so far.
        stop_reason: the budget that ended the search early, or `None`.

    Raises:
        ConfigError: a setting is not usable.
    """

    def __init__(
        self,
        llm: Model,
        evaluator: Evaluator,
        initial_state: GameState | None = None,
        *,
        exploration_constant: float = 1.41,
        policy: str | Policy = "softmax",
        temperature: float = 1.0,
        seed: int = 0,
        budget: Budget | None = None,
        observers: Sequence[Observer] = (),
        goal: str | None = None,
        api_reference: str | None = None,
        max_tokens: int = 2048,
        max_dialogue_tokens: int = 32_000,
        model_temperature: float | None = None,
        max_model_calls: int = 8,
        failed_parents: bool = False,
    ) -> None:
        if max_model_calls < 1:
            raise ConfigError(f"max_model_calls: expected at least 1, got {max_model_calls}")
        self._evaluator = evaluator
        self._watchers = Watchers(observers)
        self._budget = budget or Budget()
        self._asker = Asker(
            llm,
            seed=seed,
            watchers=self._watchers,
            max_tokens=max_tokens,
            max_dialogue_tokens=max_dialogue_tokens,
            temperature=model_temperature,
            max_calls=max_model_calls,
            budget=self._budget,
        )
        config = PolicyConfig(
            temperature=temperature, exploration_constant=exploration_constant, failed_parents=failed_parents
        )
        self._search = TreeSearch(policy, seed, config=config)
        reference = default_reference(full=False) if api_reference is None else api_reference
        system = program_system_prompt(api_reference=reference, task=goal or DEFAULT_TASK)
        self.programs = [root_program(initial_state, system)]
        self._nodes = {self.programs[ROOT].id: ROOT}
        self.spend = Spend()
        self.stop_reason: str | None = None
        self._recorded = Recorded(self.programs[ROOT].id)
        self._next_iteration = 0
        self._started_at: float | None = None

    @property
    def tree(self) -> Tree:
        """The search tree; read only."""
        return self._search.tree

    def resume(self, programs: Iterable[Program]) -> None:
        """Takes programs of an earlier sitting, each with its `state`; call it before `search`.

        They are not entered in the tree at once: `search` goes the same way again and finds them done.

        Raises:
            ConfigError: they belong to another search, or this one has begun.
        """
        if self._next_iteration:
            raise ConfigError("resume: expected a search that has not begun, got one that has; make a new one")
        self._recorded.add(programs)

    async def search(
        self, n_iterations: int = 100, samples_per_iteration: int = 5, timeout: float = 60
    ) -> list[Program]:
        """Grows the tree; a later call goes on where this one ended.

        Args:
            n_iterations: how many parents to continue, recorded iterations included.
            samples_per_iteration: programs asked for each parent.
            timeout: seconds on the clock for each program.

        Returns:
            The programs that worked, best first, with the search's counts.

        Raises:
            ModelError: a whole iteration got no reply.
            ServerError: servers broke; what was evaluated before is in `programs` and was told to observers.
        """
        if n_iterations < 0 or samples_per_iteration < 1 or timeout <= 0:
            raise ConfigError(
                "search: expected n_iterations of at least 0, samples_per_iteration of at least 1 and timeout above "
                f"0, got {n_iterations}, {samples_per_iteration} and {timeout}"
            )
        if self._started_at is None:
            self._started_at = anyio.current_time()
            self._announce(self.programs[ROOT])
        for _ in range(n_iterations):
            if not await self._iterate(samples_per_iteration, timeout):
                break
        return self.best_programs()

    def best_programs(self) -> list[Program]:
        """The programs that worked, best first (ties: oldest first), with their counts; without the root."""
        worked = [self._counted(node) for node, program in enumerate(self.programs) if program.status == "ok"][1:]
        return sorted(worked, key=lambda program: -program.value)

    @abstractmethod
    def _expand(self, parent: Program, place: Place, allowance: Allowance, timeout: float) -> AsyncIterator[Program]:
        """New programs from `parent` as they are evaluated, each naming as its parent `parent` or one before it.

        Raises:
            ModelError: there is no reply to go on from.
            BudgetExceededError: the next step could not be afforded.
        """

    def _worst_of_sample(self, parent: Program) -> Spend:
        """The room in the budget without which a sample is not begun: one call and one run."""
        request = self._asker.request(dialogue_after(parent), Place(iteration=0, sample=0), "program")
        return worst_of(request, self._asker.price) + self._worst_run()

    def _worst_run(self) -> Spend:
        return Spend(ticks=self._evaluator.accrual_ticks + self._evaluator.max_program_ticks)

    async def _iterate(self, num_samples: int, timeout: float) -> bool:
        """One batch of samples from one parent; whether the search should go on."""
        iteration = self._next_iteration
        node = self._search.choose()
        parent = self.programs[node]
        size, caps = self._admit(num_samples, self._worst_of_sample(parent))
        if size == 0:
            return False
        self._watchers.on_iteration_started(
            IterationStarted(iteration=iteration, parent_ids=(parent.id,) * size, spend=self.spend)
        )
        batch = Batch(size, self._enter)
        clock = anyio.current_time()
        allowances = [Allowance(caps, lambda: anyio.current_time() - clock) for _ in range(size)]
        before = len(self.programs)
        async with sole_error(), anyio.create_task_group() as tasks:
            for index in range(size):
                place = Place(iteration=iteration, sample=index)
                tasks.start_soon(self._sample, batch, parent, place, allowances[index], timeout)
        batch.close()
        for allowance in allowances:
            self.spend += allowance.spent
        self._next_iteration += 1
        self._watchers.on_iteration_finished(self._finished(iteration, self.programs[before:]))
        if batch.stopped_by is not None:
            self.stop_reason = batch.stopped_by.budget
        return batch.stopped_by is None

    def _admit(self, num_samples: int, worst: Spend) -> tuple[int, Budget]:
        """How many samples the budget has room for, and the share of each."""
        assert self._started_at is not None
        self.spend = replace(self.spend, wall_s=anyio.current_time() - self._started_at)
        for size in range(num_samples, 0, -1):
            caps = self._budget.share(self.spend, size)
            self.stop_reason = caps.overrun_by(worst)
            if caps.wall_s == 0:
                self.stop_reason = "wall_s"
            if self.stop_reason is None:
                return size, caps
        return 0, self._budget

    async def _sample(self, batch: Batch, parent: Program, place: Place, allowance: Allowance, timeout: float) -> None:
        """Fills a sample's place in the batch: from the records if they hold all of it, else by asking."""
        programs: list[Program] = []
        ending: Ending = None
        chain = self._recorded.chain(place)
        if self._is_complete(chain, parent):
            programs += chain
            allowance.charge(Spend(samples=1))
            for program in chain:
                allowance.charge(self._spend_of(program))
        else:
            try:
                async for program in self._expand(parent, place, allowance, timeout):
                    programs.append(program)
            except (ServerError, BudgetExceededError) as error:
                ending = error
            except ModelError as error:
                if not programs:
                    programs.append(program_without_reply(error, self._asker.model_name, parent, place))
                    ending = error
        self._watchers.on_activity(Activity(iteration=place.iteration, sample=place.sample, stage="done"))
        batch.deliver(place.sample, programs, ending)

    def _is_complete(self, chain: Sequence[Program], parent: Program) -> bool:
        """Whether recorded programs are all that a sample from `parent` led to."""
        return bool(chain) and chain[0].parent_id == parent.id and chain[-1].ends_chain

    def _spend_of(self, program: Program) -> Spend:
        ticks = program.ticks + self._evaluator.accrual_ticks if program.status in WAS_RUN else 0
        tokens = program.input_tokens + program.output_tokens
        return Spend(ticks=ticks, tokens=tokens, usd=program.cost_usd or 0.0)

    async def _write(self, parent: Program, dialogue: Conversation, place: Place, allowance: Allowance) -> Program:
        """A program not yet run that goes on from `parent`; of status `no_code` if the reply holds none."""
        reply = await self._ask(dialogue, place, "program", allowance)
        return program_from(reply, parent, dialogue, place)

    async def _ask(
        self, dialogue: Conversation, place: Place, purpose: Purpose, allowance: Allowance, ordinal: int = 0
    ) -> ModelReply:
        self._watchers.on_activity(Activity(iteration=place.iteration, sample=place.sample, stage="asking"))
        return await self._asker.ask(self._asker.request(dialogue, place, purpose, ordinal), place, allowance)

    async def _evaluate(
        self, program: Program, parent: Program, place: Place, allowance: Allowance, timeout: float
    ) -> Program:
        """`program` with its result, from the records if it is there.

        Raises:
            BudgetExceededError: its run might overrun the budget.
        """
        recorded = self._recorded.result_of(program)
        if recorded is not None:
            allowance.charge(Spend(ticks=self._spend_of(recorded).ticks))
            return recorded
        worst = self._worst_run()
        allowance.reserve(worst)
        done = Spend()
        self._watchers.on_activity(Activity(iteration=place.iteration, sample=place.sample, stage="evaluating"))
        try:
            (result,) = await self._evaluator.evaluate([replace(program, state=parent.state)], timeout)
            done = Spend(ticks=result.ticks + self._evaluator.accrual_ticks)
        finally:
            allowance.settle(worst, done)
        return result.applied_to(program)

    def _enter(self, programs: Sequence[Program]) -> None:
        """Puts a sample's programs in the tree, tells their values and announces them."""
        for program in programs:
            trial = self._search.branch(self._nodes[program.parent_id or ""])
            self._search.tell(trial, Outcome(program.value, worked=not program.failed))
            self._nodes[program.id] = trial.node
            self.programs.append(program)
            self._announce(program)

    def _counted(self, node: int) -> Program:
        tree = self.tree
        mean = float(tree.sums[node] / tree.visits[node])
        return replace(self.programs[node], visits=int(tree.visits[node]), mean=mean, best=float(tree.bests[node]))

    def _announce(self, program: Program) -> None:
        self._watchers.on_program(program, replayed=program in self._recorded)

    def _finished(self, iteration: int, programs: Sequence[Program]) -> IterationFinished:
        best = next(iter(self.best_programs()), None)
        return IterationFinished(
            iteration=iteration,
            num_programs=len(programs),
            num_failed=sum(program.failed for program in programs),
            best_id=best.id if best else None,
            best_value=best.value if best else None,
            spend=self.spend,
        )
