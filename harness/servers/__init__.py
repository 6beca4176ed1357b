"""Headless servers: how they are started, reached and stopped, and the pool an experiment plays on."""

from harness.servers.external import ExternalLauncher
from harness.servers.launcher import Launcher, RunningServer, ServerSettings
from harness.servers.pool import ServerPool
from harness.servers.process import ProcessLauncher
from harness.servers.registry import LAUNCHERS, make_launcher

__all__ = [
    "LAUNCHERS",
    "ExternalLauncher",
    "Launcher",
    "ProcessLauncher",
    "RunningServer",
    "ServerPool",
    "ServerSettings",
    "make_launcher",
]
