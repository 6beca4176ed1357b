"""Grounds for connections: obstacles set up at once by script, and looks at what was laid between them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.mod.play import Play, at

Tile = tuple[int, int]


def console(play: Play, code: str) -> None:
    """Runs a line of script as the mod, as the console's `/sc __agent__` does."""
    play.wire.scripts.run_code("agent", f"local surface = game.get_surface(storage.surface) {code}", "scene")


def put(play: Play, name: str, tiles: Iterable[Tile], **more: Any) -> None:
    """Things that stand in the middle of tiles."""
    options = "".join(f", {key} = {value!r}" for key, value in more.items())
    for x, y in sorted(set(tiles)):
        made = f"name = {name!r}, position = {{{x + 0.5}, {y + 0.5}}}, force = 'player'{options}"
        console(play, f"assert(surface.create_entity{{{made}}})")


def pour(play: Play, tile: Tile, fluid: str, amount: float) -> None:
    """Fluid into the pipe on a tile."""
    place = f"position = {{{tile[0] + 0.5}, {tile[1] + 0.5}}}, type = {{'pipe', 'pipe-to-ground'}}"
    found = f"surface.find_entities_filtered{{{place}}}[1]"
    console(play, f"{found}.insert_fluid{{name = {fluid!r}, amount = {amount}}}")


def look_round(play: Play) -> None:
    """Has the ground laid where a search will look: the engine lays it where it is looked at first."""
    play("get_entities", position=at(0, 0), radius=100)


def here(tile: Tile) -> dict[str, Any]:
    """A tile as a waypoint."""
    return {"position": at(tile[0] + 0.5, tile[1] + 0.5)}


def connect(play: Play, waypoints: Iterable[Any], *types: str, **more: Any) -> dict[str, Any]:
    """`connect_entities` between tiles, entities and groups."""
    points = [here(point) if isinstance(point, tuple) else point for point in waypoints]
    result: dict[str, Any] = play("connect_entities", waypoints=points, types=list(types), **more)
    return result


def standing(play: Play, name: str, tile: Tile) -> dict[str, Any]:
    """What is called `name` on a tile."""
    found = play("get_entity", name=name, position=at(tile[0] + 0.5, tile[1] + 0.5))
    assert found is not None, f"no {name} on {tile}"
    assert found["position"] == at(tile[0] + 0.5, tile[1] + 0.5)
    result: dict[str, Any] = found
    return result


def carries(play: Play, start: Tile, end: Tile, seconds: int = 20) -> bool:
    """Whether a piece of coal put on the belt at `start` comes to rest on the belt at `end`."""
    play("insert_item", item="coal", target=standing(play, "transport-belt", start), quantity=1)
    play("sleep", seconds=seconds)
    lanes = standing(play, "transport-belt", end)["inventory"]
    return {"coal": 1} in (lanes["left"], lanes["right"])


def segments(play: Play) -> dict[tuple[float, float], int]:
    """The body of fluid of each pipe by its place."""
    pipes = play("get_entities", names=["pipe", "pipe-to-ground"])
    return {(pipe["position"]["x"], pipe["position"]["y"]): pipe["fluidbox_id"] for pipe in pipes}


def column(x: int, top: int, bottom: int) -> list[Tile]:
    return [(x, y) for y in range(top, bottom + 1)]


def row(y: int, left: int, right: int) -> list[Tile]:
    return [(x, y) for x in range(left, right + 1)]
