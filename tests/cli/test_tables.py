"""The tables from the command line, of runs written by hand."""

import json

from tests.cli.runs import run
from tests.records.test_writer import node
from tests.report.by_hand import lab_run, reached, write_run


def write(results) -> None:
    for seed, won in enumerate([True, False, False, False]):
        write_run(results / "lab" / f"v{seed + 1:03d}", lab_run(won), seed=seed, variant="chunked")
    played = [node(0, score=0.0), node(1, score=1500.0, meta=reached(goods=["inserter"], automated=["iron-ore"]))]
    write_run(results / "open" / "v001", played, task="open_play", ended_at="2026-11-21T10:00:00+00:00")
    write_run(results / "open" / "v002", played, task="open_play", seed=1, status="interrupted")


def test_tables_are_printed_and_written(tmp_path):
    write(tmp_path / "results")
    printed = run(tmp_path, "tables")
    assert printed.returncode == 0, printed.stderr
    assert "5 runs of ours; not counted: 1 not finished." in printed.stdout
    assert "| provider/one | chunked | 4 | 1 of 24 | 25.0 % (4.6 to 69.9) | 100.0 % (k = 4) |" in printed.stdout
    assert "| provider/one | mcts | 1 | `reference` | 1,500 | 1 | 1 | 8 | 1,000 | $0.50 |" in printed.stdout
    theirs = tmp_path / "theirs.json"
    theirs.write_text('{"name": "Another", "productionScore": 293206, "submissionDate": "2025-03-06"}')
    files = [tmp_path / name for name in ("tables.md", "tables.json", "board.json")]
    options = [
        part
        for name, path in zip(["markdown", "json", "leaderboard"], files, strict=True)
        for part in (f"--{name}", str(path))
    ]
    written = run(tmp_path, "tables", *options, "--by", "A. Name", "--with", str(theirs))
    assert written.returncode == 0, written.stderr
    assert "| Another | file | 293,206 |  |  |  |  | Unknown, 2025-03-06 |" in files[0].read_text()
    assert (
        "| provider/one | our runs | 1,500 | 1 | 1 | 25.0 % | inserter | A. Name, 2026-11-21 |" in files[0].read_text()
    )
    assert json.loads(files[1].read_text())["leaderboard"]["others"][0]["name"] == "Another"
    assert json.loads(files[2].read_text()) == [
        {
            "name": "provider/one",
            "productionScore": 1500,
            "milestones": 1,
            "automationMilestones": 1,
            "labTasksSuccessRate": 25.0,
            "mostComplexItem": "inserter",
            "submittedBy": "A. Name",
            "submissionDate": "2026-11-21",
        }
    ]
    again = run(tmp_path, "tables", "--with", str(files[2]), "--method", "chunked")
    assert "not counted: 1 not finished; 1 of other methods." in again.stdout
    assert "No run of open play." in again.stdout


def test_what_cannot_be_tabled_is_told_in_a_line(tmp_path):
    empty = run(tmp_path, "tables")
    assert empty.returncode == 1
    assert "results: expected finished runs, found none; make some with: harness run" in empty.stderr
    write(tmp_path / "results")
    for arguments, told in [
        (("lap",), "run 'lap': expected runs in results/lap, found none"),
        (("open/v002",), "open/v002: expected finished runs, found 1 not finished"),
        (("--method", "beam"), "--method: expected one of chunked, mcts, got 'beam'"),
        (("--markdown", "no/tables.md"), "no/tables.md: expected to be able to write"),
    ]:
        failed = run(tmp_path, "tables", *arguments)
        assert failed.returncode == 1
        assert told in " ".join(failed.stderr.split()), arguments
        assert "Traceback" not in failed.stderr
    (tmp_path / "results" / "lab" / "v001" / "config.yaml").unlink()
    assert "not counted: 1 not finished; 1 unreadable." in run(tmp_path, "tables").stdout
    assert "config.yaml: expected the run's configuration" in " ".join(run(tmp_path, "tables", "lab").stderr.split())
