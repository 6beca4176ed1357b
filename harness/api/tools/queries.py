"""Tools that look at the world without changing it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from harness.api.entities import ElectricityPole, Entity, Pipe, TransportBelt
from harness.api.errors import BudgetError, InvalidArgumentError, ToolError
from harness.api.groups import (
    EntityGroup,
    group_members,
    group_pipes,
    group_poles,
    group_walls,
)
from harness.api.lines import group_belts
from harness.api.naming import from_prototype, from_recipe, from_resource, naming_recipes, shown
from harness.api.prototypes import Prototype, RecipeName, Resource, prototype_by_name
from harness.api.transport import Transport
from harness.api.values import Position, Recipe, ResourcePatch
from harness.api.wire import (
    from_position,
    from_radius,
    labelled_by_member,
    to_entities,
    to_entity,
    to_patch,
    to_position,
    to_recipe,
)
from harness.data import prototypes as facts

BELTS = frozenset(
    {
        Prototype.TransportBelt,
        Prototype.FastTransportBelt,
        Prototype.ExpressTransportBelt,
        Prototype.UndergroundBelt,
        Prototype.FastUndergroundBelt,
        Prototype.ExpressUndergroundBelt,
    }
)
PIPES = frozenset({Prototype.Pipe, Prototype.UndergroundPipe})
POLES = frozenset({Prototype.SmallElectricPole, Prototype.MediumElectricPole, Prototype.BigElectricPole})
_MEMBERS = {Prototype.BeltGroup: BELTS, Prototype.PipeGroup: PIPES, Prototype.ElectricityGroup: POLES}
_PIPE_NAMES = frozenset(member.prototype_name for member in PIPES)
_POLE_NAMES = frozenset(member.prototype_name for member in POLES)
_WALL_NAME = Prototype.StoneWall.prototype_name
_EVERYWHERE = 1000


class Queries:
    """`get_entity`, `get_entities`, `get_resource_patch`, `get_prototype_recipe`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get_entity(self, entity: Prototype, position: Position) -> Entity | EntityGroup | None:
        """Look at one entity again.

        Args:
            entity: its kind; for `Prototype.BeltGroup`, `PipeGroup` or `ElectricityGroup` the nearest such group.
            position: where it stands, within one tile.

        Returns:
            The entity as it is now, or None if there is none.

        Ticks:
            0

        Example:
            furnace = get_entity(Prototype.StoneFurnace, furnace.position)
        """
        name, place = from_prototype(entity, "entity"), from_position(position)
        if prototype_by_name.get(name) in _MEMBERS:
            groups = self.get_entities({prototype_by_name[name]}, to_position(place))
            return min(groups, key=lambda group: _distance(group, to_position(place)), default=None)
        try:
            found = self._transport.call("get_entity", {"name": name, "position": place})
        except BudgetError:
            raise
        except ToolError:
            return None
        return labelled_by_member(to_entity(found)) if found else None

    def get_entities(
        self,
        entities: set[Prototype] | Prototype = frozenset(),  # type: ignore[assignment]
        position: Position | None = None,
        radius: float = 1000,
    ) -> list[Entity | EntityGroup]:
        """List what is built around a position.

        Without a filter, and with a filter together with a position, belts, pipes, poles and walls come back as
        groups; with a filter alone they come one by one.

        Args:
            entities: the kinds wanted; all if left out. `Prototype.BeltGroup`, `PipeGroup` and `ElectricityGroup`
                ask for groups.
            position: the middle of the search; the character's position if left out.
            radius: how far to look to each side, in tiles.

        Returns:
            The entities, then the groups.

        Ticks:
            0

        Example:
            drills = get_entities({Prototype.BurnerMiningDrill}, position=nearest(Resource.IronOre), radius=20)
        """
        wanted = _wanted(entities)
        asked_groups = {kind for kind in wanted if prototype_by_name.get(kind) in _MEMBERS}
        names = (wanted - asked_groups).union(*(_member_names(group) for group in asked_groups))
        args: dict[str, Any] = {"radius": from_radius(radius, _EVERYWHERE)}
        if wanted:
            built = sorted(name for name in names if _can_be_built(name))
            if not built:
                return []
            args["names"] = built
        if position is not None:
            args["position"] = from_position(position)
        found = to_entities(self._transport.call("get_entities", args))
        if wanted and not asked_groups and position is None:
            return list(found)
        return grouped(found)

    def get_resource_patch(self, resource: Resource, position: Position, radius: int = 30) -> ResourcePatch:
        """Measure a field of a resource.

        Args:
            resource: for example `Resource.IronOre`.
            position: a place on or near the field.
            radius: how far from the position to look for it.

        Returns:
            The patch: what it still holds, and its bounding box.

        Raises:
            NotFoundError: there is no such resource.

        Ticks:
            0

        Example:
            patch = get_resource_patch(Resource.IronOre, nearest(Resource.IronOre))
        """
        args = {
            "name": from_resource(resource, "resource"),
            "position": from_position(position),
            "radius": from_radius(radius, _EVERYWHERE),
        }
        return to_patch(self._transport.call("get_resource_patch", args))

    def get_prototype_recipe(self, prototype: Prototype | RecipeName | str) -> Recipe:
        """Look up what a recipe takes and gives.

        Args:
            prototype: the product, or a `RecipeName` for recipes not named after their product.

        Returns:
            The recipe.

        Raises:
            NotAvailableError: there is no such recipe.

        Ticks:
            0

        Example:
            recipe = get_prototype_recipe(Prototype.ElectronicCircuit)
        """
        name = from_recipe(prototype, "prototype")
        with naming_recipes(name):
            recipe = to_recipe(self._transport.call("get_prototype_recipe", {"name": name}))
        return Recipe(name=recipe) if isinstance(recipe, str) else recipe


def grouped(entities: Iterable[Entity]) -> list[Entity | EntityGroup]:
    """Entities with belts, pipes, poles and walls put into groups, which come last."""
    belts: list[TransportBelt] = []
    pipes: list[Pipe] = []
    poles: list[ElectricityPole] = []
    walls: list[Entity] = []
    rest: list[Entity] = []
    for entity in entities:
        if isinstance(entity, TransportBelt):
            belts.append(entity)
        elif isinstance(entity, Pipe) and entity.name in _PIPE_NAMES:
            pipes.append(entity)
        elif isinstance(entity, ElectricityPole) and entity.name in _POLE_NAMES:
            poles.append(entity)
        elif entity.name == _WALL_NAME:
            walls.append(entity)
        else:
            rest.append(entity)
    return [*rest, *group_pipes(pipes), *group_poles(poles), *group_walls(walls), *group_belts(belts)]


def regrouped(group: EntityGroup, members: Iterable[Entity]) -> EntityGroup:
    """The group that its members, read again, now make; of several the one with the old group's place."""
    kind, found = type(group), [thing for thing in grouped(members) if isinstance(thing, EntityGroup)]
    same = [thing for thing in found if isinstance(thing, kind)]
    return next((thing for thing in same if holds(thing, group.position)), (same or [group])[0])


def holds(group: EntityGroup, position: Position) -> bool:
    """Whether one of its members stands at `position` (within a tile)."""
    return any(member.position == position for member in group_members(group))


def _wanted(entities: Any) -> set[str]:
    """The in-game names of the kinds asked for."""
    kinds = {entities} if isinstance(entities, (Prototype, str)) else entities
    if not isinstance(kinds, (set, frozenset, list, tuple)):
        raise InvalidArgumentError(
            f"entities: expected a set of Prototypes, got {shown(entities)}",
            hint="Write for example get_entities({Prototype.StoneFurnace}, position, radius=20).",
        )
    return {from_prototype(kind, "entities") for kind in kinds}


def _can_be_built(name: str) -> bool:
    """Whether there can be entities of the name to ask the server for; coal for one is an entity, but never ours."""
    member = prototype_by_name.get(name)
    built = name in facts.entities() or "place_result" in facts.items().get(name, {})
    return built and (member is None or member.entity_class is not None)


def _member_names(group: str) -> set[str]:
    return {member.prototype_name for member in _MEMBERS[prototype_by_name[group]]}


def _distance(thing: Entity | EntityGroup, position: Position) -> float:
    places = [member.position for member in group_members(thing)] if isinstance(thing, EntityGroup) else []
    return min(place.distance(position) for place in places or [thing.position])
