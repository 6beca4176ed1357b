"""All scripts of a server: who is registered for what, who owns a command, and who is called when.

A script is a mod or the level (the scenario's own script, which console commands run in). Each has a Lua state of its
own. Order is fixed everywhere: mods in load order, then the level.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from harness.core.errors import ConfigError, SimError
from harness.core.seeds import derive_seed
from harness.data import prototypes
from harness.simulator.lua.announcements import listen
from harness.simulator.lua.context import ApiObject, Game
from harness.simulator.lua.members import CLASSES, ROOTS
from harness.simulator.lua.mods import Mod
from harness.simulator.lua.state import MAX_INSTRUCTIONS, MAX_SECONDS, ScriptError, ScriptState, Setup

LEVEL = "level"
"""The name of the scenario's script."""

_LEVEL_SOURCE = 'util = require("util")'
_FIRST_CUSTOM_EVENT = 1000
_MASK = (1 << 64) - 1
_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class Script:
    """One script's running state and what it is registered for.

    Attributes:
        events: event ids with a handler.
        nth_ticks: periods with a handler.
        once: which of `init`, `load`, `changed` have a handler.
        random: state of its `math.random`.
    """

    state: ScriptState
    random: int
    events: set[int] = field(default_factory=set)
    nth_ticks: set[int] = field(default_factory=set)
    once: set[str] = field(default_factory=set)


class Scripts:
    """Every script of one server."""

    def __init__(
        self,
        game: Game,
        mods: list[Mod],
        *,
        max_instructions: int = MAX_INSTRUCTIONS,
        max_seconds: float = MAX_SECONDS,
        new: bool = True,
    ) -> None:
        """Loads every mod's `control.lua`, then the level, then runs their `on_init`.

        Args:
            game: the world they act on.
            mods: in load order.
            max_instructions: budget of one call into a script.
            max_seconds: processor time of one call into a script.
            new: the game begins; `on_init` does not run in one that will be loaded.

        Raises:
            ConfigError: a mod's script fails to load.
        """
        self.game = game
        self._max_instructions = max_instructions
        self._max_seconds = max_seconds
        self.scripts: dict[str, Script] = {}
        self.commands: dict[str, tuple[str, str]] = {}
        self._interfaces: dict[str, str] = {}
        self._reply: list[str] = []
        self._num_drawings = 0
        self._nth_ticks: tuple[int, ...] = ()
        self._wants_every_tick = False
        self.versions = {"base": prototypes.load()["meta"]["base_version"]} | {mod.name: mod.version for mod in mods}
        self._defines = prototypes.load()["defines"]
        self._on_tick = int(self._defines["events"]["on_tick"])
        game.raise_event = self.raise_named
        listen(game)
        for mod in mods:
            self._add(mod.name, mod.read_module)
            if "control.lua" in mod.files:
                self._load(mod.name, mod.files["control.lua"].decode("latin-1"), f"@__{mod.name}__/control.lua")
        self._add(LEVEL, lambda name: (None, f"the level has no file {name}"))
        self._load(LEVEL, _LEVEL_SOURCE, "@level")
        for name in self.scripts if new else ():
            self._once(name, "init")

    def run_code(self, name: str, code: str, chunk: str) -> None:
        """Runs console code in a script's state.

        Raises:
            ScriptError: it failed.
        """
        self.scripts[name].state.run(code, chunk)

    def run_command(self, name: str, parameter: str | None) -> None:
        """Runs a command a script has added.

        Raises:
            ScriptError: it failed.
        """
        owner, _ = self.commands[name]
        self.scripts[owner].state.call("run_command", name, parameter)

    def take_reply(self) -> str:
        """What `rcon.print` wrote since the last call."""
        text = "".join(self._reply)
        self._reply.clear()
        return text

    def dispatch_tick(self) -> None:
        """Raises the events of the tick that begins: `on_tick`, then the nth-tick handlers by period."""
        tick = self.game.world.tick
        if self._wants_every_tick:
            self.raise_event(self._on_tick, self.encode({"tick": tick, "name": self._on_tick}))
        for period in self._nth_ticks:
            if tick % period == 0:
                for script in list(self.scripts.values()):
                    if period in script.nth_ticks:
                        self._guarded(script, "dispatch", "nth", period)

    def next_wake(self, tick: int) -> int | None:
        """The first tick after `tick` whose beginning some script must see; None if there is none."""
        if self._wants_every_tick:
            return tick + 1
        return min(((tick // period + 1) * period for period in self._nth_ticks), default=None)

    def listens(self, event: int) -> bool:
        """Whether any script has a handler for an event."""
        return any(event in script.events for script in self.scripts.values())

    def raise_event(self, event: int, data: str) -> None:
        """Calls every handler of an event; a handler's error is logged and stops only that handler."""
        for script in list(self.scripts.values()):
            if event in script.events:
                self._guarded(script, "dispatch", "event", event, data)

    def raise_named(self, name: str, data: dict[str, Any]) -> None:
        """Raises an event of `defines.events` with `name` and `tick` added to its data."""
        event = int(self._defines["events"][name])
        if self.listens(event):
            self.raise_event(event, self.encode({**data, "name": event, "tick": self.game.world.tick}))

    def encode(self, value: dict[str, Any]) -> str:
        """Plain data as storage text, the form events travel in."""
        return encode_plain(value)

    def load_all(self) -> None:
        """Runs every script's `on_load`, as after loading a saved game."""
        for name in self.scripts:
            self._once(name, "load")

    def _once(self, name: str, kind: str) -> None:
        script = self.scripts[name]
        if kind in script.once:
            self._guarded(script, "dispatch", kind, 0, None)

    def _guarded(self, script: Script, function: str, *arguments: Any) -> None:
        try:
            script.state.call(function, *arguments)
        except ScriptError as error:
            _LOG.error("Error while running event handler of %s: %s", script.state.name, error)

    def _load(self, name: str, source: str, chunk: str) -> None:
        try:
            self.scripts[name].state.run(source, chunk)
        except ScriptError as error:
            raise ConfigError(f"mod {name}: its script does not load: {error}") from error

    def _add(self, name: str, read_module: Callable[[str], tuple[str | None, str]]) -> None:
        seed = derive_seed(self.game.seed, "script", name)
        setup = Setup(
            name=name,
            game_version=self.versions["base"],
            active_mods=self.versions,
            defines=self._defines,
            read_module=read_module,
            functions=self._functions(name),
            classes=CLASSES,
            roots=ROOTS,
            context=self.game,
            max_instructions=self._max_instructions,
            max_seconds=self._max_seconds,
        )
        self.scripts[name] = Script(state=ScriptState(setup), random=seed)

    def _functions(self, name: str) -> dict[str, Any]:
        return {
            "first_custom_event": _FIRST_CUSTOM_EVENT,
            "tick": lambda: self.game.world.tick,
            "random": lambda: self._draw(name),
            "subscribe": lambda kind, key, on: self._subscribe(name, kind, key, on),
            "add_command": lambda command, text: self._add_command(name, command, text),
            "remove_command": lambda command: self.commands.pop(command, None) and None,
            "reply": lambda text: self._reply.append(text + "\n"),
            "raise": lambda event, data: self.raise_event(int(event), data),
            "add_interface": lambda interface: self._add_interface(name, interface),
            "remove_interface": lambda interface: self._interfaces.pop(interface, None) and None,
            "remote_names": self._remote_names,
            "remote_call": self._remote_call,
            "find_surface": self.game.find_surface,
            "next_drawing": self._next_drawing,
            "write_file": self._write_file,
            "remove_file": lambda path: _problem_of(self.game.files.remove_script_file, path),
        }

    def _write_file(self, path: str, text: str, append: bool) -> str | None:
        return _problem_of(self.game.files.write_script_file, path, text.encode("latin-1"), append=append)

    def _draw(self, name: str) -> float:
        """A uniform double in [0, 1). Source: splitmix64, Steele, Lea and Flood 2014."""
        script = self.scripts[name]
        script.random = (script.random + 0x9E3779B97F4A7C15) & _MASK
        mixed = script.random
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return ((mixed ^ (mixed >> 31)) >> 11) / (1 << 53)

    def _subscribe(self, name: str, kind: str, key: float, on: bool) -> None:
        script = self.scripts[name]
        if kind in ("event", "nth"):
            group = script.events if kind == "event" else script.nth_ticks
            (group.add if on else group.discard)(int(key))
        else:
            (script.once.add if on else script.once.discard)(kind)
        self._nth_ticks = tuple(sorted({period for each in self.scripts.values() for period in each.nth_ticks}))
        self._wants_every_tick = any(self._on_tick in each.events for each in self.scripts.values())

    def _add_command(self, owner: str, name: str, text: str) -> str | None:
        if name in self.commands:
            return f"Command {name} is already added by {self.commands[name][0]}."
        self.commands[name] = (owner, text)
        return None

    def _add_interface(self, owner: str, name: str) -> str | None:
        if name in self._interfaces:
            return f"Interface {name} is already added by {self._interfaces[name]}."
        self._interfaces[name] = owner
        return None

    def _remote_names(self, interface: str) -> str | None:
        owner = self._interfaces.get(interface)
        return None if owner is None else self.scripts[owner].state.call_raw("remote_functions", interface)

    def _remote_call(self, interface: str, function: str, arguments: str) -> tuple[str | None, str | None]:
        owner = self._interfaces.get(interface)
        if owner is None:
            return None, f"Unknown interface: {interface}"
        try:
            return self.scripts[owner].state.call("answer_remote", interface, function, arguments), None
        except ScriptError as error:
            return None, f"Error when running interface function {interface}.{function}: {error}"

    def _next_drawing(self) -> int:
        self._num_drawings += 1
        return self._num_drawings


def _problem_of(work: Callable[..., None], *arguments: Any, **options: Any) -> str | None:
    """Runs it; what went wrong, as text for Lua."""
    try:
        work(*arguments, **options)
    except SimError as error:
        return str(error)
    return None


def encode_plain(value: Any) -> str:
    """Nested plain data in the text form of prelude/storage.lua."""
    if value is None:
        return "z;"
    if isinstance(value, bool):
        return "t;" if value else "f;"
    if isinstance(value, int | float):
        return f"n{float(value):.17g};"
    if isinstance(value, str):
        return f"s{len(value)};{value}"
    if isinstance(value, ApiObject):
        fields = [*value.handle, False, False][:3]
        return f"o{len(value.name)};{value.name}" + "".join(encode_plain(field) for field in fields)
    pairs = value.items() if isinstance(value, dict) else enumerate(value, 1)
    return "{;" + "".join(encode_plain(key) + encode_plain(item) for key, item in pairs) + "};"
