"""The in-game name of what a program passes to a tool: a member of an enumeration, or its name as text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from harness.api.errors import InvalidArgumentError, NotAvailableError
from harness.api.prototypes import Prototype, RecipeName, Resource, Technology, prototype_by_name
from harness.api.suggesting import suggestion
from harness.data import prototypes as facts


def from_prototype(value: Any, what: str) -> str:
    """The in-game name of a `Prototype`, of its member's name or of a name of the game.

    Raises:
        InvalidArgumentError: it is something else.
    """
    if isinstance(value, Prototype):
        return value.prototype_name
    if isinstance(value, str):
        if value in Prototype.__members__:
            return Prototype[value].prototype_name
        if value in prototype_by_name or value in facts.entities() or value in facts.items():
            return value
        if value in facts.others("fluid"):
            raise InvalidArgumentError(
                f"{what}: expected a Prototype or its name, got {value!r}, which is a fluid",
                hint="Fluids run through pipes, see connect_entities; nobody carries them.",
            )
        raise InvalidArgumentError(
            f"{what}: expected a Prototype or its name, got {value!r}",
            hint=suggestion(value, _prototype_names()) or "Write for example Prototype.StoneFurnace.",
        )
    raise InvalidArgumentError(
        f"{what}: expected a Prototype, got {shown(value)}", hint="Write for example Prototype.StoneFurnace."
    )


def from_recipe(value: Any, what: str) -> str:
    """The in-game name of a recipe, meant by its product's `Prototype`, a `RecipeName` or either's name.

    Raises:
        InvalidArgumentError: it is something else.
    """
    if isinstance(value, RecipeName):
        return str(value.value)
    if isinstance(value, str):
        if value in RecipeName.__members__:
            return str(RecipeName[value].value)
        if value in facts.others("recipe"):
            return value
    try:
        return from_prototype(value, what)
    except InvalidArgumentError:
        known = (*_prototype_names(), *RecipeName.__members__, *facts.others("recipe"))
        close = suggestion(value, known) if isinstance(value, str) else ""
        raise InvalidArgumentError(
            f"{what}: expected a Prototype, a RecipeName or the name of either, got {shown(value)}",
            hint=f"{close} Recipes that are not called like their product have a RecipeName.".strip(),
        ) from None


def from_technology(value: Any) -> str:
    """The in-game name of a `Technology`, of its member's name or of a name of the game.

    Raises:
        InvalidArgumentError: it is something else.
        NotAvailableError: there is no technology of that name.
    """
    if isinstance(value, Technology):
        return str(value.value)
    if isinstance(value, str):
        if value in Technology.__members__:
            return str(Technology[value].value)
        known = facts.others("technology")
        if value in known:
            return value
        raise NotAvailableError(
            f"there is no technology called {shown(value)}",
            expected="a Technology or its name",
            found=value,
            hint=suggestion(value, (*Technology.__members__, *known)) or "Write for example Technology.Automation.",
        )
    raise InvalidArgumentError(
        f"technology: expected a Technology or its name, got {shown(value)}",
        hint="Write for example Technology.Automation.",
    )


def from_resource(value: Any, what: str) -> str:
    """The in-game name of a `Resource`, or of a `Prototype`, or of either's name.

    Raises:
        InvalidArgumentError: it is something else.
    """
    if isinstance(value, tuple) and value and isinstance(value[0], str):
        return value[0]
    if isinstance(value, str):
        member = vars(Resource).get(value)
        if isinstance(member, tuple):
            return str(member[0])
        if value in _resource_names():
            return value
    if isinstance(value, (Prototype, str)):
        return from_prototype(value, what)
    raise InvalidArgumentError(
        f"{what}: expected a Resource or a Prototype, got {shown(value)}", hint="Write for example Resource.IronOre."
    )


def shown(value: Any) -> str:
    """A value as an error message shows it; a `Resource` by its member's name."""
    text = resource_name(value) or repr(value).strip()
    return text if len(text) <= 120 else f"{text[:117]}..."


def resource_name(value: Any) -> str | None:
    """`Resource.X` for a member of `Resource`, else `None`."""
    names = (name for name, member in vars(Resource).items() if isinstance(member, tuple) and member is value)
    return next((f"Resource.{name}" for name in names), None)


@contextmanager
def naming_recipes(product: str) -> Iterator[None]:
    """Adds to the refusal of a recipe that there is none of, which ones make the product of that name."""
    try:
        yield
    except NotAvailableError as error:
        recipes = recipes_of(product) if error.code == NotAvailableError.code else []
        if recipes:
            error.hint = f"{product} is made by {', '.join(recipes)}: name one of them."
        raise


def recipes_of(product: str) -> list[str]:
    """How a program names the recipes that make an item or a fluid, none of which is called like it.

    Barrels are emptied into their fluids again; that makes nothing and is left out.
    """
    known = facts.others("recipe")
    if product in known:
        return []
    made = (name for name, recipe in sorted(known.items()) if _makes(recipe, product) and not name.startswith("empty-"))
    members = {member.value: repr(member) for member in RecipeName}
    return [members.get(name, repr(name)) for name in made]


def _makes(recipe: Any, product: str) -> bool:
    return any(result["name"] == product for result in recipe.get("results") or ())


@cache
def _prototype_names() -> tuple[str, ...]:
    return tuple(dict.fromkeys((*Prototype.__members__, *prototype_by_name)))


@cache
def _resource_names() -> frozenset[str]:
    short = {"copper", "iron", "uranium"}  # what the game's ores are called for short
    return frozenset({value[0] for value in vars(Resource).values() if isinstance(value, tuple)} | short)
