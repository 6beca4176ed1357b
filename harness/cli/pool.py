"""`harness pool`: containers by hand, and what killed runs left behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

import anyio
import docker
import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from harness.core.errors import ConfigError
from harness.experiment.config import ServersConfig
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
    pids: Annotated[int, typer.Option(help="Most processes and threads of a server.")] = _DEFAULTS.pids,
    disk: Annotated[str, typer.Option(help="Most that a server may write, such as 256m.")] = _DEFAULTS.disk,
    first_port: Annotated[int | None, typer.Option(help="RCON port of the first; left out, any free ones.")] = None,
    publish: Annotated[str, typer.Option(help="Address of the engine's host for the ports.")] = _DEFAULTS.publish,
    start_timeout: Annotated[float, typer.Option(help="Seconds a server may take.")] = _DEFAULTS.start_timeout_s,
) -> None:
    """Start a pool that stands until it is taken down; experiments attach to it."""
    settings = _settings(
        launcher="docker",
        slots=slots,
        image=image,
        memory=memory,
        cpus=cpus,
        pids=pids,
        disk=disk,
        first_port=first_port,
        publish=publish,
        start_timeout_s=start_timeout,
    )
    try:
        with _engine() as client:
            addresses, file = anyio.run(raise_pool, client, name, settings)
    except KeyboardInterrupt:
        typer.echo(f"interrupted: pool {name} was not finished, what was made of it is removed", err=True)
        raise typer.Exit(130) from None
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
    console = Console()
    if not found:
        typer.echo("no servers in containers")
    elif console.is_terminal:
        console.print(_table(found))
    else:
        # Programs read lines, and no width is known that addresses would have to fit.
        for row in _rows(found):
            typer.echo("\t".join(row))


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
    """Remove what runs and unfinished pools left behind whose process is gone."""
    with _engine() as client:
        removed = reap(client, other_hosts=every)
    typer.echo(f"removed {', '.join(removed)}" if removed else "nothing was left behind")


def _settings(**given: Any) -> ServerSettings:
    """The settings, by the rules that hold for those in an experiment's file.

    Raises:
        ConfigError: each option that breaks one, one a line.
    """
    try:
        return ServerSettings(**ServersConfig(**given).model_dump())
    except ValidationError as error:
        raise ConfigError("\n".join(_complaint(each) for each in error.errors())) from None


def _complaint(problem: Any) -> str:
    option = "--" + str(problem["loc"][0]).removesuffix("_s").replace("_", "-")
    expected = problem["msg"].removeprefix("Input should be ")
    if problem["type"] == "string_pattern_mismatch":
        expected = "a whole number and one of k, m and g, such as 512m"
    return f"pool up {option}: expected {expected}, got {problem['input']}"


def _rows(found: list[ServerStatus]) -> Iterator[tuple[str, ...]]:
    now = datetime.now(UTC)
    for each in found:
        up_for = f"{(now - each.started).total_seconds():.0f} s" if each.started and each.memory_bytes else ""
        memory = f"{each.memory_bytes / 2**20:.0f} MiB" if each.memory_bytes else ""
        yield each.group, each.server, each.address, each.health, memory, up_for, each.image


def _table(found: list[ServerStatus]) -> Table:
    table = Table()
    for title in ("pool or run", "server", "address", "health", "memory", "up", "image"):
        table.add_column(title, overflow="fold")
    for group, server, address, health, *rest in _rows(found):
        color = "green" if health == "healthy" else "red"
        table.add_row(group, server, address, f"[{color}]{escape(health)}[/{color}]", *rest)
    return table
