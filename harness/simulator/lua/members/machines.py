"""Members of `LuaEntity` that one kind of machine has: crafting, mining, drops, electricity. Others refuse them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from harness.core.errors import SimError
from harness.data import prototypes as data
from harness.simulator.engine import power_views
from harness.simulator.engine.inventories import accept_count
from harness.simulator.engine.systems import drills, poles
from harness.simulator.engine.systems.electric_facts import panel_power
from harness.simulator.engine.tables import UNIT
from harness.simulator.lua.binding import Method, Read
from harness.simulator.lua.context import Game
from harness.simulator.lua.members import effects, silo, tables
from harness.simulator.lua.members.guards import entity_handle, finite, serial_of
from harness.simulator.lua.members.inventory import GROUND
from harness.simulator.lua.members.statistics import ELECTRIC

CRAFTING = ("furnace", "assembling-machine", "rocket-silo")
OUTPUT_INVENTORY = {"container": 1, "logistic-container": 1, "furnace": 3, "assembling-machine": 3, "rocket-silo": 3}
MODULE_INVENTORY = {"furnace": 4, "assembling-machine": 4, "rocket-silo": 4, "lab": 3, "mining-drill": 2, "beacon": 1}
_POLE = "electric-pole"


def only(*kinds: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Makes a member that exists for these entity types and raises for any other, as the game does."""

    def wrap(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def checked(game: Game, row: int, *arguments: Any) -> Any:
            if game.world.type_of(row) not in kinds:
                raise SimError(f"Entity is not a {kinds[0]}: {game.world.name_of(row)} is a {game.world.type_of(row)}.")
            return function(game, row, *arguments)

        return checked

    return wrap


def _component(game: Game, row: int) -> int:
    return int(game.world.entities.component[row])


# Crafting


@only(*CRAFTING)
def _recipe(game: Game, row: int) -> tuple[str, int] | None:
    name = game.world.recipe_of(row)
    return None if name is None else (name, int(game.world.entities.force[row]))


@only("assembling-machine")
def _set_recipe(game: Game, row: int, name: str | None) -> list[dict[str, Any]]:
    if name is not None and name not in data.others("recipe"):
        raise SimError(f"Unknown recipe name: {name}")
    removed = game.world.set_recipe(row, name)
    return [{"name": item, "count": count, "quality": "normal"} for item, count in removed]


@only(*CRAFTING)
def _crafting_progress(game: Game, row: int) -> float:
    return float(game.world.crafting_progress(row))


@only(*CRAFTING)
def _set_crafting_progress(game: Game, row: int, value: Any) -> None:
    game.world.set_crafting_progress(row, finite(value))


@only(*CRAFTING)
def _products_finished(game: Game, row: int) -> int:
    return int(game.world.crafters.products_finished[_component(game, row)])


@only(*CRAFTING)
def _set_products_finished(game: Game, row: int, value: Any) -> None:
    game.world.crafters.products_finished[_component(game, row)] = max(0, int(value))


@only("mining-drill")
def _mining_area(game: Game, row: int) -> tuple[float, float, float, float]:
    entities, proto = game.world.entities, int(game.world.entities.proto[row])
    radius = int(game.world.protos.prototypes.mining_radius[proto])
    x, y = int(entities.x[row]), int(entities.y[row])
    return (x - radius) / UNIT, (y - radius) / UNIT, (x + radius) / UNIT, (y + radius) / UNIT


@only(*CRAFTING)
def _is_crafting(game: Game, row: int) -> bool:
    return bool(game.world.crafters.recipe[_component(game, row)] >= 0 and game.world.crafting_progress(row) > 0)


# Mining


@only("mining-drill")
def _mining_target(game: Game, row: int) -> tuple[int, int] | None:
    return entity_handle(game, int(game.world.mining_target(row)))


@only("mining-drill")
def _mining_progress(game: Game, row: int) -> float:
    return float(game.world.mining_progress(row))


@only("mining-drill")
def _set_mining_progress(game: Game, row: int, value: Any) -> None:
    game.world.drills.progress[_component(game, row)] = min(max(finite(value), 0.0), 1.0)
    game.world.wake(row)


# Drop points


def _drop_position(game: Game, row: int) -> tuple[float, float] | None:
    kind = game.world.type_of(row)
    if kind == "inserter":
        table, arm, entities = tables.inserters(game), _component(game, row), game.world.entities
        x, y = int(entities.x[row]) + int(table.drop_x[arm]), int(entities.y[row]) + int(table.drop_y[arm])
        return x / UNIT, y / UNIT
    if kind == "mining-drill":
        x, y = drills.drop_point(game.world.state, row)
        return int(x) / UNIT, int(y) / UNIT
    return None


def _drop_target(game: Game, row: int) -> tuple[int, int] | None:
    kind = game.world.type_of(row)
    if kind == "inserter":
        return entity_handle(game, int(tables.inserters(game).target[_component(game, row)]))
    if kind == "mining-drill":
        return entity_handle(game, int(game.world.drills.target[_component(game, row)]))
    return None


@only("item-entity")
def _ground_stack(game: Game, row: int) -> tuple[int, int, int]:
    return GROUND, serial_of(game, row), row


# Electricity


def _network_id(game: Game, row: int) -> int | None:
    return poles.network_id(game.world, row)


@only(_POLE)
def _network_statistics(game: Game, row: int) -> tuple[str, int, int] | None:
    network = int(poles.network_row(game.world, row))
    return None if network < 0 else (ELECTRIC, network, 0)


def _is_connected(game: Game, row: int) -> bool:
    return poles.network_id(game.world, row) is not None


def _buffer_size(game: Game, row: int) -> float | None:
    consumer = int(game.world.entities.electric[row])
    if consumer >= 0:
        return float(tables.consumers(game).capacity[consumer])
    return _most_generated(game, row) or None


def _most_generated(game: Game, row: int) -> float:
    """Joules a tick at full power, which is what the buffer of a generator or a solar panel holds; inferred."""
    if game.world.type_of(row) == "generator":
        generators, own = tables.generators(game), int(game.world.entities.component[row])
        degrees = generators.max_temperature[own] - generators.base_temperature[own]
        return float(generators.fluid_use[own] * generators.heat[own] * degrees)
    return panel_power(game.world.name_of(row))


@only("generator", "solar-panel")
def _generated(game: Game, row: int) -> float:
    return power_views.energy_generated_last_tick(game.world, row)


# Anything


@only("ammo-turret", "electric-turret", "fluid-turret", "artillery-turret")
def _kills(_game: Game, _row: int) -> int:
    return 0  # there are no enemies


def can_insert(game: Game, row: int, item: int, count: int) -> bool:
    """Whether the entity would take at least one of these items."""
    return int(accept_count(game.world.state, row, item, count, False)) > 0


MEMBERS: dict[str, Read | Method] = (
    effects.MEMBERS
    | silo.MEMBERS
    | {
        "get_recipe": Method(call=_recipe, gives="object:LuaRecipe"),
        "set_recipe": Method(call=_set_recipe, takes=("name?",), gives="data"),
        "crafting_progress": Read(read=_crafting_progress, write=_set_crafting_progress),
        "products_finished": Read(read=_products_finished, write=_set_products_finished),
        "is_crafting": Method(call=_is_crafting),
        "mining_area": Read(read=_mining_area, gives="box"),
        "mining_target": Read(read=_mining_target, gives="object:LuaEntity"),
        "mining_progress": Read(read=_mining_progress, write=_set_mining_progress),
        "drop_position": Read(read=_drop_position, gives="position"),
        "drop_target": Read(read=_drop_target, gives="object:LuaEntity"),
        "kills": Read(read=_kills),
        "stack": Read(read=_ground_stack, gives="object:LuaItemStack"),
        "electric_network_id": Read(read=_network_id),
        "electric_network_statistics": Read(read=_network_statistics, gives="object:LuaFlowStatistics"),
        "electric_buffer_size": Read(read=_buffer_size),
        "is_connected_to_electric_network": Method(call=_is_connected),
        "energy_generated_last_tick": Read(read=_generated),
    }
)
