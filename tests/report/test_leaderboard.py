import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.errors import RecordError
from harness.report.episodes import Episode
from harness.report.leaderboard import (
    LeaderboardRecord,
    leaderboard_records,
    most_complex_item,
    read_leaderboard,
    write_leaderboard,
)

EPISODE = Episode(
    name="exp/v001",
    model="provider/one",
    method="mcts",
    seed=0,
    kind="open",
    task="open_play",
    success=False,
    score=100.4,
    milestones=5,
    automated=2,
    goods=("iron-plate", "iron-gear-wheel"),
    samples=8,
    tokens=1000,
    usd=0.0,
    price_profile="reference",
    ended_on="2026-11-20",
    server="",
    programs=(),
    fingerprint="",
)

KEYS = [
    "name",
    "productionScore",
    "milestones",
    "automationMilestones",
    "labTasksSuccessRate",
    "mostComplexItem",
    "submittedBy",
    "submissionDate",
]


def lab(success: bool, **changes) -> Episode:
    return replace(EPISODE, kind="lab", success=success, **changes)


def test_a_record_against_counting(tmp_path):
    episodes = [
        EPISODE,
        replace(EPISODE, score=300.0, milestones=8, automated=4, method="beam"),
        lab(True, ended_on="2026-11-22", goods=("electronic-circuit",)),
        lab(False),
        lab(False),
        replace(EPISODE, kind="other", goods=("rocket-silo",), ended_on="2027-01-01"),
    ]
    records = leaderboard_records(episodes, "A. Name")
    path = tmp_path / "ours.json"
    write_leaderboard(path, records)
    (plain,) = json.loads(path.read_text())
    assert list(plain) == KEYS
    assert list(plain.values()) == [
        "provider/one",
        200,
        5,
        2,
        33.3,
        "electronic-circuit",
        "A. Name",
        "2026-11-22",
    ]
    assert read_leaderboard(path) == records


def test_what_was_not_played_is_null_and_other_price_lists_do_not_count():
    (one, two) = leaderboard_records(
        [lab(True), replace(EPISODE, model="provider/two"), replace(EPISODE, model="three", price_profile="paper")], "x"
    )
    assert (one.name, one.production_score, one.milestones, one.lab_tasks_success_rate) == (
        "provider/one",
        None,
        None,
        100.0,
    )
    assert (two.name, two.production_score, two.lab_tasks_success_rate) == ("provider/two", 100, None)


def test_the_most_complex_item_is_made_and_dear():
    # Prices of the game's profile: circuit 18.35, red science 27.21, inserter 40.89, green science 66.07.
    assert most_complex_item(["electronic-circuit", "inserter", "automation-science-pack"]) == "inserter"
    assert most_complex_item(["logistic-science-pack", "inserter"]) == "logistic-science-pack"
    assert most_complex_item(["raw-fish", "uranium-ore", "wood", "iron-plate"]) == "iron-plate"
    assert most_complex_item(["petroleum-gas", "water", "stone"]) is None
    assert most_complex_item([]) is None


def test_records_of_others_are_read_in_their_spellings(tmp_path):
    path = tmp_path / "theirs.json"
    path.write_text(
        json.dumps(
            {
                "model": "Another",
                "productionScore": 1234,
                "automation-milestones": 4,
                "labTasksSuccessRate": 15.5,
                "submissionDate": "2025-03-06",
                "verified": True,
            }
        )
    )
    (record,) = read_leaderboard(path)
    assert (record.name, record.production_score, record.automation_milestones) == ("Another", 1234, 4)
    assert (record.milestones, record.submitted_by) == (None, "Unknown")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "as JSON"),
        ("[3]", "record 1: expected an object"),
        ('[{"name": "a"}, {"milestones": 3}]', "record 2: key name: expected a value, got none"),
        ('{"name": "a", "labTasksSuccessRate": 101}', "key labTasksSuccessRate: expected less than or equal to 100"),
        ('{"name": "a", "productionScore": NaN}', "productionScore: expected a finite number"),
        ('{"name": "a", "submissionDate": "yesterday"}', "key submissionDate: expected match pattern"),
    ],
)
def test_a_file_of_something_else_is_told(tmp_path, text, told):
    path = tmp_path / "theirs.json"
    path.write_text(text)
    with pytest.raises(RecordError) as error:
        read_leaderboard(path)
    assert told in str(error.value)
    assert str(path) in str(error.value)


RECORDS = st.lists(
    st.fixed_dictionaries(
        {"name": st.text(min_size=1)},
        optional={
            "productionScore": st.one_of(st.none(), st.integers(), st.floats(-1e9, 1e9)),
            "milestones": st.integers(0, 500),
            "labTasksSuccessRate": st.floats(0, 100),
            "submittedBy": st.text(),
        },
    )
)


@given(RECORDS)
def test_what_is_written_is_read_back(tmp_path_factory, plain):
    records = [LeaderboardRecord.model_validate(each) for each in plain]
    path = tmp_path_factory.mktemp("board") / "board.json"
    write_leaderboard(path, records)
    assert read_leaderboard(path) == records


def test_a_file_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(RecordError, match="expected to be able to write the leaderboard"):
        write_leaderboard(tmp_path / "no" / "board.json", [])
