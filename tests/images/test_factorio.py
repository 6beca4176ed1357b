"""The image of the game, built from a stand-in archive: the real build, unpacked, started and asked."""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest
from docker.models.containers import Container

from harness.game import RconConnection
from harness.mod import mod_hash
from tests.images.containers import ask, running, shell, wait_for
from tests.images.standin import make_archive
from tests.images.test_compose import PLUGIN, free_ports, pool

pytestmark = [pytest.mark.docker, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
VERSION = "2.0.0"
"""Not in the table of checksums, so that the given one counts."""

BASE = """\
FROM {image}
USER 0
RUN userdel factorio && rm -r /opt/factorio /usr/local/bin/entrypoint /usr/local/bin/rcon /usr/local/bin/healthcheck
HEALTHCHECK NONE
ENTRYPOINT []
"""
"""What the stand-in needs to run, and nothing of what the image must bring itself."""


def build(archive: Path, checksum: str, base: str, tag: str) -> subprocess.CompletedProcess[str]:
    variables = {"BASE_IMAGE": base, "FACTORIO_ARCHIVE": str(archive), "FACTORIO_SHA256": checksum}
    return subprocess.run(
        [ROOT / "images" / "build", "factorio", tag],
        env=os.environ | variables | {"FACTORIO_VERSION": VERSION},
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.fixture(scope="module")
def built(
    client: docker.DockerClient, image: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("archive")
    archive = folder / "downloaded.tar.xz"
    checksum = make_archive(archive, (ROOT / "images" / "simulator" / "factorio").read_text())
    name = f"factorio-harness/test-{os.getpid()}-{time.monotonic_ns()}"
    (folder / "Dockerfile").write_text(BASE.format(image=image))
    client.images.build(path=str(folder), tag=f"{name}:base", rm=True)
    try:
        refused = build(archive, "0" * 64, f"{name}:base", f"{name}:refused")
        assert refused.returncode != 0
        assert f"found {checksum}; download it again" in refused.stdout + refused.stderr
        result = build(archive, checksum, f"{name}:base", f"{name}:game")
        assert result.returncode == 0, result.stdout + result.stderr
        yield result
    finally:
        for tag in ("game", "base"):
            client.images.remove(f"{name}:{tag}", force=True)


@pytest.fixture(scope="module")
def server(client: docker.DockerClient, built: subprocess.CompletedProcess[str]) -> Iterator[Container]:
    with running(client, built.args[-1]) as container:
        wait_for(container, "healthy")
        yield container


def test_the_build_says_how_large_the_image_is_and_how_long_it_took(built: subprocess.CompletedProcess[str]) -> None:
    last = built.stdout.splitlines()[-1]
    assert last.startswith(f"{built.args[-1]}: ")
    assert " MB, built in " in last


def test_the_mod_is_baked_in_and_enabled(server: Container) -> None:
    hello = json.loads(ask(server, '/agent {"id":1,"tool":"hello"}')[0])
    assert hello["ok"] is True
    assert mod_hash() in json.dumps(hello)
    listed = json.loads(shell(server, "cat /opt/factorio/mods/mod-list.json")[1])["mods"]
    enabled = {mod["name"] for mod in listed if mod["enabled"]}
    assert enabled == {"base", "agent"}


def test_the_expansion_is_gone_and_the_base_game_is_there(server: Container) -> None:
    assert shell(server, "ls -d /opt/factorio/data/*/")[1].split() == [
        "/opt/factorio/data/base/",
        "/opt/factorio/data/core/",
    ]


def test_the_game_is_private_and_does_not_wait_for_players(server: Container) -> None:
    settings = json.loads(shell(server, "cat /opt/factorio/server-settings.json")[1])
    assert settings["auto_pause"] is False
    assert settings["visibility"] == {"public": False, "lan": False}
    assert settings["autosave_interval"] == 0
    assert not settings["username"] + settings["token"]
    before = int(ask(server, "/sc rcon.print(game.tick) game.tick_paused = false")[0])
    after = int(ask(server, "/sc game.tick_paused = true rcon.print(game.tick)")[0])
    assert before < after


def test_it_saves_and_stops_when_told(client: docker.DockerClient, built: subprocess.CompletedProcess[str]) -> None:
    with running(client, built.args[-1], environment={"SCENARIO": "base/empty"}) as container:
        wait_for(container, "healthy")
        container.stop(timeout=7)
        container.reload()
        assert container.attrs["State"]["ExitCode"] == 0
        assert "Saving game as /var/lib/factorio/saves/empty.zip" in container.logs().decode()


def test_a_pool_of_it_comes_up_by_compose(
    client: docker.DockerClient, built: subprocess.CompletedProcess[str], tmp_path: Path
) -> None:
    if not PLUGIN.exists():
        pytest.skip("the compose program is not installed: make .venv-containers/.installed")
    first = free_ports(2, range(27_400, 29_000))
    usual = {"profile": "factorio", "SLOTS": "1", "FIRST_PORT": str(first)}
    try:
        up = pool("up", built.args[-1], "version 2", tmp_path, **usual)
        assert up.returncode == 0, up.stderr
        password = (tmp_path / "secrets" / "rcon-password").read_text().strip()
        for port in (first, first + 1):
            with RconConnection("127.0.0.1", port, password) as connection:
                assert mod_hash() in connection.command('/agent {"id":1,"tool":"hello"}')
    finally:
        down = pool("down", built.args[-1], "version 2", tmp_path, **usual)
    assert down.returncode == 0, down.stderr
    chosen = {"label": f"com.docker.compose.project=harness-test-{os.getpid()}"}
    assert client.containers.list(all=True, filters=chosen) == []
