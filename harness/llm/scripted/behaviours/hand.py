"""What the scripted model knows to do with its own hands: gather, craft, smelt in a furnace it tends, fuel, collect."""

from __future__ import annotations

from harness.llm.scripted.draft import RAW, SMELTED, Draft, craft_shortage, proto, resource, shortage

TARGETS = (
    "burner-mining-drill",
    "stone-furnace",
    "burner-inserter",
    "wooden-chest",
    "iron-gear-wheel",
    "transport-belt",
)
"""What hands are worth using for, in the early game."""


def gather(draft: Draft, *, wanted: str = "", count: int = 0) -> None:
    """Harvests one raw resource: the one asked for, else whichever a target lacks, else any."""
    wanted = wanted or _lacking(draft) or draft.rng.choice(RAW)
    count = count or draft.rng.choice((5, 8, 10, 12, 16, 20, 25))
    draft.add(
        f"gather {count} {wanted} by hand",
        f"""
        source = nearest({resource(wanted)})
        move_to(source)
        gathered = harvest_resource(source, quantity={count})
        print("gathered {wanted}", gathered)
        """,
    )
    draft.stock[wanted] += count


def _lacking(draft: Draft) -> str:
    """A raw resource that stands between the stock and a chance target; fuel counts among them."""
    if draft.stock["coal"] + draft.stock["wood"] < 5:
        return draft.rng.choice(("coal", "wood"))
    missing = shortage(draft.rng.choice(TARGETS[:3]), 1, draft.stock.copy())
    raw = sorted({SMELTED.get(item, item) for item in missing if SMELTED.get(item, item) in RAW})
    short = [item for item in raw if draft.stock[item] < 10]
    return draft.rng.choice(short) if short else ""


def craftable(draft: Draft) -> list[str]:
    """Targets the stock suffices for."""
    return [item for item in TARGETS if not craft_shortage(item, 1, draft.stock.copy())]


def craft(draft: Draft, *, wanted: str = "", count: int = 0) -> None:
    """Crafts something useful from what is held."""
    choices = craftable(draft)
    wanted = wanted or (draft.rng.choice(choices) if choices else draft.rng.choice(TARGETS))
    count = count or draft.rng.choice((1, 1, 2, 3))
    while count > 1 and craft_shortage(wanted, count, draft.stock.copy()):
        count -= 1
    draft.add(
        f"craft {count} {wanted}",
        f"""
        made = craft_item({proto(wanted)}, quantity={count})
        print("crafted {wanted}", made, inspect_inventory())
        """,
    )
    if not craft_shortage(wanted, count, draft.stock.copy()):
        craft_shortage(wanted, count, draft.stock)
        draft.stock[wanted] += count


def smelt_by_hand(draft: Draft) -> None:
    """Fills a furnace with ore and fuel, waits, and takes the plates out."""
    plate = draft.rng.choice(("iron-plate", "iron-plate", "copper-plate", "stone-brick"))
    ore, fuel, other = SMELTED[plate], draft.fuel(), draft.other_fuel()
    count = draft.rng.choice((4, 8, 10, 16, 20))
    have = draft.stock[ore]
    dig = "" if have >= count else f"harvest_resource(source, quantity={count - have})"
    standing = draft.built["stone-furnace"] > 0
    find = (
        "furnace = get_entities({Prototype.StoneFurnace})[0]\n        move_to(furnace.position)"
        if standing
        else "furnace = place_entity(Prototype.StoneFurnace, direction=Direction.UP, "
        "position=Position(x=int(source.x) + 4, y=int(source.y)))"
    )
    draft.add(
        f"smelt {count} {plate} by hand in a stone furnace",
        f"""
        source = nearest({resource(ore)})
        move_to(source)
        {dig or 'print("ore at hand", inspect_inventory())'}
        {find}
        if furnace.fuel.get({proto(other)}, 0) == 0:
            furnace = insert_item({proto(fuel)}, furnace, quantity={max(2, count // 6)})
        furnace = insert_item({proto(ore)}, furnace, quantity={count})
        sleep({int(count * 3.5) + draft.rng.choice((1, 3, 5))})
        taken = extract_item({proto(plate)}, furnace, quantity={count})
        print("took {plate}", taken)
        """,
    )
    if not standing:
        draft.spend({"stone-furnace": 1})
    draft.stock[ore] = max(0, have - count)
    draft.stock[plate] += count


def refuel(draft: Draft) -> None:
    """Tops up everything that burns."""
    fuel, other, least = draft.fuel(), draft.other_fuel(), draft.rng.choice((3, 5, 8, 15))
    draft.add(
        "refuel the burner machines that run low",
        f"""
        fuelled = 0
        for machine in get_entities({{Prototype.BurnerMiningDrill, Prototype.StoneFurnace, Prototype.Boiler}}):
            if inspect_inventory().get({proto(fuel)}, 0) < {least}:
                break
            if machine.fuel.get({proto(other)}, 0) == 0 and machine.fuel.get({proto(fuel)}, 0) < {least}:
                insert_item({proto(fuel)}, machine, quantity={least})
                fuelled = fuelled + 1
        print("fuelled", fuelled)
        """,
    )
    draft.spend({fuel: min(draft.stock[fuel], least * max(1, draft.built["burner-mining-drill"]))})


def collect(draft: Draft) -> None:
    """Takes plates out of furnaces and everything useful out of chests."""
    items = draft.rng.sample(("iron-plate", "copper-plate", "stone-brick", "iron-ore", "coal", "stone"), 4)
    names = ", ".join(proto(item) for item in sorted(items))
    draft.add(
        "collect what furnaces and chests hold",
        f"""
        taken = 0
        for holder in get_entities({{Prototype.StoneFurnace, Prototype.WoodenChest}}):
            contents = inspect_inventory(holder)
            for item in ({names}):
                if contents.get(item, 0) > 0:
                    taken = taken + extract_item(item, holder, quantity=contents.get(item, 0))
        print("took", taken, inspect_inventory())
        """,
    )


def look_around(draft: Draft) -> None:
    """Prints what a player would want to know before building."""
    ore = draft.rng.choice(("iron-ore", "copper-ore", "coal", "stone"))
    draft.add(
        f"look at the nearest {ore} and at what stands",
        f"""
        place = nearest({resource(ore)})
        patch = get_resource_patch({resource(ore)}, place, radius=20)
        print("patch", patch.size, patch.bounding_box)
        for entity in get_entities():
            print(entity.name, entity.position, entity.status)
        print("score", score())
        """,
    )


def wait(draft: Draft) -> None:
    """Waits and reads the score."""
    seconds = draft.rng.choice((10, 15, 20, 30, 45))
    draft.add(
        f"wait {seconds} seconds for the machines and read the score",
        f"""
        sleep({seconds})
        print("score", score())
        """,
    )
