"""The portable form, made and read by the mod over worlds in this process."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bench.states import Mod, carry, empty_ground, without_hands
from harness.core.errors import RecordError
from harness.game import GameState
from harness.game.agent import ToolFailure
from harness.game.portable import canonical, content_hash, expect
from harness.game.worlds import PortableKeeper, SavedWorld
from harness.simulator.engine.world import World
from tests.simulator.engine.factories import Factory, Part, plans


class Host(Mod):
    """The mod's host tools by name, as a keeper calls them."""

    def __call__(self, tool: str, args: Any) -> Any:
        """One call."""
        return self._client.call(tool, args).result


def carried(document: dict[str, Any]) -> Mod:
    mod = Mod(empty_ground())
    mod.restore(json.loads(json.dumps(document)))
    return mod


def alike(first: int, factories: int) -> tuple[int, int]:
    outcomes = [carry(seed) for seed in range(first, first + factories)]
    return sum(not each.items for each in outcomes), sum(not each.exact for each in outcomes)


def test_random_factories_make_the_same_when_carried_over() -> None:
    portable, exact = alike(0, 20)
    assert portable >= 19
    assert exact == 20


@pytest.mark.slow
def test_more_factories_make_the_same_when_carried_over() -> None:
    portable, exact = alike(1_000, 60)
    assert portable >= 57
    assert exact == 60


@given(plan=plans, ticks=st.integers(1, 1_500))
@settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.generate])
def test_a_restored_world_is_saved_as_it_was(plan: list[Part], ticks: int) -> None:
    plan = [part for part in plan if part.kind != "person"] or [Part("smelter", 1)]
    mod = Mod(Factory(plan).world)
    mod.run(ticks)
    document = mod.save()
    again = carried(document).save()
    ours, theirs = without_hands(document), without_hands(again)
    # Progress towards a technology's trigger cannot be written, nor does a drill mine what lay in ore that is gone.
    for each in (ours, theirs):
        each["technologies"] = None
        for entity in each["entities"]:
            entity.get("mining", {}).pop("waiting", None)
    assert theirs == ours


def test_two_restores_of_one_save_make_one_world() -> None:
    mod = Mod(Factory([Part("electric mine", 3), Part("assembly", 4), Part("ring", 5)]).world)
    mod.run(700)
    document = mod.save()
    one, other = carried(document), carried(document)
    for each in (one, other):
        each.run(600)
    assert one.save() == other.save()
    other.restore(document)
    one.restore(document)
    assert one.save() == other.save()


def test_whoever_mines_goes_on_where_the_hand_was() -> None:
    world = World(seed=0)
    row = world.create_entity(0, "character", 4.5, 4.5)
    world.create_entity(0, "iron-ore", 5.5, 4.5, amount=40)
    world.set_mining(row, 5.5, 4.5)
    mod = Mod(world)
    mod.run(200)
    document = mod.save()
    (person,) = document["characters"]
    # Ore takes a second at speed 1, hands have half of that: 120 ticks, and one to take it.
    assert float(person["mining"][2]) == pytest.approx((200 - 121) / 120)
    other = carried(document)
    assert other.save() == document
    for ticks in (41, 1, 1, 400):
        mod.run(ticks)
        other.run(ticks)
        for part in ("characters", "nature", "statistics"):
            assert other.save()[part] == mod.save()[part]
    assert mod.save()["characters"][0]["inventories"] == [[1, {"stacks": [[1, "iron-ore", 5]]}]]


SCENE = [
    ("steel-chest", 0.5, 0.5, 0),
    ("inserter", 1.5, 0.5, 12),
    ("assembling-machine-1", 3.5, 0.5, 0),
    ("small-electric-pole", 1.5, 2.5, 0),
    ("small-electric-pole", 6.5, 2.5, 0),
    ("burner-mining-drill", 10.0, 0.0, 4),
    ("transport-belt", 11.5, -0.5, 4),
    ("transport-belt", 12.5, -0.5, 8),
    ("underground-belt", 12.5, 0.5, 8),
    ("splitter", 15.0, 5.5, 8),
    ("pipe", 20.5, 0.5, 0),
    ("pipe", 21.5, 0.5, 0),
    ("storage-tank", 23.5, 1.5, 0),
    ("boiler", 30.0, 0.0, 0),
    ("lab", 35.5, 0.5, 0),
]


def built(order: list[int]) -> dict[str, Any]:
    world = World(seed=0)
    for number in order:
        name, x, y, direction = SCENE[number]
        row = world.create_entity(0, name, x, y, direction=direction)
        if name in ("steel-chest", "burner-mining-drill", "boiler"):
            world.insert(row, "coal", 7)
    return Mod(world).save()


@given(order=st.permutations(range(len(SCENE))))
@settings(max_examples=6, deadline=None)
def test_equal_worlds_have_one_hash_in_whatever_order_they_were_built(order: list[int]) -> None:
    usual, other = built(list(range(len(SCENE)))), built(order)
    assert content_hash(other) == content_hash(usual)
    states = [GameState([{"id": rank}], {}, 0, portable=each) for rank, each in enumerate((usual, other))]
    assert states[0].hash == states[1].hash
    assert states[0].world_hash == content_hash(usual)


def test_the_hash_sees_what_a_chest_holds() -> None:
    document = built(list(range(len(SCENE))))
    chest = next(each for each in document["entities"] if each["name"] == "steel-chest")
    chest["inventories"][0][1]["stacks"][0][2] += 1
    assert content_hash(document) != content_hash(built(list(range(len(SCENE)))))


def factory_document() -> tuple[Host, dict[str, Any]]:
    host = Host(Factory([Part("smelter", 2), Part("chemistry", 3)]).world)
    host.run(300)
    return host, host.save()


def _unknown_entity(document: dict[str, Any]) -> None:
    document["entities"][3]["name"] = "perpetual-engine"


def _unknown_item(document: dict[str, Any]) -> None:
    document["statistics"]["items"]["produced"]["unobtainium"] = 1


def _wrong_place(document: dict[str, Any]) -> None:
    document["entities"][0]["x"] = "here"


def _wrong_rank(document: dict[str, Any]) -> None:
    document["order"].append(100_000)


def _unknown_map(document: dict[str, Any]) -> None:
    document["map"] = "moon"


def _no_fluids(document: dict[str, Any]) -> None:
    document["fluids"] = "many"


@pytest.mark.parametrize("harm", [_unknown_entity, _unknown_item, _wrong_place, _wrong_rank, _unknown_map, _no_fluids])
def test_a_state_that_makes_no_sense_is_refused_before_anything_is_touched(harm: Any) -> None:
    host, document = factory_document()
    harm(document)
    before = host.world.state_hash()
    with pytest.raises(RecordError):
        PortableKeeper(host, "here", guarded=False).put_back("harmed", SavedWorld(portable=document))
    assert host.world.state_hash() == before


def _chest(document: dict[str, Any]) -> dict[str, Any]:
    return next(each for each in document["entities"] if each["name"] == "steel-chest")


def _coal(document: dict[str, Any]) -> list[Any]:
    stack: list[Any] = _chest(document)["inventories"][0][1]["stacks"][0]
    return stack


HARMS: dict[str, Any] = {
    **{
        f"no {key}": lambda d, key=key: d.pop(key)
        for key in ("entities", "order", "fluids", "wells", "ground_items", "characters")
    },
    "memory of the surface": lambda d: d["memory"].update(surface="nauvis"),
    "memory of agents": lambda d: d["memory"].update(agents={"1": {}}),
    "memory of errands": lambda d: d["memory"].update(errands=5),
    "memory of paths": lambda d: d["memory"].update(paths=5),
    "memory of a restore": lambda d: d["memory"].update(restoring=5),
    "elapsed as text": lambda d: d["memory"].update(elapsed="abc"),
    "harvested as number": lambda d: d["memory"].update(harvested=3),
    "progress of a technology": lambda d: d["technologies"]["progress"].update(levitation=0.5),
    "level of a technology": lambda d: d["technologies"]["levels"].update(levitation=2),
    "a bonus": lambda d: d["technologies"]["bonuses"].update(luck=2),
    "nature as a number": lambda d: d.update(nature=5),
    "nature of words": lambda d: d["nature"].update({"iron-ore": ["a", "b", "c"]}),
    "an inventory": lambda d: _chest(d)["inventories"].append([999, {}]),
    "a slot": lambda d: _coal(d).__setitem__(0, 999),
    "a count below none": lambda d: _coal(d).__setitem__(2, -5),
    "a count beyond the stack": lambda d: _coal(d).__setitem__(2, 51),
    "a character as a building": lambda d: _chest(d).update(name="character"),
    "an age before the beginning": lambda d: d.update(age=-5),
    "a seed as text": lambda d: d.update(seed="5"),
    "characters as a number": lambda d: d.update(characters=5),
    "a direction": lambda d: _chest(d).update(direction=99),
    "a recipe in the queue": lambda d: d["characters"].append(
        {"name": "character", "x": 9, "y": 9, "queue": {"crafts": [["perpetual-engine", 1]]}}
    ),
    "a lane": lambda d: next(each for each in d["entities"] if each["name"] == "splitter").update(
        lanes=[[9, 0, "coal"]]
    ),
    "lanes of a chest": lambda d: _chest(d).update(lanes=[[1, 0, "coal"]]),
    "a place twice in the order": lambda d: d["order"].append(d["order"][0]),
    "a wire to nowhere": lambda d: _chest(d).update(wires=[[5, 900.5, 900.5, 5]]),
    "a fluid in nothing": lambda d: d["fluids"].append(
        {"fluid": "water", "amount": 5, "temperature": 15, "at": [[900.5, 900.5, "pipe", 1]]}
    ),
}


def _one(document: dict[str, Any], **parts: Any) -> None:
    _chest(document).update(parts)


def _person(document: dict[str, Any], **parts: Any) -> None:
    document["characters"].append({"name": "character", "x": 9, "y": 9, **parts})


HARMS |= {
    "tallies in a list": lambda d: d["memory"].update(crafted=[1]),
    "what was used in a list": lambda d: d["memory"].update(crafted_from=[1]),
    "a tally below none": lambda d: d["memory"].update(harvested={"coal": -1e300}),
    "a tally beyond counting": lambda d: d["memory"].update(harvested={"coal": 1e300}),
    "memory of nobody": lambda d: d["memory"].update(luck={"coal": 1}),
    "elapsed beyond counting": lambda d: d["memory"].update(elapsed=1e300),
    "an age beyond counting": lambda d: d.update(age=1e300),
    "a seed beyond counting": lambda d: d.update(seed=1e300),
    "a building beyond the map": lambda d: _one(d, x=1e300),
    "a building past the end of the map": lambda d: _one(d, y=2**53),
    "a character beyond the map": lambda d: _person(d, x=1e300),
    "ore beyond the map": lambda d: d["nature"].update({"iron-ore": [2**53, 0.5, 5]}),
    "half an ore": lambda d: d["nature"].update({"iron-ore": [0.5, 0.5, 0.5]}),
    "no ore": lambda d: d["nature"].update({"iron-ore": [0.5, 0.5, 0]}),
    "a tree with an amount": lambda d: d["nature"].update({"tree-01": [0.5, 0.5, 7]}),
    "a well beyond the map": lambda d: d["wells"].append(["crude-oil", 1e300, 0.5, 5, 5]),
    "a well beyond counting": lambda d: d["wells"].append(["crude-oil", 0.5, 0.5, 1e300, 5]),
    "an item beyond the map": lambda d: d["ground_items"].append([1e300, 0, "coal", 1]),
    "health beyond any": lambda d: _one(d, health=1e300),
    "a fire beyond any": lambda d: _one(d, burner=["coal", 1e300]),
    "a craft beyond its end": lambda d: _one(d, craft={"progress": 1e300}),
    "a lane without end": lambda d: next(each for each in d["entities"] if each["name"] == "splitter").update(
        lanes=[[1, 1e300, "coal"]]
    ),
    "an agent beyond counting": lambda d: _person(d, agent=1e300),
    "a bonus below none": lambda d: d["technologies"]["bonuses"].update(character_inventory_slots_bonus=-1),
    "a bonus beyond any": lambda d: d["technologies"]["bonuses"].update(character_inventory_slots_bonus=2**53),
    "a character's bonus beyond any": lambda d: _person(d, bonuses={"character_inventory_slots_bonus": 2**53}),
    "no queue of technologies": lambda d: d["technologies"].pop("queue"),
    "a status": lambda d: d["statuses"].__setitem__(0, "levitating"),
    "a status too many": lambda d: d["statuses"].append("working"),
    "a machine full to the roof": lambda d: next(
        each for each in d["entities"] if each["name"] == "assembling-machine-1"
    ).update(inventories=[[2, {"stacks": [[1, "iron-plate", 60_000]]}]]),
}


@pytest.fixture(scope="module")
def scene() -> tuple[Host, dict[str, Any]]:
    world = World(seed=0)
    for name, x, y, direction in SCENE:
        row = world.create_entity(0, name, x, y, direction=direction)
        if name == "steel-chest":
            world.insert(row, "coal", 7)
    host = Host(world)
    return host, host.save()


@pytest.mark.parametrize("harm", HARMS)
def test_whatever_is_wrong_in_a_state_is_found_before_anything_is_touched(
    harm: str, scene: tuple[Host, dict[str, Any]]
) -> None:
    host, document = scene
    harmed = json.loads(json.dumps(document))
    HARMS[harm](harmed)
    before = host.world.state_hash()
    with pytest.raises(ToolFailure) as caught:
        host("restore", {"state": harmed})
    assert caught.value.code == "bad_state"
    assert host.world.state_hash() == before


def test_a_world_that_cannot_be_built_leaves_the_one_that_is() -> None:
    host, document = factory_document()
    before = canonical(host("save", {}))
    twice = json.loads(json.dumps(document["entities"][-1]))
    document["entities"].append(twice)
    document["order"].append(len(document["entities"]))
    with pytest.raises(RecordError, match="could not restore"):
        PortableKeeper(host, "here").put_back("twice", SavedWorld(portable=document))
    assert without_hands(canonical(host("save", {}))) == without_hands(before)


@pytest.mark.parametrize("found", [None, 1, 3, "2"])
def test_other_formats_are_refused(found: object) -> None:
    with pytest.raises(RecordError, match="expected format 2"):
        expect({"format": found})
    host, document = factory_document()
    with pytest.raises(ToolFailure) as caught:
        host("restore", {"state": {**document, "format": found}})
    assert caught.value.code == "bad_state"


OLD = {
    "format": 1,
    "map": "lab",
    "seed": 0,
    "elapsed_ticks": 60,
    "harvested": [],
    "crafted": {"iron-gear-wheel": 2},
    "crafted_from": {"iron-plate": 4},
    "age": 90,
    "characters": [{"x": 50.5, "y": 50.5, "inventory": [[1, "coal", 7]]}],
    "technologies": {
        "researched": ["automation-science-pack", "electronics", "steam-power"],
        "progress": {"automation": 0.5},
        "queue": ["automation"],
        "current_progress": 0.5,
    },
    "statistics": {
        "items": {"produced": {"iron-ore": 3}, "consumed": {}},
        "fluids": {"produced": {}, "consumed": {}},
    },
    "entities": [
        {
            "name": "stone-furnace",
            "x": 40,
            "y": 40,
            "direction": 0,
            "health": 200,
            "inventories": [[1, [[1, "coal", 4]]], [2, [[1, "iron-ore", 9]]]],
            "burner": {"fuel": "coal", "remaining": 1000},
            "energy": 1500,
            "fluids": [],
            "progress": 0.25,
        },
        {
            "name": "burner-inserter",
            "x": 42.5,
            "y": 40.5,
            "direction": 12,
            "health": 100,
            "hand": ["iron-plate", 1],
            "fluids": [],
            "inventories": [],
        },
    ],
    "nature": {"iron-ore": [60.5, 60.5, 77], "tree-01": [70.5, 70.5, 0]},
}
"""A world as the first version of the mod saved it."""


def test_states_of_the_first_schema_are_read_and_restored() -> None:
    record = {**GameState([], {}, 90).to_json(), "schema": 1, "portable": OLD}
    state = GameState.from_bytes(json.dumps(record).encode())
    assert state.portable is not None
    host = Host(empty_ground())
    PortableKeeper(host, "here").put_back("old", SavedWorld(portable=state.portable))
    saved = host.save()
    furnace, inserter = saved["entities"]
    assert furnace["inventories"] == [[1, {"stacks": [[1, "coal", 4]]}], [2, {"stacks": [[1, "iron-ore", 9]]}]]
    assert furnace["burner"] == ["coal", 1000]
    assert inserter["arm"]["held"] == ["iron-plate", 1]
    assert saved["nature"] == OLD["nature"]
    assert saved["technologies"]["queue"] == ["automation"]
    assert saved["technologies"]["progress"]["automation"] == 0.5
    assert saved["age"] == 90
    assert saved["memory"]["crafted"] == {"iron-gear-wheel": 2}
    assert saved["characters"][0]["inventories"] == [[1, {"stacks": [[1, "coal", 7]]}]]
    assert saved["statistics"]["items"]["produced"] == {"iron-ore": 3}


def test_a_random_order_of_lists_gives_the_same_document() -> None:
    host, document = factory_document()
    raw = host("save", {})
    random.Random(1).shuffle(raw["entities"])
    random.Random(2).shuffle(raw["fluids"])
    assert canonical(raw) == document
