"""What all variants share: choose a parent, let samples run side by side, put their programs in the tree, tell.

A variant is a `Search` with its own way from a parent to new programs (`_expand`). In deterministic mode everything
here hangs on (seed, node, iteration, sample) and never on which sample was done first; see `pipeline`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, get_args

import anyio
from anyio.abc import TaskGroup

from harness.api.reference import api_reference as default_reference
from harness.core.conversation import Conversation
from harness.core.errors import BudgetExceededError, ConfigError, ModelError, ServerError
from harness.evaluation import Bars, Evaluator, Program
from harness.evaluation.slot import state_key
from harness.llm import Model
from harness.llm.prompts import DEFAULT_TASK, program_system_prompt
from harness.search import ROOT, Outcome, PolicyConfig, PolicyMaker, Tree, Trial
from harness.search import Search as TreeSearch
from harness.variants.asking import Asker, Place
from harness.variants.batch import Batch, Ending
from harness.variants.budget import Allowance, Budget, Spend, worst_of
from harness.variants.credit import Credit, credit_of
from harness.variants.firsts import FirstRuns
from harness.variants.observer import Activity, IterationFinished, IterationStarted, Observer, Watchers
from harness.variants.pipeline import Pipeline
from harness.variants.recorded import Recorded
from harness.variants.sampling import REPEATABLE, Sampler
from harness.variants.writing import dialogue_after, program_without_reply, root_program

if TYPE_CHECKING:
    from harness.game import GameState


MAX_UNANSWERED = 3
"""Samples without a reply, one after the other, after which a model is out of reach; where they come in batches, one
batch without any."""


class Search(ABC):
    """A search for programs; see `MCTS`, `ChunkedMCTS`, `PlanningMCTS` and `harness.variants.baselines`.

    Args:
        llm: writes the programs.
        evaluator: values them.
        initial_state: where the root stands; `None` is the evaluator's own initial state.
        exploration_constant: of the `uct` policy.
        policy: how parents are chosen: a name in `harness.search.POLICIES`, or what makes one; `None` is the
            variant's own.
        temperature: of the `softmax` policy, in standard deviations of the values.
        policy_config: all that policies can be told; `None` takes the defaults. The arguments of this constructor that
            are named like its fields are put in their place there.
        seed: root of all chance.
        budget: caps; the search ends before it would pass one.
        observers: told of everything, in turn.
        goal: what counts, as the model is told; `None` asks for production score.
        api_reference: what programs can use, as the model is told; `None` takes the short form.
        max_tokens: of a reply.
        max_dialogue_tokens: of a request; of older turns it tells in a line each.
        model_temperature: `None` leaves the model's default.
        max_model_calls: in flight at once.
        failed_parents: whether programs that failed may be continued; `None` is what `policy_config` says, or the
            variant's own where that is more.
        lookahead: iterations begun before the oldest under way is entered: how far a choice may lag behind. 0 lets
            servers wait for the model between iterations.
        deterministic: one seed, one tree, whatever the timing; else samples are entered as they are done. See
            `harness.variants.pipeline`.
        credit: what a node counts in the tree as: `step`, its own advantage; `world`, what the world after it is worth,
            so that going deeper pays. `None` is `world` on a task with a quota, else `step`; see `credit`.
        stop_on_success: whether the first program that reaches its task's goal ends the search.

    Attributes:
        programs: the root, then all others in the order they were entered.
        spend: what was spent so far.
        stop_reason: what ended the search early: a budget, or `success`; else `None`.
        refused: the worst case of the sample that a budget had no room for, where that ended the search.

    Raises:
        ConfigError: a setting is not usable.
    """

    POLICY: ClassVar[str] = "softmax"
    """How parents are chosen where nothing is said."""

    FIXED_POLICY: ClassVar[bool] = False
    """Whether the policy is what makes the variant, so that no other can be had."""

    FAILED_PARENTS: ClassVar[bool] = False
    """Whether programs that failed may be continued where nothing is said."""

    ONE_BY_ONE: ClassVar[bool] = False
    """Whether each sample waits for the one before it, as where there is one dialogue."""

    def __init__(
        self,
        llm: Model,
        evaluator: Evaluator,
        initial_state: GameState | None = None,
        *,
        exploration_constant: float | None = None,
        policy: str | PolicyMaker | None = None,
        temperature: float | None = None,
        policy_config: PolicyConfig | None = None,
        seed: int = 0,
        budget: Budget | None = None,
        observers: Sequence[Observer] = (),
        goal: str | None = None,
        api_reference: str | None = None,
        max_tokens: int = 2048,
        max_dialogue_tokens: int = 32_000,
        model_temperature: float | None = None,
        max_model_calls: int = 8,
        failed_parents: bool | None = None,
        lookahead: int = 1,
        deterministic: bool = True,
        credit: Credit | None = None,
        stop_on_success: bool = False,
    ) -> None:
        if max_model_calls < 1 or lookahead < 0:
            raise ConfigError(
                f"search: expected max_model_calls of at least 1 and lookahead of at least 0, got {max_model_calls} "
                f"and {lookahead}"
            )
        if credit is not None and credit not in get_args(Credit):
            raise ConfigError(f"credit: expected one of {', '.join(get_args(Credit))} or none, got {credit!r}")
        if self.FIXED_POLICY and policy not in (None, self.POLICY):
            raise ConfigError(f"policy: {type(self).__name__} is made by its policy {self.POLICY!r}, got {policy!r}")
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
        base = policy_config or PolicyConfig()
        config = replace(
            base,
            failed_parents=base.failed_parents or self.FAILED_PARENTS if failed_parents is None else failed_parents,
            exploration_constant=base.exploration_constant if exploration_constant is None else exploration_constant,
            temperature=base.temperature if temperature is None else temperature,
        )
        root_key = None if initial_state is None else state_key(initial_state)
        self._search = TreeSearch(policy or self.POLICY, seed, config=config, root_key=root_key)
        reference = default_reference(full=False) if api_reference is None else api_reference
        system = program_system_prompt(api_reference=reference, task=goal or DEFAULT_TASK)
        root = root_program(initial_state, system)
        self.programs: list[Program] = [root]
        self._nodes = {root.id: ROOT}
        self._programs_at = {ROOT: root}
        self.spend = Spend()
        self.stop_reason: str | None = None
        self.refused: Spend | None = None
        self._recorded = Recorded(root.id)
        self._sampler = Sampler(self._asker, evaluator, self._watchers, self._recorded)
        self._first_runs = FirstRuns()
        self._lookahead = 0 if self.ONE_BY_ONE else lookahead
        self._deterministic = deterministic or self.ONE_BY_ONE
        self._credit = credit
        self._credits = {root.id: 0.0}
        self._stop_on_success = stop_on_success
        self._flying: Sequence[Batch] = ()
        self._next_iteration = 0
        self._num_unanswered = 0
        self._best: Program | None = None
        self._bars = Bars()
        self._added: Counter[tuple[int, bool]] = Counter()
        self._started_at: float | None = None
        self._before_s = 0.0

    @property
    def tree(self) -> Tree:
        """The search tree; read only."""
        return self._search.tree

    def node_of(self, program: Program) -> int:
        """The number of a program's node in `tree`.

        Raises:
            KeyError: it is not of this search.
        """
        return self._nodes[program.id]

    def resume(self, programs: Iterable[Program], *, searched_s: float = 0.0) -> None:
        """Takes programs of an earlier sitting, each with its `state`; call it before `search`.

        In deterministic mode they are not entered in the tree at once: `search` goes the same way again and finds them
        done. Else they are entered in the order of the records, and samples cut short are taken up again.

        Args:
            programs: in the order they were entered.
            searched_s: seconds that earlier sittings searched; a budget of seconds is one of all sittings.

        Raises:
            ConfigError: they belong to another search, or this one has begun.
        """
        if self._next_iteration:
            raise ConfigError("resume: expected a search that has not begun, got one that has; make a new one")
        self._recorded.add(programs)
        self._before_s = searched_s

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
            ModelError: a whole iteration got no reply; where it is one sample, several in a row.
            ServerError: servers broke; what was evaluated before is in `programs` and was told to observers.
        """
        whole = isinstance(n_iterations, int) and isinstance(samples_per_iteration, int)
        if not whole or n_iterations < 0 or samples_per_iteration < 1 or not timeout > 0:
            raise ConfigError(
                "search: expected whole n_iterations of at least 0 and samples_per_iteration of at least 1 and timeout "
                f"above 0, got {n_iterations}, {samples_per_iteration} and {timeout}"
            )
        if self.ONE_BY_ONE:
            n_iterations, samples_per_iteration = n_iterations * samples_per_iteration, 1
        if self._started_at is None:
            self._started_at = anyio.current_time()
            self._announce(self.programs[ROOT])
            if not self._deterministic:
                self._enter_recorded()
        pipeline = Pipeline(
            lambda tasks: self._begin(samples_per_iteration, timeout, tasks, pipeline.wake),
            self._finish,
            batch_size=samples_per_iteration,
            lookahead=self._lookahead,
            deterministic=self._deterministic,
        )
        self._flying = pipeline.flying
        try:
            await pipeline.run(n_iterations)
        finally:
            for batch in pipeline.flying:
                for trial in batch.held:
                    self._search.cancel(trial)
            self._flying = ()
            self._read_clock()
        return self.best_programs()

    def best_programs(self) -> list[Program]:
        """The programs that worked, best first (ties: oldest first), with their counts; without the root."""
        worked = [self._counted(program) for program in self.programs[1:] if program.status == "ok"]
        return sorted(worked, key=lambda program: -program.value)

    @abstractmethod
    def _expand(self, parent: Program, place: Place, allowance: Allowance, timeout: float) -> AsyncIterator[Program]:
        """New programs from `parent` as they are evaluated, each naming as its parent `parent` or one before it.

        Raises:
            ModelError: there is no reply to go on from.
            BudgetExceededError: the next step could not be afforded.
        """

    def _choose(self) -> int:
        """The node to continue next."""
        return self._search.choose()

    def _prior(self, program: Program) -> float:
        """How a program was judged before it was run, as its weight among its siblings; 1 where nobody judged it."""
        del program
        return 1.0

    def _dialogue(self, parent: Program) -> Conversation:
        """What the model is told for a program that continues `parent`."""
        return dialogue_after(parent)

    def _worst_of_sample(self, parent: Program) -> Spend:
        """The room in the budget without which a sample is not begun: one call and one run.

        What the call can cost is worked out only where that is capped: it takes the whole dialogue, and so the state
        that `parent` left, which a resumed search has not read.
        """
        if self._budget.tokens is None and self._budget.usd is None:
            return Spend(samples=1) + self._sampler.worst_run()
        request = self._asker.request(self._dialogue(parent), Place(iteration=0, sample=0), "program")
        return worst_of(request, self._asker.price) + self._sampler.worst_run()

    def _most_of_sample(self, worst: Spend) -> Budget:
        """The most a sample can use, where it is bounded; `worst` is what it cannot begin without."""
        return Budget(samples=worst.samples, tokens=worst.tokens, usd=worst.usd)

    def _begin(self, num_samples: int, timeout: float, tasks: TaskGroup, wake: Callable[[], None]) -> Batch | None:
        """Starts a batch of samples from one parent; `None` if there is no room for it, now or at all."""
        if self.stop_reason is not None:
            return None
        iteration = self._next_iteration
        parent_id = self._recorded.parent_of(iteration) if not self._deterministic else None
        node = self._choose() if parent_id is None else self._nodes[parent_id]
        parent = self._programs_at[node]
        size, caps = self._admit(num_samples, self._worst_of_sample(parent))
        if size == 0:
            return None
        self._next_iteration += 1
        self._sampler.bars[iteration] = (parent.id, self._bars.of(parent.id))
        self._watchers.on_iteration_started(
            IterationStarted(iteration=iteration, parent_ids=(parent.id,) * size, spend=self.spend)
        )
        clock = anyio.current_time()
        batch = Batch(
            iteration,
            [self._search.branch(node) for _ in range(size)],
            [Allowance(caps, lambda: anyio.current_time() - clock) for _ in range(size)],
            self._enter,
            ordered=self._deterministic,
            forgives=size == 1 and self._num_unanswered < MAX_UNANSWERED,
        )

        async def run_sample(index: int) -> None:
            place = Place(iteration=iteration, sample=index)
            await self._sample(batch, parent, place, batch.allowances[index], timeout)
            wake()

        for index in range(size):
            tasks.start_soon(run_sample, index)
        return batch

    def _read_clock(self) -> None:
        assert self._started_at is not None
        self.spend = replace(self.spend, wall_s=self._before_s + anyio.current_time() - self._started_at)

    def _admit(self, num_samples: int, worst: Spend) -> tuple[int, Budget]:
        """How many samples the budget has room for, and the share of each.

        While others are under way a batch is admitted whole or not at all: what they leave over may make room.
        """
        self._read_clock()
        # What is on record was begun in time, and takes none now.
        replays = self._recorded.parent_of(self._next_iteration) is not None
        if (used_up := self._budget.used_up_by(replace(self.spend, wall_s=0.0) if replays else self.spend)) is not None:
            self.stop_reason = used_up
            return 0, self._budget
        taken, most = self.spend, self._most_of_sample(worst)
        for batch in self._flying:
            taken += sum((allowance.caps.as_spend() for allowance in batch.allowances), Spend())
        alone = not self._flying
        reason: str | None = None
        for size in range(num_samples, 0, -1) if alone else (num_samples,):
            for parts in (self._lookahead + 1, 1) if alone else (1,):
                caps = self._budget.share(taken, size, most=most, parts=parts)
                reason = "wall_s" if caps.wall_s == 0 and not replays else caps.overrun_by(worst)
                if reason is None:
                    return size, caps
        if alone or reason == "wall_s":
            self.stop_reason, self.refused = reason, worst
        return 0, self._budget

    async def _sample(self, batch: Batch, parent: Program, place: Place, allowance: Allowance, timeout: float) -> None:
        """Fills a sample's place in the batch: from the records if they hold all of it, else by asking."""
        programs: list[Program] = []
        ending: Ending = None
        chain = self._recorded.chain(place)
        if self._is_complete(chain, parent):
            programs += chain
            allowance.charge(self._spend_of_chain(chain))
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
            if isinstance(ending, BudgetExceededError) and chain and chain[0].parent_id == parent.id:
                # What an earlier sitting found stays, even where this one has no room to go its way again.
                missing = chain[len(programs) :]
                spent = Spend(samples=sum(program.num_samples for program in missing))
                allowance.charge(sum(map(self._sampler.spend_of, missing), spent))
                programs += missing
        self._watchers.on_activity(Activity(iteration=place.iteration, sample=place.sample, stage="done"))
        batch.deliver(place.sample, programs, ending)

    def _is_complete(self, chain: Sequence[Program], parent: Program) -> bool:
        """Whether recorded programs are all that a sample from `parent` led to."""
        return bool(chain) and chain[0].parent_id == parent.id and chain[-1].ends_chain

    def _spend_of_chain(self, chain: Sequence[Program]) -> Spend:
        return sum((self._sampler.spend_of(program) for program in chain), Spend(samples=1))

    def _finish(self, batch: Batch) -> None:
        """Books a batch whose samples are all entered."""
        batch.close()
        self._num_unanswered = self._num_unanswered + 1 if batch.unanswered else 0
        self._sampler.bars.pop(batch.iteration, None)
        spent = sum((allowance.spent for allowance in batch.allowances), Spend())
        if batch.short_of is not None and spent == Spend():
            self.stop_reason = batch.short_of  # Nothing came of it, and nothing would of the next one.
        self.spend += spent
        worked, failed = (self._added.pop((batch.iteration, failed), 0) for failed in (False, True))
        best = self._best
        self._watchers.on_iteration_finished(
            IterationFinished(
                iteration=batch.iteration,
                num_programs=worked + failed,
                num_failed=failed,
                best_id=best.id if best else None,
                best_value=best.value if best else None,
                spend=self.spend,
            )
        )

    def _enter_recorded(self) -> None:
        """Enters what is on record in its order; samples that are not complete are run again around it."""
        for program in self._recorded.programs:
            if program.parent_id is not None:
                self._put(self._search.branch(self._nodes[program.parent_id]), program)

    def _enter(self, trial: Trial, programs: Sequence[Program]) -> None:
        """Puts a sample's programs in the tree, the first in the place held for it."""
        fresh = [program for program in programs if program.id not in self._nodes]
        if not fresh or fresh[0] is not programs[0]:
            self._search.cancel(trial)
        for program in fresh:
            is_first = program is programs[0]
            self._put(trial if is_first else self._search.branch(self._nodes[program.parent_id or ""]), program)

    def _put(self, trial: Trial, program: Program) -> None:
        """Tells a program's value and announces it."""
        program = self._marked(program)
        credit = credit_of(program, self._credits[self._started_from(program).id], self._credit)
        self._credits[program.id] = credit
        outcome = Outcome(
            credit,
            worked=not program.failed,
            state_key=state_key(program.state) if program.state is not None else None,
            static=program.static,
            dynamic=program.dynamic,
            prior=self._prior(program),
        )
        self._search.tell(trial, outcome)
        self._nodes[program.id] = trial.node
        self._programs_at[trial.node] = self._in_its_world(program)
        self.programs.append(program)
        self._added[program.iteration, program.failed] += 1
        if program.status == "ok" and (self._best is None or program.value > self._best.value):
            self._best = program
        self._bars.note(program)
        if self._stop_on_success and program.solved:
            self.stop_reason = "success"
        self._announce(program)

    def _in_its_world(self, program: Program) -> Program:
        """As a parent: what was not run, such as a reply without a program, leaves the world as it was before."""
        if program.was_run:
            return program
        before = self._started_from(program)
        return replace(program, state=before.state, score=before.score)

    def _started_from(self, program: Program) -> Program:
        """The program whose world this one was to start from: its parent, where the variant names no other."""
        return self._programs_at[self._nodes[program.meta.get("starts_from", program.parent_id)]]

    def _marked(self, program: Program) -> Program:
        """Names the first program of the tree that is equal to this one and was run from an equal world.

        First is what was entered first: which of two was run first hangs on the timing, and on earlier sittings.
        """
        if program.status not in REPEATABLE:
            return program
        start = self._sampler.run_start(program, self._started_from(program))
        if program in self._recorded:
            self._first_runs.note(start, program)
            return program
        first = self._first_runs.first_like(start, program)
        return program if first == program.id else replace(program, meta={**program.meta, "same_as": first})

    def _counted(self, program: Program) -> Program:
        tree, node = self.tree, self._nodes[program.id]
        mean = float(tree.sums[node] / tree.visits[node])
        return replace(program, visits=int(tree.visits[node]), mean=mean, best=float(tree.bests[node]))

    def _announce(self, program: Program) -> None:
        self._watchers.on_program(program, replayed=program in self._recorded)
