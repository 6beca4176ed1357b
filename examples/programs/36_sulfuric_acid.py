"""Sulfuric acid: petroleum gas and water to sulfur, sulfur and iron and water to acid, kept in a tank."""


def power_plant(pairs):
    """Boilers side by side with two engines each, all on one network; returns an engine and the water line."""
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
        line = connect_entities(source, boiler, Prototype.Pipe)
        connect_entities(boiler, first, Prototype.Pipe)
        source = boiler
        engines += [first, last]
    for engine in engines[1:]:
        connect_entities(engines[0], engine, Prototype.MediumElectricPole)
    return engines[0], line


engine, line = power_plant(2)
well = nearest(Resource.CrudeOil)
move_to(well)
jack = place_entity(Prototype.PumpJack, Direction.UP, well)

# Two chemical plants in a row, the sulfur handed over by an inserter between them.
works = nearest_buildable(Prototype.OilRefinery, BuildingBox(width=19, height=24), well)
move_to(works.center)
refinery = place_entity(Prototype.OilRefinery, Direction.UP, works.center + Position(-3, 7))
refinery = set_entity_recipe(refinery, RecipeName.BasicOilProcessing)
sulfur = place_entity(Prototype.ChemicalPlant, Direction.UP, works.center + Position(-3, -4))
sulfur = set_entity_recipe(sulfur, Prototype.Sulfur)
carrier = place_entity_next_to(Prototype.Inserter, sulfur.position, Direction.RIGHT)
acid = place_entity_next_to(Prototype.ChemicalPlant, carrier.position, Direction.RIGHT)
acid = rotate_entity(acid, Direction.UP)
acid = set_entity_recipe(acid, RecipeName.SulfuricAcid)
feed = rotate_entity(place_entity_next_to(Prototype.Inserter, acid.position, Direction.RIGHT), Direction.LEFT)
iron = place_entity(Prototype.IronChest, Direction.UP, feed.pickup_position)
insert_item(Prototype.IronPlate, iron, 100)
tank = place_entity(Prototype.StorageTank, Direction.UP, works.center + Position(3, -9))
print(sulfur.input_connection_points, sulfur.output_connection_points)
print(acid.input_connection_points, acid.output_connection_points)

pipes = {Prototype.Pipe, Prototype.UndergroundPipe}
connect_entities(acid, tank, pipes)
connect_entities(jack, refinery, pipes)
connect_entities(refinery, sulfur, pipes)
line = connect_entities(line, sulfur, pipes)
connect_entities(line, acid, pipes)
for machine in (jack, refinery, sulfur, carrier, acid, feed):
    connect_entities(engine, machine, Prototype.MediumElectricPole)

sleep(180)
tank = get_entity(Prototype.StorageTank, tank.position)
print(tank.fluid_box)
assert tank.fluid_box and tank.fluid_box[0]["name"] == "sulfuric-acid"
