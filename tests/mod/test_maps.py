import pytest

from tests.mod.play import Play

RESOURCES = ["iron-ore", "copper-ore", "coal", "stone", "water", "wood", "crude-oil", "uranium-ore"]


def layout(play: Play, seed: int, kind: str) -> dict[str, tuple[float, float]]:
    play("reset", seed=seed, map=kind)
    found = {name: play("nearest", name=name) for name in RESOURCES}
    return {name: (position["x"], position["y"]) for name, position in found.items()}


@pytest.mark.parametrize("kind", ["lab", "open"])
def test_a_seed_gives_one_map_also_in_another_server(play: Play, kind: str) -> None:
    first = layout(play, 5, kind)
    assert layout(play, 6, kind) != first
    assert layout(play, 5, kind) == first
    assert layout(Play(), 5, kind) == first


def test_the_lab_has_everything_near_and_rich(play: Play) -> None:
    for name, (x, y) in layout(play, 0, "lab").items():
        assert x * x + y * y < 70**2, name
        if name in ("water", "wood"):
            continue
        patch = play("get_resource_patch", name=name, position={"x": x, "y": y}, radius=3)
        unit = 300_000 if name == "crude-oil" else 10_000
        assert patch["size"] % unit == 0
        assert patch["size"] >= (1 if name == "crude-oil" else 100) * unit


def test_a_reset_starts_over(play: Play) -> None:
    play.reset({"wooden-chest": 1, "coal": 5})
    where = play("nearest", name="coal")
    play("move_to", position=where)
    play("harvest_resource", position=where, quantity=2)
    size = play("get_resource_patch", name="coal", position=where)["size"]
    play("reset", inventory={"coal": 5})
    assert play("get_resource_patch", name="coal", position=where)["size"] == size + 2
    assert play.held() == {"coal": 5}
    assert play("get_entities") in ([], {})
    statistics = play("production")
    assert statistics["tick"] == statistics["elapsed_ticks"] == 0
    assert not statistics["produced"]


def test_a_reset_that_cannot_be_is_refused(play: Play) -> None:
    assert play.refused("reset", map="moon")["code"] == "bad_argument"
    assert play.refused("reset", inventory={"no-such-item": 1})["code"] == "bad_argument"
    assert play.refused("reset", technologies=["no-such-thing"], all_technologies=False)["code"] == "not_available"
