"""What programs are played on: servers, an evaluator over them, and the world they all start from."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import anyio

from harness.evaluation import FactorioEvaluator, Racing
from harness.experiment.config import ExperimentConfig
from harness.game import FactorioInstance, GameState
from harness.servers import RunningServer, ServerPool, ServerSettings, make_launcher
from harness.tasks import resolve_inventory

_CONNECT_TIMEOUT_S = 10.0
"""For a server that its launcher calls ready, or that runs already."""


class ServerWatcher(Protocol):
    """Told of the servers."""

    def on_server(self, name: str) -> None:
        """A server can be played on."""

    def on_server_lost(self, name: str, why: str) -> None:
        """A server is taken out of use; another one takes its place when it is needed."""


class SilentWatcher:
    """A `ServerWatcher` that does nothing; what is lost shows in the log all the same."""

    def on_server(self, name: str) -> None:
        """Does nothing."""

    def on_server_lost(self, name: str, why: str) -> None:
        """Does nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arena:
    """Servers that are ready.

    Attributes:
        evaluator: plays programs on them.
        initial: the world that programs start from.
        server: what the servers say they are.
        image: what their containers were made from, named by content; empty for servers that are no containers.
        refill: replaces the servers that are out of use, which otherwise happens when they are needed.
    """

    evaluator: FactorioEvaluator
    initial: GameState
    server: str
    image: str
    refill: Callable[[], Awaitable[None]]


def server_settings(config: ExperimentConfig) -> ServerSettings:
    """How a configuration's servers are to be started."""
    return ServerSettings(**config.servers.model_dump())


@asynccontextmanager
async def open_arena(config: ExperimentConfig, logs: Path, watcher: ServerWatcher) -> AsyncGenerator[Arena]:
    """Starts the servers of a configuration and stops them at the end of the block, whatever happens in it.

    Args:
        config: whose servers, world and evaluation.
        logs: folder of the servers' logs.
        watcher: told of the servers.

    Raises:
        ServerError: the servers could not be started.
    """
    settings = server_settings(config)
    launcher = make_launcher(settings, logs)

    def connect(server: RunningServer) -> FactorioInstance:
        return _connect(config, server)

    async with ServerPool(launcher, settings.slots, connect, watcher.on_server, watcher.on_server_lost) as pool:
        async with pool.lease_holdout() as holdout:
            initial = await anyio.to_thread.run_sync(holdout.state)
            server = holdout.server_version
        racing = config.evaluation.racing
        evaluator = FactorioEvaluator(
            pool,
            accrual_ticks=round(config.evaluation.accrual_s * 60),
            price_profile=config.evaluation.price_profile,
            max_program_ticks=config.evaluation.max_program_ticks,
            task=config.task,
            racing=Racing(checkpoints=racing.checkpoints, margin=racing.margin) if racing.enabled else None,
        )
        yield Arena(evaluator=evaluator, initial=initial, server=server, image=launcher.image, refill=pool.refill)


def _connect(config: ExperimentConfig, server: RunningServer) -> FactorioInstance:
    world = config.world
    return FactorioInstance(
        address=server.address,
        tcp_port=server.port,
        inventory=resolve_inventory(world.inventory),
        rcon_password=server.password,
        map=world.map,
        seed=world.seed,
        all_technologies=world.all_technologies,
        max_ticks=config.evaluation.max_program_ticks,
        connect_timeout_s=_CONNECT_TIMEOUT_S,
        reply_timeout_s=config.servers.reply_timeout_s,
    )
