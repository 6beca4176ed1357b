from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from harness.api import BeltGroup, ElectricityGroup, EntityStatus, PipeGroup, WallGroup, grouped, to_entity
from harness.api.direction import CARDINALS, Direction
from harness.api.entities import TransportBelt, UndergroundBelt
from harness.api.lines import group_belts


def belts(*tiles: tuple[float, float, Direction], **extra: Any) -> list[TransportBelt]:
    """Belts with the neighbours the game would see: each leads to the tile ahead, if a belt there takes it."""
    facing = {(x, y): direction for x, y, direction in tiles}
    made = []
    for (x, y), direction in facing.items():
        ahead = (x + direction.vector[0], y + direction.vector[1])
        sources = [
            (tx, ty)
            for (tx, ty), way in facing.items()
            if (tx + way.vector[0], ty + way.vector[1]) == (x, y) and way is not direction.opposite
        ]
        back = sources[0] if sources else (x - direction.vector[0], y - direction.vector[1])
        record = {
            "name": "transport-belt",
            "position": {"x": x, "y": y},
            "direction": direction.value,
            "input_position": {"x": back[0], "y": back[1]},
            "output_position": {"x": ahead[0], "y": ahead[1]},
            "is_source": not sources,
            "is_terminus": ahead not in facing or facing[ahead] is direction.opposite,
            **extra,
        }
        belt = to_entity(record)
        assert isinstance(belt, TransportBelt)
        made.append(belt)
    return made


def line(start: int, end: int, y: float = 0.5) -> list[tuple[float, float, Direction]]:
    return [(x + 0.5, y, Direction.RIGHT) for x in range(start, end)]


def places(things: list[TransportBelt]) -> list[tuple[float, float]]:
    return [(belt.position.x, belt.position.y) for belt in things]


def test_a_line_is_one_group_in_the_order_items_travel() -> None:
    (group,) = group_belts(belts(*reversed(line(0, 4))))
    assert places(group.belts) == [(0.5, 0.5), (1.5, 0.5), (2.5, 0.5), (3.5, 0.5)]
    assert places(group.inputs) == [(0.5, 0.5)]
    assert places(group.outputs) == [(3.5, 0.5)]
    assert group.status is EntityStatus.EMPTY


def test_lines_apart_are_groups_apart() -> None:
    assert len(group_belts(belts(*line(0, 3), *line(0, 3, 5.5)))) == 2


def test_head_to_head_belts_are_not_joined() -> None:
    assert len(group_belts(belts((0.5, 0.5, Direction.RIGHT), (1.5, 0.5, Direction.LEFT)))) == 2


def test_a_side_line_joins_the_trunk() -> None:
    (group,) = group_belts(belts(*line(0, 5), (2.5, 1.5, Direction.UP), (2.5, 2.5, Direction.UP)))
    assert sorted(places(group.inputs)) == [(0.5, 0.5), (2.5, 2.5)]
    assert places(group.outputs) == [(4.5, 0.5)]
    assert len(group.belts) == 7


def test_a_ring_is_one_group_without_ends() -> None:
    ring = [
        (0.5, 0.5, Direction.RIGHT),
        (1.5, 0.5, Direction.DOWN),
        (1.5, 1.5, Direction.LEFT),
        (0.5, 1.5, Direction.UP),
    ]
    (group,) = group_belts(belts(*ring))
    assert len(group.belts) == 4
    assert group.inputs == group.outputs == []


def test_contents_and_status() -> None:
    (group,) = group_belts(belts(*line(0, 2), inventory={"left": {"coal": 2}, "right": {"coal": 1}}))
    assert group.inventory["coal"] == 6
    assert group.status is EntityStatus.WORKING
    (full,) = group_belts(belts(*line(0, 2), inventory={"left": {"coal": 2}}, warnings=["full"]))
    assert full.status is EntityStatus.FULL_OUTPUT


def underground(x: float, number: int, partner: int | None, is_input: bool) -> TransportBelt:
    record = {
        "name": "underground-belt",
        "position": {"x": x, "y": 0.5},
        "direction": 4,
        "id": number,
        "connected_to": partner,
        "is_input": is_input,
        "output_position": {"x": x + 1, "y": 0.5},
        "input_position": {"x": x - 1, "y": 0.5},
        "inventory": {"left": {"coal": 1}, "right": {}},
    }
    belt = to_entity(record)
    assert isinstance(belt, UndergroundBelt)
    return belt


def test_an_entrance_stands_for_its_exit() -> None:
    before, after = belts(*line(0, 1), *line(6, 7))
    before.is_terminus = after.is_source = False
    (group,) = group_belts([before, underground(1.5, 1, 2, True), underground(5.5, 2, 1, False), after])
    assert places(group.belts) == [(0.5, 0.5), (1.5, 0.5), (6.5, 0.5)]
    joined = group.belts[1]
    assert joined.output_position is not None
    assert joined.output_position.x == 5.5
    assert joined.inventory["left"]["coal"] == 2
    assert places(group.inputs) == [(0.5, 0.5)]
    assert places(group.outputs) == [(6.5, 0.5)]


def test_an_exit_in_line_is_found_without_a_link() -> None:
    apart = group_belts([underground(1.5, 1, None, True), underground(9.5, 2, None, False)])
    near = group_belts([underground(1.5, 1, None, True), underground(4.5, 2, None, False)])
    assert (len(near), len(apart)) == (1, 2)


tiles = st.dictionaries(st.tuples(st.integers(0, 4), st.integers(0, 4)), st.sampled_from(CARDINALS), max_size=20)


@given(tiles, st.randoms(use_true_random=False))
def test_every_belt_is_in_exactly_one_group_with_all_it_leads_to(layout: dict[Any, Direction], chance: Any) -> None:
    made = belts(*((x + 0.5, y + 0.5, way) for (x, y), way in layout.items()))
    chance.shuffle(made)
    groups = group_belts(made)
    members = [place for group in groups for place in places(group.belts)]
    assert sorted(members) == sorted(places(made))
    group_of = {place: index for index, group in enumerate(groups) for place in places(group.belts)}
    for belt in made:
        assert belt.output_position is not None
        ahead = (belt.output_position.x, belt.output_position.y)
        if not belt.is_terminus:
            assert group_of[ahead] == group_of[belt.position.x, belt.position.y]


def record(name: str, x: float, **fields: Any) -> Any:
    return to_entity({"name": name, "position": {"x": x, "y": 0}, **fields})


def test_everything_is_sorted_into_groups_which_come_last() -> None:
    found = grouped(
        [
            record("pipe", 0, fluidbox_id=7, contents=0),
            record("pipe-to-ground", 1, fluidbox_id=7, contents=0),
            record("pipe", 5, fluidbox_id=8, contents=20, fluid="water"),
            record("heat-pipe", 6),
            record("small-electric-pole", 0, electrical_id=3, flow_rate=5),
            record("small-electric-pole", 2, electrical_id=3),
            record("substation", 4, electrical_id=3),
            record("stone-wall", 9),
            record("stone-wall", 10),
            *belts(*line(0, 2)),
            record("iron-chest", 20),
        ]
    )
    assert [type(thing).__name__ for thing in found] == [
        "Pipe",
        "ElectricityPole",
        "Chest",
        "PipeGroup",
        "PipeGroup",
        "ElectricityGroup",
        "WallGroup",
        "BeltGroup",
    ]
    dry, wet = (thing for thing in found if isinstance(thing, PipeGroup))
    assert (dry.id, dry.status, wet.status) == (7, EntityStatus.EMPTY, EntityStatus.FULL_OUTPUT)
    poles = next(thing for thing in found if isinstance(thing, ElectricityGroup))
    assert (poles.id, poles.position.x, poles.status) == (3, 1, EntityStatus.WORKING)
    assert len(next(thing for thing in found if isinstance(thing, WallGroup)).entities) == 2
    assert "belts=[2 belts]" in repr(next(thing for thing in found if isinstance(thing, BeltGroup)))


def test_all_walls_are_one_group_with_a_number_of_their_places() -> None:
    walls = [record("stone-wall", x) for x in (9, 10)]
    (group,) = (thing for thing in grouped(walls) if isinstance(thing, WallGroup))
    assert 0 <= group.id < 1024
    assert group.id == sum(hash(wall.position) for wall in walls) % 1024
    assert (group.position.x, group.name) == (9, "wall-group")


def test_where_the_query_ends_a_line_ends() -> None:
    cut = belts(*line(0, 5))[:3]
    (group,) = group_belts(cut)
    assert not cut[-1].is_terminus
    assert places(group.outputs) == [(2.5, 0.5)]
