"""A pool by hand: the compose file under both compose programs, and an experiment attached to it."""

import os
import shutil
import socket
import stat
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.cli.runs import run
from tests.servers.containers import free_ports

pytestmark = [pytest.mark.docker, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / ".venv-containers" / "bin" / "docker-compose"
PROGRAMS = {"version 2": str(PLUGIN), "version 1": "docker-compose"}


def pool(
    action: str, image: str, program: str, folder: Path, *, profile: str = "simulator", **variables: str
) -> subprocess.CompletedProcess[str]:
    ours = {
        "COMPOSE": PROGRAMS[program],
        "COMPOSE_PROJECT_NAME": f"harness-test-{os.getpid()}",
        "HARNESS_PASSWORD_FILE": str(folder / "secrets" / "rcon-password"),
        "HARNESS_IMAGE": image,
    }
    command = [ROOT / "compose" / "pool", action, profile]
    return subprocess.run(command, env=os.environ | ours | variables, capture_output=True, text=True, timeout=180)


@pytest.mark.parametrize(("program", "slots"), [("version 2", 2), ("version 1", 1)])
def test_a_pool_comes_up_is_played_on_and_goes(client, image: str, program: str, slots: int, tmp_path: Path) -> None:
    if shutil.which(PROGRAMS[program]) is None:
        pytest.skip(f"{PROGRAMS[program]} is not installed: make .venv-containers/.installed, or docker-compose 1.29")
    first = free_ports(slots + 1, range(27_400, 29_000))
    variables = {"SLOTS": str(slots), "FIRST_PORT": str(first)}
    chosen = {"label": f"com.docker.compose.project=harness-test-{os.getpid()}"}
    try:
        up = pool("up", image, program, tmp_path, **variables)
        assert up.returncode == 0, up.stderr
        servers = yaml.safe_load(next(line for line in up.stdout.splitlines() if "launcher: external" in line))
        addresses = [f"127.0.0.1:{port}" for port in range(first, first + slots + 1)]
        assert servers == {"servers": {"launcher": "external", "slots": slots, "addresses": addresses}}
        file = tmp_path / "secrets" / "rcon-password"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        password = file.read_text().strip()
        containers = client.containers.list(filters=chosen)
        assert len(containers) == slots + 1
        for container in containers:
            limits = container.attrs["HostConfig"]
            assert limits["ReadonlyRootfs"] is True
            assert limits["CapDrop"] == ["ALL"]
            assert limits["Memory"] == limits["MemorySwap"] == 1 << 30
            assert limits["NanoCpus"] == 10**9
            assert limits["PidsLimit"] == 128
            assert [bound["HostIp"] for bound in limits["PortBindings"]["27015/tcp"]] == ["127.0.0.1"]
            assert password not in str(container.attrs)
        experiment = yaml.safe_load((ROOT / "experiments" / "compose.yaml").read_text()) | servers
        experiment["search"] |= {"iterations": 1}
        (tmp_path / "experiments").mkdir()
        (tmp_path / "experiments" / "attached.yaml").write_text(yaml.safe_dump(experiment))
        result = run(tmp_path, "run", "attached", FACTORIO_RCON_PASSWORD_FILE=str(file))
        assert result.returncode == 0, result.stderr
        assert len(client.containers.list(filters=chosen)) == slots + 1
    finally:
        down = pool("down", image, program, tmp_path, **variables)
    assert down.returncode == 0, down.stderr
    assert client.containers.list(all=True, filters=chosen) == []
    assert client.networks.list(filters=chosen) == []
    assert not file.exists()


def test_a_pool_that_cannot_start_says_why(client, image: str, tmp_path: Path) -> None:
    if not PLUGIN.exists():
        pytest.skip("the compose program is not installed: make .venv-containers/.installed")
    file = tmp_path / "secrets" / "rcon-password"
    file.parent.mkdir()
    file.write_text("-begins like a flag\n")
    file.chmod(0o644)
    variables = {"SLOTS": "1", "FIRST_PORT": str(free_ports(2, range(27_400, 29_000)))}
    try:
        up = pool("up", image, "version 2", tmp_path, **variables)
    finally:
        pool("down", image, "version 2", tmp_path, **variables)
    assert up.returncode == 1
    assert "to be healthy within" in up.stderr
    assert "does not begin with '-'" in up.stderr


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"FIRST_PORT": "70000"}, "all ports below 65536, got SLOTS=2 FIRST_PORT=70000"),
        ({"HARNESS_IMAGE": "factorio-harness/nowhere:1"}, "found none; build it: images/build simulator"),
        ({"DOCKER_HOST": "unix:///nowhere/d.sock"}, "expected an engine at unix:///nowhere/d.sock, none answers"),
    ],
)
def test_what_cannot_come_up_is_refused_before_anything_is_made(
    image: str, changes: dict[str, str], complaint: str, tmp_path: Path
) -> None:
    up = pool("up", image, "version 2", tmp_path, **changes)
    assert up.returncode != 0
    assert complaint in up.stderr
    assert len(up.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_taken_port_leaves_nothing(client, image: str, tmp_path: Path) -> None:
    if not PLUGIN.exists():
        pytest.skip("the compose program is not installed: make .venv-containers/.installed")
    first = free_ports(2, range(27_400, 29_000))
    with socket.create_server(("127.0.0.1", first + 1)):
        up = pool("up", image, "version 2", tmp_path, SLOTS="1", FIRST_PORT=str(first))
    assert up.returncode != 0
    assert "address already in use" in up.stderr
    chosen = {"label": f"com.docker.compose.project=harness-test-{os.getpid()}"}
    assert client.containers.list(all=True, filters=chosen) == []
    assert client.networks.list(filters=chosen) == []
    assert not (tmp_path / "secrets" / "rcon-password").exists()
