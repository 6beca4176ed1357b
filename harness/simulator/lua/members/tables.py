"""The tables of systems that `World` does not name itself."""

from __future__ import annotations

from typing import cast

from harness.simulator.engine.systems.belt_tables import Belts, Lanes
from harness.simulator.engine.systems.fluid_tables import FluidBoxes, Segments
from harness.simulator.engine.systems.inserter_tables import Inserters
from harness.simulator.engine.systems.power_tables import Consumers, Generators, Networks
from harness.simulator.lua.context import Game


def belts(game: Game) -> Belts:
    """Belt entities."""
    return cast(Belts, game.world.storage.tables["belts"])


def lanes(game: Game) -> Lanes:
    """Lanes of belts."""
    return cast(Lanes, game.world.storage.tables["lanes"])


def inserters(game: Game) -> Inserters:
    """Inserters."""
    return cast(Inserters, game.world.storage.tables["inserters"])


def fluid_boxes(game: Game) -> FluidBoxes:
    """Fluid boxes."""
    return cast(FluidBoxes, game.world.storage.tables["fluid_boxes"])


def segments(game: Game) -> Segments:
    """Fluid segments."""
    return cast(Segments, game.world.storage.tables["segments"])


def consumers(game: Game) -> Consumers:
    """Electric consumers."""
    return cast(Consumers, game.world.storage.tables["consumers"])


def generators(game: Game) -> Generators:
    """Electric generators."""
    return cast(Generators, game.world.storage.tables["generators"])


def networks(game: Game) -> Networks:
    """Electric networks."""
    return cast(Networks, game.world.storage.tables["networks"])
