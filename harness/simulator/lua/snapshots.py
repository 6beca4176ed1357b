"""Exact snapshots: the world, the clock, every script's `storage` and what it is registered for.

A snapshot lives in the server that made it, by name. As text it can be carried to any server of the same build with the
same mods. What scripts keep outside of `storage` is not saved, as in the game: after a restore every script's
`on_load` runs and must rebuild it.
"""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lupa.lua52 import LuaError

from harness.core.errors import SimError
from harness.core.hashing import hash_bytes, hash_json
from harness.simulator.engine.clock import TICK
from harness.simulator.engine.jit import engine_hash
from harness.simulator.engine.snapshot import Snapshot
from harness.simulator.lua.context import Clock, PathRequest
from harness.simulator.lua.scripts import Script, Scripts
from harness.simulator.lua.state import ScriptError
from harness.simulator.saves import About, read_save, write_save

_FORMAT = 2
_MAX_UNPACKED_BYTES = 1 << 28


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptSave:
    """One script's part of a snapshot.

    Attributes:
        storage: as prelude/storage.lua writes it.
        random: state of its `math.random`.
        subscriptions: sorted kinds and keys it had handlers for.
        handlers: the very handlers, a Lua table of this process; None in an imported snapshot.
    """

    storage: str
    random: int
    subscriptions: tuple[str, ...]
    handlers: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A whole server at one moment between two ticks."""

    world: Snapshot
    clock: Clock
    paths: tuple[PathRequest, ...]
    next_path: int
    scripts: dict[str, ScriptSave]


class Snapshots:
    """Named snapshots of one server."""

    def __init__(self, scripts: Scripts, mods_hash: str) -> None:
        """Prepares to take snapshots.

        Args:
            scripts: of the server, with its world.
            mods_hash: names the mods, which a snapshot must have in common with a server that takes it.
        """
        self._scripts = scripts
        self._saved: dict[str, Saved] = {}
        self._build = hash_json([_FORMAT, engine_hash(), mods_hash])

    def save(self, name: str) -> dict[str, Any]:
        """Captures the server under a name, replacing an older snapshot of that name.

        Raises:
            SimError: a script keeps a function in its `storage`.
        """
        self._saved[name] = self.capture()
        return {"name": name, "tick": self._scripts.game.world.tick}

    def restore(self, name: str) -> dict[str, Any]:
        """Puts the server back into a snapshot.

        Raises:
            SimError: there is no such snapshot, or it cannot be restored; then the server is as it was.
        """
        self.apply(self._find(name), f"snapshot {name}")
        return {"name": name, "tick": self._scripts.game.world.tick}

    def export(self, name: str) -> dict[str, Any]:
        """A snapshot as text, and a hash of what it holds that is the same on every machine.

        Raises:
            SimError: there is no such snapshot.
        """
        text, content = self.pack(self._find(name))
        return {"name": name, "data": text, "hash": content}

    def import_(self, name: str, text: str) -> dict[str, Any]:
        """Takes in a snapshot that `export` wrote, without restoring it; gives the hash of what it holds.

        Raises:
            SimError: the text is damaged or from another build.
        """
        saved = self.unpack(text, f"snapshot {name}")
        self._saved[name] = saved
        return {"name": name, "hash": _content_hash(saved)}

    def write(self, name: str, file: str) -> dict[str, Any]:
        """Writes a snapshot as a saved game.

        Raises:
            SimError: there is no such snapshot, or the file cannot be written.
        """
        path = self._scripts.game.files.save_path(file)
        saved = self._find(name)
        text, content = self.pack(saved)
        write_save(path, self.about(saved), text)
        return {"name": name, "file": path.name, "hash": content}

    def read(self, name: str, file: str) -> dict[str, Any]:
        """Takes in a saved game as a snapshot, without restoring it.

        Raises:
            SimError: the file cannot be read, is damaged or from another build or another map.
        """
        about, text = read_save(self._scripts.game.files.save_path(file))
        mine = (self._scripts.game.scenario, self._scripts.game.seed)
        if (about.scenario, about.seed) != mine:
            raise SimError(
                f"saved game {file}: it is of scenario {about.scenario}, seed {about.seed}, this server of "
                f"scenario {mine[0]}, seed {mine[1]}; start a server with --start-server"
            )
        self._saved[name] = self.unpack(text, f"saved game {file}")
        return {"name": name, "file": file}

    def write_game(self, path: Path) -> None:
        """Writes the server as it is now as a saved game.

        Raises:
            SimError: a script keeps a function in its `storage`, or the file cannot be written.
        """
        saved = self.capture()
        write_save(path, self.about(saved), self.pack(saved)[0])

    def about(self, saved: Saved) -> About:
        """What a saved game of this server says of itself."""
        game = self._scripts.game
        version = self._scripts.versions["base"]
        return About(game=version, scenario=game.scenario, seed=game.seed, tick=int(saved.world.clock[TICK]))

    def capture(self) -> Saved:
        """The server as it is now.

        Raises:
            SimError: a script keeps a function in its `storage`.
        """
        game = self._scripts.game
        saves = {key: self._save_script(script) for key, script in self._scripts.scripts.items()}
        return Saved(
            world=game.world.snapshot(),
            clock=game.clock.copy(),
            paths=tuple(game.paths),
            next_path=game.next_path,
            scripts=saves,
        )

    def apply(self, saved: Saved, what: str, *, same_handlers: bool = True) -> None:
        """Makes the server what it was.

        Args:
            saved: what to restore.
            what: what error messages call it.
            same_handlers: insist that every script has the handlers it had; a game that is loaded does not, as code
                that came over the console is not part of it.

        Raises:
            SimError: it cannot be restored; then the server is as it was.
        """
        scripts = self._scripts.scripts
        try:
            for key, save in saved.scripts.items():
                scripts[key].state.call_raw("stage_storage", save.storage)
        except LuaError as error:
            raise SimError(f"{what}: its storage is damaged ({error})") from error
        before = self._everything()
        self._put(saved)
        for key, save in saved.scripts.items():
            scripts[key].state.call_raw("adopt_storage")
            if save.handlers is not None:
                scripts[key].state.call_raw("set_handlers", save.handlers)
        self._scripts.load_all()
        problem = same_handlers and self._other_handlers(saved)
        if problem:
            self._put(before)
            for key, save in before.scripts.items():
                scripts[key].state.call_raw("give_back_storage")
                scripts[key].state.call_raw("set_handlers", save.handlers)
            raise SimError(f"{what}: {problem}")

    def pack(self, saved: Saved) -> tuple[str, str]:
        """A snapshot as text, and the hash of its content."""
        rest, content = _rest(saved), _content_hash(saved)
        world = base64.b64encode(saved.world.to_bytes()).decode("ascii")
        document = {"build": self._build, "hash": content, "world": world, **rest}
        packed = zlib.compress(json.dumps(document, separators=(",", ":")).encode(), level=6)
        return base64.b64encode(packed).decode("ascii"), content

    def unpack(self, text: str, what: str) -> Saved:
        """The inverse of `pack`; everything is read and checked here, nothing when it is restored.

        Raises:
            SimError: the text is damaged or from another build.
        """
        try:
            document = json.loads(_inflate(base64.b64decode(text, validate=True)))
            self._expect_build(what, document["build"])
            saved = self._parse(document)
        except (ValueError, zlib.error, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            raise SimError(f"{what}: expected the text an export gave, got something else ({error})") from error
        if _content_hash(saved) != document.get("hash"):
            raise SimError(f"{what}: expected the text an export gave, but its content has another hash")
        return saved

    def drop(self, name: str) -> dict[str, Any]:
        """Forgets a snapshot.

        Raises:
            SimError: there is no such snapshot.
        """
        self._find(name)
        del self._saved[name]
        return {"name": name}

    def list(self) -> dict[str, Any]:
        """Names and ticks of all snapshots, oldest first."""
        return {
            "snapshots": [{"name": name, "tick": int(saved.world.clock[TICK])} for name, saved in self._saved.items()]
        }

    def _everything(self) -> Saved:
        """The server as it is now but for scripts' `storage`, which their states keep while another is tried."""
        game = self._scripts.game
        saves = {
            key: ScriptSave(
                storage="",
                random=script.random,
                subscriptions=_subscriptions(script),
                handlers=script.state.call_raw("copy_handlers"),
            )
            for key, script in self._scripts.scripts.items()
        }
        return Saved(
            world=game.world.snapshot(),
            clock=game.clock.copy(),
            paths=tuple(game.paths),
            next_path=game.next_path,
            scripts=saves,
        )

    def _put(self, saved: Saved) -> None:
        """Everything that is outside of the scripts' own states."""
        game = self._scripts.game
        game.world.restore(saved.world)
        game.clock = saved.clock.copy()
        game.paths, game.next_path = list(saved.paths), saved.next_path
        for key, save in saved.scripts.items():
            self._scripts.scripts[key].random = save.random

    def _other_handlers(self, saved: Saved) -> str | None:
        for key, save in saved.scripts.items():
            found = _subscriptions(self._scripts.scripts[key])
            if found != save.subscriptions:
                return (
                    f"{key} had handlers for {', '.join(save.subscriptions) or 'nothing'}, "
                    f"after loading it has {', '.join(found) or 'nothing'}; register handlers in control.lua or on_load"
                )
        return None

    def _expect_build(self, what: str, build: str) -> None:
        if build != self._build:
            raise SimError(
                f"{what}: made by build {build}, this server is build {self._build}; "
                "use the same version with the same mods"
            )

    def _parse(self, document: dict[str, Any]) -> Saved:
        """A document of `export`; whatever is missing or of another kind raises here, not when it is restored."""
        scripts = {
            key: ScriptSave(
                storage=str(save["storage"]), random=int(save["random"]), subscriptions=tuple(save["subscriptions"])
            )
            for key, save in document["scripts"].items()
        }
        if scripts.keys() != self._scripts.scripts.keys():
            raise ValueError(f"scripts: expected {', '.join(self._scripts.scripts)}, got {', '.join(scripts)}")
        return Saved(
            world=Snapshot.from_bytes(base64.b64decode(document["world"]), self._scripts.game.world),
            clock=Clock.from_json(document["clock"]),
            paths=tuple(PathRequest.from_json(path) for path in document["paths"]),
            next_path=int(document["next_path"]),
            scripts=scripts,
        )

    def _find(self, name: str) -> Saved:
        if name not in self._saved:
            known = ", ".join(self._saved) or "none"
            raise SimError(f"snapshot {name}: there is no such snapshot; known: {known}")
        return self._saved[name]

    def _save_script(self, script: Script) -> ScriptSave:
        try:
            storage = script.state.call("save_storage")
        except ScriptError as error:
            raise SimError(f"snapshot: script {script.state.name} cannot be saved: {error}") from error
        return ScriptSave(
            storage=storage,
            random=script.random,
            subscriptions=_subscriptions(script),
            handlers=script.state.call_raw("copy_handlers"),
        )


def _rest(saved: Saved) -> dict[str, Any]:
    """What a snapshot holds besides the world, as plain data."""
    return {
        "clock": saved.clock.to_json(),
        "paths": [path.to_json() for path in saved.paths],
        "next_path": saved.next_path,
        "scripts": {
            key: {"storage": save.storage, "random": save.random, "subscriptions": save.subscriptions}
            for key, save in saved.scripts.items()
        },
    }


def _content_hash(saved: Saved) -> str:
    return hash_json([hash_bytes(saved.world.content()), _rest(saved)])


def _inflate(packed: bytes) -> bytes:
    """Decompresses text that may have been made to fill the memory."""
    unpacker = zlib.decompressobj()
    content = unpacker.decompress(packed, _MAX_UNPACKED_BYTES)
    if not unpacker.eof:
        raise ValueError("it is cut off, or larger than any state")
    return content


def _subscriptions(script: Script) -> tuple[str, ...]:
    keys = [f"event {event}" for event in sorted(script.events)]
    keys += [f"every {period} ticks" for period in sorted(script.nth_ticks)]
    return tuple(keys)
