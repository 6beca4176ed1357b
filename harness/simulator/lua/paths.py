"""Answers to `LuaSurface.request_path`: found at the beginning of the next tick, told by an event."""

from __future__ import annotations

from harness.data import prototypes
from harness.simulator.engine.force_tables import FORCES
from harness.simulator.engine.pathfinder import Walker, find_path
from harness.simulator.engine.prototypes import layer_mask, to_fixed
from harness.simulator.engine.tables import NONE
from harness.simulator.lua.context import Game, PathRequest
from harness.simulator.lua.scripts import Scripts

CELLS_A_TICK = 1 << 20
"""What requests may search in one tick, by the box around start and goal; later ones are told to try again."""

_RIM = 64
_FINISHED = int(prototypes.load()["defines"]["events"]["on_script_path_request_finished"])


def raise_finished_paths(scripts: Scripts) -> None:
    """Answers every request made before this tick, in order."""
    game = scripts.game
    waiting, game.paths = game.paths, []
    searched = 0.0
    for request in waiting:
        cells = _cells(request)
        too_much = searched > 0.0 and searched + cells > CELLS_A_TICK
        event: dict[str, object] = {
            "name": _FINISHED,
            "tick": game.world.tick,
            "id": request.id,
            "try_again_later": too_much,
        }
        path = None if too_much else _find(game, request)
        searched += 0.0 if too_much else cells
        if path is not None:
            event["path"] = [{"position": {"x": x, "y": y}, "needs_destroy_to_reach": False} for x, y in path]
        scripts.raise_event(_FINISHED, scripts.encode(event))


def _cells(request: PathRequest) -> float:
    width, height = (abs(request.goal[axis] - request.start[axis]) + _RIM for axis in (0, 1))
    return float(width * height * 4.0**request.resolution)


def _find(game: Game, request: PathRequest) -> list[tuple[float, float]] | None:
    left, top, right, bottom = (to_fixed(side) for side in request.box)
    walker = Walker(
        left=left,
        top=top,
        right=right,
        bottom=bottom,
        mask=layer_mask({"layers": dict.fromkeys(request.layers)}),
        ignore=request.ignore,
        opens=FORCES.index(request.force) if request.opens_gates else NONE,
        through=FORCES.index(request.force) if request.own_entities else NONE,
    )
    return find_path(
        game.world,
        request.surface,
        request.start,
        request.goal,
        radius=request.radius,
        walker=walker,
        resolution=request.resolution,
        straight=request.straight,
    )
