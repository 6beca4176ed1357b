"""Tools that move items between the character and the world, and make or gather them by hand."""

from __future__ import annotations

from typing import Any

from harness.api.entities import Entity
from harness.api.groups import BeltGroup, EntityGroup
from harness.api.lines import belts_to_feed
from harness.api.naming import from_prototype, from_recipe
from harness.api.prototypes import Prototype
from harness.api.tools.queries import regrouped
from harness.api.transport import Transport
from harness.api.values import Inventory, Position
from harness.api.wire import from_count, from_entity, from_group, from_position, from_radius, to_entities, to_entity


class Items:
    """`insert_item`, `extract_item`, `inspect_inventory`, `craft_item`, `harvest_resource`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def insert_item(self, entity: Prototype, target: Entity | EntityGroup, quantity: int = 5) -> Entity | EntityGroup:
        """Put items from the inventory into an entity, for example coal into a furnace.

        Args:
            entity: the item, as a `Prototype`.
            target: the entity or belt group to put it into. A group is filled from its first input on.
            quantity: how many at most; fewer go in if the inventory holds fewer or the target is full. A single belt
                takes one a call.

        Returns:
            The target as it is now; use this from here on.

        Raises:
            MissingItemsError: none is in the inventory.
            NotFoundError: the target is no longer there.
            ToolError: the target takes no such item, or is full (code `not_accepted`).

        Ticks:
            0

        Example:
            furnace = insert_item(Prototype.Coal, furnace, quantity=5)
        """
        args: dict[str, Any] = {"item": from_prototype(entity, "entity"), "quantity": from_count(quantity, least=0)}
        if not isinstance(target, EntityGroup):
            return to_entity(self._transport.call("insert_item", {**args, "target": from_entity(target, "target")}))
        members = from_group(target, "target")
        if isinstance(target, BeltGroup):
            rank = {(belt.position.x, belt.position.y): number for number, belt in enumerate(belts_to_feed(target))}
            members.sort(key=lambda member: rank.get((member["position"]["x"], member["position"]["y"]), len(rank)))
        filled = self._transport.call("insert_item", {**args, "members": members})
        return regrouped(target, to_entities(filled["members"]))

    def extract_item(self, entity: Prototype, source: Position | Entity, quantity: int = 5) -> int:
        """Take items out of an entity into the inventory.

        Args:
            entity: the item, as a `Prototype`.
            source: the entity to take from, or a position near it.
            quantity: how many at most.

        Returns:
            How many were taken.

        Raises:
            MissingItemsError: nothing there holds the item, or nothing is there.
            InventoryFullError: there is no room for it.

        Ticks:
            0

        Example:
            plates = extract_item(Prototype.IronPlate, furnace, quantity=10)
        """
        item = from_prototype(entity, "entity")
        if isinstance(source, Entity):
            place = from_entity(source, "source")
        else:
            place = {"position": from_position(source, "source")}
        args = {"item": item, "source": place, "quantity": from_count(quantity)}
        return int(self._transport.call("extract_item", args))

    def inspect_inventory(self, entity: Entity | None = None, all_players: bool = False) -> Inventory | list[Inventory]:
        """Look into the character's inventory, or into an entity's.

        Args:
            entity: whose inventory to look at; the character's own if left out.
            all_players: give a list with the inventory of every character.

        Returns:
            The item counts; what is absent counts as 0.

        Raises:
            NotFoundError: the entity is no longer there.

        Ticks:
            0

        Example:
            coal = inspect_inventory()[Prototype.Coal]
        """
        args = {} if entity is None else {"entity": from_entity(entity, "entity")}
        inventory = Inventory(dict(self._transport.call("inspect_inventory", args) or {}))
        return [inventory] if all_players else inventory

    def craft_item(self, entity: Prototype | str, quantity: int = 1) -> int:
        """Craft items by hand, together with the intermediate products they need.

        What must be smelted or needs a fluid cannot be crafted by hand.

        Args:
            entity: what to craft.
            quantity: how many.

        Returns:
            How many were asked for and crafted.

        Raises:
            MissingItemsError: the inventory lacks raw materials.
            NotAvailableError: there is no such recipe, it is locked, or it needs a machine.
            InventoryFullError: there is no room for the products.

        Ticks:
            the recipe's seconds * 60 for each craft, those of intermediate products too: 3 gears take 90

        Example:
            craft_item(Prototype.IronGearWheel, quantity=3)
        """
        args = {"name": from_recipe(entity, "entity"), "quantity": from_count(quantity, least=0)}
        return int(self._transport.call("craft_item", args))

    def harvest_resource(self, position: Position, quantity: int = 1, radius: float = 10) -> int:
        """Mine ore, chop trees or break rocks by hand.

        Args:
            position: where the resource is; stand right beside it (`move_to` first).
            quantity: how many items to gather at least; trees and rocks give several at once.
            radius: how far around the position to go on gathering.

        Returns:
            How many items were gathered; fewer than asked for if the resource runs out.

        Raises:
            OutOfReachError: the position is too far from the character.
            NotFoundError: nothing to harvest is there.
            NotAvailableError: a hand cannot mine it, for example oil.
            InventoryFullError: there is no room.

        Ticks:
            the mining time of each unit, tree or rock: an iron ore takes about 60

        Example:
            move_to(nearest(Resource.Stone))
            harvest_resource(nearest(Resource.Stone), quantity=10)
        """
        args = {"position": from_position(position), "quantity": from_count(quantity), "radius": from_radius(radius)}
        return int(self._transport.call("harvest_resource", args))
