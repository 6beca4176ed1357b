"""The other project's client in an environment of its own, and a server process for it to play on."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
ENVIRONMENT = ROOT / ".venv-interop"
SCENES = Path(__file__).parent / "scenes" / "play.py"
PASSWORD = "factorio"
"""The only one the client knows."""

OFFLINE = re.compile(
    r"Temporary failure in name resolution|Network is unreachable|NewConnectionError|Max retries|timed out"
)
SCENE_TIMEOUT_S = 240

Outcome = dict[str, Any]
Play = Callable[[str], Outcome]


@pytest.fixture(scope="session")
def client_python() -> Path:
    """The interpreter that has the client; made as the Makefile says, the first time."""
    made = subprocess.run(
        ["make", "-s", ".venv-interop/.installed"], cwd=ROOT, capture_output=True, text=True, timeout=900
    )
    if made.returncode and OFFLINE.search(made.stdout + made.stderr):
        pytest.skip("the client's environment is not made yet and there is no network to make it: make interop")
    assert made.returncode == 0, made.stdout + made.stderr
    return ENVIRONMENT / "bin" / "python"


@pytest.fixture(scope="session")
def server_port() -> Iterator[int]:
    """A server that was given nothing but what RCON needs."""
    command = [sys.executable, "-m", "harness.simulator", "--rcon-port", "0", "--rcon-password", PASSWORD]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        log: list[str] = []
        for line in process.stdout:
            log.append(line)
            if found := re.search(r"Starting RCON interface at IP ADDR:\(\{127\.0\.0\.1:(\d+)\}\)", line):
                break
        else:
            raise AssertionError("".join(log))
        try:
            yield int(found[1])
        finally:
            process.terminate()
            process.communicate(timeout=20)


@pytest.fixture
def play(client_python: Path, server_port: int, tmp_path: Path) -> Play:
    """Plays a scene and gives what it saw."""

    def run(scene: str) -> Outcome:
        command = [client_python, "-W", "ignore", SCENES, scene, str(server_port)]
        environment = os.environ | {"HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
        ended = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, timeout=SCENE_TIMEOUT_S, env=environment
        )
        assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-4000:]
        outcome: Outcome = json.loads(ended.stdout.splitlines()[-1])
        return outcome

    return run
