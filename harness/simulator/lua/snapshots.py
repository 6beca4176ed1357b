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
from typing import Any

from harness.core.errors import SimError
from harness.core.hashing import hash_bytes, hash_json
from harness.simulator.engine.clock import TICK
from harness.simulator.engine.jit import engine_hash
from harness.simulator.engine.snapshot import Snapshot
from harness.simulator.lua.context import Clock, PathRequest
from harness.simulator.lua.scripts import Script, Scripts
from harness.simulator.lua.state import ScriptError

_FORMAT = 1


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
        self._scripts = scripts
        self._saved: dict[str, Saved] = {}
        self._build = hash_json([_FORMAT, engine_hash(), mods_hash])

    def save(self, name: str) -> dict[str, Any]:
        """Captures the server under a name, replacing an older snapshot of that name.

        Raises:
            SimError: a script keeps a function in its `storage`.
        """
        game = self._scripts.game
        saves = {key: self._save_script(script) for key, script in self._scripts.scripts.items()}
        self._saved[name] = Saved(
            world=game.world.snapshot(),
            clock=game.clock.copy(),
            paths=tuple(game.paths),
            next_path=game.next_path,
            scripts=saves,
        )
        return {"name": name, "tick": game.world.tick}

    def restore(self, name: str) -> dict[str, Any]:
        """Puts the server back into a snapshot.

        Raises:
            SimError: there is no such snapshot.
        """
        saved = self._find(name)
        game = self._scripts.game
        game.world.restore(saved.world)
        game.clock = saved.clock.copy()
        game.paths, game.next_path = list(saved.paths), saved.next_path
        for key, save in saved.scripts.items():
            script = self._scripts.scripts[key]
            script.state.call("load_storage", save.storage)
            script.random = save.random
            if save.handlers is not None:
                script.state.call_raw("set_handlers", save.handlers)
        self._scripts.load_all()
        for key, save in saved.scripts.items():
            found = _subscriptions(self._scripts.scripts[key])
            if found != save.subscriptions:
                raise SimError(
                    f"snapshot {name}: {key} had handlers for {', '.join(save.subscriptions) or 'nothing'}, "
                    f"after loading it has {', '.join(found) or 'nothing'}; register handlers in control.lua or on_load"
                )
        return {"name": name, "tick": game.world.tick}

    def export(self, name: str) -> dict[str, Any]:
        """A snapshot as text, and a hash of what it holds that is the same on every machine.

        Raises:
            SimError: there is no such snapshot.
        """
        saved = self._find(name)
        rest = {
            "clock": saved.clock.to_json(),
            "paths": [path.to_json() for path in saved.paths],
            "next_path": saved.next_path,
            "scripts": {
                key: {"storage": save.storage, "random": save.random, "subscriptions": save.subscriptions}
                for key, save in saved.scripts.items()
            },
        }
        world = base64.b64encode(saved.world.to_bytes()).decode("ascii")
        document = {"build": self._build, "world": world, **rest}
        packed = zlib.compress(json.dumps(document, separators=(",", ":")).encode(), level=6)
        content = hash_json([hash_bytes(saved.world.content()), rest])
        return {"name": name, "data": base64.b64encode(packed).decode("ascii"), "hash": content}

    def import_(self, name: str, text: str) -> dict[str, Any]:
        """Takes in a snapshot that `export` wrote, without restoring it.

        Raises:
            SimError: the text is damaged or from another build.
        """
        try:
            document = json.loads(zlib.decompress(base64.b64decode(text, validate=True)))
            self._expect_build(name, document["build"])
            self._saved[name] = self._parse(document)
        except (ValueError, zlib.error, KeyError, TypeError, AttributeError) as error:
            raise SimError(
                f"snapshot {name}: expected the text an export gave, got something else ({error})"
            ) from error
        return {"name": name}

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

    def _expect_build(self, name: str, build: str) -> None:
        if build != self._build:
            raise SimError(
                f"snapshot {name}: made by build {build}, this server is build {self._build}; "
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


def _subscriptions(script: Script) -> tuple[str, ...]:
    keys = [f"event {event}" for event in sorted(script.events)]
    keys += [f"every {period} ticks" for period in sorted(script.nth_ticks)]
    return tuple(keys)
