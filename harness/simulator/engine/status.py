"""Numbers of `defines.entity_status` that the engine writes, and their names."""

from __future__ import annotations

from harness.data import prototypes

NUMBERS: dict[str, int] = prototypes.load()["defines"]["entity_status"]
"""Status numbers by name."""

NAMES: dict[int, str] = {number: name for name, number in NUMBERS.items()}
"""Status names by number."""

NORMAL: int = NUMBERS["normal"]
WORKING: int = NUMBERS["working"]
NO_FUEL: int = NUMBERS["no_fuel"]
NO_POWER: int = NUMBERS["no_power"]
NOT_PLUGGED_IN: int = NUMBERS["not_plugged_in_electric_network"]
NO_RECIPE: int = NUMBERS["no_recipe"]
NO_INGREDIENTS: int = NUMBERS["no_ingredients"]
ITEM_INGREDIENT_SHORTAGE: int = NUMBERS["item_ingredient_shortage"]
FLUID_INGREDIENT_SHORTAGE: int = NUMBERS["fluid_ingredient_shortage"]
FULL_OUTPUT: int = NUMBERS["full_output"]
NO_MINABLE_RESOURCES: int = NUMBERS["no_minable_resources"]
WAITING_FOR_SPACE: int = NUMBERS["waiting_for_space_in_destination"]
NO_INPUT_FLUID: int = NUMBERS["no_input_fluid"]
LOW_INPUT_FLUID: int = NUMBERS["low_input_fluid"]
MISSING_REQUIRED_FLUID: int = NUMBERS["missing_required_fluid"]
PIPELINE_OVEREXTENDED: int = NUMBERS["pipeline_overextended"]
LOW_TEMPERATURE: int = NUMBERS["low_temperature"]
FULL_BURNT_RESULT: int = NUMBERS["full_burnt_result_output"]
DISABLED_BY_SCRIPT: int = NUMBERS["disabled_by_script"]
