"""The mod's Lua uses what is documented of the API, and nothing of its own that is not there."""

import pytest

from harness.mod import mod_directory
from tests.mod.lua_api_use import Checker, check

MISTAKES = {
    "local e = game.surfaces.nauvis.find_entities_filtered{naem = 'pipe'}": "takes naem",
    "for _, e in ipairs(game.surfaces[1].find_entities_filtered{}) do print_(e.colour) end": "has no documented colour",
    "local s = game.get_surface('x') s.create_entities{name = 'pipe'}": "LuaSurface",
    "local f = game.forces.player f.current_reserch = nil": "has no documented current_reserch",
    "game.forces.player.recipes.pipe.name = 'x'": "cannot be written",
    "local x = defines.inventory.no_such": "defines.inventory.no_such",
    "script.on_event(defines.events.on_nothing, function() end)": "defines.events.on_nothing",
    "local function run(entity) return entity.get_recipe().ingredients[1].colour end": "has no documented colour",
    "local function run(entity) return entity:get_recipe() end": "with a colon",
    "helpers.json_to_tables('x')": "LuaHelpers",
    "rcon.say('x')": "LuaRCON",
    "local here = nowhere.at": "no global nowhere",
    "leaked = 1": "assigns the global leaked",
    "local other = require('other') other.missing()": "other has no missing",
    "local other = require('other') local s = other.surface() s.teleporter()": "LuaSurface",
}
SOURCES = {"other": "local m = {} function m.surface() return game.get_surface('x') end return m"}


def test_the_mod_uses_only_what_is_documented() -> None:
    checker = check(mod_directory())
    assert not checker.problems
    # A check that loses track of the values it follows would find nothing to complain about.
    assert checker.num_checked > 1000


@pytest.mark.parametrize("source", MISTAKES)
def test_mistakes_are_found(source: str) -> None:
    checker = Checker({**SOURCES, "wrong": source}.__getitem__)
    checker.module("wrong")
    assert any(MISTAKES[source] in problem for problem in checker.problems), checker.problems


def test_what_is_right_passes() -> None:
    source = """
    local surface = game.get_surface("x")
    for _, entity in pairs(surface.find_entities_filtered{name = {"pipe"}, limit = 1}) do
      if entity.type == "furnace" then entity.direction = defines.direction.north end
      local recipe = entity.get_recipe() or game.forces.player.recipes["pipe"]
      rcon.print(recipe.ingredients[1].name .. #entity.fluidbox)
    end
    return {["a b"] = function(...) return select("#", ...) end, 1, 2; x = not nil}
    """
    checker = Checker({"right": source}.__getitem__)
    checker.module("right")
    assert not checker.problems
