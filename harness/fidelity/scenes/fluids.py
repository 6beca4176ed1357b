"""Water, steam and what they drive: checks 63 to 76."""

from __future__ import annotations

from collections.abc import Mapping

from harness.fidelity.checks import Value
from harness.fidelity.run import Measure
from harness.fidelity.scene import EAST, NORTH, SOUTH, WEST, Scene
from harness.fidelity.scenes.flow import line_of_belts, through

Measured = Mapping[str, Value]

FUEL_JOULES = {"coal": 4e6, "wood": 2e6}
"""Source: prototype data."""


class Plant:
    """An offshore pump, a boiler and steam engines in a row eastwards, and radars that use more than they give."""

    def __init__(self, engines: int, fuel: str = "coal", radars: int = 7) -> None:
        self.scene = scene = Scene()
        scene.water(-3, -8, 7, 4)
        scene.build("offshore-pump", 0.5, -3.5)
        self.boiler = scene.build("boiler", 1, -1.5, EAST)
        self.engines = [scene.build("steam-engine", 4.5 + 5 * number, -1.5, EAST) for number in range(engines)]
        self.fuel = fuel
        scene.insert(self.boiler, fuel, 20)
        self.pole = scene.build("substation", 6, 2)
        for number in range(radars):
            scene.build("radar", 0.5 + 3 * (number % 4), 5.5 + 3 * (number // 4))

    def joules_burnt(self, ticks: int) -> float:
        """Fuel burnt in so many ticks."""
        before = self._joules_left()
        self.scene.run(ticks)
        return before - self._joules_left()

    def _joules_left(self) -> float:
        fire = float(self.scene.ask(self.boiler, "e.burner.remaining_burning_fuel"))
        return fire + self.scene.count(self.boiler, self.fuel) * FUEL_JOULES[self.fuel]

    def kilowatts(self, ticks: int) -> float:
        """What the engines give on average over so many ticks."""
        scene = self.scene
        return scene.per_second(lambda: scene.joules_made(self.pole, "steam-engine"), ticks) / 1000


def offshore_pump() -> Measured:
    """Check 63."""
    scene = Scene()
    scene.water(-3, -8, 7, 4)
    scene.build("offshore-pump", 0.5, -3.5)
    tank = scene.build("storage-tank", -0.5, -1.5, EAST)
    rate = scene.per_second(lambda: float(scene.ask(tank, "e.get_fluid_count('water')")), 600)
    return {"water per second": rate, "degrees": scene.ask(tank, "e.fluidbox[1].temperature")}


def boiler() -> Measured:
    """Check 64."""
    plant = Plant(2)
    scene = plant.scene
    scene.run(600)
    water, steam = scene.fluid_used("water"), scene.fluid_made("steam")
    scene.run(600)
    idle = Plant(1, radars=0)
    idle.scene.run(300)
    return {
        "water per second": (scene.fluid_used("water") - water) / 10,
        "steam per second": (scene.fluid_made("steam") - steam) / 10,
        "degrees": idle.scene.ask(idle.engines[0], "e.fluidbox[1].temperature"),
    }


def _seconds_per_fuel(fuel: str) -> float:
    plant = Plant(2, fuel)
    plant.scene.run(600)
    return FUEL_JOULES[fuel] / (plant.joules_burnt(600) / 10)


def coal_in_boiler() -> Measured:
    """Check 65."""
    seconds = _seconds_per_fuel("coal")
    return {"seconds per coal": seconds, "coal per second": 1 / seconds}


def wood_in_boiler() -> Measured:
    """Check 66."""
    return {"seconds per wood": _seconds_per_fuel("wood")}


def steam_engine() -> Measured:
    """Check 67."""
    plant = Plant(1)
    scene = plant.scene
    scene.run(600)
    steam = scene.fluid_used("steam")
    watts = plant.kilowatts(600)
    return {"steam per second": (scene.fluid_used("steam") - steam) / 10, "kilowatts": watts}


def boiler_and_two_engines() -> Measured:
    """Check 68."""
    plant = Plant(2)
    plant.scene.run(600)
    return {"kilowatts": plant.kilowatts(600)}


def ten_drills() -> Measured:
    """Check 69."""
    plant = Plant(2, radars=0)
    scene = plant.scene
    scene.insert(plant.boiler, "coal", 50)
    for number in range(10):
        x = 1.5 + 3 * number
        scene.build("iron-ore", x, 6.5, amount=100_000)
        scene.build("electric-mining-drill", x, 6.5, SOUTH)
        scene.build("wooden-chest", x, 8.5)
    scene.build("substation", 24, 2)
    scene.run(1200)
    before = scene.joules_used(plant.pole, "electric-mining-drill")
    burnt = plant.joules_burnt(1200)
    drawn = scene.joules_used(plant.pole, "electric-mining-drill") - before
    return {"kilowatts": drawn / 20 / 1000, "coal per second": burnt / 20 / FUEL_JOULES["coal"]}


def forty_engines() -> Measured:
    """Check 70."""
    scene = Scene()
    scene.water(-8, -3, 6, 7)
    scene.build("offshore-pump", -1.5, 0.5, WEST)
    for number in range(20):
        boiler_row = scene.build("boiler", 3 * number + 0.5, 0)
        scene.insert(boiler_row, "coal", 20)
        for y in (-3.5, -8.5):
            scene.build("steam-engine", 3 * number + 0.5, y)
    poles = [scene.build("substation", 6 + 16 * number, -12) for number in range(4)]
    for number in range(4):
        for place in (3, 9):
            scene.build("roboport", 16 * number + place, -18)
    scene.run(300)
    water = scene.fluid_used("water")
    watts = scene.per_second(lambda: scene.joules_made(poles[0], "steam-engine"), 120)
    return {"megawatts": watts / 1e6, "water per second": (scene.fluid_used("water") - water) / 2}


def boilers_per_belt() -> Measured:
    """Check 71: what a full belt of coal brings over what a boiler burns."""
    scene = Scene()
    belts = line_of_belts(scene, "transport-belt", 0, 0, 6, EAST)
    coal = through(scene, belts[:1], belts[-1:], "coal")[0]
    watts = coal * FUEL_JOULES["coal"]
    plant = Plant(2)
    plant.scene.run(600)
    return {"boilers": watts / (plant.joules_burnt(600) / 10), "megawatts": watts / 1e6}


def tank_of_steam() -> Measured:
    """Check 72: what a tank holds, and what an engine makes of it."""
    scene = Scene()
    tank = scene.build("storage-tank", 0.5, 0.5)
    held = scene.ask(tank, "e.insert_fluid{name = 'steam', amount = 1e6, temperature = 165}")
    pole = scene.build("substation", -3, -6)
    scene.build("steam-engine", -0.5, -3.5)
    for x in (-7.5, -4.5, 4.5, -10.5):
        scene.build("radar", x, -9.5)
    scene.run(60)
    steam, joules = scene.fluid_used("steam"), scene.joules_made(pole, "steam-engine")
    scene.run(1200)
    per_unit = (scene.joules_made(pole, "steam-engine") - joules) / (scene.fluid_used("steam") - steam)
    return {"steam": held, "megajoules": held * per_unit / 1e6}


def pump() -> Measured:
    """Check 73: the full tank is kept full."""
    scene = Scene()
    scene.electricity(0, -10)
    source = scene.build("storage-tank", 0.5, 0.5)
    scene.build("pump", -0.5, -2, NORTH)
    target = scene.build("storage-tank", 0.5, -4.5, EAST)
    arrived: list[float] = []
    for _ in range(151):
        scene.tell(source, "e.insert_fluid{name = 'water', amount = 25000}")
        scene.run(1)
        arrived.append(float(scene.ask(target, "e.get_fluid_count('water')")))
    return {"water per second": (arrived[150] - arrived[30]) / 2}


def pipes_share() -> Measured:
    """Check 74."""
    scene = Scene()
    pipes = [scene.build("pipe", x + 0.5, 0.5) for x in range(10)]
    scene.tell(pipes[3], "e.insert_fluid{name = 'water', amount = 500}")
    scene.run(2)
    shares = [float(scene.ask(pipe, "e.get_fluid_count('water')")) for pipe in pipes]
    return {"least": min(shares), "most": max(shares)}


def long_pipeline() -> Measured:
    """Check 75."""
    found: dict[str, Value] = {}
    for length in (300, 340):
        scene = Scene()
        scene.water(-3, -8, 7, 4)
        pump_row = scene.build("offshore-pump", 0.5, -3.5)
        for x in range(length):
            scene.build("pipe", x + 0.5, -2.5)
        scene.run(5)
        found[f"{length} tiles"] = scene.status(pump_row)
    return found


def pipe_to_ground() -> Measured:
    """Check 76."""
    found: dict[str, Value] = {}
    for distance in (10, 11):
        scene = Scene()
        upper = scene.build("pipe-to-ground", 0.5, 0.5, NORTH)
        lower = scene.build("pipe-to-ground", 0.5, 0.5 + distance, SOUTH)
        ids = [scene.ask(row, "e.fluidbox.get_fluid_segment_id(1)") for row in (upper, lower)]
        found[f"{distance} tiles"] = ids[0] == ids[1] and ids[0] is not None
    return found


SCENES: dict[int, Measure] = {
    63: offshore_pump,
    64: boiler,
    65: coal_in_boiler,
    66: wood_in_boiler,
    67: steam_engine,
    68: boiler_and_two_engines,
    69: ten_drills,
    70: forty_engines,
    71: boilers_per_belt,
    72: tank_of_steam,
    73: pump,
    74: pipes_share,
    75: long_pipeline,
    76: pipe_to_ground,
}
