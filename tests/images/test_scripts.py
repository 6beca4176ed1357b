"""What the images' scripts refuse, run without a container; and what a linter says of the Dockerfiles."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.images.standin import make_archive

ROOT = Path(__file__).parents[2]
VERSION = "2.0.77"
TOOLS = ROOT / ".venv-containers" / "bin"


def entrypoint(**variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", ROOT / "images" / "common" / "entrypoint"],
        env={"PATH": os.environ["PATH"]} | variables,
        capture_output=True,
        text=True,
        timeout=20,
    )


@pytest.mark.parametrize(
    ("password", "start", "complaint"),
    [
        (None, "new", "expected the RCON password in a readable file"),
        ("", "new", "found an empty line"),
        ("-secret\n", "new", "does not begin with '-'"),
        ("secret\n", "newest", "expected START=new or START=latest, found START=newest"),
    ],
)
def test_the_entrypoint_says_what_it_lacks(tmp_path: Path, password: str | None, start: str, complaint: str) -> None:
    file = tmp_path / "password"
    if password is not None:
        file.write_text(password)
    result = entrypoint(RCON_PASSWORD_FILE=str(file), START=start)
    assert result.returncode == 2
    assert complaint in result.stderr
    assert "secret" not in result.stderr


def unpack(folder: Path, version: str = VERSION, checksum: str = "") -> subprocess.CompletedProcess[str]:
    for name in ("unpack", "checksums"):
        shutil.copy(ROOT / "images" / "factorio" / name, folder)
    return subprocess.run(
        ["bash", folder / "unpack", version, checksum, folder / "opt"], capture_output=True, text=True, timeout=60
    )


def test_an_archive_is_unpacked_without_the_expansion(tmp_path: Path) -> None:
    checksum = make_archive(tmp_path / "given.tar.xz", "#!/bin/sh\n")
    result = unpack(tmp_path, checksum=checksum)
    assert result.returncode == 0, result.stderr
    data = tmp_path / "opt" / "factorio" / "data"
    assert sorted(path.name for path in data.iterdir() if path.is_dir()) == ["base", "core"]
    assert os.access(tmp_path / "opt" / "factorio" / "bin" / "x64" / "factorio", os.X_OK)


def test_an_archive_of_another_sum_is_refused(tmp_path: Path) -> None:
    checksum = make_archive(tmp_path / "given.tar.xz", "#!/bin/sh\n")
    result = unpack(tmp_path)
    assert result.returncode == 1
    assert f"found {checksum}; download it again" in result.stderr
    assert not (tmp_path / "opt").exists()


def test_a_version_without_a_known_sum_is_refused(tmp_path: Path) -> None:
    make_archive(tmp_path / "given.tar.xz", "#!/bin/sh\n")
    result = unpack(tmp_path, version="2.9.99")
    assert result.returncode == 1
    assert "expected factorio-headless_linux_2.9.99.tar.xz in images/factorio/checksums" in result.stderr
    assert f"found factorio-headless_linux_{VERSION}.tar.xz" in result.stderr
    assert "FACTORIO_SHA256" in result.stderr


def test_an_archive_of_something_else_is_refused(tmp_path: Path) -> None:
    given = tmp_path / "given.tar.xz"
    (tmp_path / "readme").write_text("not a server")
    subprocess.run(["tar", "-cJf", given, "-C", tmp_path, "readme"], check=True)
    result = unpack(tmp_path, checksum=hashlib.sha256(given.read_bytes()).hexdigest())
    assert result.returncode == 1
    assert "expected factorio/bin/x64/factorio in given.tar.xz, found none" in result.stderr


@pytest.mark.parametrize("name", ["simulator", "factorio"])
def test_dockerfiles_are_clean(name: str) -> None:
    if not (TOOLS / "hadolint").exists():
        pytest.skip("the linter is not installed yet: make .venv-containers/.installed")
    result = subprocess.run(
        [TOOLS / "hadolint", "--no-color", ROOT / "images" / name / "Dockerfile"], capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout
