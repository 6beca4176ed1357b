import base64
import json
import zlib
from typing import Any

import pytest

from harness.core.errors import SimError
from harness.simulator.engine.world import World
from harness.simulator.lua import Game, Mod, Scripts, step
from harness.simulator.lua.snapshots import Snapshots

CONTROL = b"""
script.on_init(function() storage.count = 0 end)
local function count() storage.count = storage.count + 1 end
local function arm() if storage.armed then script.on_nth_tick(5, count) end end
script.on_load(arm)
function start() storage.armed = true arm() end
"""


class Rig:
    """A server's scripts and snapshots, with one mod that counts ticks once it is started."""

    def __init__(self) -> None:
        mod = Mod(name="counter", version="1.0.0", required=(), optional=(), files={"control.lua": CONTROL})
        self.world = World(seed=3)
        self.scripts = Scripts(Game(world=self.world, seed=3), [mod])
        self.snapshots = Snapshots(self.scripts, "mods")

    def __call__(self, code: str, script: str = "counter") -> str:
        self.scripts.run_code(script, code, code)
        return self.scripts.take_reply().rstrip("\n")

    def run(self, ticks: int) -> None:
        while ticks:
            ticks -= step(self.scripts, ticks)

    def fingerprint(self) -> tuple[str, str]:
        return self.world.state_hash(), self("rcon.print(storage.count .. ' ' .. math.random())")


def build(rig: Rig) -> None:
    rig(
        """
        start()
        storage.chest = game.surfaces[1].create_entity{name = 'wooden-chest', position = {3, 3}, force = 'player'}
        storage.chest.insert('coal')
        game.surfaces[1].create_entity{name = 'burner-mining-drill', position = {8, 8}, force = 'player'}.insert('coal')
        """
    )


def test_restore_brings_everything_back() -> None:
    rig = Rig()
    build(rig)
    rig.run(7)
    assert rig.snapshots.save("a") == {"name": "a", "tick": 7}
    rig.run(20)
    after = rig.fingerprint()
    rig("storage.chest.destroy() game.speed = 3 script.on_nth_tick(nil)")
    rig("game.surfaces[1].create_entity{name = 'stone-furnace', position = {20, 20}, force = 'player'}")
    rig.snapshots.restore("a")
    assert rig("rcon.print(game.tick .. game.speed .. storage.count .. storage.chest.get_item_count('coal'))") == "7121"
    rig.run(20)
    assert rig.fingerprint() == after


def test_export_continues_bit_for_bit_elsewhere() -> None:
    rig, other = Rig(), Rig()
    build(rig)
    rig.run(7)
    rig.snapshots.save("a")
    text = rig.snapshots.export("a")["data"]
    other.snapshots.import_("b", text)
    other.snapshots.restore("b")
    rig.run(30)
    other.run(30)
    assert other.fingerprint() == rig.fingerprint()
    assert other.snapshots.list() == {"snapshots": [{"name": "b", "tick": 7}]}


def test_stale_handles_do_not_survive_a_restore() -> None:
    rig = Rig()
    rig.snapshots.save("empty")
    rig("chest = game.surfaces[1].create_entity{name = 'wooden-chest', position = {3, 3}, force = 'player'}")
    rig.snapshots.restore("empty")
    assert rig("rcon.print(chest.valid)") == "false"


def test_functions_in_storage_cannot_be_saved() -> None:
    rig = Rig()
    rig("storage.helpers = {f = function() end}", "level")
    with pytest.raises(SimError, match=r"script level cannot be saved: storage\[helpers\]\[f\] is a function"):
        rig.snapshots.save("a")


@pytest.mark.parametrize("text", ["", "nonsense", "eJw=", "!!!"])
def test_damaged_text_is_refused(text: str) -> None:
    with pytest.raises(SimError, match="expected the text an export gave"):
        Rig().snapshots.import_("a", text)


def test_another_build_is_refused() -> None:
    rig = Rig()
    rig.snapshots.save("a")
    text = rig.snapshots.export("a")["data"]
    with pytest.raises(SimError, match="this server is build"):
        Snapshots(rig.scripts, "other mods").import_("a", text)


def test_unknown_names_are_refused() -> None:
    rig = Rig()
    for action in (rig.snapshots.restore, rig.snapshots.export, rig.snapshots.drop):
        with pytest.raises(SimError, match="there is no such snapshot; known: none"):
            action("a")


@pytest.mark.parametrize(
    "damage",
    [
        {"world": None},
        {"world": "!!"},
        {"world": base64.b64encode(b"something else").decode()},
        {"clock": {"time": 1}},
        {"paths": [{}]},
        {"paths": None},
        {"next_path": "soon"},
        {"scripts": {}},
        {"scripts": {"level": {}}},
        {"scripts": []},
    ],
    ids=str,
)
def test_a_document_of_the_right_build_with_wrong_parts_is_refused(damage: dict[str, Any]) -> None:
    rig = Rig()
    rig.snapshots.save("a")
    document = json.loads(zlib.decompress(base64.b64decode(rig.snapshots.export("a")["data"]))) | damage
    text = base64.b64encode(zlib.compress(json.dumps(document).encode())).decode()
    with pytest.raises(SimError):
        rig.snapshots.import_("b", text)
    assert [each["name"] for each in rig.snapshots.list()["snapshots"]] == ["a"]
