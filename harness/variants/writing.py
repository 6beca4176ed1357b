"""Programs out of replies, and the dialogues that replies are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from harness.core.conversation import Conversation, Message
from harness.core.errors import ModelError
from harness.core.hashing import hash_json
from harness.evaluation import Program
from harness.evaluation.slot import state_key
from harness.llm import ModelReply, extract_code
from harness.programs.outcome import renumbered
from harness.programs.parsing import split_lines
from harness.variants.asking import Place
from harness.variants.worldview import observation_text

if TYPE_CHECKING:
    from harness.game import GameState

NO_CODE = "expected one block fenced with ```python, found no program in the reply"


def root_program(state: GameState | None, system: str) -> Program:
    """The root: no program, the initial state, the standing instructions."""
    dialogue = Conversation((Message("system", system),))
    return Program("", dialogue, visits=1, state=state, id=hash_json(["root", state_key(state)]), status="ok")


def dialogue_after(program: Program) -> Conversation:
    """The dialogue that led to `program`, and what the world answered."""
    return program.conversation.append(Message("user", observation_text(program)))


def program_from(reply: ModelReply, parent: Program, dialogue: Conversation, place: Place) -> Program:
    """The program in the reply to `dialogue`, not yet run; of status `no_code` if there is none."""
    code = extract_code(reply.text)
    return Program(
        code or "",
        dialogue.append(Message("assistant", reply.text)),
        parent_id=parent.id,
        iteration=place.iteration,
        sample=place.sample,
        depth=parent.depth + 1,
        status="pending" if code is not None else "no_code",
        error=None if code is not None else NO_CODE,
        model=reply.model,
        num_samples=1,
        input_tokens=reply.input_tokens,
        output_tokens=reply.output_tokens,
        cost_usd=reply.cost_usd,
    )


def program_without_reply(error: ModelError, model: str, parent: Program, place: Place) -> Program:
    """What stands in the tree for a sample the model gave no reply to."""
    return Program(
        "",
        parent.conversation,
        parent_id=parent.id,
        iteration=place.iteration,
        sample=place.sample,
        depth=parent.depth + 1,
        status="model_error",
        num_samples=1,
        error=str(error),
        model=model,
    )


def chunk_of(whole: Program, parent: Program, chunks: list[str], index: int) -> Program:
    """One chunk of a program as a node of its own, below the chunk before it.

    Its dialogue ends with the reply as if it had stopped after this chunk, so a continuation from here reads true. What
    the reply cost is booked on the first chunk.
    """
    last = index + 1 == len(chunks)
    reply = whole.conversation.messages[-1].content
    spoken = reply if last else _reply_up_to(reply, "".join(chunks[: index + 1]))
    return replace(
        whole,
        id="",
        code=chunks[index],
        conversation=Conversation((*whole.conversation.messages[:-1], Message("assistant", spoken))),
        parent_id=parent.id,
        depth=parent.depth + 1,
        chunk_index=index,
        chunk_count=len(chunks),
        num_samples=whole.num_samples if index == 0 else 0,
        input_tokens=whole.input_tokens if index == 0 else 0,
        output_tokens=whole.output_tokens if index == 0 else 0,
        cost_usd=whole.cost_usd if index == 0 or whole.cost_usd is None else 0.0,
    )


def joined(chunks: Sequence[Program]) -> Program:
    """The chunks of one reply that ran, first to last, as the one program they are to the model that wrote it.

    Its output is that of all of them, with lines counted from the top of the reply's program, its production that of
    all of them; the world and the rest are those of the last one.
    """
    last = chunks[-1]
    starts = list(accumulate((len(split_lines(chunk.code)) for chunk in chunks[:-1]), initial=0))
    outputs = [_below(start, chunk.response) for start, chunk in zip(starts, chunks, strict=True)]
    meta = {**last.meta, "evaluation": {**last.meta.get("evaluation", {}), "milestones": _milestones(chunks)}}
    if (fault := last.meta.get("fault")) is not None and fault["line"]:
        meta["fault"] = {**fault, "line": fault["line"] + starts[-1]}
    rewards = [chunk.reward for chunk in chunks if chunk.reward is not None]
    return replace(
        last,
        code="".join(chunk.code for chunk in chunks),
        response="\n".join(filter(None, outputs)),
        reward=sum(rewards) if rewards else None,
        static=_sum_of(chunk.static for chunk in chunks),
        dynamic=_sum_of(chunk.dynamic for chunk in chunks),
        meta=meta,
    )


def _milestones(chunks: Sequence[Program]) -> dict[str, list[str]]:
    reached: dict[str, list[str]] = {}
    for chunk in chunks:
        for kind, names in chunk.meta.get("evaluation", {}).get("milestones", {}).items():
            reached.setdefault(kind, []).extend(names)
    return reached


def _sum_of(amounts: Iterable[Mapping[str, float]]) -> dict[str, float]:
    total: dict[str, float] = {}
    for each in amounts:
        for name, amount in each.items():
            total[name] = total.get(name, 0.0) + amount
    return total


def _below(num_lines: int, output: str) -> str:
    return renumbered(output, lambda line: line + num_lines)


def _reply_up_to(reply: str, code: str) -> str:
    thought = reply.partition("```")[0]
    return f"{thought}```python\n{code.rstrip()}\n```"
