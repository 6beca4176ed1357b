"""What can happen to a container, done to a real one through its engine."""

import time


def kill(container) -> None:
    container.kill()


def stop(container) -> None:
    container.stop(timeout=5)


def remove(container) -> None:
    container.remove(v=True, force=True)


def pause(container) -> None:
    container.pause()


def hang(container) -> None:
    """SIGSTOP to all but the init process: the port still accepts, nobody answers."""
    container.exec_run(["bash", "-c", "kill -STOP -1"], detach=True)
    deadline = time.monotonic() + 10
    while not any(state.startswith("T") for state, _ in container.top(ps_args="-o stat,pid")["Processes"]):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def cut_network(container) -> None:
    container.reload()
    for name in container.attrs["NetworkSettings"]["Networks"]:
        container.client.networks.get(name).disconnect(container, force=True)


def use_up_memory(container) -> None:
    """A file in memory counts as the container's own; the server is the largest process to be killed for it."""
    container.update(mem_limit="220m", memswap_limit="220m")
    container.exec_run(["bash", "-c", "head -c 200M /dev/zero >/tmp/filled"])


def fill_disks(container) -> None:
    container.update(mem_limit="2g", memswap_limit="2g")
    for folder in ("/var/lib/factorio", "/tmp"):
        code, output = container.exec_run(["bash", "-c", f"head -c 1G /dev/zero >{folder}/filled"])
        assert code != 0
        assert b"No space left on device" in output
