"""Taking runs up as a user does: finished ones, changed ones, interrupted ones, and those a full disk ended."""

import json
import os
import signal
import time

import pytest

from tests.cli.place import paid, size
from tests.cli.sittings import begin, sit
from tests.cli.test_runs import without_timing

pytestmark = pytest.mark.slow


def test_a_full_disk_ends_a_run_in_one_line_and_with_room_it_goes_on(place):
    place.write("mcts", 4)
    place.renew_servers()
    place.finish("run", "tiny")
    whole = place.run("v001")
    place.renew_servers()
    # Room for states and for the first calls, not for all.
    room = whole.model_calls.stat().st_size // 2
    status, output = sit(place.folder, "run", "tiny", disk_bytes=room, **place.variables)
    assert status == 1
    (line,) = [line for line in output.splitlines() if line.startswith("error: ")]
    assert "llm.jsonl: expected to be able to append" in line
    assert "File too large" in line
    assert "harness resume tiny/v002" in line
    assert "Traceback" not in output
    run = place.run("v002")
    assert run.model_calls.read_bytes().endswith(b"\n")
    assert sum(paid(run).values()) > 0
    place.finish("resume", "tiny")
    assert without_timing(run.programs) == without_timing(whole.programs)
    assert set(paid(run).values()) == {1}


def test_a_finished_run_says_so_and_goes_on_further_where_that_is_asked(place):
    place.write("mcts", 2)
    place.finish("run", "tiny")
    begun = without_timing(place.run("v001").programs)
    for name in ("tiny", "tiny/v001"):
        status, output = sit(place.folder, "resume", name, **place.variables)
        assert status == 1
        assert "--iterations N" in output
    place.finish("resume", "tiny", "--iterations", "3")
    after = without_timing(place.run("v001").programs)
    assert after[: len(begun)] == begun
    assert {node["iteration"] for node in after} == {0, 1, 2}
    assert json.loads(place.run("v001").manifest.read_text())["status"] == "finished"


def test_ctrl_c_while_resuming_and_a_file_that_changed_since(place):
    place.write("mcts", 6)
    run = place.run("v001")
    for arguments in (("run", "tiny"), ("resume", "tiny")):
        before = size(run) if run.root.exists() else 0
        process = begin(place.folder, *arguments, **place.variables)
        deadline = time.monotonic() + 60
        while (size(run) if run.root.exists() else 0) < before + 4:
            assert process.is_alive()
            assert time.monotonic() < deadline
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGINT)
        process.join(60)
        output = (place.folder / "output").read_text()
        assert process.exitcode == 130, output
        assert "harness resume tiny/v001" in output
        assert json.loads(run.manifest.read_text())["status"] == "interrupted"
    file = place.folder / "experiments" / "tiny.yaml"
    file.write_text(file.read_text().replace("accrual_s: 10", "accrual_s: 20"))
    status, output = sit(place.folder, "resume", "tiny", **place.variables)
    assert status == 0, output
    assert "tiny.yaml was changed since the run began (evaluation.accrual_s)" in output
    assert set(paid(run).values()) == {1}
    assert json.loads(run.manifest.read_text())["resumed"] == 2
