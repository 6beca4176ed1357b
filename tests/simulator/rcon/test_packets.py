import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.simulator.rcon import Packet, PacketError, PacketReader, encode

packets = st.builds(
    Packet, id=st.integers(-1, 2**31 - 1), type=st.sampled_from([0, 2, 3]), body=st.binary(max_size=300)
)


@given(st.lists(packets, max_size=5), st.data())
def test_any_cut_of_the_stream_gives_the_same_packets(sent: list[Packet], data: st.DataObject) -> None:
    stream = b"".join(encode(packet) for packet in sent)
    reader, got = PacketReader(), []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        reader.feed(stream[:size])
        stream = stream[size:]
        got += reader.packets(1000)
    assert got == sent


@pytest.mark.parametrize("bad", [b"\xff\xff\xff\xff", b"\x09\0\0\0", b"\x7f\xff\xff\x7f", b"GET / HTTP/1.1\r\n"])
def test_impossible_length_is_refused(bad: bytes) -> None:
    reader = PacketReader()
    reader.feed(bad)
    with pytest.raises(PacketError, match="length"):
        list(reader.packets(1000))


def test_missing_end_is_refused() -> None:
    reader = PacketReader()
    reader.feed(encode(Packet(1, 2, b"hi"))[:-1] + b"x")
    with pytest.raises(PacketError, match="end"):
        list(reader.packets(1000))
