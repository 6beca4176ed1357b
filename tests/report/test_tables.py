import json
from pathlib import Path

import pytest

from harness.core.errors import RecordError
from harness.llm import extract_code
from harness.report.episodes import Episode, find_folders, lab_tasks, read_episode
from harness.report.leaderboard import leaderboard_records
from harness.report.tables import Tables, distinct, tabulate, to_json, to_markdown
from tests.records.test_writer import node
from tests.report.by_hand import GEAR, lab_run, reached, verdict, write_run

INSERTER = "inserter_throughput"


def episodes(results: Path, *names: str) -> list[Episode]:
    found = [read_episode(each, results, extract_code) for each in find_folders(results, names)]
    return [each for each in found if each is not None]


def tables(results: Path) -> Tables:
    read = distinct(episodes(results))
    return tabulate(read, left_out={}, own=leaderboard_records(read, "x"))


def test_there_are_24_lab_tasks():
    assert len(lab_tasks()) == 24
    assert GEAR in lab_tasks()


def test_lab_success_against_counting(tmp_path):
    # Two tasks: one solved in 1 of 4 runs, one in 2 of 2; 3 of 6 in all.
    plan = [(GEAR, [True, False, False, False]), (INSERTER, [True, True])]
    runs = [(task, won) for task, outcomes in plan for won in outcomes]
    for index, (task, won) in enumerate(runs):
        usd = 0.25 * index
        folder = tmp_path / "exp" / f"v{index + 1:03d}"
        write_run(folder, lab_run(won), task=task, seed=index, samples=index, tokens=100, usd=usd)
    (row,) = tables(tmp_path).lab
    assert (row.model, row.method, row.num_episodes, row.num_tasks) == ("provider/one", "mcts", 6, 2)
    # Wilson for 3 of 6.
    assert row.success == pytest.approx((0.5, 0.1876, 0.8124), abs=1e-4)
    # pass@1 = (1/4 + 1) / 2; pass@2 = (1 - C(3, 2) / C(4, 2) + 1) / 2.
    assert row.pass_at == pytest.approx({1: 0.625, 2: 0.75})
    assert (row.cost.samples, row.cost.tokens, row.cost.usd) == (2.5, 100, pytest.approx(0.625))
    text = to_markdown(tables(tmp_path))
    assert "| provider/one | mcts | 6 | 2 of 24 | 50.0 % (18.8 to 81.2) | 75.0 % (k = 2) | 2.50 | 100 | $0.62 |" in text


def test_any_verification_that_reaches_the_quota_is_a_success(tmp_path):
    won = [node(0, code=""), node(1, meta=verdict(True), status="error"), node(2, meta=verdict(False))]
    write_run(tmp_path / "exp" / "v001", won)
    (episode,) = episodes(tmp_path)
    assert (episode.kind, episode.success) == ("lab", True)


def open_tree():
    """Two branches; the one that ends in the dearest world goes over nodes 1 and 2."""
    return [
        node(0, score=0.0, code=""),
        node(1, score=50.0, meta=reached(goods=["iron-ore", "iron-plate"], automated=["iron-ore"])),
        node(2, parent_id="id1", depth=2, score=300.0, meta=reached(goods=["iron-plate", "inserter"])),
        node(3, score=200.0, meta=reached(goods=["coal", "wood", "stone"], technologies=["automation"])),
        node(4, parent_id="id2", depth=3, score=999.0, status="error", meta=reached(goods=["rocket-silo"])),
        node(5, parent_id="id2", depth=3, score=300.0, meta=reached(technologies=["logistics"])),
    ]


def test_milestones_are_those_on_the_way_to_the_best_world(tmp_path):
    write_run(tmp_path / "exp" / "v001", open_tree(), task="open_play")
    (episode,) = episodes(tmp_path)
    assert (episode.kind, episode.score) == ("open", 300.0)
    # iron-ore, iron-plate and inserter; the failed node and the one that only equals the best do not count.
    assert (episode.milestones, episode.automated) == (3, 1)
    assert episode.goods == ("coal", "inserter", "iron-ore", "iron-plate", "rocket-silo", "stone", "wood")


def test_technologies_are_milestones(tmp_path):
    tree = open_tree()
    tree[3] = tree[3].model_copy(update={"score": 301.0})
    write_run(tmp_path / "exp" / "v001", tree, task="open_play")
    (episode,) = episodes(tmp_path)
    assert (episode.milestones, episode.automated) == (4, 0)


def test_a_run_in_which_nothing_worked_scores_nothing(tmp_path):
    write_run(tmp_path / "exp" / "v001", [node(0, score=0.0), node(1, score=9.0, status="error")], task="open_play")
    (row,) = tables(tmp_path).open
    assert (row.score.value, row.milestones) == (0.0, 0)


def test_open_play_is_told_by_medians_and_price_lists_are_not_mixed(tmp_path):
    for index, (score, profile) in enumerate([(100, "reference"), (900, "reference"), (200, "reference"), (5, "game")]):
        nodes = [node(0, score=0.0), node(1, score=float(score), meta=reached(goods=["coal", "wood"][: index + 1]))]
        usd = None if index == 1 else 1.0
        folder = tmp_path / "exp" / f"v{index + 1:03d}"
        write_run(folder, nodes, task="open_play", seed=index, profile=profile, usd=usd)
    game, reference = tables(tmp_path).open
    assert (game.price_profile, game.num_runs, game.score.value, game.cost.usd) == ("game", 1, 5.0, 1.0)
    assert (reference.num_runs, reference.score.value, reference.milestones) == (3, 200.0, 2.0)
    assert (reference.score.low, reference.score.high, reference.cost.usd) == (100.0, 900.0, None)
    text = to_markdown(tables(tmp_path))
    assert "| provider/one | mcts | 1 | `game` | 5 | 2 | 0 | 8 | 1,000 | $1.00 |" in text
    assert "| provider/one | mcts | 3 | `reference` | 200 (100 to 900) | 2 | 0 | 8 | 1,000 | unknown |" in text


@pytest.mark.parametrize(
    ("task", "changes"),
    [
        (None, {}),
        (GEAR, {"world": {"inventory": {"coal": 5}}}),
        (GEAR, {"world": {"map": "open"}}),
        ("open_play", {"world": {"inventory": "lab"}}),
        ("open_play", {"world": {"all_technologies": True}}),
    ],
)
def test_a_task_that_was_changed_is_not_the_published_one(tmp_path, task, changes):
    write_run(tmp_path / "exp" / "v001", lab_run(True), task=task, **changes)
    (episode,) = episodes(tmp_path)
    assert episode.kind == "other"
    found = tables(tmp_path)
    assert (found.lab, found.open, len(found.style)) == ([], [], 1)
    text = to_markdown(found)
    assert "1 neither a lab task nor open play" in text
    assert "No run of a lab task." in text


def test_the_seed_of_the_map_is_free(tmp_path):
    write_run(tmp_path / "exp" / "v001", lab_run(True), world={"seed": 77})
    assert episodes(tmp_path)[0].kind == "lab"


def test_a_quota_that_was_lowered_is_not_the_published_one(tmp_path):
    folder = write_run(tmp_path / "exp" / "v001", lab_run(True))
    text = folder.config.read_text()
    assert "quota: 16.0" in text
    folder.config.write_text(text.replace("quota: 16.0", "quota: 1.0"))
    assert episodes(tmp_path)[0].kind == "other"


def test_a_repeated_run_counts_once_and_other_seeds_and_trees_do(tmp_path):
    for version, (score, seed) in enumerate([(10.0, 0), (10.0, 0), (11.0, 0), (10.0, 1)], start=1):
        write_run(tmp_path / "exp" / f"v{version:03d}", lab_run(True, score), seed=seed)
    read = episodes(tmp_path)
    assert [each.name for each in distinct(read)] == ["exp/v001", "exp/v003", "exp/v004"]


def test_runs_are_found_by_name_and_those_of_comparisons_by_method(tmp_path):
    write_run(tmp_path / "exp" / "v001", lab_run(True))
    write_run(tmp_path / "exp" / "v002", lab_run(True))
    write_run(tmp_path / "exp" / "v010", lab_run(True), status="interrupted")
    for method in ("deep", "wide"):
        for seed in (0, 1):
            folder = tmp_path / "versus" / "v001" / "runs" / method / GEAR / f"seed-{seed:03d}"
            write_run(folder, lab_run(False), seed=seed, variant="mcts")
    assert [each.name for each in episodes(tmp_path, "exp")] == ["exp/v001", "exp/v002"]
    assert [each.name for each in episodes(tmp_path, "exp/v002", "exp/v002")] == ["exp/v002"]
    assert [(each.method, each.seed) for each in episodes(tmp_path, "versus")] == [
        ("deep", 0),
        ("deep", 1),
        ("wide", 0),
        ("wide", 1),
    ]
    assert len(episodes(tmp_path)) == 6
    assert episodes(tmp_path / "none") == []
    with pytest.raises(RecordError, match="run 'exp/v003': expected runs in"):
        find_folders(tmp_path, ["exp/v003"])


def test_programs_that_were_cut_short_are_counted_whole(tmp_path):
    reply = 'Thus.\n\n```python\n"""One."""\nprint(1)\n"""Two."""\nx = 1\n"""Three."""\nassert x\n```\n'
    facts = {"chunks": 3, "iteration": 0, "sample": 0}
    fault = {"fault": {"type": "NotFoundError", "message": "", "line": 2}}
    nodes = [
        node(0, code=""),
        node(1, code='"""One."""\nprint(1)\n', chunk=0, **facts),
        node(2, code='"""Two."""\nx = 1\n', chunk=1, depth=2, parent_id="id1", status="error", meta=fault, **facts),
    ]
    write_run(tmp_path / "exp" / "v001", nodes, variant="chunked", replies=("No program.", reply))
    (row,) = tables(tmp_path).style
    assert (row.style.num_programs, row.style.mean_lines, row.style.asserts) == (1, 6.0, 1.0)
    assert (
        "| provider/one | chunked | 1 | 6.0 | 100.0 % | 100.0 % | 100.0 % | 0.0 % | 0.0 % | 100.0 % |"
        in to_markdown(tables(tmp_path))
    )


def test_ours_and_published_figures_stand_apart(tmp_path):
    write_run(tmp_path / "exp" / "v001", lab_run(True))
    data = json.loads(json.dumps(to_json(tables(tmp_path)), allow_nan=False))
    assert data["lab"][0]["success"][0] == 1.0
    assert data["lab"][0]["pass_at"] == {"1": 1.0}
    assert data["published"]["rows"][0]["lab_standard_error"] == 4.22
    assert "Claude" not in json.dumps({key: value for key, value in data.items() if key != "published"})
    ours, _, published = to_markdown(tables(tmp_path)).partition("## Published, not ours")
    assert "Claude" not in ours
    assert "provider/one" not in published
