import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from harness.core.errors import RecordError
from harness.records import create_run, create_version, find_run, hold_run, list_results, list_runs, prepare_run


def test_versions_count_up_and_nothing_is_overwritten(tmp_path):
    assert [create_run(tmp_path, "exp").version for _ in range(3)] == ["v001", "v002", "v003"]
    (tmp_path / "exp" / "notes").mkdir()
    assert [run.version for run in list_runs(tmp_path, "exp")] == ["v001", "v002", "v003"]


def test_all_that_has_runs_is_listed(tmp_path):
    assert list_results(tmp_path / "none") == []
    create_run(tmp_path, "b")
    create_version(tmp_path, "a")
    (tmp_path / "notes").mkdir()
    (tmp_path / "file").write_text("")
    assert list_results(tmp_path) == ["a", "b"]


def test_runs_made_at_once_get_folders_of_their_own(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        runs = list(pool.map(lambda _: create_run(tmp_path, "exp").version, range(16)))
    assert len(set(runs)) == 16


def test_a_run_is_found_by_name_and_version(tmp_path):
    for _ in range(2):
        create_run(tmp_path, "exp")
    assert find_run(tmp_path, "exp").version == "v002"
    assert find_run(tmp_path, "exp/v001").version == "v001"
    with pytest.raises(RecordError, match="v001, v002"):
        find_run(tmp_path, "exp/v009")
    with pytest.raises(RecordError, match="none"):
        find_run(tmp_path, "other")


def test_a_run_is_found_by_the_path_of_its_folder_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    results = Path("results")
    run = create_run(results, "exp")
    for name in ("exp", "exp/", "exp/v001/", "results/exp", "results/exp/v001", "./results/exp/v001/"):
        assert find_run(results, name) == run


def test_a_run_in_a_comparison_has_a_name_of_its_own_and_the_comparison_is_no_run(tmp_path):
    root = create_version(tmp_path, "versus")
    (root / "comparison.yaml").write_text("")
    run = prepare_run(root / "runs" / "mcts" / "open_play" / "seed-003")
    run.config.write_text("")
    assert run.name == "versus/v001/runs/mcts/open_play/seed-003"
    assert find_run(tmp_path, run.name) == run
    with pytest.raises(RecordError, match=r"got a comparison; look at it with: harness compare versus/v001 --show.*"):
        find_run(tmp_path, "versus")
    with pytest.raises(RecordError, match=re.escape(run.name)):
        find_run(tmp_path, "versus/v001")
    with pytest.raises(RecordError, match="seed-004, found none"):
        find_run(tmp_path, "versus/v001/runs/mcts/open_play/seed-004")
    assert prepare_run(tmp_path / "exp" / "v002").name == "exp/v002"
    assert prepare_run(tmp_path / "runs" / "results" / "exp" / "v002").name == "exp/v002"


def test_a_place_that_cannot_be_written_is_one_clear_error(tmp_path):
    (tmp_path / "exp").write_text("a file where the folder should be")
    with pytest.raises(RecordError, match="expected to be able to make a folder"):
        create_run(tmp_path, "exp")


def test_a_run_has_one_writer_at_a_time(tmp_path):
    folder = create_run(tmp_path, "exp")
    with hold_run(folder), pytest.raises(RecordError, match="another process is writing"), hold_run(folder):
        raise AssertionError("held twice")
    with hold_run(folder):
        pass
