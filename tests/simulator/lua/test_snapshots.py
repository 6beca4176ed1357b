import base64
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.core.errors import SimError
from harness.core.hashing import hash_bytes, hash_json
from harness.simulator.engine.snapshot import Snapshot
from harness.simulator.engine.world import World
from harness.simulator.lua import Game, Mod, Scripts, step
from harness.simulator.lua.snapshots import Snapshots
from harness.simulator.saves import Files

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
        {"clock": {"tick_paused": False, "ticks_to_run": 0, "speed": "fast"}},
        {"clock": {"tick_paused": False, "ticks_to_run": -1, "speed": 1.0}},
        {"hash": "0" * 32},
        {"hash": None},
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


def document_of(rig: Rig) -> dict[str, Any]:
    rig.snapshots.save("a")
    document: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(rig.snapshots.export("a")["data"])))
    return document


def forged(rig: Rig, document: dict[str, Any]) -> str:
    """The document as text with the hash it ought to have, as somebody who knows the format would make it."""
    world = Snapshot.from_bytes(base64.b64decode(document["world"]), rig.world)
    rest = {key: document[key] for key in ("clock", "paths", "next_path", "scripts")}
    document["hash"] = hash_json([hash_bytes(world.content()), rest])
    return base64.b64encode(zlib.compress(json.dumps(document).encode())).decode()


@pytest.mark.parametrize("storage", ["", "{;", "o9;LuaNoSuch;n1;n1;n1;", "s99;abc", "nine", "{;s1;an1;", "s-5;"])
def test_a_forged_storage_changes_nothing(storage: str) -> None:
    rig = Rig()
    build(rig)
    document = document_of(rig)
    document["scripts"]["counter"]["storage"] = storage
    text = forged(rig, document)
    rig.run(5)
    before, tick = rig.world.state_hash(), rig.world.tick
    rig.snapshots.import_("forged", text)
    with pytest.raises(SimError, match="its storage is damaged"):
        rig.snapshots.restore("forged")
    assert (rig.world.state_hash(), rig.world.tick) == (before, tick)
    assert rig("rcon.print(storage.chest.get_item_count('coal'))") == "1"


def test_a_restore_that_fails_leaves_the_server_as_it_was() -> None:
    rig = Rig()
    build(rig)
    document = document_of(rig)
    document["scripts"]["counter"]["subscriptions"] = ["event 5"]
    text = forged(rig, document)
    rig.run(12)
    rig("storage.mark = {1} mark = storage.mark")
    hash_before = rig.world.state_hash()
    rig.snapshots.import_("forged", text)
    with pytest.raises(SimError, match="had handlers for event 5"):
        rig.snapshots.restore("forged")
    assert rig.world.state_hash() == hash_before
    assert rig("rcon.print(storage.mark == mark and game.tick .. ' ' .. storage.count)") == "12 3"
    rig.run(10)
    assert rig("rcon.print(storage.count)") == "5"


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_damaged_bytes_are_refused_and_change_nothing(damaged: Rig, data: st.DataObject) -> None:
    raw = bytearray(base64.b64decode(damaged.snapshots.export("a")["data"]))
    content = bytearray(zlib.decompress(bytes(raw)))
    inside = data.draw(st.booleans())
    target = content if inside else raw
    for _ in range(data.draw(st.integers(1, 4))):
        target[data.draw(st.integers(0, len(target) - 1))] ^= data.draw(st.integers(1, 255))
    cut = data.draw(st.sampled_from([None, len(target) // 2]))
    packed = zlib.compress(bytes(target[:cut])) if inside else bytes(target[:cut])
    before = damaged.world.state_hash()
    try:
        damaged.snapshots.import_("b", base64.b64encode(packed).decode())
    except SimError:
        assert len(damaged.snapshots.list()["snapshots"]) == 1
    else:  # what was changed says the same, as an unused bit of the packing
        assert damaged.snapshots.export("b")["hash"] == damaged.snapshots.export("a")["hash"]
        damaged.snapshots.drop("b")
    assert damaged.world.state_hash() == before


@pytest.fixture(scope="module")
def damaged() -> Rig:
    rig = Rig()
    build(rig)
    rig.snapshots.save("a")
    return rig


def test_a_text_that_would_fill_the_memory_is_refused() -> None:
    endless = zlib.compressobj()
    packed = b"".join(endless.compress(b" " * (1 << 24)) for _ in range(18)) + endless.flush()
    with pytest.raises(SimError, match="larger than any state"):
        Rig().snapshots.import_("bomb", base64.b64encode(packed).decode())


def test_snapshots_go_to_files_and_back(tmp_path: Path) -> None:
    rig = Rig()
    for action in (rig.snapshots.write, rig.snapshots.read):
        with pytest.raises(SimError, match="--write-directory"):
            action("a", "first")
    rig.scripts.game.files = Files(tmp_path)
    build(rig)
    rig.snapshots.save("a")
    rig.snapshots.write("a", "first")
    after = rig.world.state_hash()
    rig.run(30)
    assert rig.snapshots.read("b", "first")["name"] == "b"
    rig.snapshots.restore("b")
    assert rig.world.state_hash() == after
    assert [path.name for path in (tmp_path / "saves").iterdir()] == ["first.zip"]
    for name in ("../first", "a/b", "", ".hidden", "x" * 200, "nul\0"):
        with pytest.raises(SimError, match="saved game"):
            rig.snapshots.write("a", name)
    with pytest.raises(SimError, match="there is no such file"):
        rig.snapshots.read("c", "second")
    (tmp_path / "saves" / "second.zip").write_bytes(b"PK rubbish")
    with pytest.raises(SimError, match="expected a file this server wrote"):
        rig.snapshots.read("c", "second")
