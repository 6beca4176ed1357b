"""A tiny deterministic world that satisfies `Slot`: ore, drills that mine it, and programs in real Python.

One drill digs one ore in 60 ticks. Programs can `mine(n)` (60 ticks each), `build(n)` drills (5 ore each),
`sleep(ticks)`, `print`, `exit()`, and `pause(seconds)`, which takes time on the clock and none in the game.
"""

from __future__ import annotations

import threading
import time
import traceback
from dataclasses import dataclass, field, replace
from typing import Any

from harness.core.errors import ServerLostError
from harness.core.hashing import hash_json
from harness.game import ProductionStatistics

PRICES = {"iron-ore": 1.0, "drill": 12.0}
DRILL_COST = 5
TICKS_PER_ORE = 60


@dataclass(frozen=True)
class ToyState:
    tick: int = 0
    ore: int = 0
    drills: int = 0
    progress: int = 0
    mined_by_hand: int = 0
    mined_by_drills: int = 0

    @property
    def hash(self) -> str:
        return hash_json(vars(self))

    @property
    def timestamp(self) -> int:
        return self.tick

    @property
    def position(self) -> dict[str, float]:
        return {"x": 0.5, "y": -1.0}

    @property
    def research(self) -> dict[str, Any]:
        return {"current": "automation", "progress": 0.25}

    @property
    def inventory(self) -> dict[str, int]:
        return {"iron-ore": self.ore}

    @property
    def entities(self) -> list[dict[str, Any]]:
        return [
            {"name": "drill", "position": {"x": index, "y": 0}, "direction": 4, "status": "working", "warnings": []}
            for index in range(self.drills)
        ]


class ToyProduction(ProductionStatistics):
    """The harness's own statistics, at toy prices."""

    def score(self, profile: str) -> float:
        assert profile == "reference"
        made = sum(PRICES[name] * amount for name, amount in self.produced.items())
        return made - sum(PRICES[name] * amount for name, amount in self.consumed.items())


@dataclass(frozen=True)
class ToyFault:
    type: str
    message: str
    line: int | None


@dataclass(frozen=True)
class ToyOutcome:
    status: str
    error: ToyFault | None
    num_calls: int
    left: bool = False


@dataclass(frozen=True)
class ToyRun:
    result: ToyOutcome
    response: str


@dataclass
class ToyWorld:
    """One slot. `log` holds what was asked of it, `breaks_on` a word in a program that breaks the server."""

    initial: ToyState = field(default_factory=ToyState)
    breaks_on: str = "earthquake"
    now: ToyState = field(init=False)
    log: list[tuple[str, Any]] = field(default_factory=list)
    broken: bool = False
    _thread: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.now = self.initial

    def reset(self, state: ToyState | None = None) -> None:
        self._used("reset", state)
        self.now = state or self.initial

    def advance(self, ticks: int) -> None:
        self._used("advance", ticks)
        self._advance(ticks)

    def state(self) -> ToyState:
        self._used("state", self.now.tick)
        return self.now

    def production(self, *, full: bool = False) -> ToyProduction:
        self._used("production", self.now.tick)
        world = self.now
        mined = world.mined_by_hand + world.mined_by_drills
        return ToyProduction(
            tick=world.tick,
            produced={"iron-ore": mined, "drill": world.drills},
            consumed={"iron-ore": DRILL_COST * world.drills},
            harvested={"iron-ore": world.mined_by_hand},
            crafted={"drill": world.drills},
        )

    def eval(self, code: str, timeout: float = 60) -> ToyRun:
        self._used("eval", code)
        assert self._thread.acquire(blocking=False), "two threads on one slot"
        try:
            if self.breaks_on in code:
                self.broken = True
                raise ServerLostError("toy world: the ground shook")
            return self._run(code)
        finally:
            self._thread.release()

    def _run(self, code: str) -> ToyRun:
        lines: list[str] = []
        calls: list[str] = []
        names = {
            "mine": lambda n: (calls.append("mine"), self._mine(n)),
            "build": lambda n: (calls.append("build"), self._build(n)),
            "sleep": lambda ticks: (calls.append("sleep"), self._advance(ticks)),
            "pause": time.sleep,
            "print": lambda *values: lines.append(" ".join(map(str, values))),
        }
        fault, left = None, False
        try:
            exec(compile(code, "<program>", "exec"), names)
        except SystemExit:
            left = True
        except SyntaxError as error:
            fault = ToyFault("SyntaxError", str(error.msg), error.lineno)
        except Exception as error:  # noqa: BLE001, a program may raise anything
            frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<program>"]
            fault = ToyFault(type(error).__name__, str(error), frames[-1].lineno)
        if fault is not None:
            lines.append(f"{fault.line}: {fault.type}: {fault.message}")
        return ToyRun(ToyOutcome("ok" if fault is None else "error", fault, len(calls), left), "\n".join(lines))

    def _mine(self, n: int) -> None:
        self._advance(n * TICKS_PER_ORE)
        self.now = replace(self.now, ore=self.now.ore + n, mined_by_hand=self.now.mined_by_hand + n)

    def _build(self, n: int) -> None:
        if self.now.ore < n * DRILL_COST:
            raise ValueError(f"expected {n * DRILL_COST} ore, found {self.now.ore}")
        self.now = replace(self.now, ore=self.now.ore - n * DRILL_COST, drills=self.now.drills + n)

    def _advance(self, ticks: int) -> None:
        assert ticks >= 0
        dug, progress = divmod(self.now.progress + ticks * self.now.drills, TICKS_PER_ORE)
        self.now = replace(
            self.now,
            tick=self.now.tick + ticks,
            progress=progress,
            ore=self.now.ore + dug,
            mined_by_drills=self.now.mined_by_drills + dug,
        )

    def _used(self, what: str, detail: Any) -> None:
        if self.broken:
            raise ServerLostError("toy world: gone")
        self.log.append((what, detail))


def toy_worlds(count: int, **options: Any) -> list[ToyWorld]:
    return [ToyWorld(**options) for _ in range(count)]
