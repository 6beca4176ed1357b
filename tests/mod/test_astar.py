import itertools
from collections import deque

from hypothesis import given
from hypothesis import strategies as st

from tests.mod.lua import load

RUNTIME, ASTAR = load("connect.astar")
SIZE = 8
STEPS = [(0, -1), (1, 0), (0, 1), (-1, 0)]
Tile = tuple[int, int]


def search(walls: set[Tile], start: Tile, goal: Tile, max_dive: int = 0) -> list[tuple[int, int, int | None]] | None:
    def free(x: int, y: int) -> bool:
        return (x, y) not in walls

    field = RUNTIME.table(
        left=0, top=0, right=SIZE - 1, bottom=SIZE - 1, max_dive=max_dive,
        free=free, dives=lambda x, y, heading: free(x, y), under=lambda x, y, heading: True,
        arrive=lambda tile, heading: free(tile.x, tile.y),
    )  # fmt: skip
    starts = RUNTIME.table(RUNTIME.table(x=start[0], y=start[1]))
    goals = RUNTIME.table(RUNTIME.table(x=goal[0], y=goal[1]))
    path = ASTAR.search(field, starts, goals)
    return None if path is None else [(tile.x, tile.y, tile.dive) for tile in path.values()]


def distance(walls: set[Tile], start: Tile, goal: Tile) -> int | None:
    seen, queue = {start: 0}, deque([start])
    while queue:
        x, y = queue.popleft()
        for dx, dy in STEPS:
            tile = (x + dx, y + dy)
            inside = 0 <= tile[0] < SIZE and 0 <= tile[1] < SIZE
            if inside and tile not in walls and tile not in seen:
                seen[tile] = seen[(x, y)] + 1
                queue.append(tile)
    return seen.get(goal)


TILES = st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1))


@given(st.sets(TILES, max_size=30), TILES, TILES)
def test_a_way_is_found_exactly_when_there_is_one(walls: set[Tile], start: Tile, goal: Tile) -> None:
    walls -= {start, goal}
    path = search(walls, start, goal)
    if path is None:
        assert distance(walls, start, goal) is None
        return
    tiles = [tile[:2] for tile in path]
    assert tiles[0] == start
    assert tiles[-1] == goal
    assert not set(tiles) & walls
    assert all(abs(a[0] - b[0]) + abs(a[1] - b[1]) == 1 for a, b in itertools.pairwise(tiles))
    # A turn costs less than a step, so no way is longer than the turns it saves allow.
    shortest = distance(walls, start, goal)
    assert shortest is not None
    assert len(tiles) - 1 <= shortest * 1.3 + 1


def test_the_open_way_has_one_turn() -> None:
    path = search(set(), (0, 0), (5, 6))
    assert path is not None
    headings = [(b[0] - a[0], b[1] - a[1]) for a, b in itertools.pairwise(path)]
    assert sum(a != b for a, b in itertools.pairwise(headings)) == 1


def test_a_wall_is_dived_under_when_nothing_leads_round() -> None:
    walls = {(4, y) for y in range(SIZE)}
    assert search(walls, (0, 3), (7, 3)) is None
    path = search(walls, (0, 3), (7, 3), max_dive=5)
    assert path is not None
    dives = [(index, tile) for index, tile in enumerate(path) if tile[2] is not None]
    assert len(dives) == 1
    index, (x, y, span) = dives[0]
    before = path[index - 1]
    assert y == before[1] == 3
    # The entrance is one tile past the tile before, the exit `span` tiles further.
    assert before[0] + 1 + span == x
    assert before[0] + 1 < 4 < x
    # An exit is left straight on.
    assert path[index + 1][:2] == (x + 1, y)


def test_a_dive_is_no_longer_than_it_may_be() -> None:
    walls = {(x, y) for x in range(2, 7) for y in range(SIZE)}
    assert search(walls, (0, 3), (7, 3), max_dive=5) is None
