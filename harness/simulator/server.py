"""The server program's main loop: commands between ticks, ticks between commands.

Unpaused, the world follows the wall clock at 60 ticks a second times `game.speed`. Two commands never fall into one
tick, as in the game, where a client sees what its last command led to: if the clock has not asked for a tick in
between, one is run ahead of it. Paused, it runs exactly what `game.ticks_to_run` asks for, at once and as fast as it
can, after the reply that asked for it has been sent. This is the only place of the simulator that knows the wall clock;
nothing in the world depends on it.
"""

from __future__ import annotations

import gc
import logging
import signal
import time
from pathlib import Path
from types import FrameType

from harness.core.errors import SimError
from harness.simulator.console import Console
from harness.simulator.lua import Scripts, step
from harness.simulator.lua.snapshots import Snapshots
from harness.simulator.rcon import RconListener
from harness.simulator.stopping import stop_in_time

TICKS_PER_SECOND = 60
LONGEST_WAIT_S = 0.2
"""How late a stop signal may be noticed."""

MAX_BACKLOG_S = 0.5
"""A world that cannot keep up slows down instead of running after the clock for ever."""

MAX_LEAD_S = 0.25
"""How far commands in quick succession may take an unpaused world ahead of the clock."""

MAX_STRIDE_TICKS = 6000
"""Ticks run without a look at stop signals."""

_LOG = logging.getLogger(__name__)


class Server:
    """One running server."""

    def __init__(
        self, scripts: Scripts, console: Console, rcon: RconListener, snapshots: Snapshots, save: Path | None = None
    ) -> None:
        """Puts the parts together.

        Args:
            scripts: with the world.
            console: what runs commands.
            rcon: where commands come from.
            snapshots: writes saved games.
            save: the saved game that is written when the server stops; None where it may write nothing.
        """
        self._scripts = scripts
        self._snapshots = snapshots
        self._save = save
        self._game = scripts.game
        self._console = console
        self._rcon = rcon
        self._stopping = False
        self._due = 0.0
        self._commanded = -1

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """Ends `serve` soon; usable as a signal handler."""
        self._stopping = True

    def serve(self) -> None:
        """Serves until stopped."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        # What is loaded stays until the end: the collector need not look at it again and again.
        gc.collect()
        gc.freeze()
        self._due = time.monotonic()
        with stop_in_time():
            while not self._stopping:
                for command in self._rcon.poll(self._wait_s()):
                    self._separate()
                    self._rcon.reply(command, self._console.execute(command.text))
                    self._write_saves()
                    self._run_asked()
                self._run_due()
            if self._save is not None:
                self._write(self._save)
        self._rcon.close()

    def create(self) -> None:
        """Writes the saved game of a new world and ends.

        Raises:
            SimError: it cannot be written.
        """
        self._rcon.close()
        if self._save is not None:
            self._snapshots.write_game(self._save)
            _LOG.info("Saved game created as %s", self._save)

    def _write_saves(self) -> None:
        """Writes the saved games that commands or handlers have asked for."""
        requests, self._game.save_requests = self._game.save_requests, []
        for name in requests:
            self._write(self._save if name is None and self._save else self._game.files.save_path(name or "game"))

    def _write(self, path: Path) -> None:
        _LOG.info("Saving game as %s", path)
        try:
            self._snapshots.write_game(path)
        except SimError as error:
            _LOG.error("The game could not be saved: %s", error)
            return
        _LOG.info("Saving finished")

    def _wait_s(self) -> float:
        if self._game.clock.tick_paused:
            return LONGEST_WAIT_S
        return min(max(0.0, self._due - time.monotonic()), LONGEST_WAIT_S)

    def _separate(self) -> None:
        """Runs a tick between two commands of one, unless the world is paused or far enough ahead of the clock."""
        clock, tick = self._game.clock, self._game.world.tick
        if tick == self._commanded and not clock.tick_paused and self._due < time.monotonic() + MAX_LEAD_S:
            self._due += step(self._scripts, 1) / (TICKS_PER_SECOND * clock.speed)
        self._commanded = self._game.world.tick

    def _run_asked(self) -> None:
        """Runs `ticks_to_run` of a paused game, as scripts may change it on the way."""
        while not self._stopping:
            clock = self._game.clock
            if not clock.tick_paused or clock.ticks_to_run <= 0:
                return
            done = step(self._scripts, min(clock.ticks_to_run, MAX_STRIDE_TICKS))
            self._game.clock.ticks_to_run = max(0, self._game.clock.ticks_to_run - done)
            self._write_saves()

    def _run_due(self) -> None:
        """Runs the ticks the wall clock asks for."""
        now = time.monotonic()
        if self._game.clock.tick_paused:
            self._due = now
            return
        self._due = max(self._due, now - MAX_BACKLOG_S)
        while self._due <= now and not self._game.clock.tick_paused and not self._stopping:
            tick_s = 1 / (TICKS_PER_SECOND * self._game.clock.speed)
            self._due += tick_s * step(self._scripts, max(1, int((now - self._due) / tick_s)))
            self._write_saves()
            if time.monotonic() - now > LONGEST_WAIT_S:
                return
