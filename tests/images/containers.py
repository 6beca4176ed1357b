"""Containers of tests: started as a pool starts them, and gone when their block ends."""

import io
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

import docker
import factorio_rcon
from docker.models.containers import Container

PASSWORD = "3f6a7c1e"
UID = 10001
READY_S = 60


@contextmanager
def running(client: docker.DockerClient, image: str, *flags: str, **settings) -> Iterator[Container]:
    """A confined container of a server; its root is read-only."""
    container = client.containers.create(
        image,
        list(flags),
        **{
            "user": f"{UID}:{UID}",
            "read_only": True,
            "tmpfs": {"/tmp": f"rw,noexec,nosuid,nodev,size=64m,uid={UID}"},
            "volumes": ["/run/secrets"],
            "ports": {"27015/tcp": ("127.0.0.1", None)},
            "cap_drop": ["ALL"],
            "security_opt": ["no-new-privileges"],
            "mem_limit": "1g",
            "pids_limit": 128,
            "healthcheck": {"interval": 500_000_000},
            **settings,
        },
    )
    try:
        container.put_archive("/run/secrets", archive({"rcon-password": PASSWORD, "other-password": "not it"}))
        container.start()
        yield container
    finally:
        container.remove(v=True, force=True)


def archive(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, text in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode, entry.uid = len(text), 0o400, UID
            tar.addfile(entry, io.BytesIO(text.encode()))
    return buffer.getvalue()


def wait_for(container: Container, health: str) -> str:
    """Waits for a verdict of the image's health check; gives what it last said."""
    deadline = time.monotonic() + READY_S
    while True:
        container.reload()
        state = container.attrs["State"]
        if state["Health"]["Status"] == health:
            return state["Health"]["Log"][-1]["Output"]
        assert state["Status"] == "running", container.logs().decode()
        assert time.monotonic() < deadline, (state["Health"], container.logs().decode())
        time.sleep(0.1)


def wait_for_line(container: Container, text: str) -> None:
    """Waits until the server has logged something."""
    deadline = time.monotonic() + READY_S
    while text not in (log := container.logs().decode()):
        assert time.monotonic() < deadline, log
        time.sleep(0.1)


def ask(container: Container, *commands: str) -> list[str]:
    container.reload()
    port = int(container.attrs["NetworkSettings"]["Ports"]["27015/tcp"][0]["HostPort"])
    with factorio_rcon.RCONClient("127.0.0.1", port, PASSWORD, timeout=30) as client:
        return [(client.send_command(command) or "").rstrip("\n") for command in commands]


def shell(container: Container, script: str, **variables: str) -> tuple[int, str]:
    """Runs a line of bash inside as the server's user."""
    code, output = container.exec_run(["bash", "-c", script], environment=variables)
    return code, output.decode()
