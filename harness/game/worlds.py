"""How a server's world is taken and put back, whatever the server can do.

Three kinds of server, one interface: the embedded server's snapshots (exact, held in its memory), what the agent mod
reads and writes through the documented API (any server, not all of the world), and, for a launcher that can restart a
real server, its saved games. `FactorioInstance` knows only `WorldKeeper`; a launcher may bring one of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from harness.core.errors import RecordError, ServerError, ServerLostError
from harness.core.hashing import hash_bytes
from harness.game.agent import ToolFailure
from harness.game.portable import canonical, expect
from harness.game.rcon import RconConnection

_HELD_SNAPSHOTS = 8
_HASH = re.compile(r"[0-9a-f]{32}")
"""Names of held worlds: their hashes."""

_NOW = "now"
_BEFORE = "before"

Call = Callable[[str, Mapping[str, Any]], Any]
"""A host's call of the agent mod: tool and arguments to result. Raises ToolFailure where the mod refuses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedWorld:
    """A world as a server gave it away.

    Attributes:
        exact: text that a server of the same build makes the very same world of.
        exact_hash: names the content of `exact`; the text itself may differ where its packing does.
        portable: what the mod could read, when there is nothing exact.
    """

    exact: str | None = field(default=None, repr=False)
    exact_hash: str | None = None
    portable: Mapping[str, Any] | None = field(default=None, repr=False)


class WorldKeeper(Protocol):
    """Takes a server's world and puts it back."""

    @property
    def exact(self) -> bool:
        """Whether what is put back goes on bit for bit as if it had never been left."""

    def take(self) -> SavedWorld:
        """The world now.

        Raises:
            ServerError: the server broke.
        """

    def keep(self, name: str, taken: SavedWorld) -> None:
        """Gives the world as it is now a name by which `put_back` may find it without sending it.

        Args:
            name: of the world.
            taken: the very world, as `take` gave it; nothing may have happened since.

        Raises:
            ServerError: the server broke.
        """

    def put_back(self, name: str, saved: SavedWorld) -> None:
        """Makes `saved` the server's world.

        Raises:
            RecordError: this server cannot take it.
            ServerError: the server broke.
        """


class SnapshotKeeper:
    """Worlds by the embedded server's `/snapshot`; the last few stay in the server's memory."""

    exact = True

    def __init__(self, rcon: RconConnection, others: WorldKeeper) -> None:
        self._rcon = rcon
        self._others = others
        # Names the server holds worlds by, each with the digest of the text it stands for; longest unused first.
        self._held: dict[str, str] = {}
        self._drop_what_others_left()

    @staticmethod
    def offered_by(rcon: RconConnection) -> bool:
        """Whether the server has the command."""
        return _snapshot(rcon, "list") is not None

    def take(self) -> SavedWorld:
        """The world now, as text."""
        self._demand("save", _NOW)
        exported = self._demand("export", _NOW)
        return SavedWorld(exact=str(exported["data"]), exact_hash=str(exported["hash"]))

    def keep(self, name: str, taken: SavedWorld) -> None:
        """Saves under this name; the one unused for longest goes when there are too many."""
        if taken.exact is not None:
            self._demand("save", name)
            self._hold(name, taken.exact)

    def put_back(self, name: str, saved: SavedWorld) -> None:
        """Restores what the server holds by this name, sending it first if need be.

        What is held counts only for the text it was kept for, and a text only if it holds what it is said to.
        """
        if saved.exact is None:
            self._put_back_otherwise(name, saved)
            return
        if self._held.get(name) != _digest(saved.exact) or not self._is_restored(name):
            self._send(name, saved.exact, saved.exact_hash)
            self._demand("restore", name)
        self._hold(name, saved.exact)

    def _is_restored(self, name: str) -> bool:
        """Restores a world that should be held; it is not where someone who connected since made room for others."""
        return bool((_snapshot(self._rcon, "restore", name) or {}).get("ok"))

    def _send(self, name: str, text: str, wanted: str | None) -> None:
        reply = _snapshot(self._rcon, "import", name, text) or {}
        if not reply.get("ok"):
            raise RecordError(f"server {self._rcon.name}: cannot take in the state: {reply.get('error')}")
        if wanted is not None and reply.get("hash") != wanted:
            self._held.pop(name, None)
            self._demand("drop", name)
            raise RecordError(
                f"server {self._rcon.name}: cannot take in the state: expected a snapshot whose content has the hash "
                f"{wanted}, got {reply.get('hash')}; take the state anew"
            )

    def _put_back_otherwise(self, name: str, saved: SavedWorld) -> None:
        self._demand("save", _BEFORE)
        try:
            self._others.put_back(name, saved)
        except RecordError:
            self._demand("restore", _BEFORE)
            raise

    def _hold(self, name: str, text: str) -> None:
        self._held.pop(name, None)
        self._held[name] = _digest(text)
        while len(self._held) > _HELD_SNAPSHOTS:
            oldest = next(iter(self._held))
            del self._held[oldest]
            self._demand("drop", oldest)

    def _drop_what_others_left(self) -> None:
        """Frees the memory of worlds that an earlier connection held; snapshots under names of another kind stay."""
        for saved in self._demand("list")["snapshots"]:
            if _HASH.fullmatch(saved["name"]):
                self._demand("drop", saved["name"])

    def _demand(self, *words: str) -> dict[str, Any]:
        reply = _snapshot(self._rcon, *words)
        if reply is None or not reply.get("ok"):
            found = reply.get("error") if reply else "no JSON"
            raise ServerLostError(f"server {self._rcon.name}: expected /snapshot {words[0]} to work, got {found}")
        return reply


class PortableKeeper:
    """Worlds as the agent mod reads and writes them through the documented API: any server, but not all of a world.

    Args:
        call: calls the mod.
        name: the server's, for messages.
        guarded: look at the world before it is replaced, so that it can be put back when that fails; not needed where
            somebody else does so.
    """

    exact = False

    def __init__(self, call: Call, name: str, *, guarded: bool = True) -> None:
        self._call = call
        self._name = name
        self._guarded = guarded

    def take(self) -> SavedWorld:
        """What the mod can read of the world now."""
        return SavedWorld(portable=self._save())

    def keep(self, name: str, taken: SavedWorld) -> None:
        """Nothing: the server holds no worlds."""

    def put_back(self, name: str, saved: SavedWorld) -> None:
        """Has the mod build the world anew; one that cannot be built leaves the world as it was."""
        if saved.portable is None:
            raise RecordError(f"server {self._name}: expected a state it can go back to, got one to look at only")
        expect(saved.portable)
        before = self._save() if self._guarded else None
        try:
            self._call("restore", {"state": saved.portable})
        except ToolFailure as failure:
            if before is not None and failure.code != "bad_state":
                self._call("restore", {"state": before})
            raise RecordError(f"server {self._name}: cannot go back to the state: {failure}") from failure

    def _save(self) -> Mapping[str, Any]:
        try:
            return canonical(self._call("save", {}))
        except ToolFailure as failure:
            raise ServerError(f"server {self._name}: save was refused: {failure}") from failure


def _digest(text: str) -> str:
    return hash_bytes(text.encode())


def _snapshot(rcon: RconConnection, *words: str) -> dict[str, Any] | None:
    """The answer to `/snapshot`; `None` from a server that has no such command."""
    try:
        reply = json.loads(rcon.command(" ".join(("/snapshot", *words))))
    except ValueError:
        return None
    return reply if isinstance(reply, dict) else None
