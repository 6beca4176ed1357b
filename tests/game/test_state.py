import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.errors import RecordError
from harness.game import GameState
from harness.programs import Namespace


@given(
    st.integers(0, 10**6), st.dictionaries(st.text(max_size=5), st.integers(0, 100)), st.none() | st.text(max_size=20)
)
def test_bytes_and_back(timestamp: int, inventory: dict[str, int], snapshot: str | None) -> None:
    state = GameState(entities=[{"name": "boiler"}], inventory=inventory, timestamp=timestamp, snapshot=snapshot)
    again = GameState.from_bytes(state.to_bytes())
    assert again == state
    assert again.hash == state.hash
    assert again.restorable == (snapshot is not None)


def test_the_hash_sees_every_part() -> None:
    base = GameState(entities=[], inventory={"coal": 1}, timestamp=0)
    others = [
        GameState(entities=[{"name": "pipe"}], inventory={"coal": 1}, timestamp=0),
        GameState(entities=[], inventory={"coal": 2}, timestamp=0),
        GameState(entities=[], inventory={"coal": 1}, timestamp=1),
        GameState(entities=[], inventory={"coal": 1}, timestamp=0, snapshot="x"),
        GameState(entities=[], inventory={"coal": 1}, timestamp=0, namespace=Namespace(data={"names": {"a": 1}})),
    ]
    assert len({state.hash for state in [base, *others]}) == 6


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"schema": 99}', b"\xff"])
def test_what_is_no_state_is_refused(data: bytes) -> None:
    with pytest.raises(RecordError):
        GameState.from_bytes(data)
