"""Tools that set machines up and look after research."""

from __future__ import annotations

from typing import Any

from harness.api.entities import Entity, RocketSilo
from harness.api.errors import BudgetError, InvalidArgumentError, ToolError
from harness.api.naming import from_recipe, from_technology, naming_recipes
from harness.api.prototypes import Prototype, RecipeName, Technology
from harness.api.transport import Transport
from harness.api.values import Ingredient, Position
from harness.api.wire import from_entity, from_position, labelled_by_member, listed, to_entity, to_ingredient


class Machines:
    """`set_entity_recipe`, `get_research_progress`, `set_research`, `launch_rocket`, `score`, `send_message`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def set_entity_recipe(self, entity: Entity, prototype: Prototype | RecipeName) -> Entity:
        """Tell a machine what to make, or a filtering inserter what to move.

        Args:
            entity: the machine.
            prototype: the product, or a `RecipeName`.

        Returns:
            The machine as it is now; its `recipe` is the recipe's name.

        Raises:
            NotAvailableError: there is no such recipe, it is not unlocked, or the machine cannot use it.
            NotFoundError: nothing that takes a recipe is there.

        Ticks:
            0

        Example:
            assembler = set_entity_recipe(assembler, Prototype.IronGearWheel)
        """
        recipe = from_recipe(prototype, "prototype")
        args = {"entity": from_entity(entity, "entity"), "recipe": recipe}
        with naming_recipes(recipe):
            machine: Any = to_entity(self._transport.call("set_entity_recipe", args))
        machine.recipe = recipe
        return machine  # type: ignore[no-any-return]

    def get_research_progress(self, technology: Technology | str | None = None) -> list[Ingredient]:
        """Ask which science packs a technology still needs.

        Args:
            technology: which one; the one being researched if left out.

        Returns:
            The science packs that are still missing; empty when it is researched.

        Raises:
            NotAvailableError: there is no such technology, or none is being researched.

        Ticks:
            0

        Example:
            missing = get_research_progress(Technology.Automation)
        """
        args = {} if technology is None else {"technology": from_technology(technology)}
        return [to_ingredient(item) for item in listed(self._transport.call("get_research_progress", args))]

    def set_research(self, technology: Technology | str) -> list[Ingredient]:
        """Start researching a technology instead of the current one.

        Args:
            technology: which one.

        Returns:
            The science packs it needs.

        Raises:
            NotAvailableError: it does not exist, is researched already, or others must come first; some are unlocked
                by doing something instead.

        Ticks:
            0

        Example:
            set_research(Technology.Automation)
        """
        result = self._transport.call("set_research", {"technology": from_technology(technology)})
        return [to_ingredient(item) for item in listed(result)]

    def launch_rocket(self, silo: Position | RocketSilo) -> Entity:
        """Launch the rocket of a silo that is ready.

        Args:
            silo: the silo or its position.

        Returns:
            The silo as it is now; nothing happens to one that is not ready.

        Raises:
            NotFoundError: there is no silo.
            NotAvailableError: the rocket is ready, but there is no cargo landing pad.

        Ticks:
            0

        Example:
            silo = launch_rocket(silo)
        """
        if isinstance(silo, Entity) and not isinstance(silo, RocketSilo):
            raise InvalidArgumentError(
                f"silo: expected a rocket silo or its Position, got the {silo.name} at {silo.position}",
                hint="Pass get_entity(Prototype.RocketSilo, position), or build one first.",
            )
        position = silo.position if isinstance(silo, RocketSilo) else silo
        found = self._transport.call("launch_rocket", {"position": from_position(position, "silo")})
        return labelled_by_member(to_entity(found))

    def score(self) -> tuple[int, int]:
        """Ask for the production score so far.

        Returns:
            The whole score, and the part of it that machines made.

        Ticks:
            0

        Example:
            total, automated = score()
        """
        total, automated = listed(self._transport.call("score", {}))
        return int(total), int(automated)

    def send_message(self, message: str, recipient: str | None = None, metadata: dict[str, Any] | None = None) -> bool:
        """Send a message to other players. Alone in a game there is nobody to read it.

        Args:
            message: the text.
            recipient: who shall read it; everybody if left out.
            metadata: anything else to go with it.

        Returns:
            Whether it was sent; only texts and plain data can be. It never raises.

        Ticks:
            0

        Example:
            send_message("iron is running")
        """
        if not isinstance(message, str) or not isinstance(recipient, str | None):
            return False
        args: dict[str, Any] = {"message": message}
        if recipient is not None:
            args["recipient"] = recipient
        if metadata is not None:
            args["metadata"] = metadata
        try:
            self._transport.call("send_message", args)
        except BudgetError:
            raise
        except (ToolError, TypeError, ValueError, RecursionError):  # the latter: metadata that is no plain data
            return False
        return True
