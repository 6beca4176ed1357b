"""Searching: what is found where, in which order, against going through everything by hand."""

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.simulator.engine import queries
from harness.simulator.engine.queries import Place, Wanted
from harness.simulator.engine.world import World

NAMES = ("wooden-chest", "stone-furnace", "rocket-silo", "coal", "huge-rock", "character", "tree-01")


def touches(world: World, row: int, area: tuple[float, float, float, float]) -> bool:
    left, top, right, bottom = (side / 256 for side in world.bounding_box(row))
    return left <= area[2] and area[0] <= right and top <= area[3] and area[1] <= bottom


@given(
    wishes=st.lists(st.tuples(st.sampled_from(NAMES), st.integers(-40, 40), st.integers(-40, 40)), max_size=25),
    corner=st.tuples(st.integers(-45, 45), st.integers(-45, 45)),
    size=st.tuples(st.integers(0, 40), st.integers(0, 40)),
    name=st.sampled_from(NAMES),
    invert=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_an_area_holds_what_touches_it(
    wishes: list[tuple[str, int, int]],
    corner: tuple[int, int],
    size: tuple[int, int],
    name: str,
    invert: bool,
) -> None:
    world = World()
    surface = world.create_surface("field", 200, 200)
    rows = [world.create_entity(surface, wish, x, y) for wish, x, y in wishes if world.can_place(surface, wish, x, y)]
    area = (corner[0] / 2, corner[1] / 2, (corner[0] + size[0]) / 2, (corner[1] + size[1]) / 2)
    expected = [row for row in rows if touches(world, row, area) and (world.name_of(row) == name) != invert]
    assert world.find_entities(surface, area=area, names=[name], invert=invert) == expected
    wanted = Wanted(names=(name,), invert=invert)
    assert queries.count_entities(world, surface, wanted, Place(area=area)) == len(expected)
    assert (
        world.find_entities(surface, names=[name], invert=invert, limit=2)
        == [row for row in rows if (world.name_of(row) == name) != invert][:2]
    )


def test_a_radius_holds_what_is_centred_in_it_and_a_position_what_covers_it() -> None:
    world = World()
    surface = world.create_surface("field", 200, 200)
    near = world.create_entity(surface, "wooden-chest", 3.5, 0.5)
    wide = world.create_entity(surface, "assembling-machine-1", 6.5, 0.5)
    assert world.find_entities(surface, position=(0.5, 0.5), radius=3) == [near]
    assert world.find_entities(surface, position=(0.5, 0.5), radius=5.9) == [near]
    assert world.find_entities(surface, position=(0.5, 0.5), radius=6) == [near, wide]
    assert world.find_entities(surface, position=(7.6, 1.6)) == [wide]
    assert world.find_entities(surface, position=(7.6, 1.6), radius=0) == [wide]
    # A position goes before an area, as the documentation says.
    assert world.find_entities(surface, position=(3.5, 0.5), area=(6, 0, 7, 1)) == [near]


def test_what_is_near_is_of_the_same_surface_and_of_the_kinds_asked_for() -> None:
    world = World()
    surface, other = world.create_surface("field", 200, 200), world.create_surface("other", 200, 200)
    chest = world.create_entity(surface, "wooden-chest", 0.5, 0.5)
    inserter = world.create_entity(surface, "inserter", 1.5, 0.5)
    world.create_entity(surface, "inserter", 5.5, 0.5)
    world.create_entity(other, "inserter", 1.5, 0.5)
    assert queries.near(world, chest, ("inserter",), 512) == [inserter]


def test_tiles_come_row_by_row() -> None:
    world = World()
    surface = world.create_surface("field", 200, 200)
    lake = [(40, -2), (-1, -2), (31, 5), (32, 5), (-33, 6)]
    world.set_tiles(surface, [(x, y, "water") for x, y in lake])
    assert world.find_tiles(surface, (-50, -50, 50, 50), ["water"]) == sorted(lake, key=lambda tile: tile[::-1])
    assert world.find_tiles(surface, (-1, -2, 32, 6), ["water"], limit=2) == [(-1, -2), (31, 5)]
    assert len(world.find_tiles(surface, (0, 0, 70, 70))) == 4900
    assert world.find_tiles(surface, (0, 0, 0, 5)) == []
