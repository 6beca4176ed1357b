import json

from harness.mod import mod_hash, mod_version
from tests.mod.play import Play, at


def test_the_mod_says_who_it_is(play: Play) -> None:
    found = play("hello")
    assert (found["version"], found["content"]) == (mod_version(), mod_hash())


def test_rubbish_gets_a_clear_answer(play: Play) -> None:
    for text in ("/agent", "/agent nonsense", "/agent []", "/agent 3", '/agent {"tool": 5}'):
        reply = json.loads(play.wire.command(text))
        assert reply["ok"] is False
        assert reply["error"]["code"] in ("bad_request", "unknown_tool")


def test_arguments_are_checked_before_anything_happens(play: Play) -> None:
    bad = [
        ("move_to", {}),
        ("move_to", {"position": {"x": "a", "y": 1}}),
        ("move_to", {"position": {"x": 1e12, "y": 1}}),
        ("nearest", {"name": 5}),
        ("sleep", {"seconds": -1}),
        ("sleep", {}),
        ("craft_item", {"name": "pipe", "quantity": 1.5}),
        ("get_entities", {"names": "pipe"}),
        ("rotate_entity", {"entity": at(1, 1), "direction": 0}),
        ("poll", {"token": 3}),
        ("step", {"ticks": 0}),
    ]
    for tool, args in bad:
        assert play.refused(tool, **args)["code"] == "bad_argument", tool
    assert play.refused("restore", state={"format": 99})["code"] == "bad_state"


def test_ticks_are_run_exactly(play: Play) -> None:
    play("sleep", seconds=2)
    assert play("observe")["ticks"] == play("observe")["elapsed_ticks"] == 120
    play("step", ticks=30)
    seen = play("observe")
    assert (seen["ticks"], seen["elapsed_ticks"]) == (150, 120)
