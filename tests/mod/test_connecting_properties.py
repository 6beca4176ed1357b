"""What holds for every connection on random ground: what is reported works, what is refused has changed nothing."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from harness.game import ToolFailure
from tests.mod.play import Play
from tests.mod.scenes import Tile, carries, connect, here, look_round, pour, put, segments, standing

STOCK = {
    "transport-belt": 300, "underground-belt": 20, "pipe": 300, "pipe-to-ground": 20, "small-electric-pole": 60,
    "stone-wall": 300, "coal": 5,
}  # fmt: skip
SIZE = 11
ON_GROUND = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
TILES = st.tuples(st.integers(0, SIZE), st.integers(0, SIZE))


def obstacles(most: int) -> st.SearchStrategy[set[Tile]]:
    """Single tiles and straight walls."""
    straight = st.tuples(TILES, st.booleans(), st.integers(1, 9)).map(
        lambda wall: {
            (wall[0][0] + (step if wall[1] else 0), wall[0][1] + (0 if wall[1] else step)) for step in range(wall[2])
        }
    )
    return st.lists(st.one_of(straight, TILES.map(lambda tile: {tile})), max_size=most).map(
        lambda sets: set().union(*sets)
    )


def holds(play: Play, names: set[str]) -> dict[str, int]:
    """How many of each name stand or are in hand."""
    counts = dict.fromkeys(names, 0)
    for name, count in play.held().items():
        if name in counts:
            counts[name] += count
    for entity in play("get_entities", names=sorted(names)):
        counts[entity["name"]] += 1
    return counts


def laid(play: Play, points: list[Any], *types: str) -> dict[str, Any] | None:
    """The connection, held against its dry run and its cost; None if both were refused alike and changed nothing."""
    waypoints = [here(point) if isinstance(point, tuple) else point for point in points]
    before, counts = play.wire.game.world.state_hash(), holds(play, set(types))
    try:
        dry = connect(play, points, *types, dry_run=True)
    except ToolFailure as refusal:
        assert play.refused("connect_entities", waypoints=waypoints, types=list(types)) == refusal.error
        return None
    assert play.wire.game.world.state_hash() == before
    held = sum(play.held().get(name, 0) for name in types)
    result = connect(play, points, *types)
    assert held - sum(play.held().get(name, 0) for name in types) == result["placed"]
    assert result["placed"] == dry["required"]
    assert holds(play, set(types)) == counts
    if len(points) == 2:
        assert connect(play, points, *types)["placed"] == 0
    return result


@given(walls=obstacles(8), start=TILES, end=TILES, underground=st.booleans())
@ON_GROUND
def test_a_belt_that_is_laid_carries(play: Play, walls: set[Tile], start: Tile, end: Tile, underground: bool) -> None:
    assume(start != end)
    play.reset(STOCK)
    put(play, "stone-wall", walls - {start, end})
    look_round(play)
    types = ["transport-belt", "underground-belt"] if underground else ["transport-belt"]
    if laid(play, [start, end], *types):
        assert on_its_own(play, end)
        assert carries(play, start, end, 40)


@given(
    walls=obstacles(5),
    rows=st.lists(st.integers(0, SIZE), min_size=3, max_size=4),
    other=TILES,
    heading=st.sampled_from([0, 4, 8, 12]),
)
@ON_GROUND
def test_a_line_past_a_foreign_belt_carries(
    play: Play, walls: set[Tile], rows: list[int], other: Tile, heading: int
) -> None:
    points = [(4 * rank, row) for rank, row in enumerate(rows)]
    assume(other not in points)
    play.reset(STOCK)
    put(play, "stone-wall", walls - set(points) - {other})
    put(play, "transport-belt", [other], direction=heading)
    look_round(play)
    if laid(play, points, "transport-belt", "underground-belt") and on_its_own(play, points[-1]):
        assert carries(play, points[0], points[-1], 60)


def on_its_own(play: Play, tile: Tile) -> bool:
    """Whether the belt on a tile leads nowhere, so that what arrives there stays."""
    return bool(standing(play, "transport-belt", tile)["is_terminus"])


@given(walls=obstacles(5), foreign=obstacles(4), start=TILES, end=TILES, underground=st.booleans())
@ON_GROUND
def test_pipes_join_their_ends_and_nothing_else(
    play: Play, walls: set[Tile], foreign: set[Tile], start: Tile, end: Tile, underground: bool
) -> None:
    near = {(start[0] + x, start[1] + y) for x, y in ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1))}
    near |= {(end[0] + x, end[1] + y) for x, y in ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1))}
    assume(start != end)
    play.reset(STOCK)
    foreign = foreign - near
    put(play, "pipe", foreign)
    put(play, "stone-wall", walls - near - foreign)
    for tile in sorted(foreign)[:1]:
        pour(play, tile, "crude-oil", 10)
    look_round(play)
    before = segments(play)
    types = ["pipe", "pipe-to-ground"] if underground else ["pipe"]
    if not laid(play, [start, end], *types):
        return
    after = segments(play)
    assert {place: after[place] for place in before} == before
    own = {segment for place, segment in after.items() if place not in before}
    assert len(own) == 1
    assert not own & set(before.values())
    pour(play, start, "water", 20)
    play("sleep", seconds=1)
    assert standing(play, "pipe", end)["fluid"] == "water"


@given(walls=obstacles(8), poles=st.sets(TILES, max_size=4), start=TILES, end=TILES)
@ON_GROUND
def test_poles_make_one_network(play: Play, walls: set[Tile], poles: set[Tile], start: Tile, end: Tile) -> None:
    end = (end[0] + 15, end[1] + 4)
    play.reset(STOCK)
    poles = {(x + 7, y) for x, y in poles} - {start, end}
    put(play, "small-electric-pole", poles)
    put(play, "stone-wall", walls - {start, end} - poles)
    look_round(play)
    if laid(play, [start, end], "small-electric-pole"):
        ends = [standing(play, "small-electric-pole", tile)["electrical_id"] for tile in (start, end)]
        assert ends[0] == ends[1]
