"""An engine of a test's own, which it may stop, kill and start again without disturbing anybody's containers."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import closing
from pathlib import Path

import docker
import psutil
from docker.errors import DockerException

from harness.servers.engine import connect, find_image
from tests.servers.containers import IMAGE

_PATIENCE_S = 60
_ADDRESS = "10.230.0.1/24"


class OwnEngine:
    """A `dockerd` with all it keeps in a folder of its own, that sets up no firewall rules."""

    def __init__(self) -> None:
        # Short, since the path of a socket holds at most 107 bytes.
        self._folder = Path(tempfile.mkdtemp(prefix="dk", dir="/tmp"))
        self.url = f"unix://{self._folder}/d.sock"
        self._process: subprocess.Popen | None = None
        # Without one it takes away the default bridge; with pools of addresses, too, when it starts again.
        self._bridge = f"dk{os.getpid()}"

    def __enter__(self) -> "OwnEngine":
        _ip("link", "add", self._bridge, "type", "bridge")
        _ip("address", "add", _ADDRESS, "dev", self._bridge)
        self.start()
        return self

    def __exit__(self, *reason: object) -> None:
        if self._process is None:
            # What a crash left running ends with a stop in good order.
            self.start()
        self.stop()
        mounted = [each.mountpoint for each in psutil.disk_partitions(all=True)]
        for each in sorted((each for each in mounted if each.startswith(f"{self._folder}/")), reverse=True):
            subprocess.run(["umount", "-l", each], check=True)
        shutil.rmtree(self._folder)
        _ip("link", "delete", self._bridge)

    def start(self) -> None:
        """Starts it, with the containers that it knows from before stopped, and waits until it answers."""
        command = ["dockerd", "--data-root", self._folder / "data", "--exec-root", self._folder / "exec"]
        command += ["--pidfile", self._folder / "d.pid", "-H", self.url, f"--bridge={self._bridge}", "--iptables=false"]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        deadline = time.monotonic() + _PATIENCE_S
        while not self.answers():
            said = (self._folder / "log").read_text()[-2000:]
            assert self._process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.1)

    def stop(self) -> None:
        """Ends it as a system's service manager does, with everything that runs on it."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(_PATIENCE_S)
        self._process = None

    def kill(self) -> None:
        """Ends it as a crash does: containers live on without it, and it finds them when it starts again."""
        assert self._process is not None
        record = self._folder / "exec" / "containerd" / "containerd.pid"
        helper = psutil.Process(int(record.read_text()))
        self._process.kill()
        self._process.wait(_PATIENCE_S)
        self._process = None
        # It ends with the engine, which takes it for alive as long as its parent has not noticed.
        while helper.is_running() and helper.status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.05)
        record.unlink()

    def answers(self) -> bool:
        """Whether it does now."""
        with socket.socket(socket.AF_UNIX) as knocking:
            try:
                knocking.connect(self.url.removeprefix("unix://"))
            except OSError:
                return False
        try:
            with closing(docker.DockerClient(self.url, version="1.41", timeout=5)) as client:
                return bool(client.ping())
        except DockerException:
            return False

    def take_image(self) -> str:
        """Copies the image under test from the engine of everybody; its reference."""
        with closing(connect()) as ours, closing(self.client()) as own:
            wanted = find_image(ours, IMAGE).reference
            own.images.load(ours.images.get(wanted).save(named=wanted))
            return wanted

    def client(self) -> docker.DockerClient:
        """A client of it."""
        return docker.DockerClient(self.url, timeout=_PATIENCE_S)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)
