"""Three pumpjacks on one pipeline into a refinery, its petroleum gas kept in a tank."""


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
place = nearest(Resource.CrudeOil)
jacks = []
for _ in range(3):
    place = nearest_buildable(Prototype.PumpJack, BuildingBox(width=3, height=3), place).center
    move_to(place)
    jacks.append(place_entity(Prototype.PumpJack, Direction.UP, place))

works = nearest_buildable(Prototype.OilRefinery, BuildingBox(width=9, height=18), place)
move_to(works.center)
refinery = place_entity(Prototype.OilRefinery, Direction.UP, works.center + Position(0, 3))
refinery = set_entity_recipe(refinery, RecipeName.BasicOilProcessing)
tank = place_entity(Prototype.StorageTank, Direction.UP, works.center - Position(0, 6))
connect_entities(refinery, tank, Prototype.Pipe)
pipes = {Prototype.Pipe, Prototype.UndergroundPipe}
line = connect_entities(jacks[0], refinery, pipes)
for jack in jacks[1:]:
    line = connect_entities(jack, line, pipes)
for machine in (*jacks, refinery):
    connect_entities(engine, machine, Prototype.MediumElectricPole)

sleep(120)
tank = get_entity(Prototype.StorageTank, tank.position)
print(tank.fluid_box)
print([get_entity(Prototype.PumpJack, jack.position).status for jack in jacks])
print(line)
assert tank.fluid_box and tank.fluid_box[0]["name"] == "petroleum-gas"
