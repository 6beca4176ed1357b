"""`harness pool`: containers by hand, and what killed runs left behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import Annotated

import anyio
import docker
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from harness.core.errors import ConfigError
from harness.servers.engine import connect
from harness.servers.external import PASSWORD_FILE_VARIABLE
from harness.servers.launcher import ServerSettings
from harness.servers.raising import raise_pool
from harness.servers.standing import ServerStatus, log_of, lower_pool, reap, statuses

pool = typer.Typer(name="pool", no_args_is_help=True, help="Pools of server containers by hand.")

Name = Annotated[str, typer.Argument(help="The pool's name.")]

_DEFAULTS = ServerSettings()


@contextmanager
def _engine() -> Iterator[docker.DockerClient]:
    with closing(connect()) as client:
        yield client


@pool.command()
def up(
    name: Name,
    slots: Annotated[int, typer.Option(min=1, max=64, help="Servers beside the holdout.")] = _DEFAULTS.slots,
    image: Annotated[str, typer.Option(help="simulator, factorio, or an image's reference.")] = _DEFAULTS.image,
    memory: Annotated[str, typer.Option(help="Most memory of a server, such as 1g.")] = _DEFAULTS.memory,
    cpus: Annotated[float, typer.Option(help="Most processors of a server.")] = _DEFAULTS.cpus,
    first_port: Annotated[int | None, typer.Option(help="RCON port of the first; left out, any free ones.")] = None,
    publish: Annotated[str, typer.Option(help="Address of the engine's host for the ports.")] = _DEFAULTS.publish,
    start_timeout: Annotated[float, typer.Option(help="Seconds a server may take.")] = _DEFAULTS.start_timeout_s,
) -> None:
    """Start a pool that stands until it is taken down; experiments attach to it."""
    settings = ServerSettings(
        launcher="docker",
        slots=slots,
        image=image,
        memory=memory,
        cpus=cpus,
        first_port=first_port,
        publish=publish,
        start_timeout_s=start_timeout,
    )
    with _engine() as client:
        addresses, file = anyio.run(raise_pool, client, name, settings)
    listed = ", ".join(f'"{address}"' for address in addresses)
    typer.echo(f"password: export {PASSWORD_FILE_VARIABLE}={file}")
    typer.echo(f"servers: {{ launcher: external, slots: {slots}, addresses: [{listed}] }}")


@pool.command()
def status(name: Annotated[str | None, typer.Argument(help="One pool; left out, all pools and runs.")] = None) -> None:
    """Show servers: health, memory, how long they have been up."""
    with _engine() as client:
        found = statuses(client, name)
    if name is not None and not found:
        raise ConfigError(f"pool {name}: expected a pool that is up, found none; start it: harness pool up {name}")
    Console().print(_table(found) if found else "no servers in containers")


@pool.command()
def logs(
    name: Name,
    server: Annotated[str, typer.Argument(help="Such as slot-0 or holdout.")] = "holdout",
    tail: Annotated[int, typer.Option(min=1, help="Lines.")] = 100,
) -> None:
    """Print what a server of a pool wrote."""
    with _engine() as client:
        typer.echo(log_of(client, name, server, tail), nl=False)


@pool.command()
def down(name: Name) -> None:
    """Stop a pool and remove all of it, its password too."""
    with _engine() as client:
        removed = lower_pool(client, name)
    if not removed:
        raise ConfigError(f"pool {name}: expected a pool that is up, found none; see harness pool status")
    typer.echo(f"removed {', '.join(removed)}")


@pool.command(name="reap")
def reap_(
    every: Annotated[
        bool, typer.Option("--all", help="Also what other hosts' runs made; only if none of them runs.")
    ] = False,
) -> None:
    """Remove what runs left behind whose process is gone."""
    with _engine() as client:
        removed = reap(client, other_hosts=every)
    typer.echo(f"removed {', '.join(removed)}" if removed else "nothing was left behind")


def _table(found: list[ServerStatus]) -> Table:
    table = Table("pool or run", "server", "address", "health", "memory", "up", "image")
    now = datetime.now(UTC)
    for each in found:
        up_for = f"{(now - each.started).total_seconds():.0f} s" if each.started and each.memory_bytes else ""
        memory = f"{each.memory_bytes / 2**20:.0f} MiB" if each.memory_bytes else ""
        color = "green" if each.health == "healthy" else "red"
        health = f"[{color}]{escape(each.health)}[/{color}]"
        table.add_row(each.group, each.server, each.address, health, memory, up_for, each.image)
    return table
