"""Ten science packs made by hand, a lab with power, and the first technology researched."""

PACKS = 10

craft_item(Prototype.AutomationSciencePack, quantity=PACKS)

water = nearest(Resource.Water)
move_to(water)
pump = place_entity(Prototype.OffshorePump, position=water)
site = nearest_buildable(Prototype.Boiler, BuildingBox(width=5, height=5), pump.position)
move_to(site.center)
boiler = place_entity(Prototype.Boiler, position=site.center)
insert_item(Prototype.Coal, boiler, quantity=20)
site = nearest_buildable(Prototype.SteamEngine, BuildingBox(width=7, height=9), boiler.position)
move_to(site.center)
engine = place_entity(Prototype.SteamEngine, position=site.center)
connect_entities(pump, boiler, Prototype.Pipe)
connect_entities(boiler, engine, Prototype.Pipe)

site = nearest_buildable(Prototype.Lab, BuildingBox(width=5, height=5), engine.position)
move_to(site.center)
lab = place_entity(Prototype.Lab, position=site.center)
connect_entities(engine, lab, Prototype.SmallElectricPole)
lab = insert_item(Prototype.AutomationSciencePack, lab, quantity=PACKS)
print(lab.lab_input, lab.status)

needed = set_research(Technology.Automation)
print("needs", [(pack.name, pack.count) for pack in needed])
try:
    craft_item(Prototype.AssemblingMachine1)
except NotAvailableError as error:
    print("not yet:", error)

waited = 0
while get_research_progress(Technology.Automation):
    sleep(5)
    waited += 5
    assert waited < 300, get_entity(Prototype.Lab, lab.position).warnings
print(f"researched after {waited} seconds")
