"""Pools by hand and what killed runs leave, through the command line."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from harness.game import RconConnection
from harness.servers.engine import POOL_LABEL, connect, containers_with, volumes_with
from tests.cli.runs import run, start, write_experiment
from tests.servers.containers import IMAGE, labelled, left_behind

pytestmark = [pytest.mark.docker, pytest.mark.slow]


def test_a_pool_by_hand_from_up_to_down(tmp_path):
    name = f"t{os.getpid()}"
    state = {"XDG_STATE_HOME": str(tmp_path)}
    try:
        up = run(tmp_path, "pool", "up", name, "--slots", "1", "--image", IMAGE, **state)
        assert up.returncode == 0, up.stderr
        file, servers = up.stdout.splitlines()
        path = Path(file.partition("=")[2])
        assert path.stat().st_mode & 0o777 == 0o600
        addresses = yaml.safe_load(servers)["servers"]["addresses"]
        password = path.read_text().strip()
        for address in addresses:
            with RconConnection(address.split(":")[0], int(address.split(":")[1]), password) as connection:
                assert connection.command("/version").startswith("2.0")
        assert "expected a new name" in run(tmp_path, "pool", "up", name, "--image", IMAGE, **state).stderr
        status = run(tmp_path, "pool", "status", name).stdout
        assert status.count("healthy") == 2
        assert {line.split("\t")[2] for line in status.splitlines()} == set(addresses)
        assert "(InGame)" in run(tmp_path, "pool", "logs", name, "slot-0").stdout
        reaped = run(tmp_path, "pool", "reap")
        assert name not in reaped.stdout
        write_experiment(tmp_path)
        experiment = tmp_path / "experiments" / "tiny.yaml"
        experiment.write_text(yaml.safe_dump(yaml.safe_load(experiment.read_text()) | yaml.safe_load(servers)))
        refused = run(tmp_path, "run", "tiny", FACTORIO_RCON_PASSWORD="not it")
        assert refused.returncode == 1
        assert "expected it to accept the RCON password, it was refused" in " ".join(refused.stderr.split())
        assert "Traceback" not in refused.stderr
        played = run(tmp_path, "run", "tiny", FACTORIO_RCON_PASSWORD_FILE=str(path))
        assert played.returncode == 0, played.stderr
    finally:
        down = run(tmp_path, "pool", "down", name, **state)
    assert down.returncode == 0, down.stderr
    assert not path.exists()
    assert labelled(f"{POOL_LABEL}={name}") == []
    assert "expected a pool that is up" in run(tmp_path, "pool", "status", name).stderr


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        ("--cpus", "0", "greater than 0"),
        ("--first-port", "80000", "less than or equal to 65000"),
        ("--start-timeout", "0", "greater than 0"),
        ("--memory", "banana", "a whole number and one of k, m and g"),
        ("--disk", "0m", "a whole number and one of k, m and g"),
        ("--pids", "1", "greater than or equal to 16"),
    ],
)
def test_options_keep_the_rules_of_experiments(tmp_path, option, value, expected):
    name = f"x{os.getpid()}"
    refused = run(tmp_path, "pool", "up", name, option, value, XDG_STATE_HOME=str(tmp_path))
    assert refused.returncode == 1
    assert f"{option}: expected {expected}" in " ".join(refused.stderr.split())
    assert labelled(f"{POOL_LABEL}={name}") == []


def test_an_interrupted_start_says_so_and_leaves_nothing(tmp_path):
    name = f"y{os.getpid()}"
    label = f"{POOL_LABEL}={name}"
    command = ["pool", "up", name, "--slots", "1", "--image", IMAGE]
    with start(tmp_path, *command, XDG_STATE_HOME=str(tmp_path)) as raising, closing(connect()) as client:
        deadline = time.monotonic() + 60
        while not containers_with(client, label):
            assert raising.poll() is None, raising.stderr.read()
            assert time.monotonic() < deadline
        raising.send_signal(signal.SIGINT)
        _, said = raising.communicate(timeout=60)
    assert raising.returncode == 130
    assert f"interrupted: pool {name} was not finished" in said
    assert labelled(label) == []
    assert list(tmp_path.rglob("*.rcon-password")) == []


def test_a_limit_that_the_engine_refuses_is_named(tmp_path):
    name = f"z{os.getpid()}"
    refused = run(tmp_path, "pool", "up", name, "--memory", "1m", "--image", IMAGE, XDG_STATE_HOME=str(tmp_path))
    assert refused.returncode == 1
    said = " ".join(refused.stderr.split())
    assert "servers.memory" in said
    assert "servers.publish" not in said
    assert labelled(f"{POOL_LABEL}={name}") == []


def test_no_password_stays_when_a_container_was_removed_by_hand(tmp_path):
    name = f"v{os.getpid()}"
    label = f"{POOL_LABEL}={name}"
    up = run(tmp_path, "pool", "up", name, "--slots", "1", "--image", IMAGE, XDG_STATE_HOME=str(tmp_path))
    try:
        assert up.returncode == 0, up.stderr
        with closing(connect()) as client:
            holdout, slot = containers_with(client, label)
            holdout.remove(force=True)
            left = volumes_with(client, label, unused=True)
            assert len(left) == 1
            assert "volume" in run(tmp_path, "pool", "reap").stdout
            assert volumes_with(client, label, unused=True) == []
            slot.remove(force=True)
    finally:
        down = run(tmp_path, "pool", "down", name)
    assert down.returncode == 0, down.stderr
    assert labelled(label) == []


def test_of_two_that_raise_one_pool_one_does(tmp_path):
    name = f"w{os.getpid()}"
    state = {"XDG_STATE_HOME": str(tmp_path)}
    command = ["pool", "up", name, "--slots", "1", "--image", IMAGE]
    both = [start(tmp_path, *command, **state) for _ in range(2)]
    try:
        said = [each.communicate(timeout=120) for each in both]
        assert sorted(each.returncode for each in both) == [0, 1], said
        refused = next(err for (_, err), each in zip(said, both, strict=True) if each.returncode)
        assert "expected a new name, this pool is up or being started" in refused
        assert run(tmp_path, "pool", "status", name).stdout.count("healthy") == 2
        assert len(list(tmp_path.rglob("*.rcon-password"))) == 1
    finally:
        down = run(tmp_path, "pool", "down", name)
    assert down.returncode == 0, down.stderr
    assert labelled(f"{POOL_LABEL}={name}") == []


def test_reap_takes_a_pool_whose_start_was_killed(tmp_path):
    name = f"u{os.getpid()}"
    label = f"{POOL_LABEL}={name}"
    state = {"XDG_STATE_HOME": str(tmp_path)}
    command = ["pool", "up", name, "--slots", "1", "--image", IMAGE]
    try:
        with start(tmp_path, *command, **state) as raising, closing(connect()) as client:
            deadline = time.monotonic() + 60
            while not containers_with(client, label):
                assert raising.poll() is None, raising.stderr.read()
                assert time.monotonic() < deadline
            raising.send_signal(signal.SIGSTOP)
            assert name not in run(tmp_path, "pool", "reap").stdout, "its process lives"
            raising.kill()
            raising.communicate()
    finally:
        again = run(tmp_path, "pool", "up", name, "--image", IMAGE, **state)
        reaped = run(tmp_path, "pool", "reap")
    assert "left this pool unfinished; remove it" in again.stderr
    assert f"factorio-harness-pool-{name}" in reaped.stdout
    assert labelled(label) == []
    assert list(tmp_path.rglob("*.rcon-password")) == []


def test_reap_finds_all_that_a_killed_harness_left(tmp_path):
    script = textwrap.dedent(
        """
        import sys, anyio
        from pathlib import Path
        from harness.servers.docker import DockerLauncher
        from tests.servers.containers import settings

        async def main():
            async with DockerLauncher(settings(), Path(sys.argv[1])) as launcher, launcher.server("slot-0", 0):
                print(launcher.run_id, flush=True)
                await anyio.sleep_forever()

        anyio.run(main)
        """
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as harness:
        run_id = harness.stdout.readline().strip()
        assert len(left_behind(run_id)) == 2
        assert run_id not in run(tmp_path, "pool", "reap").stdout, "its process lives"
        harness.send_signal(signal.SIGKILL)
        harness.wait()
    assert len(left_behind(run_id)) == 2
    reaped = run(tmp_path, "pool", "reap")
    assert reaped.returncode == 0, reaped.stderr
    assert reaped.stdout.count(run_id) == 2
    assert left_behind(run_id) == []
