"""What strangers, broken clients and slow ones do to a server process: nothing to anybody else."""

import socket
import struct
import time
from collections.abc import Iterator

import factorio_rcon
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.simulator.rcon import Packet, PacketReader, RconListener, encode
from harness.simulator.rcon.listener import COMMANDS_A_TURN, MAX_CLIENTS, MAX_PACKET_S, MAX_STRANGER_S
from harness.simulator.rcon.packets import AUTH, EXECUTE
from tests.simulator.processes import PASSWORD, Running

LOGIN = encode(Packet(1, AUTH, PASSWORD.encode()))


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    running = Running("--start-server-load-scenario", "base/empty")
    with running.connect() as client:
        client.send_command("/sc game.tick_paused = true")
    yield running
    code, log = running.stop()
    assert code == 0
    assert "Traceback" not in log


@pytest.fixture(scope="module")
def witness(server: Running) -> Iterator[factorio_rcon.RCONClient]:
    """A client that is connected all the while and must be answered at any time."""
    with factorio_rcon.RCONClient("127.0.0.1", server.port, PASSWORD, timeout=10) as client:
        yield client


def connect(server: Running, *, login: bool = False) -> socket.socket:
    sock = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    if login:
        sock.sendall(LOGIN)
        assert read(sock, 1) == [Packet(1, 2, b"")]
    return sock


def read(sock: socket.socket, count: int) -> list[Packet]:
    reader, got = PacketReader(), []
    while len(got) < count:
        data = sock.recv(1 << 20)
        if not data:
            break
        reader.feed(data)
        got += reader.packets(1 << 28)
    return got


lengths = st.one_of(st.integers(-(2**31), 2**31 - 1), st.sampled_from([-1, 0, 9, 10, 11, 4096, 2**31 - 1]))
broken = st.one_of(
    st.binary(max_size=200),
    st.builds(lambda length, rest: struct.pack("<i", length) + rest, lengths, st.binary(max_size=100)),
    st.builds(
        lambda number, kind, body: encode(Packet(number, kind, body)),
        st.integers(-(2**31), 2**31 - 1),
        st.integers(-(2**31), 2**31 - 1),
        st.binary(max_size=60),
    ),
    st.builds(lambda body, cut: encode(Packet(7, 2, body))[:-cut], st.binary(max_size=60), st.integers(1, 30)),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.booleans(), st.lists(broken, min_size=1, max_size=4), st.sampled_from(["close", "reset", "half"]))
def test_any_bytes_hurt_only_their_sender(
    server: Running, witness: factorio_rcon.RCONClient, login: bool, pieces: list[bytes], end: str
) -> None:
    with connect(server, login=login) as sock:
        try:
            for piece in pieces:
                sock.sendall(piece)
            if end == "half":
                sock.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the server has hung up already
        if end == "reset":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        assert witness.send_command("/sc rcon.print('here')") == "here"


def test_wrong_then_right_password_and_ids_come_back(server: Running) -> None:
    with connect(server) as sock:
        sock.sendall(encode(Packet(3, EXECUTE, b"/time")) + encode(Packet(4, AUTH, b"wrong")))
        assert read(sock, 2) == [Packet(-1, 2, b""), Packet(-1, 2, b"")]
        sock.sendall(encode(Packet(0, AUTH, PASSWORD.encode())))
        assert read(sock, 1) == [Packet(0, 2, b"")]
        for number in (0, 5, 2**31 - 1, -7):
            sock.sendall(encode(Packet(number, EXECUTE, b"/sc rcon.print(1)")))
            assert read(sock, 1) == [Packet(number, 0, b"1\n")]
        sock.sendall(encode(Packet(9, AUTH, PASSWORD.encode())) + encode(Packet(10, EXECUTE, b"/sc rcon.print(2)")))
        assert read(sock, 2) == [Packet(9, 2, b""), Packet(10, 0, b"2\n")]


def test_a_megabyte_of_reply_is_one_packet(server: Running) -> None:
    with connect(server, login=True) as sock:
        sock.sendall(encode(Packet(2, EXECUTE, b"/sc rcon.print(('0123456789'):rep(600000))")))
        assert read(sock, 1) == [Packet(2, 0, b"0123456789" * 600_000 + b"\n")]


def test_a_client_that_goes_in_the_middle_of_a_long_reply(server: Running, witness: factorio_rcon.RCONClient) -> None:
    for _ in range(5):
        sock = connect(server, login=True)
        sock.sendall(encode(Packet(2, EXECUTE, b"/sc rcon.print(('x'):rep(2e7))")))
        assert sock.recv(1000)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()
        assert witness.send_command("/sc rcon.print('here')") == "here"


def test_a_client_that_never_reads_stalls_nobody_and_is_not_served_on(
    server: Running, witness: factorio_rcon.RCONClient
) -> None:
    witness.send_command("/sc storage.count = 0")
    command = encode(Packet(2, EXECUTE, b"/sc storage.count = storage.count + 1 rcon.print(('x'):rep(3e6))"))
    with connect(server, login=True) as deaf:
        deaf.sendall(command * 100)
        began = time.monotonic()
        counts = [int(witness.send_command("/sc rcon.print(storage.count)") or "") for _ in range(50)]
        assert time.monotonic() - began < 10
        assert counts[-1] < 10  # replies it does not read are not made without end
        read(deaf, 100)
        assert int(witness.send_command("/sc rcon.print(storage.count)") or "") == 100


def test_pipelined_commands_do_not_keep_others_waiting(server: Running, witness: factorio_rcon.RCONClient) -> None:
    number = 3000
    with connect(server, login=True) as busy:
        busy.sendall(
            b"".join(encode(Packet(at, EXECUTE, b"/sc x = 0 for i = 1, 2e4 do x = x + i end")) for at in range(number))
        )
        began = time.monotonic()
        assert witness.send_command("/sc rcon.print('here')") == "here"
        assert time.monotonic() - began < 2
        assert [packet.id for packet in read(busy, number)] == list(range(number))


def test_strangers_cannot_keep_clients_out(server: Running, witness: factorio_rcon.RCONClient) -> None:
    strangers = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(MAX_CLIENTS + 20)]
    for _ in range(3):
        with connect(server, login=True) as sock:
            sock.sendall(encode(Packet(5, EXECUTE, b"/sc rcon.print(3)")))
            assert read(sock, 1) == [Packet(5, 0, b"3\n")]
    assert witness.send_command("/sc rcon.print('here')") == "here"
    for sock in strangers:
        sock.close()


# With a clock in hand: a listener without a process.


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clocked() -> Iterator[tuple[RconListener, Clock]]:
    clock = Clock()
    listener = RconListener("127.0.0.1", 0, PASSWORD, now=clock)
    yield listener, clock
    listener.close()


def poll(listener: RconListener) -> list[bytes]:
    """Serves for a moment, answering every command with its own text."""
    done = []
    for _ in range(20):
        for command in listener.poll(0.005):
            listener.reply(command, command.text)
            done.append(command.text)
    return done


def open_to(listener: RconListener, *data: bytes) -> socket.socket:
    sock = socket.create_connection(listener.address, timeout=5)
    for piece in data:
        sock.sendall(piece)
    return sock


def test_who_gives_no_password_is_dropped_in_time(clocked: tuple[RconListener, Clock]) -> None:
    listener, clock = clocked
    with open_to(listener) as silent, open_to(listener, LOGIN[:9]) as slow, open_to(listener, LOGIN) as client:
        poll(listener)
        clock.now += MAX_STRANGER_S - 1
        slow.sendall(LOGIN[9:12])
        poll(listener)
        clock.now += 2
        poll(listener)
        assert silent.recv(10) == b""
        assert slow.recv(10) == b""
        assert len(client.recv(100)) == 14
        clock.now += 10_000
        client.sendall(encode(Packet(2, EXECUTE, b"still here")))
        assert poll(listener) == [b"still here"]


def test_a_packet_must_be_whole_in_time(clocked: tuple[RconListener, Clock]) -> None:
    listener, clock = clocked
    command = encode(Packet(2, EXECUTE, b"hello"))
    with open_to(listener, LOGIN, command[:8]) as half, open_to(listener, LOGIN) as patient:
        poll(listener)
        clock.now += MAX_PACKET_S - 1
        half.sendall(command[8:] + command[:5])
        patient.sendall(command[:10])
        assert poll(listener) == [b"hello"]
        clock.now += MAX_PACKET_S - 1
        patient.sendall(command[10:])
        assert poll(listener) == [b"hello"]
        clock.now += 2
        poll(listener)
        assert len(read(half, 3)) == 2
        assert half.recv(10) == b""
        patient.sendall(command)
        assert poll(listener) == [b"hello"]


def test_who_takes_nothing_of_what_waits_is_dropped_in_time(clocked: tuple[RconListener, Clock]) -> None:
    listener, clock = clocked
    with open_to(listener, LOGIN, encode(Packet(2, EXECUTE, b"a lot"))) as deaf:
        for _ in range(20):
            for command in listener.poll(0.01):
                listener.reply(command, b"x" * 20_000_000)
        clock.now += MAX_PACKET_S + 1
        poll(listener)
        with pytest.raises(OSError, match=r"reset|Broken"):
            for _ in range(100):
                deaf.sendall(b"\0" * 100_000)


def test_clients_take_turns(clocked: tuple[RconListener, Clock]) -> None:
    listener, _ = clocked
    with open_to(listener, LOGIN) as one, open_to(listener, LOGIN) as two:
        poll(listener)
        for name, sock in ((b"a", one), (b"b", two)):
            sock.sendall(encode(Packet(2, EXECUTE, name)) * (3 * COMMANDS_A_TURN))
        time.sleep(0.1)
        order = b"".join(poll(listener))
    assert len(order) == 6 * COMMANDS_A_TURN
    assert order.index(b"b") <= COMMANDS_A_TURN
    assert order.index(b"b" * COMMANDS_A_TURN + b"a") < 4 * COMMANDS_A_TURN
