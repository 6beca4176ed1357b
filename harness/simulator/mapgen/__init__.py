"""What the first surface is made of: a generated planet, or the lab world with one field of everything."""

from harness.simulator.mapgen.lab import LabGenerator
from harness.simulator.mapgen.noise import chance
from harness.simulator.mapgen.planet import START_RADIUS, MapGenerator

__all__ = ["START_RADIUS", "LabGenerator", "MapGenerator", "chance"]
