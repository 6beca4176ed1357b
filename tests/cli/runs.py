"""Running the command line as a user does: in a process of its own, in a folder of its own."""

import os
import subprocess
import sys
from pathlib import Path

import psutil

TINY = """
variant: {variant}
model: scripted/builder
seed: 3
servers: {{ slots: 2 }}
search: {{ iterations: {iterations}, samples_per_iteration: 2, timeout_s: 20, max_steps: 2, candidates: 2 }}
evaluation: {{ accrual_s: 10 }}
"""


def write_experiment(
    folder: Path, name: str = "tiny", *, variant: str = "chunked", iterations: int = 1, more: str = ""
):
    (folder / "experiments").mkdir(exist_ok=True)
    text = TINY.format(variant=variant, iterations=iterations) + more
    (folder / "experiments" / f"{name}.yaml").write_text(text)


def start(folder: Path, *arguments: str, **environment: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "harness.cli", *arguments]
    clean = {name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")}
    return subprocess.Popen(
        command,
        cwd=folder,
        env=clean | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(folder: Path, *arguments: str, timeout_s: float = 120, **environment: str) -> subprocess.CompletedProcess:
    with start(folder, *arguments, **environment) as process:
        try:
            out, err = process.communicate(timeout=timeout_s)
        finally:
            process.kill()
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def leftovers(folder: Path) -> list[str]:
    """Command lines of processes that still work for a run in `folder`."""
    found = []
    for process in psutil.process_iter(["cmdline", "cwd"]):
        line = " ".join(process.info["cmdline"] or [])
        if process.info["cwd"] == str(folder) and "harness" in line:
            found.append(line)
    return found
