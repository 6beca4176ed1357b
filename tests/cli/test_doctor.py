"""`harness doctor` on this installation, on servers that run, and on the simulator's container."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from harness.conformance import CHECKS
from harness.mod import mod_directory
from tests.cli.runs import leftovers, run
from tests.game.server import PASSWORD, running_server

LOCAL = {"Python", "agent mod", "confinement of programs", "embedded server", "a program in a worker"}


def report(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found


def test_this_installation_is_in_order(tmp_path: Path) -> None:
    result = run(tmp_path, "doctor", "--json", DOCKER_HOST="unix:///nowhere.sock")
    assert result.returncode == 0, result.stderr
    checks = {each["check"]: each for each in report(result.stdout)["checks"]}
    assert {name for name, each in checks.items() if each["ok"]} >= LOCAL - {"confinement of programs"}
    engine = checks["container engine"]
    assert not engine["ok"] and not engine["needed"], "no engine is no fault of the installation"
    assert leftovers(tmp_path) == []


def test_a_server_that_runs_is_checked_with_a_password_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text(f"{PASSWORD}\n")
    with running_server() as port:
        asked = ("doctor", "--factorio", f"127.0.0.1:{port}", "--password-file", str(secret), "--json")
        unasked = run(tmp_path, *asked)
        result = run(tmp_path, *asked, "--yes")
    assert (unasked.returncode, unasked.stdout) == (1, "")
    assert "its world is lost; expected --yes" in unasked.stderr
    assert result.returncode == 0, result.stderr
    found = report(result.stdout)
    assert found["ok"] is True
    assert len(found["checks"]) == len(CHECKS) + 1
    assert PASSWORD not in result.stdout + result.stderr


def test_what_is_wrong_is_one_line_and_status_one(tmp_path: Path) -> None:
    with running_server(mods=False) as port:
        where = f"127.0.0.1:{port}"
        lines = {
            "found none of them": run(tmp_path, "doctor", "--factorio", where, "--yes"),
            "it was refused": run(tmp_path, "doctor", "--factorio", where, "--yes", FACTORIO_RCON_PASSWORD="wrong"),
            "is the mod loaded": run(tmp_path, "doctor", "--server", where, "--yes", FACTORIO_RCON_PASSWORD=PASSWORD),
            "expected host:port": run(tmp_path, "doctor", "--server", "nonsense", "--yes"),
        }
    for text, result in lines.items():
        assert result.returncode == 1
        assert text in result.stderr
        assert len(result.stderr.splitlines()) == 1


def test_a_failing_check_is_shown_and_ends_with_status_one(tmp_path: Path) -> None:
    mod = tmp_path / "mods" / "agent"
    copytree(mod_directory(), mod)
    wait = mod / "tools" / "wait.lua"
    wait.write_text(wait.read_text().replace("seconds * 60", "seconds * 61"))
    with running_server(mod_folder=mod.parent) as port:
        where = f"127.0.0.1:{port}"
        result = run(tmp_path, "doctor", "--server", where, "--yes", COLUMNS="200", FACTORIO_RCON_PASSWORD=PASSWORD)
    assert result.returncode == 1
    row = next(line for line in result.stdout.splitlines() if "sleep(2)" in line)
    assert "122, 122, 122" in row and "NO" in row
    assert "1 of" in result.stderr and "sleep(2)" in result.stderr


@pytest.mark.docker
@pytest.mark.slow
def test_the_simulators_container_conforms(tmp_path: Path) -> None:
    result = run(tmp_path, "doctor", "--server", "simulator", "--json")
    assert result.returncode == 0, result.stderr
    assert report(result.stdout)["ok"] is True
