"""An engine on another machine, as far as the harness can tell: by TLS, on an address that is not the loopback's."""

import os
import shutil
from contextlib import closing

import psutil
import pytest

from harness.servers.engine import connect
from tests.cli.runs import run, start, write_experiment
from tests.servers.containers import IMAGE, left_by
from tests.servers.parity import recorded
from tests.servers.tunnel import Tunnel, write_certificates

pytestmark = [
    pytest.mark.docker,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("openssl") is None, reason="certificates are made with openssl"),
]


@pytest.fixture(scope="module")
def private_address():
    """The engine's host on a network of its own, which only containers and this machine reach."""
    with closing(connect()) as client:
        network = client.networks.create(f"factorio-harness-test-{os.getpid()}", driver="bridge")
        try:
            network.reload()
            yield network.attrs["IPAM"]["Config"][0]["Gateway"]
        finally:
            network.remove()


@pytest.fixture(scope="module")
def remote(private_address, tmp_path_factory):
    """The variables of a client of that engine."""
    certificates = tmp_path_factory.mktemp("certificates")
    write_certificates(certificates, private_address)
    with Tunnel(private_address, certificates) as tunnel:
        yield {
            "DOCKER_HOST": f"tcp://{private_address}:{tunnel.port}",
            "DOCKER_TLS_VERIFY": "1",
            "DOCKER_CERT_PATH": str(certificates),
        }


def experiment(folder, **servers) -> None:
    """A small experiment on the servers that are asked for."""
    write_experiment(folder)
    path = folder / "experiments" / "tiny.yaml"
    asked = ", ".join(f"{key}: '{value}'" for key, value in servers.items())
    path.write_text(path.read_text().replace("slots: 2", f"slots: 1, {asked}"))


def run_and_leave(folder, **environment) -> tuple[int, str]:
    """Status and errors of a run that leaves nothing on the engine."""
    with start(folder, "run", "tiny", **environment) as process:
        _, err = process.communicate(timeout=120)
    with closing(connect()) as client:
        assert left_by(process.pid, client) == []
    return process.returncode, err


def test_a_run_on_a_remote_engine_is_as_on_this_machine(tmp_path, remote, private_address):
    experiment(tmp_path, launcher="docker", image=IMAGE, publish=private_address)
    # What the environment has for the web is not for engines.
    web = {"HTTPS_PROXY": "http://127.0.0.1:1", "REQUESTS_CA_BUNDLE": "/nowhere", "NO_PROXY": ""}
    status, err = run_and_leave(tmp_path, **remote, **web)
    assert status == 0, err
    experiment(tmp_path, launcher="process")
    here = run(tmp_path, "run", "tiny")
    assert here.returncode == 0, here.stderr
    one, other = (recorded(tmp_path / "results" / "tiny" / version) for version in ("v001", "v002"))
    assert one == other


def test_a_pool_on_a_remote_engine_is_published_where_it_was_asked_alone(tmp_path, remote, private_address):
    name, state = f"far{os.getpid()}", {"XDG_STATE_HOME": str(tmp_path)}
    try:
        options = ["--slots", "1", "--image", IMAGE, "--publish", private_address]
        up = run(tmp_path, "pool", "up", name, *options, **remote, **state)
        assert up.returncode == 0, up.stderr
        assert up.stdout.count(f"{private_address}:") == 2
        ports = {int(part.partition("'")[0].partition('"')[0]) for part in up.stdout.split(f"{private_address}:")[1:]}
        found = [each.laddr for each in psutil.net_connections("tcp") if each.status == "LISTEN"]
        assert {each.ip for each in found if each.port in ports} == {private_address}
        assert run(tmp_path, "pool", "status", name, **remote).stdout.count("healthy") == 2
    finally:
        down = run(tmp_path, "pool", "down", name, **remote, **state)
    assert down.returncode == 0, down.stderr


def refused(folder, **environment) -> str:
    """The line in which a run was refused."""
    status, err = run_and_leave(folder, **environment)
    assert status == 1
    assert err.startswith("error: ")
    assert len(err.splitlines()) == 1
    return err


def test_ports_on_its_own_loopback_interface_are_refused(tmp_path, remote, private_address):
    experiment(tmp_path, launcher="docker", image=IMAGE)
    said = refused(tmp_path, **remote)
    assert f"servers.publish: expected an address of the engine's host {private_address}" in said
    assert "got 127.0.0.1; RCON is not encrypted" in said


def test_an_address_that_its_host_does_not_have(tmp_path, remote):
    # From the block that is kept for documentation.
    experiment(tmp_path, launcher="docker", image=IMAGE, publish="192.0.2.1")
    said = refused(tmp_path, **remote)
    assert "with RCON on 192.0.2.1:any port (servers.publish, servers.first_port)" in said
    assert "cannot assign requested address" in said


def test_who_has_no_certificate_is_not_let_in(tmp_path, remote):
    experiment(tmp_path, launcher="docker", image=IMAGE, publish="192.0.2.1")
    bare = {"DOCKER_HOST": remote["DOCKER_HOST"], "DOCKER_TLS_VERIFY": "", "DOCKER_CERT_PATH": ""}
    said = refused(tmp_path, **bare)
    assert f"expected an engine at {remote['DOCKER_HOST']}, none answers" in said
