"""Launchers by the name an experiment gives them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from harness.core.errors import ConfigError
from harness.servers.docker import DockerLauncher
from harness.servers.external import ExternalLauncher
from harness.servers.launcher import Launcher, ServerSettings
from harness.servers.process import ProcessLauncher

LAUNCHERS: dict[str, Callable[[ServerSettings, Path], Launcher]] = {
    "docker": DockerLauncher,
    "process": ProcessLauncher,
    "external": lambda settings, _logs: ExternalLauncher(settings),
}


def make_launcher(settings: ServerSettings, logs: Path) -> Launcher:
    """The launcher that `settings` names.

    Args:
        settings: what to start.
        logs: folder for the servers' output.

    Raises:
        ConfigError: no launcher has that name.
    """
    if settings.launcher not in LAUNCHERS:
        known = ", ".join(sorted(LAUNCHERS))
        raise ConfigError(f"servers.launcher: expected one of {known}, got {settings.launcher!r}")
    return LAUNCHERS[settings.launcher](settings, logs)
