import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest

from harness.core.errors import ServerLostError, ServerStartError
from harness.game import RconConnection
from harness.simulator.rcon.listener import RconListener

PASSWORD = "a-secret-word"


@contextlib.contextmanager
def echo_server() -> Iterator[int]:
    """An RCON server that answers a command with itself, and falls silent at `/silence`."""
    listener = RconListener("127.0.0.1", 0, PASSWORD)
    stop = threading.Event()

    def serve() -> None:
        while not stop.is_set():
            for command in listener.poll(0.02):
                if command.text != b"/silence":
                    listener.reply(command, command.text + b"\n")

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.address[1]
    finally:
        stop.set()
        thread.join()
        listener.close()


def test_commands_are_answered_whatever_their_size() -> None:
    with echo_server() as port, RconConnection("127.0.0.1", port, PASSWORD) as connection:
        assert connection.command("/agent {}") == "/agent {}"
        long = "/agent " + "x" * 200_000
        assert connection.command(long) == long


def test_a_wrong_password_is_one_line_without_any_password() -> None:
    with echo_server() as port, pytest.raises(ServerStartError) as caught:
        RconConnection("127.0.0.1", port, "not-it")
    message = str(caught.value)
    assert "password" in message
    assert "not-it" not in message
    assert PASSWORD not in message
    assert "\n" not in message


def test_nobody_listening_is_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(ServerStartError, match="connection refused") as caught:
            RconConnection("127.0.0.1", port, PASSWORD, connect_timeout_s=0.2)
    assert PASSWORD not in str(caught.value)


def test_a_server_that_comes_up_late_is_waited_for() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started: list[RconListener] = []
    stop = threading.Event()

    def serve() -> None:
        stop.wait(0.3)
        started.append(RconListener("127.0.0.1", port, PASSWORD))
        while not stop.is_set():
            for command in started[0].poll(0.02):
                started[0].reply(command, b"here")

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with RconConnection("127.0.0.1", port, PASSWORD, connect_timeout_s=20) as connection:
            assert connection.command("/x") == "here"
    finally:
        stop.set()
        thread.join()
        started[0].close()


def test_silence_is_a_lost_server_and_the_connection_is_gone() -> None:
    with echo_server() as port:
        connection = RconConnection("127.0.0.1", port, PASSWORD, reply_timeout_s=0.2)
        assert PASSWORD not in repr(connection)
        with pytest.raises(ServerLostError, match="/silence"):
            connection.command("/silence")
        with pytest.raises(ServerLostError, match="closed"):
            connection.command("/agent {}")
