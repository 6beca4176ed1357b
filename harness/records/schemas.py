"""The records on disk. Every line and file carries the schema version it was written with.

Wall-clock readings live under the key `timing` and nowhere else in `programs.jsonl` and `llm.jsonl`, so two runs of one
seed are equal to the byte once that key is taken out.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA_VERSION: Final = 2
"""Version 1 had no `Timing.at_s`."""

RunStatus = Literal["running", "finished", "interrupted", "failed"]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Timing(_Record):
    """Wall-clock readings: the only fields that differ between two runs of one seed."""

    wall_s: float = 0.0
    """Seconds the step took."""
    at_s: float | None = None
    """Of a node: seconds of searching when it was entered in the tree, all sittings together; null in version 1."""


class ProgramRecord(_Record):
    """One node of the tree: one line of `programs.jsonl`, in the order the search asked for them."""

    schema_version: Literal[1, 2] = SCHEMA_VERSION
    id: str
    """Content hash of the parent's id, the code and the position among its siblings."""
    parent_id: str | None
    """None for the root."""
    index: int
    """Place in the order of asking; the root is 0."""
    iteration: int
    """Search iteration that asked for it, from 0."""
    sample: int
    """Which sample of its iteration, from 0."""
    chunk: int
    """Which chunk of its program, from 0; 0 where programs are not cut."""
    chunks: int
    """How many chunks its program was cut into."""
    depth: int
    code: str
    status: str
    """`ok`, or how it failed; the words of `harness.evaluation.ProgramStatus`."""
    error: str | None
    """What went wrong, in one line."""
    response: str
    """What the program printed and how it ended, as the model is told."""
    value: float
    """Advantage over the holdout; 0 for a program that never ran."""
    reward: float | None
    holdout_reward: float | None
    score: float | None
    """Production score of the world after the accrual window."""
    ticks: int
    """Ticks the program was charged, without the accrual window."""
    static: dict[str, float]
    """Items got by hand: harvested and crafted."""
    dynamic: dict[str, float]
    """Items and fluids made by machines."""
    state: str | None
    """Content hash of the state after the accrual window, a name in `states/`."""
    model: str
    num_samples: int = 0
    """Completions asked of the model for it; 0 for the later chunks of a reply."""
    input_tokens: int
    output_tokens: int
    cost_usd: float | None
    num_calls: int
    """Tool calls it made."""
    shared_messages: int
    """How many messages of the parent's dialogue its own begins with."""
    messages: list[dict[str, str]]
    """The rest of its dialogue, up to the reply that holds it."""
    meta: dict[str, Any] = Field(default_factory=dict)
    """What a variant adds, such as the plan step it belongs to."""
    timing: Timing = Field(default_factory=Timing)


class ModelCallRecord(_Record):
    """One model call: one line of `llm.jsonl`, in the order the calls ended."""

    schema_version: Literal[1, 2] = SCHEMA_VERSION
    request_hash: str
    """Content hash of everything the model was asked with, but the seed."""
    purpose: str
    model: str
    seed: int
    messages: list[dict[str, str]]
    text: str
    finish_reason: str
    input_tokens: int
    output_tokens: int
    cost_usd: float | None
    """None where the price is not known."""
    error: str | None = None
    timing: Timing = Field(default_factory=Timing)


class Manifest(_Record):
    """`manifest.json`: what made this folder."""

    schema_version: Literal[1, 2] = SCHEMA_VERSION
    experiment: str
    version: str
    """Folder name, such as `v001`."""
    status: RunStatus
    harness_version: str
    python_version: str
    platform: str
    config_hash: str
    seed: int
    model: str
    variant: str
    mod_version: str
    mod_hash: str
    server: str
    """What the servers say they are."""
    image: str = ""
    """What their containers were made from, named by content; empty for servers that are no containers."""
    started_at: str
    """UTC, ISO 8601."""
    ended_at: str | None = None
    resumed: int = 0
    """How many times the run was taken up again."""
    message: str | None = None
    """Why it stopped, if not by finishing."""


class Summary(_Record):
    """`summary.json`: the run in a few numbers."""

    schema_version: Literal[1, 2] = SCHEMA_VERSION
    experiment: str
    version: str
    variant: str
    model: str
    seed: int
    best_value: float | None
    best_program_id: str | None
    num_programs: int
    """Programs asked of the model and put into the tree; the chunks of one reply are one program."""
    num_failed: int
    """Those of them that failed, in whichever chunk."""
    num_nodes: int
    """Nodes of the tree, the root and failed ones too."""
    best_path: list[str]
    """Program ids from the root to the best program."""
    best_dynamic: dict[str, float]
    """Machine production over the best program's window."""
    budget: dict[str, Any]
    """What bounded the run: by budget, `limit` and `spent`."""
    ticks: int
    """Game ticks run on the slots, accrual windows too."""
    input_tokens: int
    output_tokens: int
    cost_usd: float | None
    price_profile: str
    wall_s: float
