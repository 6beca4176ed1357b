"""Electric networks beside a plain model that visits every consumer every tick: the same joules for everybody."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.simulator.engine import daylight, power_views
from harness.simulator.engine.clock import TICK
from harness.simulator.engine.fluid_views import insert_fluid
from harness.simulator.engine.systems import power
from harness.simulator.engine.systems.electric_facts import facts_of, panel_power
from harness.simulator.engine.systems.networks import generators_of
from harness.simulator.engine.systems.power import energy_changed, power_draw
from harness.simulator.engine.systems.power_tables import PRIMARY, SECONDARY, STORAGE
from harness.simulator.engine.world import World

SURFACE = 0
KINDS = (
    "assembling-machine-1",
    "electric-furnace",
    "lab",
    "radar",
    "laser-turret",
    "accumulator",
    "solar-panel",
    "beacon",
)
NEAR = 1e-9


@dataclass
class PlainGrid:
    """One network, tick by tick, as the published rules say; every member is visited every tick."""

    names: dict[int, str]
    energy: dict[int, float]
    consumed: dict[str, float] = field(default_factory=dict)
    produced: dict[str, float] = field(default_factory=dict)

    def tick(self, light: float, dark: float, steam: float) -> None:
        wanted, stores = {}, []
        demand = {PRIMARY: 0.0, SECONDARY: 0.0}
        for row, name in self.names.items():
            facts = facts_of(name)
            if facts is None:
                continue
            if facts.priority == STORAGE:
                stores.append(row)
                continue
            room = min(max(0.0, facts.capacity - self.energy[row]), facts.flow)
            wanted[row] = room, facts.drain + facts.lamp * dark
            demand[facts.priority] += sum(wanted[row])
        solar = sum(panel_power(name) for name in self.names.values()) * light
        limits = facts_of("accumulator")
        assert limits is not None
        offers = {row: min(limits.flow, self.energy[row]) for row in stores}
        takes = {row: min(limits.flow, limits.capacity - self.energy[row]) for row in stores}
        total = sum(demand.values())
        stored = min(sum(offers.values()), max(0.0, total - solar - steam))
        charge = min(sum(takes.values()), max(0.0, solar + steam - total))
        spent = min(total, solar + steam + stored)
        first = min(1.0, spent / demand[PRIMARY]) if demand[PRIMARY] else 1.0
        left = spent - first * demand[PRIMARY]
        second = min(1.0, left / demand[SECONDARY]) if demand[SECONDARY] else 1.0
        for row, (room, always) in wanted.items():
            facts = facts_of(self.names[row])
            share = first if facts is not None and facts.priority == PRIMARY else second
            self.energy[row] += share * room
            self._count(self.consumed, row, share * (room + always))
        for row in stores:
            out = stored * offers[row] / sum(offers.values()) if stored else 0.0
            into = charge * takes[row] / sum(takes.values()) if charge else 0.0
            self.energy[row] += into - out
            self._count(self.produced, row, out)
            self._count(self.consumed, row, into)
        made = spent - stored + charge
        self._share_panels(min(solar, made))
        if steam > 0.0:
            self.produced["steam-engine"] = self.produced.get("steam-engine", 0.0) + made - min(solar, made)

    def _share_panels(self, solar: float) -> None:
        panels = [row for row, name in self.names.items() if panel_power(name) > 0.0]
        for row in panels:
            self._count(self.produced, row, solar / len(panels))

    def _count(self, table: dict[str, float], row: int, joules: float) -> None:
        table[self.names[row]] = table.get(self.names[row], 0.0) + joules


def _same(got: dict[str, float], expected: dict[str, float]) -> None:
    for name in got.keys() | expected.keys():
        assert got.get(name, 0.0) == pytest.approx(expected.get(name, 0.0), rel=NEAR, abs=1e-6), name


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_everybody_gets_what_the_plain_model_gives(data: st.DataObject) -> None:
    world = World()
    world.clock[TICK] = data.draw(st.integers(0, 25_199), label="time of day")
    pole = world.create_entity(SURFACE, "substation", 0, 0)
    engine = world.create_entity(SURFACE, "steam-engine", -7.5, -6.5)
    rows: dict[int, str] = {}
    places = [(x, y) for y in (-2.5, 3.5, 7.5) for x in (-6.5, -2.5, 2.5, 6.5)]
    for x, y in places:
        name = data.draw(st.sampled_from(KINDS))
        rows[world.create_entity(SURFACE, name, x, y)] = name
    lamps = [world.create_entity(SURFACE, "small-lamp", x + 0.5, 0.5 + 1.0) for x in range(-4, 4)]
    rows |= dict.fromkeys(lamps, "small-lamp")
    grid = PlainGrid(names=dict(rows), energy=dict.fromkeys(rows, 0.0))
    machines = [row for row, name in rows.items() if facts_of(name) is not None and name != "accumulator"]
    for _ in range(data.draw(st.integers(1, 25), label="ticks")):
        if data.draw(st.booleans(), label="steam"):
            insert_fluid(world, engine, "steam", data.draw(st.floats(0.01, 1.0)), 165.0)
        for row in data.draw(st.lists(st.sampled_from(machines), max_size=6, unique=True), label="at work"):
            joules = data.draw(st.floats(0, 8000))
            got = power_draw(world.state, int(world.entities.electric[row]), joules)
            assert got == pytest.approx(min(joules, grid.energy[row]), rel=NEAR, abs=NEAR)
            grid.energy[row] -= got
        if data.draw(st.integers(0, 9), label="script") == 0:
            row = data.draw(st.sampled_from([each for each in rows if facts_of(rows[each]) is not None]))
            grid.energy[row] = world.entities.energy[row] = 10.0
            energy_changed(world.state, row)
        power.step(world.state)
        world.clock[TICK] += 1
        light, dark = _light_before(world)
        grid.tick(light, dark, float(generators_of(world).available[world.entities.component[engine]]))
        for row in machines:
            assert world.entities.energy[row] == pytest.approx(grid.energy[row], rel=NEAR, abs=1e-6)
    view = power_views.network(world, pole)
    assert view is not None
    _same(view.consumed, grid.consumed)
    _same(view.produced, grid.produced)


def _light_before(world: World) -> tuple[float, float]:
    world.clock[TICK] -= 1
    light, dark = float(daylight.sunlight(world.state, SURFACE)), float(daylight.lamps_lit(world.state, SURFACE))
    world.clock[TICK] += 1
    return light, dark


def test_idle_machines_are_not_visited() -> None:
    world = World()
    world.create_entity(SURFACE, "substation", 0, 0)
    world.create_entity(SURFACE, "electric-energy-interface", 2, 0)
    rows = [world.create_entity(SURFACE, "assembling-machine-1", -7.5 + 3 * place, 4.5) for place in range(6)]
    world.advance(5)
    assert not world.storage.tables["listed"].records["consumer"].clip(0).any()
    assert {float(world.entities.energy[row]) for row in rows} == {
        power_views.buffer_capacity(world, row) for row in rows
    }


def test_reading_statistics_changes_nothing() -> None:
    world = World()
    pole = world.create_entity(SURFACE, "substation", 0, 0)
    world.create_entity(SURFACE, "solar-panel", 3.5, 3.5)
    world.create_entity(SURFACE, "radar", -3.5, 3.5)
    world.advance(30)
    before = world.state_hash()
    first = power_views.network(world, pole)
    assert first == power_views.network(world, pole)
    assert world.state_hash() == before


def test_statistics_outlive_those_who_made_them() -> None:
    world = World()
    pole = world.create_entity(SURFACE, "substation", 0, 0)
    world.create_entity(SURFACE, "electric-energy-interface", 2, 0)
    radar = world.create_entity(SURFACE, "radar", -3.5, 3.5)
    world.advance(60)
    world.destroy(radar)
    world.advance(60)
    view = power_views.network(world, pole)
    assert view is not None
    assert view.consumed["radar"] == pytest.approx(300_000)


def test_black_out_and_recovery() -> None:
    world = World()
    world.create_entity(SURFACE, "substation", 0, 0)
    source = world.create_entity(SURFACE, "electric-energy-interface", 2, 0)
    machine = world.create_entity(SURFACE, "assembling-machine-1", -3.5, 3.5, recipe="iron-gear-wheel")
    world.insert(machine, "iron-plate", 100)
    world.advance(100)
    assert world.status_of(machine) == "working"
    world.destroy(source)
    world.advance(5)
    assert world.status_of(machine) == "no_power"
    stopped = world.crafting_progress(machine)
    world.advance(60)
    assert world.crafting_progress(machine) == stopped
    world.create_entity(SURFACE, "electric-energy-interface", 2, 0)
    world.advance(5)
    assert world.status_of(machine) == "working"
    assert world.crafting_progress(machine) > stopped


@pytest.mark.parametrize(
    ("name", "status"),
    [("radar", "working"), ("small-lamp", "turned_off_during_daytime"), ("solar-panel", "working")],
)
def test_statuses_that_are_the_networks(name: str, status: str) -> None:
    world = World()
    row = world.create_entity(SURFACE, name, 3.5, 3.5)
    assert world.status_of(row) == "not_plugged_in_electric_network"
    world.create_entity(SURFACE, "substation", 0, 0)
    world.create_entity(SURFACE, "electric-energy-interface", 2, 0)
    world.advance(5)
    assert world.status_of(row) == status
    daylight.set_daytime(world, SURFACE, 0.5)
    world.advance(1)
    assert world.status_of(row) == {"solar-panel": "normal"}.get(name, "working")


def test_statuses_of_accumulators() -> None:
    world = World()
    world.create_entity(SURFACE, "substation", 0, 0)
    store = world.create_entity(SURFACE, "accumulator", 4, 4)
    source = world.create_entity(SURFACE, "electric-energy-interface", 2, 0)
    world.advance(3)
    assert world.status_of(store) == "charging"
    world.entities.energy[store] = 5e6
    energy_changed(world.state, store)
    world.advance(1)
    assert world.status_of(store) == "fully_charged"
    world.destroy(source)
    world.create_entity(SURFACE, "radar", -3.5, 3.5)
    world.advance(2)
    assert world.status_of(store) == "discharging"
