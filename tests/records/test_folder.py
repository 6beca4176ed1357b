from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.core.errors import RecordError
from harness.records import create_run, find_run, hold_run, list_runs


def test_versions_count_up_and_nothing_is_overwritten(tmp_path):
    assert [create_run(tmp_path, "exp").version for _ in range(3)] == ["v001", "v002", "v003"]
    (tmp_path / "exp" / "notes").mkdir()
    assert [run.version for run in list_runs(tmp_path, "exp")] == ["v001", "v002", "v003"]


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
