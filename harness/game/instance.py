"""`FactorioInstance`: one server to play on, its programs and its time.

It owns the connection and the program runner of one slot. It does not start servers; `harness.servers` does.
"""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, NamedTuple, Self

from harness.core.errors import ConfigError, ServerError, ServerLostError
from harness.game.agent import AgentClient, ToolFailure
from harness.game.production import ProductionStatistics
from harness.game.rcon import CONNECT_TIMEOUT_S, REPLY_TIMEOUT_S, RconConnection
from harness.game.state import GameState
from harness.game.tools import GameTools
from harness.game.worlds import PortableKeeper, SavedWorld, SnapshotKeeper, WorldKeeper
from harness.mod import mod_hash
from harness.programs import Namespace, ProgramOutcome, ProgramRunner

PASSWORD_VARIABLE = "FACTORIO_RCON_PASSWORD"
MAPS = ("lab", "open")
MAX_PROGRAM_TICKS = 216_000
"""An hour of the game: what one program may spend unless told otherwise, so that no `sleep` outlasts its time-out."""

_REWARD_PROFILE = "reference"
_STEP_TICKS = 3600
_HUNG_S = 5.0
"""A program that times out beside a reply slower than this was held up by its server: ticks run between replies."""


class EvalResult(NamedTuple):
    """What a program did to the world.

    Attributes:
        reward: change of the production score while it ran.
        result: how it ended.
        response: its output, with its fault if it had one.
    """

    reward: float
    result: ProgramOutcome
    response: str


class FactorioInstance:
    """One headless server with the agent mod. Safe to share between threads, which take turns.

    Args:
        address: the server's host.
        tcp_port: its RCON port.
        bounding_box: half side in tiles of the square around the character that `get_entities` reads.
        fast: actions are instantaneous and charged in ticks; the only mode there is.
        cache_scripts: kept for callers of the reference environment; the mod is part of the server, nothing is sent.
        inventory: what the character starts with, `{item: count}`.
        rcon_password: if `None`, read from the environment variable FACTORIO_RCON_PASSWORD.
        map: `lab` (flat, one patch of everything nearby) or `open` (a country).
        seed: of the map.
        all_technologies: start with everything researched, or from the first science pack.
        max_ticks: game ticks that one program may spend; `None` for no limit.
        connect_timeout_s: how long to wait for a server that is still starting.
        reply_timeout_s: a server that takes longer to answer a command is taken for lost.

    Raises:
        ConfigError: an argument is not usable, or there is no password.
        ServerError: the server does not answer, refuses the password, or runs another mod.
    """

    def __init__(
        self,
        address: str = "localhost",
        tcp_port: int = 27000,
        bounding_box: int = 200,
        fast: bool = True,
        cache_scripts: bool = True,
        inventory: Mapping[str, int] | None = None,
        *,
        rcon_password: str | None = None,
        map: str = "lab",  # noqa: A002 - the word of the domain
        seed: int = 0,
        all_technologies: bool = True,
        max_ticks: int | None = MAX_PROGRAM_TICKS,
        connect_timeout_s: float = CONNECT_TIMEOUT_S,
        reply_timeout_s: float = REPLY_TIMEOUT_S,
    ) -> None:
        if not fast:
            raise ConfigError("fast: expected True, got False; time is charged in ticks, there is no slow mode")
        if map not in MAPS:
            raise ConfigError(f"map: expected one of {', '.join(MAPS)}, got {map!r}")
        self._bounding_box = bounding_box
        self._cache_scripts = cache_scripts
        self._max_ticks = max_ticks
        self._seed = seed
        self._start = {
            "map": map,
            "seed": seed,
            "inventory": dict(inventory or {}),
            "all_technologies": all_technologies,
        }
        self._lock = threading.RLock()
        self._namespace = Namespace()
        self._runner: ProgramRunner | None = None
        self._rcon = RconConnection(
            address,
            tcp_port,
            _password(rcon_password),
            connect_timeout_s=connect_timeout_s,
            reply_timeout_s=reply_timeout_s,
        )
        try:
            self._client = AgentClient(self._rcon)
            self._expect_mod()
            has_snapshots = SnapshotKeeper.offered_by(self._rcon)
            self._portable = PortableKeeper(self._ask, self._rcon.name, guarded=not has_snapshots)
            self._keeper: WorldKeeper = self._portable
            if has_snapshots:
                self._keeper = SnapshotKeeper(self._rcon, self._portable)
            self._call("reset", self._start)
            self._initial = self.state()
        except BaseException:
            self._rcon.close()
            raise

    def __repr__(self) -> str:
        return f"FactorioInstance({self._rcon.name}, map={self._start['map']}, seed={self._start['seed']})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Kills a program that still runs and ends worker and connection; the server stays. May be called twice."""
        runner = self._runner
        if runner is not None:
            runner.stop()
        self._rcon.interrupt()
        with self._lock:
            if self._runner is not None:
                self._runner.close()
                self._runner = None
            self._rcon.close()

    def eval(self, code: str, timeout: float = 60) -> EvalResult:
        """Runs a program; its variables and functions are there for the next one.

        Args:
            code: the program.
            timeout: seconds on the clock after which it is killed.

        Raises:
            ServerError: the server broke; the program is not to blame.
        """
        with self._lock:
            before = self.production().score(_REWARD_PROFILE)
            self._rcon.slowest_reply_s = 0.0
            tools = GameTools(self._client, self.production, self._max_ticks)
            outcome = self._programs().run(
                code, host=tools, namespace=self._namespace, timeout_s=timeout, seed=self._seed
            )
            if outcome.status == "timeout" and self._rcon.slowest_reply_s > _HUNG_S:
                raise ServerLostError(
                    f"server {self._rcon.name}: expected replies within {_HUNG_S:g} s, one took "
                    f"{self._rcon.slowest_reply_s:.1f} s, for which the program's time-out is not to blame"
                )
            self._namespace = outcome.namespace
            reward = self.production().score(_REWARD_PROFILE) - before
            return EvalResult(reward, outcome, outcome.text)

    def eval_with_error(self, code: str, timeout: float = 60) -> tuple[int, int, str]:
        """Like `eval`, for callers that want the scores after it: production score, automated part, output.

        Raises:
            SyntaxError: the program is not Python; nothing of it ran.
            TimeoutError: it was killed at `timeout`; what it did to the world until then stays.
            ServerError: the server broke.
        """
        with self._lock:
            outcome = self.eval(code, timeout).result
            if outcome.error is not None and outcome.error.code == "syntax":
                raise SyntaxError(outcome.error.message, (None, outcome.error.line, None, None))
            if outcome.status == "timeout":
                raise TimeoutError(outcome.text)
            player, automated = self.score()
            return player, automated, outcome.text

    def get_entities(self) -> list[dict[str, Any]]:
        """The player's entities around the character, as the wire gives them.

        Raises:
            ServerError: the server broke.
        """
        return _listed(self._call("get_entities", {"radius": self._bounding_box}))

    def inspect_inventory(self) -> dict[str, int]:
        """What the character carries.

        Raises:
            ServerError: the server broke.
        """
        return _counts(self._call("inspect_inventory", {}))

    def reset(self, state: GameState | None = None) -> None:
        """Goes back to `state`, or to the start.

        Raises:
            RecordError: `state` cannot be gone back to on this server.
            ServerError: the server broke.
        """
        with self._lock:
            self._restore(state or self._initial)

    def advance(self, ticks: int) -> None:
        """Runs the game without a program.

        Raises:
            ServerError: the server broke.
        """
        with self._lock:
            for start in range(0, ticks, _STEP_TICKS):
                self._call("step", {"ticks": min(_STEP_TICKS, ticks - start)})

    def production(self, *, full: bool = False) -> ProductionStatistics:
        """The statistics now.

        Args:
            full: with machines and technologies.

        Raises:
            ServerError: the server broke.
        """
        return ProductionStatistics.from_wire(self._call("production", {"full": True} if full else {}))

    def score(self) -> tuple[int, int]:
        """Production score and the part of it that machines made, both rounded down.

        Raises:
            ServerError: the server broke.
        """
        statistics = self.production()
        return math.floor(statistics.score()), math.floor(statistics.automated_score())

    def state(self, *, portable: bool = False) -> GameState:
        """The world now, with what programs left behind.

        Args:
            portable: with its portable form, even where the server has an exact one.

        Raises:
            ServerError: the server broke.
        """
        with self._lock:
            seen = self._call("observe", {})
            shown = GameState(
                entities=_listed(self._call("get_entities", {"radius": self._bounding_box})),
                inventory=_counts(seen["inventory"]),
                timestamp=int(seen["ticks"]),
                position=dict(seen["position"]),
                research={"current": seen["research"].get("current"), "progress": float(seen["research"]["progress"])},
                elapsed_ticks=int(seen["elapsed_ticks"]),
                namespace=self._namespace,
            )
            return self._with_world(shown, portable)

    def with_portable(self, state: GameState) -> GameState:
        """The same state with its portable form; the instance goes there to read it, and comes back.

        Raises:
            RecordError: `state` cannot be gone back to on this server.
            ServerError: the server broke.
        """
        if state.portable is not None:
            return state
        with self._lock:
            here = self.state()
            self._restore(state)
            try:
                return replace(state, portable=self._portable.take().portable)
            finally:
                self._restore(here)

    def _with_world(self, shown: GameState, portable: bool) -> GameState:
        saved = self._keeper.take()
        document = saved.portable
        if portable and document is None:
            document = self._portable.take().portable
        captured = replace(shown, snapshot=saved.exact, snapshot_hash=saved.exact_hash, portable=document)
        # The server may hold it already: children that start here need not send it back.
        self._keeper.keep(captured.hash, saved)
        return captured

    def _restore(self, state: GameState) -> None:
        saved = SavedWorld(exact=state.snapshot, exact_hash=state.snapshot_hash, portable=state.portable)
        self._keeper.put_back(state.hash, saved)
        self._namespace = state.namespace

    def _ask(self, tool: str, args: Mapping[str, Any]) -> Any:
        """A call of the host's own that may be refused."""
        return self._client.call(tool, args).result

    def _call(self, tool: str, args: Mapping[str, Any]) -> Any:
        """A call of the host's own, which has no reason to be refused."""
        with self._lock:
            try:
                return self._client.call(tool, args).result
            except ToolFailure as failure:
                kind = ConfigError if tool == "reset" else ServerError
                raise kind(f"server {self._rcon.name}: {tool} was refused: {failure}") from failure

    def check(self, within_s: float) -> None:
        """Asks the server for a sign of life, and whether it still runs the mod.

        Raises:
            ServerError: it does not, or took longer than `within_s`.
        """
        with self._lock, self._rcon.patience(within_s):
            self._expect_mod()

    @property
    def server_version(self) -> str:
        """What the server says it is: the game's version, and whether it takes exact snapshots."""
        return f"Factorio {self._game_version}, {'exact' if self._keeper.exact else 'portable'} states"

    def _expect_mod(self) -> None:
        found = self._call("hello", {})
        if not isinstance(found, dict) or found.get("content") != mod_hash():
            content = found.get("content") if isinstance(found, dict) else found
            raise ServerError(
                f"server {self._rcon.name}: expected agent mod {mod_hash()}, got {content}; "
                "start it with this version's mod directory; an image: build it anew with images/build"
            )
        self._game_version = str(found.get("game"))

    def _programs(self) -> ProgramRunner:
        if self._runner is None:
            self._runner = ProgramRunner().__enter__()
        return self._runner


def _password(given: str | None) -> str:
    password = os.environ.get(PASSWORD_VARIABLE) if given is None else given
    if not password:
        raise ConfigError(f"RCON password: expected rcon_password or the variable {PASSWORD_VARIABLE}, got neither")
    return password


def _listed(data: Any) -> list[dict[str, Any]]:
    return list(data.values()) if isinstance(data, Mapping) else list(data or ())


def _counts(data: Any) -> dict[str, int]:
    if isinstance(data, Sequence):
        return {}
    return {str(name): int(count) for name, count in sorted(dict(data).items())}
