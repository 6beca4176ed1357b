"""Runs every measurement and prints one table; `make bench`."""

from rich.console import Console
from rich.table import Table

from bench import (
    belts,
    containers,
    engine,
    evaluation,
    lua,
    machines,
    power,
    queries,
    records,
    search,
    server,
    states,
    wire,
)

SECTIONS = (
    ("engine, called directly", engine.measure),
    ("belts and inserters, beside factory-sim", belts.measure),
    ("machines, at work and blocked", machines.measure),
    ("electricity and labs, cost over an empty grid", power.measure),
    ("finding entities", queries.measure),
    ("scripts", lua.measure),
    ("portable states, without the socket", states.measure),
    ("tree search, 100,000 nodes, ask and tell", search.measure),
    ("server process", server.measure),
    ("servers in containers", containers.measure),
    ("evaluation in parallel", evaluation.measure),
    ("records of a run", records.measure),
    ("connection, programs and states, one slot", wire.measure),
    ("tools, one slot: calls direct over RCON, and inside a confined program", wire.measure_tools),
)


def main() -> None:
    """Prints the table."""
    table = Table(title="speed on this machine", title_justify="left")
    table.add_column("what")
    table.add_column("result", justify="right")
    for title, measure in SECTIONS:
        table.add_section()
        table.add_row(f"[bold]{title}[/bold]", "")
        for what, result in measure():
            table.add_row(what, result)
    Console().print(table)


main()
