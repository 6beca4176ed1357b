"""The command line of the embedded server: the game's own flags, checked, and one clear line when they are wrong."""

from __future__ import annotations

import argparse
import configparser
import ctypes
import json
import logging
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from harness.core.errors import ConfigError, HarnessError, SimError
from harness.data import prototypes
from harness.simulator.launch import DEFAULT_SCENARIO, SCENARIOS, Settings, build
from harness.simulator.saves import Files

DEFAULT_SEED = 44340
_PR_SET_PDEATHSIG = 1
_MAX_PORT = 65535

_EPILOG = f"""\
examples:
  python -m harness.simulator --rcon-port 27015 --rcon-password secret
  python -m harness.simulator --start-server-load-scenario base/freeplay --map-gen-seed 7 \\
      --mod-directory mods --rcon-bind 127.0.0.1:27015 --rcon-password-file secret.txt

scenarios: {", ".join(SCENARIOS)}; those of the game also as base/NAME
A client (harness, factorio-rcon-py, the game's own tools) may connect once the log says "Starting RCON interface".
"""


class _Formatter(logging.Formatter):
    """Log lines as the game writes them: seconds since start, level, place, message."""

    def __init__(self) -> None:
        super().__init__()
        self._began = time.time()

    def format(self, record: logging.LogRecord) -> str:
        level = record.levelname.capitalize()
        place = f"{record.filename}:{record.lineno}"
        text = f"{record.created - self._began:8.3f} {level} {place}: {record.getMessage()}"
        return f"{text}\n{self.formatException(record.exc_info)}" if record.exc_info else text


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the server; gives the exit code."""
    options = _parser().parse_args(arguments)
    if options.version:
        sys.stdout.write(
            f"Version: {prototypes.load()['meta']['base_version']} (embedded server of factorio-harness)\n"
        )
        return 0
    _log_to(sys.stdout)
    try:
        if options.exit_with_parent is not None:
            _die_with_parent(options.exit_with_parent)
        server = build(_settings(options))
        if options.create is None:
            server.serve()
        else:
            server.create()
    except HarnessError as error:
        sys.stderr.write(f"Error: {error}\n")
        return 1
    logging.getLogger(__name__).info("Goodbye")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m harness.simulator",
        description="An embedded headless server that speaks the game's command line, RCON and Lua API.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="store_true", help="say the game version this server stands in for")
    starts = parser.add_argument_group("how to start").add_mutually_exclusive_group()
    starts.add_argument(
        "--start-server-load-scenario", metavar="NAME", help=f"start a scenario (default: {DEFAULT_SCENARIO})"
    )
    starts.add_argument(
        "--start-server",
        type=Path,
        metavar="SAVE",
        help="go on with a game that this server saved, and save it again when stopped; a file, or a name in saves",
    )
    starts.add_argument("--start-server-load-latest", action="store_true", help="the same with the newest in saves")
    starts.add_argument("--create", type=Path, metavar="SAVE", help="make a new game of the scenario, save it and end")
    rcon = parser.add_argument_group("RCON")
    rcon.add_argument("--rcon-port", type=_port, metavar="N", help="port, 0 picks a free one (default: 27015)")
    rcon.add_argument("--rcon-bind", metavar="ADDR[:PORT]", help="address to listen on (default: 127.0.0.1)")
    rcon.add_argument("--rcon-password", metavar="TEXT", help="what clients must know")
    rcon.add_argument("--rcon-password-file", type=Path, metavar="FILE", help="the same, from a file's first line")
    game = parser.add_argument_group("the game")
    game.add_argument(
        "--write-directory", type=Path, metavar="DIR", help="where saves and script-output are (default: nowhere)"
    )
    game.add_argument("--config", type=Path, metavar="FILE", help="INI; write-data of [path] is read, the rest ignored")
    game.add_argument("--mod-directory", type=Path, metavar="DIR", help="folder of mods; mod-list.json is respected")
    game.add_argument("--server-settings", type=Path, metavar="FILE", help="JSON; auto_pause is read, the rest ignored")
    game.add_argument("--map-gen-seed", type=int, metavar="N", help=f"seed of the map (default: {DEFAULT_SEED})")
    game.add_argument("--map-gen-settings", type=Path, metavar="FILE", help="JSON; seed is read, the rest ignored")
    game.add_argument("--map-settings", type=Path, metavar="FILE", help="accepted and ignored")
    game.add_argument("--preset", metavar="NAME", help="accepted and ignored")
    other = parser.add_argument_group("other")
    other.add_argument("--port", type=_port, metavar="N", help="accepted and ignored: there is no game port")
    other.add_argument("--bind", metavar="ADDR", help="accepted and ignored")
    other.add_argument("--no-log-rotation", action="store_true", help="accepted and ignored")
    other.add_argument(
        "--exit-with-parent",
        nargs="?",
        type=int,
        const=0,
        metavar="PID",
        help="stop when the process that started this one ends; PID is its id, to notice an end before this one began",
    )
    return parser


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > _MAX_PORT:
        raise argparse.ArgumentTypeError(f"expected a number of 0 to {_MAX_PORT}, got {text!r}")
    return int(text)


def _settings(options: argparse.Namespace) -> Settings:
    host, port = _address(options)
    server_settings = _json_file(options.server_settings, "--server-settings")
    return Settings(
        scenario=_scenario(options.start_server_load_scenario or DEFAULT_SCENARIO),
        seed=_seed(options),
        mod_directory=options.mod_directory,
        rcon_host=host,
        rcon_port=port if options.create is None else 0,
        rcon_password=_password(options) if options.create is None else "",
        start_paused=bool(server_settings.get("auto_pause", False)),
        write_directory=_write_directory(options),
        save=_save(options) if options.create is None else options.create,
        create=options.create is not None,
    )


def _write_directory(options: argparse.Namespace) -> Path | None:
    """Where the server may write: the flag's folder, else `write-data` of the game's own configuration file."""
    if options.write_directory is not None or options.config is None:
        given: Path | None = options.write_directory
        return given
    config = configparser.ConfigParser(interpolation=None)
    try:
        config.read_string(options.config.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, configparser.Error) as error:
        raise ConfigError(f"--config: cannot read {options.config} as an INI file: {error}") from error
    write_data = config.get("path", "write-data", fallback=None)
    return None if write_data is None else Path(write_data)


def _save(options: argparse.Namespace) -> Path | None:
    """The saved game to start with, if any."""
    files = Files(_write_directory(options))
    try:
        if options.start_server_load_latest:
            return files.latest()
        given: Path | None = options.start_server
        return given if given is None or given.exists() or given.name != str(given) else files.save_path(given.name)
    except SimError as error:
        raise ConfigError(f"--start-server: {error}") from error


def _scenario(name: str) -> str:
    short = name.removeprefix("base/")
    if short not in SCENARIOS:
        raise ConfigError(f"scenario {name}: expected one of {', '.join(SCENARIOS)}")
    return short


def _seed(options: argparse.Namespace) -> int:
    settings = _json_file(options.map_gen_settings, "--map-gen-settings")
    seed = options.map_gen_seed if options.map_gen_seed is not None else settings.get("seed")
    if seed is None:
        return DEFAULT_SEED
    if not isinstance(seed, int):
        raise ConfigError(f"--map-gen-settings: expected a whole number for seed, got {seed!r}")
    return seed


def _address(options: argparse.Namespace) -> tuple[str, int]:
    host, _, port = (options.rcon_bind or "127.0.0.1").partition(":")
    if port and not (port.isdigit() and int(port) <= _MAX_PORT):
        raise ConfigError(f"--rcon-bind: expected ADDR or ADDR:PORT, got {options.rcon_bind!r}")
    if options.rcon_port is not None:
        return host, options.rcon_port
    return host, int(port) if port else 27015


def _password(options: argparse.Namespace) -> str:
    if options.rcon_password is not None:
        return str(options.rcon_password)
    if options.rcon_password_file is None:
        raise ConfigError("RCON needs a password: give --rcon-password or --rcon-password-file")
    try:
        lines = options.rcon_password_file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"--rcon-password-file: cannot read {options.rcon_password_file}: {error}") from error
    if not lines or not lines[0]:
        raise ConfigError(
            f"--rcon-password-file: {options.rcon_password_file} is empty; its first line is the password"
        )
    return str(lines[0])


def _json_file(path: Path | None, flag: str) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{flag}: cannot read {path} as JSON: {error}") from error
    if not isinstance(content, dict):
        raise ConfigError(f"{flag}: expected a JSON object in {path}, got {type(content).__name__}")
    return content


def _log_to(stream: TextIO) -> None:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Formatter())
    logging.raiseExceptions = False  # whoever read the log may be gone; that is no reason for a traceback
    root = logging.getLogger("harness.simulator")
    root.addHandler(handler)
    root.setLevel(logging.INFO)


def _die_with_parent(parent: int) -> None:
    """Asks the kernel for SIGTERM when the parent ends; a parent that is gone already ends this process now.

    Starting Python takes long enough for a parent to be killed meanwhile; only one that gave its id is missed then.
    """
    parent = parent or os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        raise ConfigError("--exit-with-parent: the parent process has ended already")
