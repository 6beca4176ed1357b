"""`harness doctor`: whether this installation works, and whether a server does all that the harness needs."""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import anyio
import docker
import typer
from anyio.to_thread import run_sync
from rich.console import Console
from rich.progress import Progress

from harness.conformance import CHECKS, Outcome, as_json, conform, plain_lines, rich_table
from harness.core.errors import ConfigError, HarnessError, ServerError
from harness.game import FactorioInstance, RconConnection
from harness.game.instance import PASSWORD_VARIABLE
from harness.mod import compute_hash, mod_hash
from harness.programs import missing_layers
from harness.servers import RunningServer, ServerSettings, make_launcher
from harness.servers.engine import connect
from harness.servers.external import PASSWORD_FILE_VARIABLE
from harness.servers.images import IMAGES, reference

EMBEDDED = "embedded"
_OLDEST = (3, 11)
_MISSING_TEXT = "not there"


def examine(where: str | None, password_file: Path | None, yes: bool, as_text: bool, console: Console) -> None:
    """Checks the installation or, if `where` names one, a server; prints what came out.

    Args:
        where: `host:port` of a server that runs, `embedded`, or the name of an image to start a container of.
        password_file: holds the RCON password of a server that runs.
        yes: do not ask before the game of a server that runs is lost.
        as_text: print JSON, not a table.
        console: for the table and the question.

    Raises:
        HarnessError: something that is needed does not work.
    """
    if where is None:
        title, outcomes = "this installation", list(_show(_installation(), 8, console, as_text))
    else:
        title, outcomes = anyio.run(_examine_server, where, password_file, yes, as_text, console)
    failed = [outcome.name for outcome in outcomes if outcome.needed and not outcome.ok]
    if as_text:
        typer.echo(json.dumps({"of": title, "ok": not failed, "checks": as_json(outcomes)}, indent=2))
    elif console.is_terminal:
        console.print(rich_table(outcomes, title))
    else:
        typer.echo("\n".join(plain_lines(outcomes, title)))
    if failed:
        raise HarnessError(f"{title}: {len(failed)} of {len(outcomes)} checks failed: {', '.join(failed)}")


def _show(outcomes: Iterator[Outcome], total: int, console: Console, quiet: bool) -> Iterator[Outcome]:
    with Progress(console=console, transient=True, disable=quiet) as progress:
        task = progress.add_task("checking", total=total)
        for outcome in outcomes:
            progress.update(task, advance=1, description=outcome.name)
            yield outcome


# The installation


def _installation() -> Iterator[Outcome]:
    found = platform.python_version()
    oldest = ".".join(map(str, _OLDEST))
    yield Outcome(name="Python", expected=f"{oldest} or newer", found=found, ok=sys.version_info >= _OLDEST)
    recorded, files = mod_hash(), compute_hash()
    yield Outcome(name="agent mod", expected=recorded[:12], found=files[:12], ok=recorded == files)
    missing = missing_layers()
    yield Outcome(
        name="confinement of programs",
        expected="all layers",
        found=f"without {', '.join(missing)}" if missing else "all layers",
        ok=not missing,
        needed=False,
    )
    yield from anyio.run(_embedded)
    yield from _engine()


async def _embedded() -> list[Outcome]:
    began = time.monotonic()
    expected = "ready"
    try:
        async with _started(EMBEDDED) as server:
            took = time.monotonic() - began
            started = Outcome(name="embedded server", expected=expected, found=f"ready after {took:.1f} s", ok=True)
            return [started, await run_sync(_program, server)]
    except HarnessError as error:
        return [Outcome(name="embedded server", expected=expected, found=str(error), ok=False)]


def _engine() -> Iterator[Outcome]:
    """Containers are one way to run servers; without an engine there is another."""
    name, expected = "container engine", "answers"
    try:
        client = connect()
    except HarnessError as error:
        yield Outcome(name=name, expected=expected, found=str(error), ok=False, needed=False)
        return
    version = client.version()
    yield Outcome(name=name, expected=expected, found=f"version {version['Version']} answers", ok=True, needed=False)
    for image in IMAGES:
        yield _image(client, image)
    client.close()


def _image(client: docker.DockerClient, image: str) -> Outcome:
    wanted = reference(image)
    there = bool(client.images.list(name=wanted))
    found = wanted if there else f"{_MISSING_TEXT}; images/build {image} makes it"
    return Outcome(name=f"image of {image}", expected=wanted, found=found, ok=there, needed=False)


# A server


async def _examine_server(
    where: str, password_file: Path | None, yes: bool, quiet: bool, console: Console
) -> tuple[str, list[Outcome]]:
    if where != EMBEDDED and where not in IMAGES:
        _ask(where, yes, console)
    async with _server(where, password_file) as server:
        began = time.monotonic()
        outcomes = await run_sync(_conformance, server, console, quiet)
        took = time.monotonic() - began
    return f"{where}: {len(outcomes)} checks in {took:.1f} s", outcomes


def _conformance(server: RunningServer, console: Console, quiet: bool) -> list[Outcome]:
    with RconConnection(server.address, server.port, server.password) as rcon:
        outcomes = list(_show(conform(rcon), len(CHECKS), console, quiet))
    return [*outcomes, _program(server)]


def _program(server: RunningServer) -> Outcome:
    """One program, from a confined worker to the server and back."""
    expected = "a chest built by a program, gone after the reset"
    try:
        with FactorioInstance(
            server.address, server.port, inventory={"wooden-chest": 1}, rcon_password=server.password
        ) as instance:
            start = instance.state()
            ended = instance.eval("place_entity(Prototype.WoodenChest, position=Position(x=3.5, y=0.5))")
            built = [entity["name"] for entity in instance.get_entities()]
            instance.reset(start)
            left = [entity["name"] for entity in instance.get_entities()]
    except ServerError as error:
        return Outcome(name="a program in a worker", expected=expected, found=str(error), ok=False)
    ok = built == ["wooden-chest"] and left == []
    found = expected if ok else f"built {built}, after the reset {left}: {ended.response}"
    return Outcome(name="a program in a worker", expected=expected, found=found, ok=ok)


def _ask(where: str, yes: bool, console: Console) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise ConfigError(
            f"{where}: the checks replace the game on that server, its world is lost; expected --yes to go on"
        )
    console.print(f"The checks replace the game on {where}; its world is lost.")
    typer.confirm("Go on?", abort=True)


def _server(where: str, password_file: Path | None) -> AbstractAsyncContextManager[RunningServer]:
    if where == EMBEDDED or where in IMAGES:
        return _started(where)
    return _running(where, password_file)


@asynccontextmanager
async def _running(where: str, password_file: Path | None) -> AsyncGenerator[RunningServer]:
    host, _, port = where.rpartition(":")
    if not host or not port.isdecimal():
        raise ConfigError(f"server: expected host:port, {EMBEDDED}, {' or '.join(IMAGES)}, got {where!r}")
    yield RunningServer(name=where, address=host, port=int(port), password=_password(password_file))


@asynccontextmanager
async def _started(where: str) -> AsyncGenerator[RunningServer]:
    settings = ServerSettings(slots=1)
    if where != EMBEDDED:
        settings = replace(settings, launcher="docker", image=where)
    with tempfile.TemporaryDirectory(prefix="harness-") as logs:
        async with make_launcher(settings, Path(logs)) as launcher, launcher.server("doctor", 0) as server:
            yield server


def _password(file: Path | None) -> str:
    if file is None and os.environ.get(PASSWORD_FILE_VARIABLE) and not os.environ.get(PASSWORD_VARIABLE):
        file = Path(os.environ[PASSWORD_FILE_VARIABLE])
    if file is None:
        password = os.environ.get(PASSWORD_VARIABLE, "")
        if not password:
            raise ConfigError(
                f"RCON password: expected it in --password-file, {PASSWORD_VARIABLE} or the file that "
                f"{PASSWORD_FILE_VARIABLE} names, found none of them"
            )
        return password
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ConfigError(f"RCON password: expected a file to read, got: {error}") from None
    if not lines or not lines[0]:
        raise ConfigError(f"RCON password: expected it on the first line of {file}, found none")
    return lines[0]
