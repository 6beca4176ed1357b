"""`GameState`: a world at one moment, to look at, to keep on disk, and to go back to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from harness.core.errors import RecordError
from harness.core.hashing import canonical_json, hash_json
from harness.game import portable, portable_v1
from harness.game.portable import content_hash
from harness.programs import Namespace

if TYPE_CHECKING:
    from harness.game.instance import FactorioInstance

SCHEMA = 2
"""Of the record on disk. Schema 1 is read too: it differs in the format of its portable part."""


@dataclass(frozen=True)
class GameState:
    """A world and what its programs left behind. Two states with one `hash` are the same world.

    Attributes:
        entities: the player's entities as the wire gives them, characters excepted.
        inventory: the character's, `{item: count}`.
        timestamp: game ticks run since the world began.
        position: where the character stands, `{"x", "y"}`.
        research: `{"current": name or None, "progress": 0..1}`.
        elapsed_ticks: ticks charged to the agent's calls since the world began.
        namespace: what earlier programs left for the next one.
        snapshot: the exact state, as text of the server that has such snapshots.
        snapshot_hash: what that server calls its content; the text itself may differ where its packing does.
        portable: the state as the mod saves it, which any server restores: taken where nothing exact is to be had,
            and wherever it is asked for (`from_instance(instance, portable=True)`).
    """

    entities: Sequence[Mapping[str, Any]]
    inventory: Mapping[str, int]
    timestamp: int
    position: Mapping[str, float] = field(default_factory=lambda: {"x": 0.0, "y": 0.0})
    research: Mapping[str, Any] = field(default_factory=lambda: {"current": None, "progress": 0.0})
    elapsed_ticks: int = 0
    namespace: Namespace = field(default_factory=Namespace)
    snapshot: str | None = field(default=None, repr=False)
    portable: Mapping[str, Any] | None = field(default=None, repr=False)
    snapshot_hash: str | None = None

    @classmethod
    def from_instance(cls, instance: FactorioInstance, *, portable: bool = False) -> GameState:
        """The world of an instance as it is now.

        Args:
            instance: where to look.
            portable: take the portable form even where there is an exact one.

        Raises:
            ServerError: its server broke.
        """
        return instance.state(portable=portable)

    @cached_property
    def hash(self) -> str:
        """Names the state by its content; the same on every machine.

        Of an exact state that is the very world, the order in which things were built and their numbers too. Of a
        portable one it is `world_hash` and what programs left behind.
        """
        if self.snapshot is None and self.portable is not None:
            return hash_json({"world": self.world_hash, "namespace": self.namespace.to_json()})
        content = self.to_json()
        if self.snapshot_hash is not None:
            del content["snapshot"], content["portable"]
        return hash_json(content)

    @cached_property
    def world_hash(self) -> str | None:
        """Names the world by its portable form: equal worlds have one, in whatever order they were built.

        `None` without a portable form.
        """
        return None if self.portable is None else content_hash(self.portable)

    @property
    def restorable(self) -> bool:
        """Whether a server can be brought into this state."""
        return self.snapshot is not None or self.portable is not None

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "schema": SCHEMA,
            "entities": list(self.entities),
            "inventory": dict(self.inventory),
            "timestamp": self.timestamp,
            "position": dict(self.position),
            "research": dict(self.research),
            "elapsed_ticks": self.elapsed_ticks,
            "namespace": self.namespace.to_json(),
            "snapshot": self.snapshot,
            "snapshot_hash": self.snapshot_hash,
            "portable": self.portable,
        }

    def to_bytes(self) -> bytes:
        """As canonical JSON: the same state gives the same bytes."""
        return canonical_json(self.to_json())

    @classmethod
    def from_bytes(cls, data: bytes) -> GameState:
        """The inverse of `to_bytes`.

        Raises:
            RecordError: `data` is not a state this version can read.
        """
        try:
            record = json.loads(data, parse_constant=_refuse_constant)
            _expect_schema(record)
            if record["schema"] == 1 and record.get("portable") is not None:
                record["portable"] = portable_v1.upgraded(record["portable"])
            known = _Record.model_validate(record)
            if known.portable is not None:
                portable.expect(known.portable)
            namespace = Namespace.from_json(known.namespace)
            # Not dumped, which would copy every entity once more.
            parts = {name: getattr(known, name) for name in known.model_fields_set - {"schema_", "namespace"}}
            return cls(namespace=namespace, **parts)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise RecordError(f"game state: expected the JSON of a state, got something else ({error})") from error


class _Record(BaseModel):
    """A state as it is on disk, with the type of everything in it but what the mod and programs check of theirs."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    schema_: int = Field(alias="schema")
    entities: list[dict[str, Any]]
    inventory: dict[str, int]
    timestamp: int = Field(ge=0)
    # A whole number stays one: the hash of a state that was read is the hash it was written under.
    position: dict[str, int | float] = Field(default_factory=dict)
    research: dict[str, Any] = Field(default_factory=dict)
    elapsed_ticks: int = Field(default=0, ge=0)
    namespace: dict[str, Any]
    snapshot: str | None = None
    snapshot_hash: str | None = None
    portable: dict[str, Any] | None = None


def _expect_schema(record: Any) -> None:
    schema = record.get("schema") if isinstance(record, dict) else None
    if type(schema) is not int or schema not in (1, SCHEMA):
        raise RecordError(f"game state: expected schema 1 or {SCHEMA}, got {schema!r}; read it with its version")


def _refuse_constant(word: str) -> None:
    raise ValueError(f"{word}, where JSON has finite numbers only")
