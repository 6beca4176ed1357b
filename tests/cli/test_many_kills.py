"""Runs killed over and over at moments drawn by chance, each taken up again until the next kill, on to their end.

The servers stand through it all, as a pool's do, and the model is a provider on the wire that keeps a ledger: that
nothing is paid for twice is seen from its side.
"""

import json
import random
import time
from collections import Counter

import pytest

from harness.records import RunFolder
from tests.cli.place import MAX_CALLS, Place, paid, size
from tests.cli.sittings import begin
from tests.cli.test_runs import without_timing


def kill_over_and_over(place: Place, run: RunFolder, goals: list[int], chance: random.Random) -> int:
    """Kills a run each time as much is on record as the next goal says, or at any moment if that is there already.

    Returns:
        How often it was killed.
    """
    kills = 0
    for goal in goals:
        if size(run) == 0:
            place.renew_servers()
        before = len(place.provider.ledger)
        on_record = paid(run)
        begun = size(run) if run.root.exists() else 0
        process = begin(place.folder, "resume" if run.config.exists() else "run", "tiny", **place.variables)
        wait_s = chance.random() * (0.05 if begun < goal else 0.6)
        deadline = time.monotonic() + 60
        while process.is_alive() and (size(run) if run.root.exists() else 0) < goal:
            assert time.monotonic() < deadline, (place.folder / "output").read_text()
            time.sleep(0.002)
        process.join(wait_s)
        ended = not process.is_alive()
        process.kill()
        process.join()
        assert not set(place.provider.ledger[before:]) & set(on_record), "paid for twice"
        if ended:
            assert process.exitcode == 0, (place.folder / "output").read_text()
            return kills
        kills += 1
    return kills


@pytest.mark.slow
@pytest.mark.parametrize(
    ("variant", "iterations", "num_kills"), [("mcts", 10, 17), ("chunked", 6, 17), ("planning", 3, 16)]
)
def test_a_run_killed_at_any_moments_ends_in_the_same_tree_and_pays_once(place, variant, iterations, num_kills):
    place.write(variant, iterations)
    place.renew_servers()
    place.finish("run", "tiny")
    whole = place.run("v001")
    asked_at_once = Counter(place.provider.ledger)
    assert asked_at_once == paid(whole)
    place.provider.ledger.clear()

    chance = random.Random(f"kills of {variant}")
    goals = sorted(chance.randrange(size(whole)) for _ in range(num_kills))
    run = place.run("v002")
    kills = kill_over_and_over(place, run, goals, chance)
    # A quick machine may end the run before the last of them.
    assert num_kills - 3 <= kills <= num_kills
    place.finish("resume", "tiny")

    assert without_timing(run.programs) == without_timing(whole.programs)
    assert paid(run) == asked_at_once
    asked_again = Counter(place.provider.ledger) - asked_at_once
    assert set(place.provider.ledger) == set(asked_at_once)
    assert asked_again.total() <= kills * MAX_CALLS
    manifest = json.loads(run.manifest.read_text())
    assert manifest["status"] == "finished"
    assert kills // 2 < manifest["resumed"] <= num_kills
    assert not [each for each in run.root.rglob(".*") if each.is_file()], "scratch files are left"


@pytest.mark.slow
def test_in_throughput_mode_a_run_keeps_all_on_record_and_goes_on(place):
    place.write("chunked", 6, deterministic=False)
    chance = random.Random("kills in throughput mode")
    run = place.run("v001")
    kept: list[dict] = []
    for goal in (1, 6, 11, 16):
        assert kill_over_and_over(place, run, [goal], chance) == 1
        entered = without_timing(run.programs)
        assert entered[: len(kept)] == kept
        kept = entered
    place.finish("resume", "tiny")
    entered = without_timing(run.programs)
    assert entered[: len(kept)] == kept
    samples = {(node["iteration"], node["sample"]) for node in entered[1:]}
    assert samples == {(iteration, sample) for iteration in range(6) for sample in range(2)}
    assert set(paid(run).values()) == {1}
