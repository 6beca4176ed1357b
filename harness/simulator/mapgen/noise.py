"""All chance of map generation: an integer hash of (seed, layer, place), so no order of chunks can matter."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from harness.simulator.engine.tables import Float64, Int64

_MASK = (1 << 64) - 1
_LAYERS = {
    name: number
    for number, name in enumerate(
        ("sector", "turn", "distance", "far", "water", "ground", "forest", "tree", "rock", "edge", "well"), start=1
    )
}


def _mix(value: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Scrambles 64 bits. Source: the finaliser of SplitMix64 (Steele, Lea, Flood 2014)."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


def chance(seed: int, layer: str, x: Int64, y: Int64) -> Float64:
    """Uniform numbers 0..1, one for each place (x, y) of a layer."""
    first = np.uint64((seed * 0x9E3779B97F4A7C15 + _LAYERS[layer] * 0xD1B54A32D192ED03) & _MASK)
    columns = np.asarray(x, np.int64).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    rows = np.asarray(y, np.int64).astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)
    return _mix(_mix(columns ^ first) + rows).astype(np.float64) / 2.0**64


def draw(seed: int, layer: str, x: int, y: int) -> float:
    """`chance` of a single place."""
    return float(chance(seed, layer, np.array([x]), np.array([y]))[0])


def noise(seed: int, layer: str, x: Int64, y: Int64, scale: int) -> Float64:
    """Smooth noise 0..1 over tiles: three octaves of chance on a lattice, the widest `scale` tiles apart."""
    total = np.zeros(np.broadcast(x, y).shape, np.float64)
    weight, side, whole = 1.0, scale, 0.0
    for octave in range(3):
        column, row = x // side, y // side
        across, down = _smooth((x % side) / side), _smooth((y % side) / side)
        offset = octave * 1_000_003
        corners = [[chance(seed, layer, column + i + offset, row + j) for i in (0, 1)] for j in (0, 1)]
        upper = corners[0][0] + (corners[0][1] - corners[0][0]) * across
        lower = corners[1][0] + (corners[1][1] - corners[1][0]) * across
        total += weight * (upper + (lower - upper) * down)
        whole += weight
        weight, side = weight / 2, max(2, side // 2)
    return total / whole


def _smooth(part: Float64) -> Float64:
    return part * part * (3.0 - 2.0 * part)
