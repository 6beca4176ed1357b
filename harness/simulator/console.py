"""The console: what a line of text does. Everything that arrives over RCON goes through `Console.execute`.

It owns the server's own commands; commands of mods belong to their scripts.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any

from harness.core.errors import SimError
from harness.simulator.lua import LEVEL, ScriptError, Scripts
from harness.simulator.lua.snapshots import Snapshots

ENCODING = "latin-1"
"""Text crosses to scripts byte by byte, valid UTF-8 or not."""

_TARGET = re.compile(r"^__(?P<script>[\w-]+)__\s+(?P<code>.*)$", re.DOTALL)

_HELP = {
    "command": "<code> - Runs Lua in the level's script; `__mod__ code` runs it in a mod's. Also /c.",
    "silent-command": "<code> - As /command without an echo. Also /sc.",
    "measured-command": "<code> - As /command, and says how long it took. Also /mc.",
    "help": "[name] - Lists all commands, or explains one. Also /h.",
    "version": "- The version of the game this server stands in for.",
    "time": "- The current tick.",
    "seed": "- The seed of the map.",
    "players": "- Who is here; nobody ever is.",
    "server-save": "[name] - Saves the game on the server.",
    "snapshot": "save|restore|export|drop NAME, import NAME DATA, write|read NAME FILE, list - Exact states, in JSON.",
}
_ALIASES = {"c": "command", "sc": "silent-command", "mc": "measured-command", "h": "help", "p": "players"}


class Console:
    """Executes console lines against the scripts and snapshots of one server."""

    def __init__(self, scripts: Scripts, snapshots: Snapshots) -> None:
        self._scripts = scripts
        self._snapshots = snapshots
        self._own: dict[str, Callable[[str], str]] = {
            "command": self._command,
            "silent-command": self._command,
            "measured-command": self._measured_command,
            "help": self._help,
            "version": lambda _: f"{scripts.versions['base']}\n",
            "time": lambda _: f"{scripts.game.world.tick}\n",
            "seed": lambda _: f"{scripts.game.seed}\n",
            "players": lambda _: "Players (0):\n",
            "server-save": self._server_save,
            "snapshot": self._snapshot,
        }

    def execute(self, line: bytes) -> bytes:
        """The reply to one line, in valid UTF-8; whatever the line is, there is one."""
        reply = self._answer(line.decode(ENCODING)).encode(ENCODING)
        try:
            reply.decode("utf-8")
        except UnicodeDecodeError:  # Lua cuts the source it quotes at a byte, not at a character
            return reply.decode("utf-8", "replace").encode("utf-8")
        return reply

    def _answer(self, text: str) -> str:
        if not text.startswith("/"):
            return ""  # chat, and nobody is there to read it
        name, _, rest = text[1:].partition(" ")
        if "\n" in name:
            name, _, after = name.partition("\n")
            rest = f"{after} {rest}"
        name = _ALIASES.get(name, name)
        if name in self._own:
            return self._own[name](rest)
        if name in self._scripts.commands:
            return self._mod_command(name, rest or None)
        return f'Unknown command "{name}". Use /help to list all commands.\n'

    def _mod_command(self, name: str, parameter: str | None) -> str:
        try:
            self._scripts.run_command(name, parameter)
        except ScriptError as error:
            return f"{self._scripts.take_reply()}Cannot execute command. Error: {error}\n"
        return self._scripts.take_reply()

    def _command(self, code: str) -> str:
        target, found = LEVEL, _TARGET.match(code)
        if found is not None:
            target, code = found["script"], found["code"]
        if target not in self._scripts.scripts:
            return f"Cannot execute command. Error: there is no script {target}\n"
        try:
            self._scripts.run_code(target, code, code)
        except ScriptError as error:
            return f"{self._scripts.take_reply()}Cannot execute command. Error: {error}\n"
        return self._scripts.take_reply()

    def _measured_command(self, code: str) -> str:
        began = time.perf_counter()
        reply = self._command(code)
        return f"{reply}Command took {(time.perf_counter() - began) * 1000:.6f}ms\n"

    def _help(self, name: str) -> str:
        texts = _HELP | {command: text for command, (_, text) in self._scripts.commands.items()}
        name = name.strip().removeprefix("/")
        name = _ALIASES.get(name, name)
        if not name:
            return "".join(f"/{command} {text}\n" for command, text in texts.items())
        if name not in texts:
            return f'Unknown command "{name}". Use /help to list all commands.\n'
        return f"/{name} {texts[name]}\n"

    def _server_save(self, name: str) -> str:
        try:
            self._scripts.game.request_save(name.strip() or None)
        except SimError as error:
            return f"Cannot save. Error: {error}\n"
        return "Saving map.\n"

    def _snapshot(self, text: str) -> str:
        try:
            return json.dumps({"ok": True} | self._run_snapshot(text.split())) + "\n"
        except SimError as error:
            return json.dumps({"ok": False, "error": str(error)}) + "\n"

    def _run_snapshot(self, words: list[str]) -> dict[str, Any]:
        match words:
            case ["save", name]:
                return self._snapshots.save(name)
            case ["restore", name]:
                return self._snapshots.restore(name)
            case ["export", name]:
                return self._snapshots.export(name)
            case ["import", name, data]:
                return self._snapshots.import_(name, data)
            case ["write", name, file]:
                return self._snapshots.write(name, file)
            case ["read", name, file]:
                return self._snapshots.read(name, file)
            case ["drop", name]:
                return self._snapshots.drop(name)
            case ["list"]:
                return self._snapshots.list()
        raise SimError(f"/snapshot: expected {_HELP['snapshot'].partition(' - ')[0]}, got {' '.join(words)[:80]!r}")
