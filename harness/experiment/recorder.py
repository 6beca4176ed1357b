"""Turns what a search tells its observers into records on disk, and records back into programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import get_args

import anyio

from harness.core.conversation import Conversation
from harness.core.errors import RecordError
from harness.evaluation.program import Program, ProgramStatus
from harness.experiment.stored import StateStore, StoredState
from harness.game import GameState
from harness.llm import ModelReply
from harness.llm.recording import ModelCall
from harness.records import ModelCallRecord, ProgramRecord, RunReader, RunWriter, Timing
from harness.variants.observer import SilentObserver


class Recorder(SilentObserver):
    """Writes every program, in the order of asking.

    A program's state is on disk before its line is, so a line never names a state that is missing.

    Args:
        writer: of the run's folder.
        clock: seconds since any moment.
    """

    def __init__(self, writer: RunWriter, *, clock: Callable[[], float] = anyio.current_time) -> None:
        self._writer = writer
        self._before_s = writer.searched_s
        self._clock = clock
        self._began_at: float | None = None
        self._programs: dict[str, Program] = {}

    def on_program(self, program: Program, *, replayed: bool) -> None:
        """Keeps the state and appends the node to `programs.jsonl`; a replayed node is compared with its line."""
        if self._began_at is None:  # The root is told as the search begins.
            self._began_at = self._clock()
        at_s = self._before_s + self._clock() - self._began_at
        index = len(self._programs)
        parent = self._programs.get(program.parent_id or "")
        if program.state is not None and not replayed and not isinstance(program.state, StoredState):
            self._writer.write_state(program.state.hash, program.state.to_bytes())
        self._writer.write_program(program_record(program, index, parent, at_s=at_s))
        self._programs[program.id] = program


def model_call_record(call: ModelCall) -> ModelCallRecord:
    """The line of `llm.jsonl` for an exchange."""
    reply = call.reply
    return ModelCallRecord(
        request_hash=call.request_hash,
        purpose=call.purpose,
        model=call.model,
        seed=call.seed,
        messages=list(call.messages),
        text=reply.text if reply else "",
        finish_reason=reply.finish_reason if reply else "",
        input_tokens=reply.input_tokens if reply else 0,
        output_tokens=reply.output_tokens if reply else 0,
        cost_usd=reply.cost_usd if reply else None,
        error=call.error,
        timing=Timing(wall_s=round(reply.wall_s, 6) if reply else 0.0),
    )


def model_call(record: ModelCallRecord) -> ModelCall:
    """The exchange that a line of `llm.jsonl` records, for replaying it."""
    reply = None
    if record.error is None:
        reply = ModelReply(
            text=record.text,
            model=record.model,
            input_tokens=record.input_tokens,
            output_tokens=record.output_tokens,
            cost_usd=record.cost_usd,
            finish_reason=record.finish_reason,
            wall_s=record.timing.wall_s,
        )
    return ModelCall(
        model=record.model,
        purpose=record.purpose,  # type: ignore[arg-type]
        request_hash=record.request_hash,
        seed=record.seed,
        messages=tuple(record.messages),
        reply=reply,
        error=record.error,
    )


def program_record(program: Program, index: int, parent: Program | None, *, at_s: float) -> ProgramRecord:
    """The line of `programs.jsonl` for a node that was entered after `at_s` seconds of searching."""
    messages = program.conversation.to_json()
    shared = _num_shared(messages, parent.conversation.to_json() if parent else [])
    return ProgramRecord(
        id=program.id,
        parent_id=program.parent_id,
        index=index,
        iteration=program.iteration,
        sample=program.sample,
        chunk=program.chunk_index,
        chunks=program.chunk_count,
        depth=program.depth,
        code=program.code,
        status=program.status,
        error=program.error,
        response=program.response,
        value=program.value,
        reward=program.reward,
        holdout_reward=program.holdout_reward,
        score=program.score,
        ticks=program.ticks,
        static=dict(program.static),
        dynamic=dict(program.dynamic),
        state=program.state.hash if program.state else None,
        model=program.model,
        num_samples=program.num_samples,
        input_tokens=program.input_tokens,
        output_tokens=program.output_tokens,
        cost_usd=program.cost_usd,
        num_calls=program.num_calls,
        shared_messages=shared,
        messages=messages[shared:],
        meta=dict(program.meta),
        timing=Timing(wall_s=round(program.wall_s, 6), at_s=round(at_s, 6)),
    )


def _num_shared(messages: Sequence[Mapping[str, str]], others: Sequence[Mapping[str, str]]) -> int:
    count = 0
    for message, other in zip(messages, others, strict=False):
        if message != other:
            break
        count += 1
    return count


def load_programs(reader: RunReader, *, in_order: bool = False, store: StateStore | None = None) -> list[Program]:
    """The recorded nodes of a run as programs.

    A node whose state is lost is left out, to be run again, and so are the later ones of its sample.

    Args:
        reader: of the run.
        in_order: leave out all nodes after one that is left out.
        store: of the run's states; `None` makes one.

    Raises:
        RecordError: the records contradict each other.
    """
    programs: list[Program] = []
    state_of = (store or StateStore(reader)).named
    dialogues: dict[str, Conversation] = {}
    cut: set[tuple[int, int]] = set()
    for record in reader.programs():
        dialogues[record.id] = _dialogue(record, dialogues)
        sample = (record.iteration, record.sample)
        if sample in cut or (record.state is not None and not reader.has_state(record.state)):
            if in_order:
                break
            cut.add(sample)
            continue
        programs.append(_program(record, dialogues[record.id], state_of(record.state) if record.state else None))
    return programs


def root_state(programs: Sequence[Program]) -> GameState | None:
    """The world that recorded nodes start from; `None` if it is not among them."""
    return programs[0].state if programs and programs[0].parent_id is None else None


def _dialogue(record: ProgramRecord, known: Mapping[str, Conversation]) -> Conversation:
    """The whole dialogue of a node, which records its difference to its parent's."""
    if record.parent_id is None:
        return Conversation.from_json(record.messages)
    parent = known.get(record.parent_id)
    if parent is None:
        raise RecordError(f"node {record.index}: expected its parent {record.parent_id} before it, found none")
    rest = Conversation.from_json(record.messages)
    return Conversation((*parent.messages[: record.shared_messages], *rest.messages))


def _program(record: ProgramRecord, dialogue: Conversation, state: GameState | None) -> Program:
    if record.status not in get_args(ProgramStatus):
        raise RecordError(f"node {record.index}: expected a known status, got {record.status!r}")
    return Program(
        record.code,
        dialogue,
        record.value,
        0,
        state,
        id=record.id,
        parent_id=record.parent_id,
        iteration=record.iteration,
        sample=record.sample,
        depth=record.depth,
        chunk_index=record.chunk,
        chunk_count=record.chunks,
        status=record.status,  # type: ignore[arg-type]
        reward=record.reward,
        holdout_reward=record.holdout_reward,
        score=record.score,
        ticks=record.ticks,
        num_calls=record.num_calls,
        error=record.error,
        response=record.response,
        static=record.static,
        dynamic=record.dynamic,
        model=record.model,
        num_samples=record.num_samples,
        input_tokens=record.input_tokens,
        output_tokens=record.output_tokens,
        cost_usd=record.cost_usd,
        wall_s=record.timing.wall_s,
        meta=record.meta,
    )
