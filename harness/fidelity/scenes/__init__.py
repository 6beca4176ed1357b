"""Scenes by the number of the check they measure; one function each, in modules by area."""

from harness.fidelity.run import Measure
from harness.fidelity.scenes import assemblers, belts, drills, fluids, furnaces, hands, inserters, power, research

SCENES: dict[int, Measure] = {
    number: measure
    for module in (drills, furnaces, assemblers, inserters, belts, fluids, power, research, hands)
    for number, measure in sorted(module.SCENES.items())
}
"""All of them."""

__all__ = ["SCENES"]
