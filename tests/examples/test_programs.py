"""Every example program on a real embedded server: no error, and the world as its row of the table says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pytest

from harness.game import FactorioInstance, ProductionStatistics
from tests.examples.table import PROGRAMS, Built, Pace, Row, rows
from tests.game.server import PASSWORD, running_server

ROWS = rows()
TICKS_A_SECOND = 60


def marked(chosen: Sequence[Row]) -> list[object]:
    return [pytest.param(row, id=row.program, marks=[pytest.mark.slow] if row.slow else []) for row in chosen]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with running_server() as port:
        yield port


def run(instance: FactorioInstance, programs: Sequence[str], timeout_s: float) -> str:
    """All of them, one after another; what they said."""
    said = []
    for program in programs:
        _, result, response = instance.eval(program, timeout=timeout_s)
        assert result.status == "ok", response
        said.append(response)
    return "\n".join(said)


def wait(instance: FactorioInstance, row: Row) -> ProductionStatistics | None:
    """Lets the world go on; the statistics of the last part of it, if a pace is asked for."""
    pace = row.expect.pace
    last = round(pace.seconds * TICKS_A_SECOND) if pace else 0
    total = round(row.wait_s * TICKS_A_SECOND)
    assert last <= total, "wait_s must hold the seconds of the pace"
    instance.advance(total - last)
    before = instance.production()
    instance.advance(last)
    return instance.production().since(before) if pace else None


def expect_at_least(what: str, expected: Mapping[str, float], found: Mapping[str, float]) -> None:
    short = {name: (amount, found.get(name, 0)) for name, amount in expected.items() if found.get(name, 0) < amount}
    assert not short, f"{what}, expected and found: {short}; of all {dict(found)}"


def expect_pace(pace: Pace, flow: ProductionStatistics) -> None:
    made = flow.split()[1]
    for name, amount in pace.made.items():
        assert made.get(name, 0) == pytest.approx(amount, rel=0.02, abs=1), f"{name} in {pace.seconds} s"


def expect_built(built: Built, entities: Sequence[Mapping[str, object]]) -> None:
    statuses = [entity.get("status") for entity in entities if entity["name"] == built.name]
    fitting = [status for status in statuses if built.status in (None, status)]
    assert len(fitting) >= built.count, f"{built.name}: statuses {statuses}"
    assert built.status is None or len(fitting) == len(statuses), f"{built.name}: statuses {statuses}"


def expect_researched(instance: FactorioInstance, technologies: Sequence[str]) -> None:
    for name in technologies:
        _, result, response = instance.eval(f"assert get_research_progress({name!r}) == []")
        assert result.status == "ok", response


@pytest.mark.parametrize("row", marked(ROWS))
def test_program(port: int, row: Row) -> None:
    expect = row.expect
    with FactorioInstance(tcp_port=port, rcon_password=PASSWORD, **row.start()) as instance:
        said = run(instance, row.cells(), row.timeout_s)
        flow = wait(instance, row)
        statistics = instance.production()
        by_hand, by_machine = statistics.split()
        expect_at_least("made by machines", expect.made, by_machine)
        expect_at_least("made by hand", expect.by_hand, by_hand)
        expect_at_least("carried", expect.inventory, instance.inspect_inventory())
        for text in expect.output:
            assert text in said
        entities = instance.get_entities()
        for built in expect.entities:
            expect_built(built, entities)
        if expect.pace and flow:
            expect_pace(expect.pace, flow)
        if expect.score is not None:
            assert statistics.score() > expect.score
        expect_researched(instance, expect.researched)


@pytest.mark.parametrize("row", marked([row for row in ROWS if row.twice]))
def test_program_ends_in_the_same_world_each_time(port: int, row: Row) -> None:
    with FactorioInstance(tcp_port=port, rcon_password=PASSWORD, **row.start()) as instance:
        hashes = set()
        for _ in range(2):
            instance.reset()
            run(instance, row.cells(), row.timeout_s)
            hashes.add(instance.state().hash)
    assert len(hashes) == 1


@pytest.mark.parametrize("row", marked([row for row in ROWS if row.chunked]))
def test_program_in_chunks_ends_in_the_same_world(port: int, row: Row) -> None:
    chunks = row.chunks()
    assert len(chunks) > len(row.cells())
    with FactorioInstance(tcp_port=port, rcon_password=PASSWORD, **row.start()) as instance:
        worlds = set()
        for programs in (row.cells(), chunks):
            instance.reset()
            run(instance, programs, row.timeout_s)
            worlds.add(instance.state().snapshot_hash)
    assert len(worlds) == 1


def test_the_table_and_the_folder_name_the_same_programs() -> None:
    assert sorted(path.stem for path in PROGRAMS.glob("*.py")) == [row.program for row in ROWS]
