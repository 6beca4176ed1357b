import contextlib
import socket
import struct
import threading
from collections.abc import Iterator

import factorio_rcon
import pytest

from harness.core.errors import ServerStartError
from harness.simulator.rcon import Packet, PacketReader, RconListener, encode

PASSWORD = "open sesame"


@pytest.fixture
def address() -> Iterator[tuple[str, int]]:
    """A listener that answers every command with its own text, `big` with a long text."""
    listener = RconListener("127.0.0.1", 0, PASSWORD)
    stop = threading.Event()

    def serve() -> None:
        while not stop.is_set():
            for command in listener.poll(0.02):
                listener.reply(command, b"x" * 3_000_000 if command.text == b"big" else command.text)

    thread = threading.Thread(target=serve)
    thread.start()
    yield listener.address
    stop.set()
    thread.join()
    listener.close()


def read_packet(sock: socket.socket) -> Packet | None:
    reader = PacketReader()
    while data := sock.recv(65536):
        reader.feed(data)
        for packet in reader.packets(10_000_000):
            return packet
    return None


def connect(address: tuple[str, int]) -> socket.socket:
    sock = socket.create_connection(address, timeout=5)
    sock.settimeout(5)
    return sock


def test_real_client_talks(address: tuple[str, int]) -> None:
    with factorio_rcon.RCONClient(address[0], address[1], PASSWORD, timeout=5) as client:
        assert client.send_command("hällo") == "hällo"
        assert client.send_command("") is None
        assert len(client.send_command("big") or "") == 3_000_000
        assert client.send_commands({"a": "1", "b": "2"}) == {"a": "1", "b": "2"}
        long = "y" * 100_000
        assert client.send_command(long) == long


def test_wrong_password_is_refused_and_never_executed(address: tuple[str, int]) -> None:
    with pytest.raises(factorio_rcon.InvalidPassword):
        factorio_rcon.RCONClient(address[0], address[1], "wrong", timeout=5)
    with connect(address) as sock:
        sock.sendall(encode(Packet(5, 2, b"do it")))
        assert read_packet(sock) == Packet(-1, 2, b"")


def test_several_clients_and_second_login(address: tuple[str, int]) -> None:
    clients = [factorio_rcon.RCONClient(address[0], address[1], PASSWORD, timeout=5) for _ in range(5)]
    assert [client.send_command(str(number)) for number, client in enumerate(clients)] == ["0", "1", "2", "3", "4"]
    clients[0].close()
    clients[0].connect()
    assert clients[0].send_command("again") == "again"
    for client in clients:
        client.close()


@pytest.mark.parametrize(
    "rubbish",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        struct.pack("<i", 2**31 - 1),
        struct.pack("<i", -5) + b"abc",
        encode(Packet(1, 3, b"p" * 100_000)),
        b"\x0a",
    ],
)
def test_rubbish_hurts_only_its_sender(address: tuple[str, int], rubbish: bytes) -> None:
    with factorio_rcon.RCONClient(address[0], address[1], PASSWORD, timeout=5) as client, connect(address) as sock:
        sock.sendall(rubbish)
        assert client.send_command("still here") == "still here"
        with contextlib.suppress(OSError):  # the server may have hung up first
            sock.shutdown(socket.SHUT_WR)
            assert read_packet(sock) is None
        assert client.send_command("and now") == "and now"


def test_a_stranger_who_reads_nothing_is_dropped(address: tuple[str, int]) -> None:
    with connect(address) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        flood = encode(Packet(1, 2, b"")) * 10_000
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            for _ in range(200):
                sock.sendall(flood)


def test_pipelined_commands_are_answered_in_order(address: tuple[str, int]) -> None:
    with connect(address) as sock:
        sock.sendall(
            b"".join(
                encode(packet) for packet in [Packet(7, 3, PASSWORD.encode()), Packet(8, 2, b"a"), Packet(9, 2, b"b")]
            )
        )
        reader, got = PacketReader(), []
        while len(got) < 3:
            reader.feed(sock.recv(65536))
            got += reader.packets(1000)
        assert got == [Packet(7, 2, b""), Packet(8, 0, b"a"), Packet(9, 0, b"b")]


def test_used_port_is_one_clear_error(address: tuple[str, int]) -> None:
    with pytest.raises(ServerStartError, match=f"{address[1]}: Address already in use"):
        RconListener(address[0], address[1], PASSWORD)
