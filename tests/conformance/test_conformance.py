"""The conformance script finds nothing on the embedded server, and finds what is broken in a broken one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from harness.conformance import CHECKS, Outcome, Scene, as_json, conform
from harness.conformance.server import api_members
from harness.core.errors import ServerLostError
from harness.game import AGENT_TOOLS, RconConnection
from harness.mod import mod_directory
from scripts.record_members import used
from tests.game.server import PASSWORD, running_server


def outcomes(port: int) -> list[Outcome]:
    with RconConnection("127.0.0.1", port, PASSWORD) as rcon:
        return list(conform(rcon))


def test_the_embedded_server_conforms() -> None:
    with running_server() as port:
        found = outcomes(port)
    assert [each for each in found if not each.ok] == []
    assert len(found) == len(CHECKS)
    assert all(row["ok"] is True for row in as_json(found))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "old", "new", "fails"),
    [
        ("tools/wait.lua", "seconds * 60", "seconds * 120", {"sleep(2): ticks charged, counted and run"}),
        ("content.lua", 'return "', 'return "0', {"agent mod"}),
        (
            "host/session.lua",
            "game.tick_paused = true",
            "game.tick_paused = false",
            {"time stands still between calls"},
        ),
    ],
)
def test_a_broken_mod_is_found_out(tmp_path: Path, file: str, old: str, new: str, fails: set[str]) -> None:
    shutil.copytree(mod_directory(), tmp_path / "agent")
    path = tmp_path / "agent" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with running_server(mod_folder=tmp_path) as port:
        found = outcomes(port)
    assert fails <= {each.name for each in found if not each.ok}
    assert any(each.ok for each in found), "one fault is no reason to fail everything"


def test_members_that_the_api_lacks_are_named() -> None:
    with running_server() as port, RconConnection("127.0.0.1", port, PASSWORD) as rcon:
        scene = Scene(rcon)
        scene("reset", map="lab", seed=0, inventory={}, all_technologies=False)
        asked = {"LuaEntity": ["position", "no_such_member"], "LuaNothing": ["name"]}
        missing = scene("members", classes=asked, defines=["direction.north", "direction.nowhere"])["missing"]
    assert missing == ["LuaEntity.no_such_member", "LuaNothing.name", "defines.direction.nowhere"]


def test_a_server_without_the_mod_is_told_at_once() -> None:
    with running_server(mods=False) as port, pytest.raises(ServerLostError, match="is the mod loaded"):
        outcomes(port)


def test_the_recorded_members_are_those_the_mod_uses() -> None:
    assert api_members() == used(), "the mod uses other members now: run python -m scripts.record_members"


def test_every_tool_is_checked() -> None:
    names = " ".join(check.name for check in CHECKS)
    without_server = {"print", "send_message", "score"}
    reached_by_others = {"get_entity", "inspect_inventory", "extract_item", "place_entity_next_to"}
    assert {tool for tool in AGENT_TOOLS - without_server - reached_by_others if tool not in names} == set()
