"""A node of the search: a program, the dialogue that led to it, and what came of running it.

The record is immutable; the search keeps its own counts and hands out copies with them filled in. It holds no handle
to a server, so it can outlive one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from harness.core.conversation import Conversation
from harness.core.hashing import hash_json

if TYPE_CHECKING:
    from harness.game import GameState

ProgramStatus = Literal[
    "pending", "ok", "error", "timeout", "crashed", "stopped", "no_code", "model_error", "server_lost"
]
"""How a program ended.

`pending`: not run yet; `ok`; `error`: it raised or does not parse; `timeout`: killed at its deadline; `crashed`: its
worker died or broke the protocol; `stopped`: it lost a race against a sibling (`harness.evaluation.racing`), whatever
came of it before; `no_code`: the reply held no program; `model_error`: there was no reply; `server_lost`: the server
broke, which says nothing about the program.
"""


@dataclass(frozen=True, slots=True)
class Program:
    """One program and its result.

    Attributes:
        code: Python source, as the model wrote it.
        conversation: the dialogue up to and including the reply that holds the program.
        value: `reward - holdout_reward`, the advantage over waiting.
        visits: results backed up through this node, its own included.
        state: before evaluation the state to start from (`None`: the initial one); after it the state at the end of
            the accrual window.
        id: content hash of the program and its place in the tree; the same in every process.
        parent_id: id of the program whose state this one starts from.
        iteration, sample: which request for programs it answers; both count from 0.
        depth: number of steps from the root.
        chunk_index, chunk_count: its place in the program it was cut from; `0` of `1` when not cut.
        status: how it ended.
        reward: change of the production score from before it to the end of its accrual window.
        holdout_reward: the same for a server that waited as long from the same state.
        score: production score of the world at the end of the accrual window.
        ticks: game ticks the program was charged, without the accrual window.
        num_calls: tool calls it made.
        wall_s: seconds its evaluation took on the clock; the only field that differs between two runs of one seed.
        error: what went wrong, for a reader.
        response: what it printed, as the model will see it.
        static, dynamic: items made by hand and by machines from before it to the end of its accrual window.
        mean, best: mean and maximum of the values backed up through this node.
        model: name of the model that wrote it.
        num_samples: completions asked of the model for it, those since the node before it included.
        input_tokens, output_tokens, cost_usd: spent on the calls that led to it; cost is `None` if no price is known.
        meta: whatever a variant wants on record, as plain JSON data.
    """

    code: str
    conversation: Conversation = field(default_factory=Conversation)
    value: float = 0.0
    visits: int = 0
    state: GameState | None = None
    _: KW_ONLY
    id: str = ""
    parent_id: str | None = None
    iteration: int = 0
    sample: int = 0
    depth: int = 0
    chunk_index: int = 0
    chunk_count: int = 1
    status: ProgramStatus = "pending"
    reward: float | None = None
    holdout_reward: float | None = None
    score: float | None = None
    ticks: int = 0
    num_calls: int = 0
    error: str | None = None
    response: str = ""
    static: Mapping[str, float] = field(default_factory=dict)
    dynamic: Mapping[str, float] = field(default_factory=dict)
    mean: float = 0.0
    best: float = 0.0
    model: str = ""
    num_samples: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None
    wall_s: float = 0.0
    meta: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.id:
            place = [self.parent_id, self.iteration, self.sample, self.chunk_index]
            object.__setattr__(self, "id", hash_json([*place, self.code]))

    @property
    def solved(self) -> bool:
        """Whether the task's success was found in the world after it."""
        return bool(self.meta.get("task", {}).get("success"))

    @property
    def was_run(self) -> bool:
        """Whether it was played, to whatever end: then there is a world after it."""
        return "evaluation" in self.meta

    @property
    def played_ticks(self) -> int:
        """Game ticks run for it, those of its accrual window included."""
        return self.ticks + int(self.meta.get("evaluation", {}).get("accrual_ticks", 0))

    @property
    def failed(self) -> bool:
        """Whether it ended in any way but well; a pending program has not failed."""
        return self.status not in ("ok", "pending")

    @property
    def ends_chain(self) -> bool:
        """Whether no further chunk of the same reply follows: it was the last, failed, or ended the program."""
        has_left = bool(self.meta.get("evaluation", {}).get("left"))
        return self.failed or has_left or self.chunk_index + 1 == self.chunk_count
