"""Planning MCTS: objective, plan, candidate steps, a judge, a program for the chosen step, and a checked success.

Every sample is an episode: the model sets itself an objective and works it off step by step, each executed step a node
below the last that worked. Success is read off the world, never off a reply. What was planned, proposed, chosen and
checked is in each node's `meta["planning"]`; the exchanges themselves are told to observers.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from harness.core.conversation import Conversation, Message
from harness.core.errors import ConfigError
from harness.core.hashing import hash_json
from harness.evaluation import Evaluator, Program
from harness.llm import Model, ModelReply, Purpose
from harness.llm.prompts import (
    SCORE_MIDDLE,
    Objective,
    SuccessCheck,
    execute_prompt,
    judge_prompt,
    objective_prompt,
    parse_choice,
    parse_objective,
    parse_plan,
    parse_scores,
    parse_step,
    plan_prompt,
    step_prompt,
)
from harness.search import PolicyConfig
from harness.variants.asking import Place
from harness.variants.budget import Allowance, Budget, Spend
from harness.variants.search import Search
from harness.variants.worldview import observation_text
from harness.variants.writing import program_from

if TYPE_CHECKING:
    from harness.game import GameState

DONE = "done"

DONE_AT_ONCE = "expected a step towards the objective, found that the model calls it done before any was taken"

LEAST_SCORE = 0.5
"""What a judge's score counts as at least."""


@dataclass(slots=True, kw_only=True)
class _Episode:
    """One sample on its way.

    Attributes:
        current: the last node that worked; where the next step starts.
        log: what was done, oldest first, the parent's own past included.
        unbooked: replies since the last node, to be booked on the next.
    """

    place: Place
    allowance: Allowance
    timeout: float
    current: Program
    log: list[str]
    objective: Objective = field(default_factory=lambda: Objective(text="", check=None))
    plan: list[str] = field(default_factory=list)
    unbooked: list[ModelReply] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """The step to take, and what it was chosen from.

    Attributes:
        step: `None` where no reply could be read.
        candidates: what was proposed, each once.
        verdict: what the judge said.
        scores: how promising it called each candidate; `None` where it was not asked, or did not say.
    """

    step: str | None
    candidates: Sequence[str] = ()
    verdict: str = ""
    scores: Sequence[float] | None = None


class PlanningMCTS(Search):
    """Selects a parent and lets the model pursue an objective from there, a step at a time.

    See `Search` for the other arguments.

    Where the policy goes by priors (`bound: puct`) the judge also scores the candidates, a single one too, and what it
    gave the step that was taken is the prior of its node; see `prior_of`.

    Args:
        num_candidates: next steps proposed for the judge to choose from.
        max_steps: programs run for one objective.
        success: what every episode is to reach; `None` takes the check the model states with its objective.

    Raises:
        ConfigError: a setting is not usable.
    """

    def __init__(
        self,
        llm: Model,
        evaluator: Evaluator,
        initial_state: GameState | None = None,
        *,
        num_candidates: int = 3,
        max_steps: int = 8,
        success: SuccessCheck | None = None,
        **options: Any,
    ) -> None:
        super().__init__(llm, evaluator, initial_state, **options)
        if num_candidates < 1 or max_steps < 1:
            raise ConfigError(
                f"planning: expected num_candidates and max_steps of at least 1, got {num_candidates} and {max_steps}"
            )
        self._num_candidates = num_candidates
        self._max_steps = max_steps
        self._success = success
        config: PolicyConfig | None = options.get("policy_config")
        self._scores = config is not None and config.bound == "puct"

    def _prior(self, program: Program) -> float:
        return prior_of(program)

    def _worst_of_sample(self, parent: Program) -> Spend:
        # Enough for an objective, a plan and one step; with less an episode would end before its first program.
        first, run = super()._worst_of_sample(parent), self._sampler.worst_run()
        return (first - run) * (self._num_candidates + 4) + run

    def _most_of_sample(self, worst: Spend) -> Budget:
        # An objective, a plan, and for each step the candidates, a verdict and a program.
        del worst
        return Budget(samples=2 + self._max_steps * (self._num_candidates + 2))

    def _is_complete(self, chain: Sequence[Program], parent: Program) -> bool:
        """Never: only the dialogue shows where an episode ends, and replaying recorded replies costs nothing."""
        del chain, parent
        return False

    async def _expand(
        self, parent: Program, place: Place, allowance: Allowance, timeout: float
    ) -> AsyncIterator[Program]:
        past = list(parent.meta.get("planning", {}).get("log", ()))
        episode = _Episode(place=place, allowance=allowance, timeout=timeout, current=parent, log=past)
        if not await self._set_out(episode):
            yield self._without_program(episode, 0, _unread("OBJECTIVE: <one sentence>"))
            return
        for step in range(self._max_steps):
            choice = await self._choose_step(episode, step)
            if choice.step is None:
                yield self._without_program(episode, step, _unread("STEP: <what to do next>"))
                return
            if choice.step == DONE:
                if step == 0:
                    yield self._without_program(episode, step, DONE_AT_ONCE)
                return
            program = await self._execute(episode, step, choice)
            yield program
            if not program.failed:
                episode.current = program
            if program.meta["planning"]["success"]:
                return

    async def _set_out(self, episode: _Episode) -> bool:
        """Asks for an objective and a plan; whether an objective could be read."""
        world = observation_text(episode.current)
        reply = await self._consult(episode, objective_prompt(observation=world, log=episode.log), "objective")
        objective = parse_objective(reply.text)
        if objective is None:
            return False
        check = self._success or objective.check
        if check is not None and is_reached(check, episode.current):
            check = None  # What holds already would make any first step a success.
        episode.objective = replace(objective, check=check)
        prompt = plan_prompt(observation=world, objective=objective.text, max_steps=self._max_steps)
        plan = parse_plan((await self._consult(episode, prompt, "plan")).text)
        episode.plan = plan[: self._max_steps] or [objective.text]
        return True

    async def _choose_step(self, episode: _Episode, step: int) -> _Choice:
        """Candidates side by side, then a verdict; one that cannot be read falls on the first, or the best scored."""
        world = observation_text(episode.current)
        prompt = step_prompt(observation=world, objective=episode.objective.text, plan=episode.plan, log=episode.log)
        first = step * self._num_candidates
        requests = [
            self._asker.request(self._question(prompt), episode.place, "step", first + index)
            for index in range(self._num_candidates)
        ]
        answers = await self._asker.ask_all(requests, episode.place, episode.allowance)
        episode.unbooked += answers
        readable = [proposal for reply in answers if (proposal := parse_step(reply.text)) is not None]
        candidates = [proposal for proposal in dict.fromkeys(readable) if proposal != DONE]
        if not candidates:
            return _Choice(step=DONE if readable else None)
        if len(candidates) == 1 and not self._scores:
            return _Choice(step=candidates[0], candidates=candidates, verdict="the only candidate")
        question = judge_prompt(
            observation=world,
            objective=episode.objective.text,
            plan=episode.plan,
            log=episode.log,
            candidates=candidates,
            scored=self._scores,
        )
        verdict = (await self._consult(episode, question, "judge", step)).text
        scores = parse_scores(verdict, len(candidates)) if self._scores else None
        chosen = parse_choice(verdict, len(candidates))
        if chosen is None:
            chosen = scores.index(max(scores)) if scores else 0
        return _Choice(step=candidates[chosen], candidates=candidates, verdict=verdict, scores=scores)

    async def _execute(self, episode: _Episode, step: int, choice: _Choice) -> Program:
        """Writes and runs the program of one step, and checks the world for success."""
        parent = episode.current
        instruction = execute_prompt(observation=observation_text(parent), step=choice.step or "")
        dialogue = parent.conversation.append(Message("user", instruction))
        reply = await self._sampler.ask(dialogue, episode.place, "program", episode.allowance, step)
        episode.unbooked.append(reply)
        program = self._step_node(episode, step, program_from(reply, parent, dialogue, episode.place))
        if not program.failed:
            program = await self._sampler.evaluate(program, parent, episode.place, episode.allowance, episode.timeout)
        episode.log.append(f"{choice.step} ({'done' if not program.failed else f'failed: {program.error}'})")
        return self._with_plan(program, episode, step, choice)

    def _step_node(self, episode: _Episode, step: int, program: Program) -> Program:
        """`program` under a name of its own step, with the cost of all calls since the last node."""
        replies, episode.unbooked = episode.unbooked, []
        costs = [reply.cost_usd for reply in replies]
        place = [program.parent_id, program.iteration, program.sample, "step", step]
        return replace(
            program,
            id=hash_json([*place, program.code]),
            num_samples=len(replies),
            input_tokens=sum(reply.input_tokens for reply in replies),
            output_tokens=sum(reply.output_tokens for reply in replies),
            cost_usd=None if None in costs else sum(cost or 0.0 for cost in costs),
        )

    def _with_plan(self, program: Program, episode: _Episode, step: int, choice: _Choice) -> Program:
        check = episode.objective.check
        planning: dict[str, Any] = {
            "objective": episode.objective.text,
            "check": check.to_json() if check is not None else None,
            "plan": list(episode.plan),
            "step": step,
            "instruction": choice.step,
            "candidates": list(choice.candidates),
            "verdict": choice.verdict,
            "success": not program.failed and self._succeeds(program, episode),
            "log": list(episode.log),
        }
        if choice.scores is not None:
            planning["scores"] = list(choice.scores)
        return replace(program, meta={**program.meta, "planning": planning})

    def _succeeds(self, program: Program, episode: _Episode) -> bool:
        """Whether the objective's check passes, or the task is done that was not before."""
        check = episode.objective.check
        done = program.solved and not episode.current.solved
        return done or (check is not None and is_reached(check, program))

    def _without_program(self, episode: _Episode, step: int, error: str) -> Program:
        """The node that stands for an episode cut short before a program was asked for, with what it cost."""
        reply = episode.unbooked[-1]
        program = program_from(reply, episode.current, self._question(""), episode.place)
        failed = replace(program, code="", conversation=episode.current.conversation, status="no_code", error=error)
        return self._with_plan(self._step_node(episode, step, failed), episode, step, _Choice(step=None))

    async def _consult(self, episode: _Episode, prompt: str, purpose: Purpose, ordinal: int = 0) -> ModelReply:
        reply = await self._sampler.ask(self._question(prompt), episode.place, purpose, episode.allowance, ordinal)
        episode.unbooked.append(reply)
        return reply

    def _question(self, prompt: str) -> Conversation:
        """A question with the standing instructions before it, and no other dialogue: it states all it needs."""
        return Conversation((self.programs[0].conversation.messages[0], Message("user", prompt)))


def _unread(line: str) -> str:
    return f"expected a line {line!r}, found none in the reply"


def prior_of(program: Program) -> float:
    """The weight of an executed step among its siblings before it was run: its judge's score, 1 for one of the middle.

    A step that was judged hopeless keeps a little, since judges err. 1 where nobody was asked, or the judge gave no
    scores.
    """
    planning = program.meta.get("planning", {})
    scores = planning.get("scores")
    if not scores:
        return 1.0
    score = scores[planning["candidates"].index(planning["instruction"])]
    return max(float(score), LEAST_SCORE) / SCORE_MIDDLE


def is_reached(check: SuccessCheck, program: Program) -> bool:
    """Whether the world after `program` passes the check.

    `throughput` counts only what machines made in the accrual window, in which no program runs, and of that only what
    no stock was used up for.
    """
    if check.kind == "throughput":
        made = float(program.meta.get("throughput", {}).get(check.item, 0))
        return made * float(program.meta.get("covered", {}).get(check.item, 1)) >= check.amount
    return program.state is not None and program.state.inventory.get(check.item, 0) >= check.amount
