"""Which engines and which addresses are taken, and what is said of the others."""

import pytest

from harness.core.errors import ConfigError, HarnessError, ServerStartError
from harness.servers.endpoint import reachable_address
from harness.servers.engine import connect


def refusal(call, *arguments) -> str:
    with pytest.raises(HarnessError) as caught:
        call(*arguments)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.fixture
def engine_at(monkeypatch):
    for name in ("DOCKER_HOST", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"):
        monkeypatch.delenv(name, raising=False)
    return lambda url: monkeypatch.setenv("DOCKER_HOST", url)


@pytest.mark.parametrize("url", ["fd://", "unix://", "npipe:////./pipe/x", "tcp://host", "tcp://host:99999", "host"])
def test_what_names_no_engine(engine_at, url):
    engine_at(url)
    said = refusal(connect)
    assert f"DOCKER_HOST: expected unix:///PATH or tcp://HOST:PORT, got {url}" in said


def test_an_address_of_the_engines_interface_is_too_long(engine_at):
    engine_at("http://127.0.0.1:2375/v1.41")
    assert refusal(connect).endswith("expected http://127.0.0.1:2375 without a path, got http://127.0.0.1:2375/v1.41")


def test_an_engine_by_ssh_is_reached_by_a_forwarded_socket(engine_at):
    engine_at("ssh://me@far:2222")
    said = refusal(connect)
    assert "ssh -nNT -L /tmp/engine.sock:/var/run/docker.sock -p 2222 me@far" in said
    assert "DOCKER_HOST=unix:///tmp/engine.sock" in said


@pytest.mark.parametrize("url", ["tcp://127.0.0.1:1", "unix:///nowhere/engine.sock"])
def test_an_engine_that_does_not_answer(engine_at, url):
    engine_at(url)
    with pytest.raises(ServerStartError, match=f"expected an engine at {url}, none answers"):
        connect()


def test_a_system_s_own_words_say_why_an_engine_does_not_answer(engine_at):
    engine_at("tcp://127.0.0.1:1")
    assert "none answers (Connection refused); start it" in refusal(connect)


def test_certificates_that_are_missing(engine_at, monkeypatch, tmp_path):
    engine_at("tcp://10.0.0.9:2376")
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
    monkeypatch.setenv("DOCKER_CERT_PATH", str(tmp_path))
    (tmp_path / "ca.pem").touch()
    assert f"in {tmp_path}, cannot read cert.pem, key.pem; set DOCKER_CERT_PATH" in refusal(connect)


@pytest.mark.parametrize("publish", ["0.0.0.0", "::", "localhost", "engine.example", "", "10.0.0.1:27015"])
def test_ports_are_published_on_one_address(engine_at, publish):
    engine_at("unix:///var/run/docker.sock")
    with pytest.raises(ConfigError, match=r"servers\.publish: expected one IP address of the engine's host"):
        reachable_address(publish)


@pytest.mark.parametrize("url", ["tcp://10.0.0.9:2376", "tcp://engine.example:2375"])
@pytest.mark.parametrize("publish", ["127.0.0.1", "127.0.0.2", "::1"])
def test_the_loopback_interface_of_another_machine_is_out_of_reach(engine_at, url, publish):
    engine_at(url)
    with pytest.raises(ConfigError, match="expected an address of the engine's host"):
        reachable_address(publish)
    assert reachable_address("10.0.0.9") == "10.0.0.9"


@pytest.mark.parametrize("url", ["unix:///tmp/engine.sock", "tcp://127.0.0.1:2375", "tcp://localhost:2375"])
@pytest.mark.parametrize("publish", ["127.0.0.1", "10.0.0.9", "::1"])
def test_a_local_engine_publishes_where_it_is_told(engine_at, url, publish):
    engine_at(url)
    assert reachable_address(publish) == publish
