"""Research without a hand: plates to gears to science packs to a lab that studies automation."""


def power_plant(pairs):
    """Boilers side by side with two engines each, all on one network; returns an engine of it."""
    water = nearest(Resource.Water)
    move_to(water)
    pump = place_entity(Prototype.OffshorePump, Direction.UP, water)
    site = nearest_buildable(Prototype.Boiler, BuildingBox(width=6 * pairs, height=18), pump.position)
    source, engines = pump, []
    for index in range(pairs):
        place = site.left_bottom + Position(3 + 6 * index, -2)
        move_to(place.up(3))
        boiler = place_entity(Prototype.Boiler, Direction.UP, place)
        insert_item(Prototype.Coal, boiler, 50)
        first = place_entity_next_to(Prototype.SteamEngine, boiler.position, Direction.UP, spacing=1)
        last = place_entity_next_to(Prototype.SteamEngine, first.position, Direction.UP)
        connect_entities(source, boiler, Prototype.Pipe)
        connect_entities(boiler, first, Prototype.Pipe)
        source = boiler
        engines += [first, last]
    for engine in engines[1:]:
        connect_entities(engines[0], engine, Prototype.MediumElectricPole)
    return engines[0]


engine = power_plant(1)
works = nearest_buildable(Prototype.AssemblingMachine1, BuildingBox(width=16, height=9), Position(0, 0))
move_to(works.center)
gears = place_entity(Prototype.AssemblingMachine1, Direction.UP, works.left_top + Position(3.5, 5.5))
gears = set_entity_recipe(gears, Prototype.IronGearWheel)
carrier = place_entity_next_to(Prototype.Inserter, gears.position, Direction.RIGHT)
science = place_entity_next_to(Prototype.AssemblingMachine1, carrier.position, Direction.RIGHT)
science = set_entity_recipe(science, Prototype.AutomationSciencePack)
courier = place_entity_next_to(Prototype.Inserter, science.position, Direction.RIGHT)
lab = place_entity_next_to(Prototype.Lab, courier.position, Direction.RIGHT)
powered = [gears, carrier, science, courier, lab]
for machine, item, amount in ((gears, Prototype.IronPlate, 100), (science, Prototype.CopperPlate, 50)):
    loader = rotate_entity(place_entity_next_to(Prototype.Inserter, machine.position, Direction.UP), Direction.DOWN)
    chest = place_entity(Prototype.IronChest, Direction.UP, loader.pickup_position)
    insert_item(item, chest, amount)
    powered.append(loader)
for machine in powered:
    connect_entities(engine, machine, Prototype.MediumElectricPole)

print(set_research(Technology.Automation))
for minute in range(6):
    sleep(60)
    missing = get_research_progress(Technology.Automation)
    print(minute, missing, get_entity(Prototype.Lab, lab.position).status)
    if not missing:
        break
assert get_research_progress(Technology.Automation) == []
