from collections.abc import Iterator

import pytest
from anyio.from_thread import start_blocking_portal

from harness import FactorioInstance
from harness.servers import ServerPool, ServerSettings, make_launcher
from harness.tasks import LAB


@pytest.fixture(scope="module")
def instances(tmp_path_factory) -> Iterator[list[FactorioInstance]]:
    """Four slots and a holdout, on real servers in the lab world."""

    def connect(server) -> FactorioInstance:
        return FactorioInstance(
            address=server.address, tcp_port=server.port, inventory=dict(LAB), rcon_password=server.password
        )

    launcher = make_launcher(ServerSettings(), tmp_path_factory.mktemp("logs"))
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(ServerPool(launcher, 4, connect)) as pool,
    ):
        yield pool.instances
