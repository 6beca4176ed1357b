from hypothesis import given
from hypothesis import strategies as st

from tests.mod.lua import load

_, CHANCE = load("lib.chance")
SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS, st.integers(-50, 50), st.integers(0, 100))
def test_numbers_stay_in_range_and_repeat(seed: int, low: int, width: int) -> None:
    one, two = CHANCE.new(seed), CHANCE.new(seed)
    first = [CHANCE.next(one, low, low + width) for _ in range(20)]
    assert first == [CHANCE.next(two, low, low + width) for _ in range(20)]
    assert all(low <= number <= low + width and number == int(number) for number in first)


def test_the_stream_is_park_and_millers() -> None:
    # The 48271 generator's own recurrence, in exact integers.
    rng = CHANCE.new(7)
    state = int(rng.state)
    for _ in range(1000):
        state = state * 48271 % 2147483647
        assert CHANCE.share(rng) == state / 2147483647


def _multiply(a: int, b: int) -> int:
    return a * b % 2**32


def _scramble(value: int) -> int:
    value = _multiply(value ^ value >> 16, 0x85EBCA6B)
    value = _multiply(value ^ value >> 13, 0xC2B2AE35)
    return value ^ value >> 16


@given(SEEDS, st.integers(0, 2**20), st.integers(-(2**20), 2**20), st.integers(-(2**20), 2**20))
def test_lattice_numbers_are_exact_in_doubles(seed: int, layer: int, x: int, y: int) -> None:
    mixed = _multiply((x + 1048576) % 2**32, 0x9E3779B1)
    mixed = _scramble(mixed ^ _multiply((y + 1048576) % 2**32, 0x85EBCA77))
    mixed = _scramble(mixed ^ _multiply(seed, 0xC2B2AE3D))
    assert CHANCE.at(seed, layer, x, y) == _scramble(mixed ^ layer) / 2**32


@given(SEEDS, st.integers(-200, 200), st.integers(-200, 200))
def test_noise_is_continuous(seed: int, x: int, y: int) -> None:
    here, beside = CHANCE.noise(seed, 1, x, y, 16), CHANCE.noise(seed, 1, x + 1, y, 16)
    assert 0 <= here < 1
    assert abs(here - beside) < 0.15


def test_shuffle_keeps_what_it_is_given() -> None:
    runtime, chance = load("lib.chance")
    items = runtime.table(*range(1, 21))
    chance.shuffle(chance.new(3), items)
    assert sorted(items.values()) == list(range(1, 21))
    assert list(items.values()) != list(range(1, 21))
