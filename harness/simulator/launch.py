"""From settings to a running server: world, mods, console and port, in the order the game comes up."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from pathlib import Path

from harness.core.errors import ConfigError, SimError
from harness.core.hashing import hash_json
from harness.data import prototypes
from harness.simulator.console import Console
from harness.simulator.engine.terrain import ensure_area
from harness.simulator.engine.world import World
from harness.simulator.lua import Game, Mod, Scripts, load_mods
from harness.simulator.lua.snapshots import Snapshots
from harness.simulator.mapgen import LabGenerator, MapGenerator
from harness.simulator.rcon import RconListener
from harness.simulator.saves import Files, read_save_to_start
from harness.simulator.server import Server
from harness.simulator.warm import warm

DEFAULT_SCENARIO = "default_lab_scenario"

LAB = (DEFAULT_SCENARIO,)
"""Scenarios whose first surface is the lab world."""

GENERATED = ("freeplay", "default", "open-world", "open_world")
"""Scenarios whose first surface is a planet made from the seed."""

EMPTY = ("empty", "lab", "sandbox")
"""Scenarios whose first surface is flat ground and nothing else."""

SCENARIOS = (*LAB, *GENERATED, *EMPTY)

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a server is started with.

    Attributes:
        scenario: one of `SCENARIOS`.
        seed: of the map.
        mod_directory: folder of mods, or None.
        rcon_host: address to listen on.
        rcon_port: 0 lets the system choose.
        rcon_password: what clients must know.
        write_directory: where saved games and files of scripts are; without it there are none.
        save: the saved game to go on with; scenario and seed are its own then.
        create: `save` is to be made anew instead.
        start_paused: begin with `game.tick_paused`, as a server does that pauses without players.
    """

    scenario: str
    seed: int
    mod_directory: Path | None
    rcon_host: str
    rcon_port: int
    rcon_password: str
    start_paused: bool = False
    write_directory: Path | None = None
    save: Path | None = None
    create: bool = False


def build(settings: Settings) -> Server:
    """A server that is ready to serve.

    Raises:
        ConfigError: a mod cannot be used.
        ServerStartError: the port cannot be used.
    """
    version = prototypes.load()["meta"]["base_version"]
    _LOG.info("Factorio %s compatible embedded server", version)
    mods = load_mods(settings.mod_directory)
    for mod in mods:
        _LOG.info("Loading mod %s %s", mod.name, mod.version)
    state = None
    if settings.save is not None and not settings.create:
        about, state = read_save_to_start(settings.save)
        if about.scenario not in SCENARIOS:
            raise ConfigError(f"--start-server: {settings.save} is of scenario {about.scenario}, which is not known")
        settings = replace(settings, scenario=about.scenario, seed=about.seed)
    game = Game(
        world=_world(settings), seed=settings.seed, scenario=settings.scenario, files=Files(settings.write_directory)
    )
    game.clock.tick_paused = settings.start_paused
    scripts = Scripts(game, mods, new=state is None)
    snapshots = Snapshots(scripts, _hash(mods))
    if state is not None:
        _load(snapshots, state, settings)
    rcon = RconListener(settings.rcon_host, settings.rcon_port, settings.rcon_password)
    seconds = warm()
    if seconds:
        _LOG.info("Kernels compiled in %.1f s", seconds)
    _LOG.info("updateTick(%d) changing state from(CreatingGame) to(InGame)", game.world.tick)
    host, port = rcon.address
    _LOG.info("Starting RCON interface at IP ADDR:({%s:%d})", host, port)
    return Server(scripts, Console(scripts, snapshots), rcon, snapshots, _last_save(settings, game.files))


def _last_save(settings: Settings, files: Files) -> Path | None:
    """What is written when the server stops: the game it went on with, or a new one, named after its scenario."""
    if settings.save is not None or settings.write_directory is None:
        return settings.save
    return files.save_path(settings.scenario)


def _load(snapshots: Snapshots, state: str, settings: Settings) -> None:
    _LOG.info("Loading map %s", settings.save)
    try:
        snapshots.apply(snapshots.unpack(state, f"saved game {settings.save}"), str(settings.save), same_handlers=False)
    except SimError as error:
        raise ConfigError(f"--start-server: {error}") from error


START_TILES = 96
"""Half the side of the country that is there when a game begins; the rest is made when something goes there."""


def _world(settings: Settings) -> World:
    if settings.scenario in LAB:
        world = World(settings.seed, {"nauvis": LabGenerator()})
        world.surface_table.always_day[0] = True
    elif settings.scenario in GENERATED:
        world = World(settings.seed, {"nauvis": MapGenerator(settings.seed)})
    else:
        return World(settings.seed)
    ensure_area(world, 0, -START_TILES, -START_TILES, START_TILES - 1, START_TILES - 1)
    return world


def _hash(mods: list[Mod]) -> str:
    return hash_json(
        [[mod.name, mod.version, {path: text.decode("latin-1") for path, text in mod.files.items()}] for mod in mods]
    )
