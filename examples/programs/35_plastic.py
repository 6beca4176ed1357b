"""Plastic: crude oil to petroleum gas in a refinery, gas and coal to plastic bars in a chemical plant."""


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


engine = power_plant(2)
well = nearest(Resource.CrudeOil)
move_to(well)
jack = place_entity(Prototype.PumpJack, Direction.UP, well)

# The plant faces up, towards free ground; its inserters and chests go in before the pipes look for their way.
works = nearest_buildable(Prototype.OilRefinery, BuildingBox(width=13, height=20), well)
move_to(works.center)
refinery = place_entity(Prototype.OilRefinery, Direction.UP, works.center + Position(0, 5))
refinery = set_entity_recipe(refinery, RecipeName.BasicOilProcessing)
plant = place_entity(Prototype.ChemicalPlant, Direction.UP, works.center + Position(0, -5))
plant = set_entity_recipe(plant, Prototype.PlasticBar)
feed = place_entity_next_to(Prototype.Inserter, plant.position, Direction.LEFT)
feed = rotate_entity(feed, Direction.RIGHT)
coal = place_entity(Prototype.IronChest, Direction.UP, feed.pickup_position)
insert_item(Prototype.Coal, coal, 100)
unload = place_entity_next_to(Prototype.Inserter, plant.position, Direction.RIGHT)
store = place_entity(Prototype.IronChest, Direction.UP, unload.drop_position)

pipes = {Prototype.Pipe, Prototype.UndergroundPipe}
connect_entities(jack, refinery, pipes)
connect_entities(refinery, plant, pipes)
for machine in (jack, refinery, plant, feed, unload):
    connect_entities(engine, machine, Prototype.MediumElectricPole)

sleep(120)
bars = inspect_inventory(store)[Prototype.PlasticBar]
print(f"{bars} plastic bars in two minutes")
assert bars > 0, get_entities({Prototype.OilRefinery, Prototype.ChemicalPlant, Prototype.PumpJack})
