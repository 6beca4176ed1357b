"""Belts laid along a walk."""

import pytest

from tests.mod.play import DOWN, LEFT, RIGHT, UP, Play, at

STEPS = {UP: (0, -1), RIGHT: (1, 0), DOWN: (0, 1), LEFT: (-1, 0)}


@pytest.mark.parametrize("how", ["laying", "leading"])
@pytest.mark.parametrize("goal", [(9.5, 0.5), (-8.5, 0.5), (0.5, 8.5), (0.5, -8.5), (7.5, 4.5), (-6.5, -3.5)])
def test_one_belt_a_tile_carries_along_the_walk(play: Play, how: str, goal: tuple[float, float]) -> None:
    play.reset({"transport-belt": 60, "coal": 1})
    end = play("move_to", position=at(*goal), **{how: "transport-belt"})
    assert end == at(*goal)
    belts = {(belt["position"]["x"], belt["position"]["y"]): belt for belt in play("get_entities")}
    assert play.held()["transport-belt"] == 60 - len(belts)
    assert len(belts) == abs(goal[0] - 0.5) + abs(goal[1] - 0.5)
    # Behind the walker they begin where it set out, ahead of it they end where it stands.
    here = (0.5, 0.5)
    if how == "leading":
        assert here not in belts
        assert goal in belts
        (here,) = [spot for spot in belts if belts[spot]["is_source"]]
    visited = [here]
    while (step := STEPS[belts[visited[-1]]["direction"]]) and (
        ahead := (visited[-1][0] + step[0], visited[-1][1] + step[1])
    ) in belts:
        visited.append(ahead)
    assert len(visited) == len(belts)
    play("insert_item", item="coal", target=belts[here])
    play("sleep", seconds=12)
    last = play("get_entity", name="transport-belt", position=at(*visited[-1]))
    assert sum(sum(lane.values()) for lane in last["inventory"].values() if lane) == 1


def test_belts_that_lie_there_are_turned_and_not_paid_for(play: Play) -> None:
    play.reset({"transport-belt": 6})
    play("place_entity", name="transport-belt", position=at(3.5, 0.5), direction=UP)
    play("move_to", position=at(6.5, 0.5), laying="transport-belt")
    assert play.held() == {}
    assert [belt["direction"] for belt in play("get_entities")] == [RIGHT] * 6


def test_too_few_belts_lay_none(play: Play) -> None:
    """The walk was looked for while the world ran, so ticks have passed; no belt lies there and nobody has moved."""
    play.reset({"transport-belt": 3})
    with pytest.raises(Exception, match=r"3 of 6"):
        play("move_to", position=at(6.5, 0.5), laying="transport-belt")
    assert play.held() == {"transport-belt": 3}
    assert play("observe")["position"] == at(0, 0)
    assert play("get_entities") in ([], {})
