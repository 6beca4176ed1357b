"""The constant tables of prototype facts that kernels read; `prototypes.py` fills them.

Letters: I items, P entity prototypes, R recipes, L recipe lines, T technologies, H triggers of technologies, G tiles.
Distances are 1/256 tile, energies joules a tick, times seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from harness.simulator.engine.tables import NONE, Bool, Float64, Int8, Int16, Int32, Int64, Table

EFFECTS = ("speed", "consumption", "productivity", "pollution", "quality")
"""What modules change; the position is the column of `Items.effect` and the bit of `EntityPrototypes.effects`."""

SPEED = 0
CONSUMPTION = 1
PRODUCTIVITY = 2
POLLUTION = 3
QUALITY = 4

MAX_PACKS = 12
"""Sorts of science pack a technology may ask for; the base game's ask for up to 7."""

CRAFT_ITEM = 0
MINE_ENTITY = 1
CRAFT_FLUID = 2
BUILD_ENTITY = 3
SEND_ITEM = 4
TRIGGER_DEEDS = {
    "craft-item": CRAFT_ITEM,
    "mine-entity": MINE_ENTITY,
    "craft-fluid": CRAFT_FLUID,
    "build-entity": BUILD_ENTITY,
    "send-item-to-orbit": SEND_ITEM,
}
"""Sorts of trigger by the type of the prototype's `research_trigger`."""


@dataclass(slots=True)
class Items(Table):
    """Item prototypes.

    Attributes:
        stack_size: (I,) int32.
        fuel_value: (I,) float64, joules; 0 when it does not burn.
        fuel_category: (I,) int8, number of the fuel category in name order, or NONE.
        burnt_result: (I,) int16, item that is left when it has burnt, or NONE.
        place_result: (I,) int16, entity prototype it builds, or NONE.
        science_pack: (I,) bool, whether a lab takes it.
        pack_place: (I,) int8, its place among the slots of a lab, or NONE.
        first_sole_use: (I,) int16, the first recipe that takes this item and nothing else, or NONE.
        payload: (I,) bool, earns something when a rocket takes it up.
        ammo_category: (I,) int8, number of the ammunition category in name order, or NONE.
        module: (I,) bool, goes into module slots.
        effect: (I, 5) int16, what a module does, in hundredths: see `EFFECTS`.
        durability: (I,) float64, of one item; 0 for what does not wear.
    """

    stack_size: Int32
    fuel_value: Float64
    fuel_category: Int8
    burnt_result: Int16
    place_result: Int16
    science_pack: Bool
    pack_place: Int8
    first_sole_use: Int16
    payload: Bool
    ammo_category: Int8
    module: Bool
    effect: Int16
    durability: Float64

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Items that do nothing."""
        return cls(
            stack_size=np.ones(capacity, np.int32),
            fuel_value=np.zeros(capacity, np.float64),
            fuel_category=np.full(capacity, NONE, np.int8),
            burnt_result=np.full(capacity, NONE, np.int16),
            place_result=np.full(capacity, NONE, np.int16),
            science_pack=np.zeros(capacity, np.bool_),
            pack_place=np.full(capacity, NONE, np.int8),
            first_sole_use=np.full(capacity, NONE, np.int16),
            payload=np.zeros(capacity, np.bool_),
            ammo_category=np.full(capacity, NONE, np.int8),
            module=np.zeros(capacity, np.bool_),
            effect=np.zeros((capacity, len(EFFECTS)), np.int16),
            durability=np.zeros(capacity, np.float64),
        )


@dataclass(slots=True)
class EntityPrototypes(Table):
    """Entity prototypes, as they are facing north.

    Attributes:
        kind: (P,) int16, position in `prototypes.KINDS`.
        tile_width: (P,) int16.
        tile_height: (P,) int16.
        box_left: (P,) int32, collision box.
        box_top: (P,) int32.
        box_right: (P,) int32.
        box_bottom: (P,) int32.
        mask: (P,) int32, collision layers as bits; so for tiles.
        off_grid: (P,) bool, may stand at any position.
        max_health: (P,) float64.
        mineable: (P,) bool.
        mining_time: (P,) float64, seconds at mining speed 1.
        mining_product: (P,) int16, the one item that mining gives, or NONE when there are none or several.
        inventory_slots: (P,) int16, main inventory (chests, character).
        crafting_speed: (P,) float64.
        researching_speed: (P,) float64, of labs.
        categories: (P,) int32, recipe categories as bits.
        burner: (P,) bool, runs on fuel.
        fuel_slots: (P,) int16.
        effectivity: (P,) float64, of the burner.
        fuel_categories: (P,) int8, as bits.
        energy_usage: (P,) float64, joules a tick at work.
        active_usage: (P,) float64, joules a tick a rocket silo takes besides while its doors, arms or rocket move.
        mining_speed: (P,) float64, of drills and characters.
        mining_radius: (P,) int32, half side of a drill's area.
        drop_x: (P,) int32, where a drill puts what it mined, from its centre.
        drop_y: (P,) int32.
        resource_categories: (P,) int8, bits: what a drill mines, what a resource is.
        infinite: (P,) bool, resource that never runs out.
        ammo_category: (P,) int8, ammunition a turret shoots, or NONE.
        ammo_limit: (P,) int32, magazines inserters load it with.
        module_slots: (P,) int16.
        module_inventory: (P,) int8, number in `defines.inventory` of the module slots, or NONE.
        effects: (P,) int8, effects it may have, as bits in the order of `EFFECTS`.
        beacon_reach: (P,) int32, how far beyond its own tiles a beacon acts; 0 for anything else.
        beacon_strength: (P,) float64, factor of a beacon's modules.
        required_fluid: (P,) int16, fluid that mining the resource takes, or NONE.
        required_amount: (P,) float64, units of it for one item.
        mining_fluid: (P,) int16, the one fluid that mining gives, or NONE.
        mining_fluid_amount: (P,) float64, units of it at a yield of 100 %.
        normal_yield: (P,) int64, amount of an infinite resource at 100 %.
        minimum_yield: (P,) int64, amount an infinite resource never goes below.
        depletion: (P,) int64, what one mining operation takes off the amount.
    """

    kind: Int16
    tile_width: Int16
    tile_height: Int16
    box_left: Int32
    box_top: Int32
    box_right: Int32
    box_bottom: Int32
    mask: Int32
    off_grid: Bool
    max_health: Float64
    mineable: Bool
    mining_time: Float64
    mining_product: Int16
    inventory_slots: Int16
    crafting_speed: Float64
    researching_speed: Float64
    categories: Int32
    burner: Bool
    fuel_slots: Int16
    effectivity: Float64
    fuel_categories: Int8
    energy_usage: Float64
    active_usage: Float64
    mining_speed: Float64
    mining_radius: Int32
    drop_x: Int32
    drop_y: Int32
    resource_categories: Int8
    infinite: Bool
    ammo_category: Int8
    ammo_limit: Int32
    module_slots: Int16
    module_inventory: Int8
    effects: Int8
    beacon_reach: Int32
    beacon_strength: Float64
    required_fluid: Int16
    required_amount: Float64
    mining_fluid: Int16
    mining_fluid_amount: Float64
    normal_yield: Int64
    minimum_yield: Int64
    depletion: Int64

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Prototypes that do nothing."""
        return cls(
            kind=np.zeros(capacity, np.int16),
            tile_width=np.ones(capacity, np.int16),
            tile_height=np.ones(capacity, np.int16),
            box_left=np.zeros(capacity, np.int32),
            box_top=np.zeros(capacity, np.int32),
            box_right=np.zeros(capacity, np.int32),
            box_bottom=np.zeros(capacity, np.int32),
            mask=np.zeros(capacity, np.int32),
            off_grid=np.zeros(capacity, np.bool_),
            max_health=np.zeros(capacity, np.float64),
            mineable=np.zeros(capacity, np.bool_),
            mining_time=np.zeros(capacity, np.float64),
            mining_product=np.full(capacity, NONE, np.int16),
            inventory_slots=np.zeros(capacity, np.int16),
            crafting_speed=np.zeros(capacity, np.float64),
            researching_speed=np.zeros(capacity, np.float64),
            categories=np.zeros(capacity, np.int32),
            burner=np.zeros(capacity, np.bool_),
            fuel_slots=np.zeros(capacity, np.int16),
            effectivity=np.ones(capacity, np.float64),
            fuel_categories=np.zeros(capacity, np.int8),
            energy_usage=np.zeros(capacity, np.float64),
            active_usage=np.zeros(capacity, np.float64),
            mining_speed=np.zeros(capacity, np.float64),
            mining_radius=np.zeros(capacity, np.int32),
            drop_x=np.zeros(capacity, np.int32),
            drop_y=np.zeros(capacity, np.int32),
            resource_categories=np.zeros(capacity, np.int8),
            infinite=np.zeros(capacity, np.bool_),
            ammo_category=np.full(capacity, NONE, np.int8),
            ammo_limit=np.zeros(capacity, np.int32),
            module_slots=np.zeros(capacity, np.int16),
            module_inventory=np.full(capacity, NONE, np.int8),
            effects=np.zeros(capacity, np.int8),
            beacon_reach=np.zeros(capacity, np.int32),
            beacon_strength=np.zeros(capacity, np.float64),
            required_fluid=np.full(capacity, NONE, np.int16),
            required_amount=np.zeros(capacity, np.float64),
            mining_fluid=np.full(capacity, NONE, np.int16),
            mining_fluid_amount=np.zeros(capacity, np.float64),
            normal_yield=np.ones(capacity, np.int64),
            minimum_yield=np.zeros(capacity, np.int64),
            depletion=np.ones(capacity, np.int64),
        )


@dataclass(slots=True)
class Recipes(Table):
    """Recipes. Lines `first_ingredient..first_product` of `RecipeLines` go in, `first_product..end` come out.

    Attributes:
        seconds: (R,) float64, at crafting speed 1.
        category: (R,) int8.
        enabled: (R,) bool, from the start.
        hidden: (R,) bool.
        has_fluid: (R,) bool.
        allow_productivity: (R,) bool, whether productivity acts on it.
        next_sole_use: (R,) int16, the next recipe that takes the same one item and nothing else, or NONE.
        first_ingredient: (R,) int32.
        first_product: (R,) int32.
        end: (R,) int32.
    """

    seconds: Float64
    category: Int8
    enabled: Bool
    hidden: Bool
    has_fluid: Bool
    allow_productivity: Bool
    next_sole_use: Int16
    first_ingredient: Int32
    first_product: Int32
    end: Int32

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Recipes of nothing."""
        return cls(
            seconds=np.zeros(capacity, np.float64),
            category=np.zeros(capacity, np.int8),
            enabled=np.zeros(capacity, np.bool_),
            hidden=np.zeros(capacity, np.bool_),
            has_fluid=np.zeros(capacity, np.bool_),
            allow_productivity=np.zeros(capacity, np.bool_),
            next_sole_use=np.full(capacity, NONE, np.int16),
            first_ingredient=np.zeros(capacity, np.int32),
            first_product=np.zeros(capacity, np.int32),
            end=np.zeros(capacity, np.int32),
        )


@dataclass(slots=True)
class RecipeLines(Table):
    """Ingredients and products.

    Attributes:
        is_fluid: (L,) bool.
        id: (L,) int16, item or fluid id.
        amount: (L,) float64, the least when it varies.
        amount_max: (L,) float64.
        probability: (L,) float64.
        not_bonus: (L,) float64, part of the amount that free products of productivity leave out.
        not_counted: (L,) float64, part of the amount that statistics leave out.
        temperature: (L,) float64, degrees of a fluid that is made.
    """

    is_fluid: Bool
    id: Int16
    amount: Float64
    amount_max: Float64
    probability: Float64
    not_bonus: Float64
    not_counted: Float64
    temperature: Float64

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Lines of nothing."""
        return cls(
            is_fluid=np.zeros(capacity, np.bool_),
            id=np.full(capacity, NONE, np.int16),
            amount=np.zeros(capacity, np.float64),
            amount_max=np.zeros(capacity, np.float64),
            probability=np.ones(capacity, np.float64),
            not_bonus=np.zeros(capacity, np.float64),
            not_counted=np.zeros(capacity, np.float64),
            temperature=np.zeros(capacity, np.float64),
        )


@dataclass(slots=True)
class Technologies(Table):
    """Technologies. K: sorts of science pack a technology takes at most.

    Attributes:
        enabled: (T,) bool.
        unit_ticks: (T,) float64, ticks a lab of speed 1 works on one unit; 0 for what labs do not research.
        pack: (T, K) int16, science packs of a unit, NONE behind the last.
        pack_amount: (T, K) float64, how many of each.
    """

    enabled: Bool
    unit_ticks: Float64
    pack: Int16
    pack_amount: Float64

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Technologies that do nothing."""
        return cls(
            enabled=np.ones(capacity, np.bool_),
            unit_ticks=np.zeros(capacity, np.float64),
            pack=np.full((capacity, MAX_PACKS), NONE, np.int16),
            pack_amount=np.zeros((capacity, MAX_PACKS), np.float64),
        )


@dataclass(slots=True)
class Triggers(Table):
    """What researches a technology without labs, one row a technology that has such a trigger.

    Attributes:
        technology: (H,) int16.
        deed: (H,) int8, CRAFT_ITEM, MINE_ENTITY, CRAFT_FLUID, BUILD_ENTITY or SEND_ITEM; NONE for any other deed.
        target: (H,) int16, id of the item, entity prototype or fluid it is about.
        needed: (H,) float64, how many, or how much, of it.
    """

    technology: Int16
    deed: Int8
    target: Int16
    needed: Float64

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Triggers that never come."""
        return cls(
            technology=np.zeros(capacity, np.int16),
            deed=np.full(capacity, NONE, np.int8),
            target=np.full(capacity, NONE, np.int16),
            needed=np.ones(capacity, np.float64),
        )


@dataclass(slots=True)
class Tiles(Table):
    """Tile prototypes.

    Attributes:
        mask: (G,) int32, collision layers as bits.
        fluid: (G,) bool, whether an offshore pump draws from it.
        walking_speed: (G,) float64, factor on the speed of who walks on it.
    """

    mask: Int32
    fluid: Bool
    walking_speed: Float64

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Tiles that collide with nothing."""
        return cls(
            mask=np.zeros(capacity, np.int32),
            fluid=np.zeros(capacity, np.bool_),
            walking_speed=np.ones(capacity, np.float64),
        )


@dataclass(slots=True)
class BeaconProfile(Table):
    """What each of several beacons around a machine still does. N: how many they are, less one; the last for more.

    Attributes:
        factor: (N,) float64.
    """

    factor: Float64

    @classmethod
    def allocate(cls, capacity: int) -> Self:
        """Beacons that do not get in each other's way."""
        return cls(factor=np.ones(capacity, np.float64))
