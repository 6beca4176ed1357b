"""A stand-in for the game's archive: the same files in the same places, with the embedded server behind its binary.

What is laid out is what the images rely on: the binary, the folders of the base game and the expansion, and the example
settings. Nothing in it is the game's.
"""

import hashlib
import io
import tarfile
from pathlib import Path

FOLDERS = ("base", "core", "elevated-rails", "quality", "space-age")


def make_archive(path: Path, binary: str) -> str:
    """Writes the archive.

    Args:
        path: where.
        binary: text of the program at `bin/x64/factorio`.

    Returns:
        Its SHA-256.
    """
    files = {f"data/{name}/info.json": f'{{"name": "{name}"}}' for name in FOLDERS}
    files |= {"config-path.cfg": "use-system-read-write-data-directories=false\n"}
    files |= {"data/server-settings.example.json": "{}", "bin/x64/factorio": binary}
    with tarfile.open(path, "w:xz") as archive:
        for name, text in sorted(files.items()):
            entry = tarfile.TarInfo(f"factorio/{name}")
            entry.size, entry.mode = len(text), 0o755 if name.startswith("bin/") else 0o644
            archive.addfile(entry, io.BytesIO(text.encode()))
    return hashlib.sha256(path.read_bytes()).hexdigest()
