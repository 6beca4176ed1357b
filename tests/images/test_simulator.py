"""What both images promise, kept by the image of the embedded server: a real container on a real engine."""

import json
import time
from collections.abc import Iterator

import docker
import pytest
from docker.models.containers import Container

from tests.images.containers import PASSWORD, UID, ask, running, shell, wait_for, wait_for_line

pytestmark = [pytest.mark.docker, pytest.mark.slow]

STOP_S = 5
SLACK_S = 2
"""What the engine itself may take to stop a container, on a busy machine."""

FAST_CHECK = {
    "test": ["CMD", "healthcheck"],
    "interval": 200_000_000,
    "timeout": 5_000_000_000,
    "retries": 2,
    "start_period": 1_000_000,
}


@pytest.fixture(scope="module")
def server(client: docker.DockerClient, image: str) -> Iterator[Container]:
    with running(client, image) as container:
        wait_for(container, "healthy")
        yield container


def test_it_is_ready_once_it_says_so(server: Container) -> None:
    log = server.logs().decode()
    assert "to(InGame)" in log
    assert "Starting RCON interface at IP ADDR:({0.0.0.0:27015})" in log
    assert PASSWORD not in log
    hello = json.loads(ask(server, '/agent {"id":1,"tool":"hello"}')[0])
    assert hello["ok"] is True


def test_its_kernels_are_those_of_the_image(server: Container) -> None:
    ask(server, "/sc game.tick_paused = false game.ticks_to_run = 10 rcon.print(game.tick)")
    assert "Compiling" not in server.logs().decode()
    _, found = shell(server, "find /tmp/kernels -type f -not -name 'complete-*'; find /tmp/kernels -type l | wc -l")
    assert int(found) > 100, "links into the image, and no file of its own"


def test_five_of_it_start_within_ten_seconds_of_two_processors(client: docker.DockerClient, image: str) -> None:
    """In processor time, which says on a busy machine too what a start would take on one that does nothing else."""
    with running(client, image) as container:
        wait_for_line(container, "Starting RCON interface")
        used_s = container.stats(stream=False)["cpu_stats"]["cpu_usage"]["total_usage"] / 1e9
    assert 5 * used_s / 2 < 10


def test_it_runs_as_nobody_with_nothing_to_write_but_its_own_folders(server: Container) -> None:
    assert shell(server, "id -u") == (0, f"{UID}\n")
    code, output = shell(server, "touch /opt/factorio/mods/x")
    assert code != 0
    assert "Read-only file system" in output
    assert shell(server, "touch /tmp/x /var/lib/factorio/x && rm /tmp/x /var/lib/factorio/x")[0] == 0
    status = shell(server, "grep -E '^(CapEff|CapBnd|NoNewPrivs)' /proc/1/status | tr -s '\\t0\\n' ' '")[1]
    assert status == "CapEff: CapBnd: NoNewPrivs: 1 "


def test_the_world_runs_without_players_once_a_client_lets_it(server: Container) -> None:
    before = int(ask(server, "/sc rcon.print(game.tick) game.tick_paused = false")[0])
    after = int(ask(server, "/sc game.tick_paused = true rcon.print(game.tick)")[0])
    assert before < after


@pytest.mark.parametrize(
    ("variables", "complaint"),
    [
        ({"RCON_PASSWORD_FILE": "/run/secrets/other-password"}, "the password was refused"),
        ({"RCON_PORT": "1"}, "Connection refused"),
    ],
)
def test_the_health_check_fails_without_an_answer(server: Container, variables: dict, complaint: str) -> None:
    assert shell(server, "healthcheck")[0] == 0
    code, output = shell(server, "healthcheck", **variables)
    assert code == 1
    assert complaint in output


def test_a_server_that_hangs_is_unhealthy(client: docker.DockerClient, image: str) -> None:
    with running(client, image, healthcheck=FAST_CHECK | {"timeout": 500_000_000}) as container:
        wait_for(container, "healthy")
        container.kill("SIGSTOP")
        wait_for(container, "unhealthy")


def test_a_server_without_the_mod_is_unhealthy(client: docker.DockerClient, image: str) -> None:
    mods = {"/opt/factorio/mods": f"rw,size=1m,uid={UID}"}
    with running(client, image, healthcheck=FAST_CHECK, tmpfs=mods | {"/tmp": f"rw,uid={UID}"}) as container:
        wait_for_line(container, "Starting RCON interface")
        code, output = shell(container, "healthcheck")
        assert code == 1
        assert "expected the agent mod's hello, got: Unknown command" in output
        wait_for(container, "unhealthy")


def test_a_stopped_game_is_saved_in_time_and_goes_on(client: docker.DockerClient, image: str) -> None:
    volume = client.volumes.create()
    mounts = [docker.types.Mount("/var/lib/factorio", volume.name)]
    try:
        with running(client, image, mounts=mounts, environment={"START": "latest"}) as container:
            wait_for(container, "healthy")
            ask(container, "/sc storage.mark = 'kept' game.ticks_to_run = 30")
            assert ask(container, "/sc rcon.print(game.tick)") == ["30"]
            began = time.monotonic()
            container.stop(timeout=STOP_S + SLACK_S)
            assert time.monotonic() - began < STOP_S + SLACK_S
            container.reload()
            assert container.attrs["State"]["ExitCode"] == 0
            assert "Saving finished" in container.logs().decode()
        with running(client, image, mounts=mounts, environment={"START": "latest"}) as container:
            wait_for(container, "healthy")
            assert ask(container, "/sc rcon.print(storage.mark .. ' ' .. game.tick)") == ["kept 30"]
        with running(client, image, mounts=mounts) as container:
            wait_for(container, "healthy")
            assert ask(container, "/sc rcon.print(tostring(storage.mark))") == ["nil"]
    finally:
        volume.remove(force=True)
