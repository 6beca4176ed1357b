"""`LuaFlowStatistics`: production of a force on a surface, or the electric flow of a network."""

from __future__ import annotations

from typing import Any

import numpy as np

from harness.core.errors import SimError
from harness.simulator.engine import power_views
from harness.simulator.engine.force_tables import NUM_FORCES
from harness.simulator.engine.systems import networks
from harness.simulator.lua.binding import ApiClass, Method, Read
from harness.simulator.lua.context import Game

ITEMS = "item"
FLUIDS = "fluid"
ELECTRIC = "electric"


def _flows(game: Game, kind: str, owner: int, surface: int) -> tuple[Any, Any, tuple[str, ...]]:
    """Arrays of what was made and what was used, and the names of their columns."""
    world = game.world
    if kind == ELECTRIC:
        return networks.consumed(world, owner), networks.produced(world, owner), world.protos.entity_names.names
    table = world.statistics
    row = surface * NUM_FORCES + owner
    if kind == ITEMS:
        return table.item_input[row], table.item_output[row], world.protos.item_names.names
    return table.fluid_input[row], table.fluid_output[row], world.protos.fluid_names.names


def _counts(side: int) -> Any:
    def read(game: Game, kind: str, owner: int, surface: int) -> dict[str, float]:
        made, used, names = _flows(game, kind, owner, surface)
        values = used if side else made
        return {names[column]: values[column].item() for column in np.flatnonzero(values).tolist()}

    return read


def _count(side: int) -> Any:
    def read(game: Game, kind: str, owner: int, surface: int, name: str) -> float:
        made, used, names = _flows(game, kind, owner, surface)
        return float((used if side else made)[_column(names, name)])

    return read


def _column(names: tuple[str, ...], name: str) -> int:
    if name not in names:
        raise SimError(f"Unknown name in statistics: {name}")
    return names.index(name)


def _on_flow(game: Game, kind: str, owner: int, surface: int, name: str, amount: Any) -> None:
    made, used, names = _flows(game, kind, owner, surface)
    if kind == ELECTRIC:
        raise SimError("LuaFlowStatistics::on_flow: electric statistics cannot be written.")
    if not isinstance(amount, int | float):
        raise SimError(f"LuaFlowStatistics::on_flow: expected a number, got {amount!r}")
    if amount >= 0:
        made[_column(names, name)] += amount
    else:
        used[_column(names, name)] += -amount


def _set_count(side: int) -> Any:
    def write(game: Game, kind: str, owner: int, surface: int, name: str, count: Any) -> None:
        if kind == ELECTRIC:
            raise SimError("LuaFlowStatistics: electric statistics cannot be written.")
        if not isinstance(count, int | float) or count < 0:
            raise SimError(f"LuaFlowStatistics: expected a count of at least 0, got {count!r}")
        made, used, names = _flows(game, kind, owner, surface)
        (used if side else made)[_column(names, name)] = count

    return write


def _stored(game: Game, kind: str, owner: int, _surface: int) -> dict[str, float]:
    return power_views.stored(game.world, owner) if kind == ELECTRIC else {}


def _stored_of(game: Game, kind: str, owner: int, surface: int, name: str) -> float:
    return _stored(game, kind, owner, surface).get(name, 0.0)


def _clear(game: Game, kind: str, owner: int, surface: int) -> None:
    if kind == ELECTRIC:
        networks.clear_statistics(game.world, owner)
        return
    made, used, _ = _flows(game, kind, owner, surface)
    made[:] = 0
    used[:] = 0


def _force(_game: Game, kind: str, owner: int, _surface: int) -> int | None:
    return None if kind == ELECTRIC else owner


FLOW_STATISTICS = ApiClass(
    name="LuaFlowStatistics",
    handle=("kind", "owner", "surface"),
    members={
        "object_name": Read(read=lambda *_: "LuaFlowStatistics"),
        "valid": Read(read=lambda *_: True),
        "input_counts": Read(read=_counts(0), gives="data"),
        "output_counts": Read(read=_counts(1), gives="data"),
        "get_input_count": Method(call=_count(0), takes=("name",)),
        "storage_counts": Read(read=_stored, gives="data"),
        "get_output_count": Method(call=_count(1), takes=("name",)),
        "get_storage_count": Method(call=_stored_of, takes=("name",)),
        "set_input_count": Method(call=_set_count(0), takes=("name", "any"), gives="nothing"),
        "set_output_count": Method(call=_set_count(1), takes=("name", "any"), gives="nothing"),
        "on_flow": Method(call=_on_flow, takes=("name", "any"), gives="nothing"),
        "clear": Method(call=_clear, gives="nothing"),
        "force": Read(read=_force, gives="object:LuaForce"),
    },
)

CLASSES: list[ApiClass] = [FLOW_STATISTICS]
