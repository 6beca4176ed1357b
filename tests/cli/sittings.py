"""The command line in processes that begin in a moment: forked off one that has everything loaded."""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
from multiprocessing.process import BaseProcess
from pathlib import Path

from harness.cli.app import main

_LOADED = ["harness.cli.app", "harness.llm.providers.openai", "harness.variants", "tests.cli.sittings"]


def begin(folder: Path, *arguments: str, disk_bytes: int = 0, **environment: str) -> BaseProcess:
    """Starts `harness ARGUMENTS` in `folder`; what it prints goes to the file `output` there.

    With `disk_bytes` no file can grow past that: to who writes it, a disk that is full.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_LOADED)
    process = context.Process(target=_sit, args=(folder, arguments, environment, disk_bytes))
    process.start()
    return process


def sit(
    folder: Path, *arguments: str, timeout_s: float = 120, disk_bytes: int = 0, **environment: str
) -> tuple[int | None, str]:
    """Runs `harness ARGUMENTS` to its end: its status and what it printed."""
    process = begin(folder, *arguments, disk_bytes=disk_bytes, **environment)
    process.join(timeout_s)
    status = process.exitcode
    process.kill()
    process.join()
    return status, (folder / "output").read_text()


def _sit(folder: Path, arguments: tuple[str, ...], environment: dict[str, str], disk_bytes: int) -> None:
    os.chdir(folder)
    os.environ.update(environment)
    with (folder / "output").open("wb") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    if disk_bytes:
        resource.setrlimit(resource.RLIMIT_FSIZE, (disk_bytes, resource.RLIM_INFINITY))
    sys.argv = ["harness", *arguments]
    main()
