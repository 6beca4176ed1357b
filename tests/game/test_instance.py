import threading
from collections.abc import Iterator

import pytest

from harness.core.errors import ConfigError, RecordError, ServerError, ServerStartError
from harness.game import FactorioInstance, GameState
from tests.game.server import PASSWORD, running_server

INVENTORY = {"coal": 50, "burner-mining-drill": 3, "wooden-chest": 2, "stone-furnace": 1}

MINE = """
ore = nearest(Resource.IronOre)
move_to(ore)
drill = place_entity(Prototype.BurnerMiningDrill, position=ore, direction=Direction.DOWN)
drill = insert_item(Prototype.Coal, drill, quantity=5)
chest = place_entity(Prototype.WoodenChest, position=drill.drop_position)
sleep(10)
print(inspect_inventory(chest))
"""


@pytest.fixture(scope="module")
def ports() -> Iterator[tuple[int, int]]:
    with running_server() as one, running_server() as two:
        yield one, two


@pytest.fixture
def instance(ports: tuple[int, int]) -> Iterator[FactorioInstance]:
    with FactorioInstance(tcp_port=ports[0], rcon_password=PASSWORD, inventory=INVENTORY) as opened:
        yield opened


def test_a_program_earns_what_its_machines_make(instance: FactorioInstance) -> None:
    reward, result, response = instance.eval(MINE)
    assert (result.status, response) == ("ok", "8: (Inventory(iron-ore=2),)")
    statistics = instance.production()
    assert statistics.split() == ({}, {"iron-ore": 2})
    assert reward == pytest.approx(statistics.score())
    assert instance.score()[1] == int(reward)
    before = statistics.tick
    instance.advance(5000)
    assert instance.production().tick == before + 5000
    assert instance.production().produced["iron-ore"] > 20


def test_a_full_reading_names_machines_stocks_and_technologies(ports: tuple[int, int]) -> None:
    smelt = """
furnace = place_entity(Prototype.StoneFurnace, position=Position(0, 4))
insert_item(Prototype.Coal, furnace, quantity=5)
insert_item(Prototype.IronOre, furnace, quantity=5)
chest = place_entity(Prototype.WoodenChest, position=Position(4, 4))
insert_item(Prototype.Coal, chest, quantity=7)
sleep(10)
"""
    start = {"inventory": INVENTORY | {"iron-ore": 5}, "all_technologies": False}
    with FactorioInstance(tcp_port=ports[0], rcon_password=PASSWORD, **start) as instance:
        before = instance.production(full=True)
        assert (before.machines, before.stocks, before.researched) == ({}, {}, ("automation-science-pack",))
        assert instance.eval(smelt).result.status == "ok"
        after = instance.production(full=True)
        # 3.2 s a plate: three in 10 s, and the fourth on its way
        assert [tuple(machine) for machine in after.machines.values()] == [("iron-plate", 3)]
        assert list(after.stocks.values()) == [{"coal": 7.0}]
        instance.advance(600)
        flow = instance.production(full=True).since(after)
        assert [tuple(machine) for machine in flow.machines.values()] == [("iron-plate", 2)]
        assert (flow.stocks, flow.researched) == ({}, ())
        assert instance.production().machines == {}


def test_a_programs_fault_is_a_result(instance: FactorioInstance) -> None:
    reward, result, response = instance.eval("x = 1\nplace_entity(Prototype.Boiler, position=Position(2, 2))")
    assert (reward, result.status) == (0, "error")
    assert result.error is not None
    assert (result.error.code, result.error.line) == ("missing_items", 2)
    assert "boiler" in response


@pytest.mark.parametrize(
    ("code", "status", "output"),
    [
        ("print('error: error')", "ok", "1: ('error: error',)"),
        ("print('Traceback (most recent call last): Exception')", "ok", None),
        ("print(ValueError('error'))", "ok", None),
        ("class Halt(Exception): pass\nraise Halt('enough')", "error", None),
    ],
)
def test_what_a_program_prints_is_no_fault(
    instance: FactorioInstance, code: str, status: str, output: str | None
) -> None:
    _, result, response = instance.eval(code)
    assert (result.status, result.error is None) == (status, status == "ok")
    assert output in (None, response)
    if result.error is not None:
        assert (result.error.type, result.error.message) == ("Halt", "enough")


def test_scores_are_given_or_an_exception_is_raised(instance: FactorioInstance) -> None:
    player, automated, text = instance.eval_with_error(MINE)
    assert (player, automated) == instance.score() and automated > 0
    assert text == "8: (Inventory(iron-ore=2),)"
    assert "ZeroDivisionError" in instance.eval_with_error("1 / 0")[2]
    with pytest.raises(SyntaxError, match=r"'\(' was never closed \(line 2\)") as refused:
        instance.eval_with_error("kept = 1\nprint(")
    assert refused.value.lineno == 2
    with pytest.raises(TimeoutError) as late:
        instance.eval_with_error("print(1)\nwhile True: pass", timeout=0.5)
    assert str(late.value) == "1: (1,)\n\nError: Evaluation timed out after 0.5s"
    assert instance.eval("print('kept' in globals())").response == "1: (False,)"


def test_a_state_is_gone_back_to_exactly(instance: FactorioInstance) -> None:
    instance.eval(MINE)
    state = GameState.from_instance(instance)
    assert state.inventory["coal"] == 45
    assert {entity["name"] for entity in state.entities} == {"burner-mining-drill", "wooden-chest"}
    assert state.timestamp == instance.production().tick
    futures = []
    for _ in range(2):
        instance.reset(state)
        assert instance.state().hash == state.hash
        instance.advance(3000)
        futures.append(instance.state().hash)
    assert futures[0] == futures[1] != state.hash
    instance.reset(state)
    assert instance.eval("print(drill.name)").response == "1: ('burner-mining-drill',)"
    instance.reset()
    assert instance.inspect_inventory() == INVENTORY
    assert instance.get_entities() == []
    assert instance.production().tick == 0
    assert instance.eval("print(drill.name)").result.status == "error"


def test_a_state_moves_to_another_server_by_its_bytes(instance: FactorioInstance, ports: tuple[int, int]) -> None:
    instance.eval(MINE)
    state = GameState.from_bytes(instance.state().to_bytes())
    with FactorioInstance(tcp_port=ports[1], rcon_password=PASSWORD) as other:
        other.reset(state)
        assert other.state().hash == state.hash
        for one in (instance, other):
            one.advance(2000)
        assert other.state().hash == instance.state().hash


def test_more_states_than_a_server_keeps_can_be_gone_back_to(instance: FactorioInstance) -> None:
    states = []
    for _ in range(12):
        instance.advance(10)
        states.append(instance.state())
    for state in states:
        instance.reset(state)
        assert instance.production().tick == state.timestamp
    with pytest.raises(RecordError):
        instance.reset(GameState(entities=[], inventory={}, timestamp=0))


def test_instances_play_in_parallel_threads_and_agree(instance: FactorioInstance, ports: tuple[int, int]) -> None:
    start, seen = instance.state(), {}

    def play(slot: FactorioInstance) -> None:
        slot.reset(start)
        rewards = [slot.eval(MINE).reward, slot.eval("sleep(5)").reward]
        seen[slot] = (rewards, slot.state().hash)

    with FactorioInstance(tcp_port=ports[1], rcon_password=PASSWORD) as other:
        threads = [threading.Thread(target=play, args=(slot,)) for slot in (instance, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert seen[instance] == seen[other]
        assert min(seen[instance][0]) > 0


def test_a_program_out_of_time_is_killed_and_the_slot_goes_on(instance: FactorioInstance) -> None:
    result = instance.eval("print(1)\nwhile True: pass", timeout=1).result
    assert result.status == "timeout"
    assert [line.text for line in result.lines] == ["(1,)"]
    assert instance.eval("print(2)").response == "1: (2,)"


def test_a_sleep_without_end_is_refused(instance: FactorioInstance) -> None:
    result = instance.eval("sleep(10**5)").result
    assert result.error is not None
    assert result.error.code == "budget"


def test_no_password_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FACTORIO_RCON_PASSWORD", raising=False)
    with pytest.raises(ConfigError, match="FACTORIO_RCON_PASSWORD"):
        FactorioInstance()


def test_the_password_may_come_from_the_environment(ports: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTORIO_RCON_PASSWORD", PASSWORD)
    with FactorioInstance(tcp_port=ports[0]) as opened:
        assert PASSWORD not in repr(opened)
        assert opened.inspect_inventory() == {}


def test_arguments_that_cannot_be_are_refused(ports: tuple[int, int]) -> None:
    with pytest.raises(ConfigError, match="fast"):
        FactorioInstance(fast=False, rcon_password=PASSWORD)
    with pytest.raises(ConfigError, match="map"):
        FactorioInstance(map="moon", rcon_password=PASSWORD)
    with pytest.raises(ConfigError, match="no-such-item"):
        FactorioInstance(tcp_port=ports[0], rcon_password=PASSWORD, inventory={"no-such-item": 1})


def test_a_wrong_password_is_refused(ports: tuple[int, int]) -> None:
    with pytest.raises(ServerStartError, match="password"):
        FactorioInstance(tcp_port=ports[0], rcon_password="wrong")


def test_a_server_without_the_mod_is_told_apart() -> None:
    with running_server(mods=False) as port, pytest.raises(ServerError, match="mod"):
        FactorioInstance(tcp_port=port, rcon_password=PASSWORD)


@pytest.mark.parametrize(
    ("call", "kept"),
    [
        ("harvest_resource(nearest(Resource.IronOre), quantity=9999)", 600),
        ("craft_item(Prototype.IronGearWheel, quantity=90)", 0),
        ("sleep(100)", 0),
        ("move_to(Position(300, 300))", 0),
    ],
)
def test_no_call_takes_a_program_past_its_ticks(ports: tuple[int, int], call: str, kept: int) -> None:
    start = {"inventory": {"iron-plate": 200}, "max_ticks": 700}
    with FactorioInstance("127.0.0.1", ports[0], rcon_password=PASSWORD, **start) as instance:
        instance.eval("move_to(nearest(Resource.IronOre))")
        before = instance.production().tick, dict(instance.inspect_inventory())
        outcome = instance.eval(call).result
        ticks = instance.production().tick - before[0]
        assert ticks <= 700
        if kept:
            # A hand mines on until no more fits: 60 ticks an ore.
            assert outcome.error is None
            assert ticks >= kept
        else:
            assert outcome.error.code == "budget"
            assert instance.inspect_inventory() == before[1]


def test_an_inserter_that_was_given_a_filter_says_so_and_goes_on_saying_so(ports: tuple[int, int]) -> None:
    with FactorioInstance("127.0.0.1", ports[0], rcon_password=PASSWORD, inventory={"fast-inserter": 1}) as instance:
        code = "arm = place_entity(Prototype.FastInserter, position=Position(2.5, 2.5))\n"
        instance.eval(code + "arm = set_entity_recipe(arm, Prototype.IronPlate)")
        assert instance.eval("print(arm.recipe)").response == "1: ('iron-plate',)"
