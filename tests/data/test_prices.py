"""Price lists against the game's own figures and against the examples the field quotes."""

from __future__ import annotations

import json
from importlib.resources import files
from math import log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.errors import ConfigError
from harness.data import prototypes
from harness.data.prices import prices, production_score, profiles

AMOUNTS = st.dictionaries(st.sampled_from(sorted(prices())), st.integers(0, 10**6).map(float), max_size=8)


def test_game_profile_is_the_games_own_list() -> None:
    expected = json.loads(files("harness.data").joinpath("prices_game_2.0.77.json").read_text())
    goods = prototypes.items().keys() | prototypes.others("fluid").keys()
    of_base_game = {name: price for name, price in expected.items() if name in goods or name == "energy"}
    assert prices("game") == pytest.approx(of_base_game, rel=1e-12)
    assert len(of_base_game) > 190


@pytest.mark.parametrize(
    ("name", "price"),
    [("electronic-circuit", 34.2), ("automation-science-pack", 45.7), ("inserter", 212.9)],
)
def test_reference_profile_matches_quoted_examples(name: str, price: float) -> None:
    assert prices("reference")[name] == pytest.approx(price, abs=0.05)


def test_reference_profile_prices_green_science() -> None:
    assert prices("reference")["logistic-science-pack"] == pytest.approx(493, abs=0.5)


def test_paper_profile_discounts_a_single_ingredient_and_not_two() -> None:
    paper = prices("paper")
    assert paper["iron-plate"] == pytest.approx(3.1 / 1.025 + log(4.2) * sqrt(3.1))
    base = paper["copper-cable"] * 3 + paper["iron-plate"]
    assert paper["electronic-circuit"] == pytest.approx(base + log(1.5) * sqrt(base))


def test_default_profile_is_reference() -> None:
    assert prices() == prices("reference")
    assert profiles()[0] == "reference"


def test_unknown_profile_names_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="reference, game, paper"):
        prices("cheap")


@pytest.mark.parametrize("profile", profiles())
def test_every_price_is_positive_and_every_recipe_result_has_one(profile: str) -> None:
    listed = prices(profile)
    assert all(price > 0 for price in listed.values())
    assert {"rocket-part", "space-science-pack", "uranium-235", "light-oil", "sulfuric-acid"} <= listed.keys()


def test_goods_never_consumed_count() -> None:
    assert production_score({"iron-ore": 10.0}, {}, prices()) == pytest.approx(31.0)


def test_goods_without_a_price_count_nothing() -> None:
    assert (
        production_score({"iron-ore": 1.0, "no-such-thing": 5.0}, {"nor-this": 2.0}, prices()) == prices()["iron-ore"]
    )


@given(produced=AMOUNTS, consumed=AMOUNTS)
def test_score_is_antisymmetric(produced: dict[str, float], consumed: dict[str, float]) -> None:
    assert production_score(produced, consumed, prices()) == -production_score(consumed, produced, prices())
