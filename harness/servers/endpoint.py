"""Where the container engine is, by `DOCKER_HOST` and its companions, and where its containers' ports are from here.

What would fail obscurely, or put the unencrypted RCON where anybody reaches it, is refused here.
"""

from __future__ import annotations

import os
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from harness.core.errors import ConfigError

LOOPBACK = "127.0.0.1"

_LOCAL = "unix:///var/run/docker.sock"
_SCHEMES = ("unix", "tcp", "http", "https")
_TLS_FILES = ("ca.pem", "cert.pem", "key.pem")


def engine_url() -> SplitResult:
    """The engine that `DOCKER_HOST` names, or the local one.

    Raises:
        ConfigError: it is not one that the harness reaches by itself, or what TLS needs is missing.
    """
    text = os.environ.get("DOCKER_HOST") or _LOCAL
    url = urlsplit(text)
    if url.scheme == "ssh":
        port = f"-p {url.port} " if _has_port(url) else ""
        user = f"{url.username}@" if url.username else ""
        raise ConfigError(
            f"DOCKER_HOST: expected unix:// or tcp://, got {text}; forward the engine's socket: ssh -nNT -L "
            f"/tmp/engine.sock:/var/run/docker.sock {port}{user}{url.hostname}, and set "
            "DOCKER_HOST=unix:///tmp/engine.sock; docs/containers.md says how to forward the RCON ports with it"
        )
    if url.scheme not in _SCHEMES or not (url.path if url.scheme == "unix" else _has_port(url)):
        raise ConfigError(f"DOCKER_HOST: expected unix:///PATH or tcp://HOST:PORT, got {text}")
    if url.scheme != "unix" and url.path.strip("/"):
        raise ConfigError(f"DOCKER_HOST: expected {url.scheme}://{url.netloc} without a path, got {text}")
    if url.scheme != "unix" and os.environ.get("DOCKER_TLS_VERIFY"):
        _expect_certificates()
    return url


def reachable_address(publish: str) -> str:
    """Where the ports of containers are that are published on `publish`.

    Raises:
        ConfigError: nobody here reaches them there, or everybody does.
    """
    found = _ip(publish)
    if found is None or found.is_unspecified:
        meaning = "" if found is None else ", which is all of them"
        raise ConfigError(
            f"servers.publish: expected one IP address of the engine's host, got {publish}{meaning}; RCON is not "
            f"encrypted, so choose {LOOPBACK} or a private one"
        )
    url = engine_url()
    if found.is_loopback and not _is_local(url):
        raise ConfigError(
            f"servers.publish: expected an address of the engine's host {url.hostname} that this machine reaches, "
            f"got {publish}; RCON is not encrypted, so choose a private one"
        )
    return publish


def _is_local(url: SplitResult) -> bool:
    if url.scheme == "unix" or url.hostname == "localhost":
        return True
    found = _ip(url.hostname or "")
    return found is not None and found.is_loopback


def _ip(text: str) -> IPv4Address | IPv6Address | None:
    # The engine takes a name that is no address for "all addresses", without a word.
    try:
        return ip_address(text)
    except ValueError:
        return None


def _has_port(url: SplitResult) -> bool:
    try:
        return bool(url.hostname and url.port)
    except ValueError:
        return False


def _expect_certificates() -> None:
    folder = Path(os.environ.get("DOCKER_CERT_PATH") or Path.home() / ".docker")
    missing = [name for name in _TLS_FILES if not os.access(folder / name, os.R_OK)]
    if missing:
        raise ConfigError(
            f"DOCKER_TLS_VERIFY: expected {', '.join(_TLS_FILES)} in {folder}, cannot read {', '.join(missing)}; "
            "set DOCKER_CERT_PATH to their folder"
        )
