import json
from typing import Any

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


@pytest.mark.parametrize("x", [0, 0.0, 3, -2.5])
def test_a_state_that_was_read_has_the_hash_it_was_written_under(x: float) -> None:
    state = GameState(
        entities=[], inventory={}, timestamp=0, position={"x": x, "y": 1}, snapshot="s", snapshot_hash="h"
    )
    assert GameState.from_bytes(state.to_bytes()).hash == state.hash


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


GOOD: dict[str, Any] = GameState([], {"coal": 1}, 5).to_json()
NAMESPACE = GOOD["namespace"]


@pytest.mark.parametrize(
    "harm",
    [
        {"entities": 5},
        {"entities": [5]},
        {"inventory": [1]},
        {"inventory": {"coal": "x"}},
        {"position": 3},
        {"research": []},
        {"timestamp": "x"},
        {"timestamp": True},
        {"timestamp": -5},
        {"elapsed_ticks": -5},
        {"elapsed_ticks": None},
        {"portable": [1]},
        {"portable": {"format": 99}},
        {"snapshot": 5},
        {"snapshot_hash": 5},
        {"schema": True},
        {"schema": [2]},
        {"schema": 1, "portable": {"entities": 5}},
        {"schema": 1, "portable": [1]},
        {"nonsense": 1},
        {"namespace": 5},
        {"namespace": {**NAMESPACE, "data": {"objects": 5}}},
        {"namespace": {**NAMESPACE, "data": {"sources": {}}}},
        {"position": {"x": float("nan"), "y": 0.0}},
        {"research": {"current": None, "progress": float("inf")}},
    ],
)
def test_a_part_of_the_wrong_type_is_refused(harm: dict[str, Any]) -> None:
    assert GameState.from_bytes(json.dumps(GOOD).encode()).inventory == {"coal": 1}
    with pytest.raises(RecordError):
        GameState.from_bytes(json.dumps({**GOOD, **harm}).encode())


@pytest.mark.parametrize("part", ["entities", "research", "namespace", "portable"])
def test_deep_nesting_is_refused(part: str) -> None:
    text = json.dumps({**GOOD, part: "HERE"}).replace('"HERE"', '{"a":' + "[" * 100_000 + "]" * 100_000 + "}")
    with pytest.raises(RecordError):
        GameState.from_bytes(text.encode())


@pytest.mark.parametrize("missing", ["entities", "inventory", "timestamp", "namespace", "schema"])
def test_a_part_that_is_missing_is_named(missing: str) -> None:
    record = {key: value for key, value in GOOD.items() if key != missing}
    with pytest.raises(RecordError, match=missing):
        GameState.from_bytes(json.dumps(record).encode())
